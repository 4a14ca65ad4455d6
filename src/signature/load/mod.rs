//! Layers of signature files become a database.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::database::Parts;
use super::files::{self, SignatureFile, whole};
use super::matcher::NameTableBuilder;
use super::network::{NetworkTable, ServicePort};
use super::read::{self, Located};
use super::{Database, Fault, LoadError, Signature, SignatureId};

/// Signatures of all layers together.
const MOST_SIGNATURES: usize = 100_000;
/// Host patterns of all signatures together.
const MOST_PATTERNS: usize = 4_000_000;

/// Signatures by id.
type Layer = BTreeMap<String, Signature>;

impl Database {
    /// The signatures that vigie comes with.
    ///
    /// # Panics
    ///
    /// Never in a build that passed its tests: they load the same octets.
    #[expect(clippy::expect_used, reason = "compiled in; a test loads the same octets")]
    pub fn shipped() -> Self {
        Self::load(true, &[]).expect("the shipped signatures load")
    }

    /// The signatures of files and folders (`.toml`, in folders too), on top of the shipped
    /// ones or alone. The same id in a later layer replaces the earlier signature.
    pub fn load(shipped: bool, layers: &[PathBuf]) -> Result<Self, LoadError> {
        let mut all = Layer::new();
        if shipped {
            all = layer(&files::shipped()?)?;
        }
        // User's own files say nothing about how current the shipped ones are.
        let date = shipped.then(|| newest_source(&all));
        for path in layers {
            all.extend(layer(&files::below(path)?)?);
        }
        build(all, date)
    }

    /// The signatures of texts, each with a file name for messages; one layer.
    pub fn of_texts(texts: &[(&str, &str)]) -> Result<Self, LoadError> {
        let files: Vec<_> = texts
            .iter()
            .map(|&(name, text)| SignatureFile { name: name.to_owned(), text: text.into() })
            .collect();
        build(layer(&files)?, None)
    }
}

/// The signatures of one layer's files; an id may stand there once.
fn layer(files: &[SignatureFile<'_>]) -> Result<Layer, LoadError> {
    let mut layer = Layer::new();
    let mut places = BTreeMap::new();
    for file in files {
        for Located { signature, place, .. } in read::signatures(&file.name, &file.text)? {
            let id = signature.id.clone();
            if let Some((first, line)) = places.insert(id.clone(), (&file.name, place.0)) {
                let fault = Fault::DuplicateId { id, file: first.clone(), line };
                let field = Some("id".to_owned());
                return Err(LoadError {
                    file: file.name.clone(),
                    place: Some(place),
                    field,
                    fault: fault.into(),
                });
            }
            layer.insert(id, signature);
        }
    }
    Ok(layer)
}

/// The tables over all signatures, which are in the order of their ids.
fn build(all: Layer, date: Option<String>) -> Result<Database, LoadError> {
    let date = date.unwrap_or_else(|| newest_source(&all));
    let too_many = |what, limit| whole("signatures", Fault::TooMany { what, limit });
    if all.len() > MOST_SIGNATURES {
        return Err(too_many("signatures", MOST_SIGNATURES));
    }
    let signatures: Vec<Signature> = all.into_values().collect();
    let patterns = signatures.iter().map(|s| s.hosts.len()).sum();
    if patterns > MOST_PATTERNS {
        return Err(too_many("host patterns", MOST_PATTERNS));
    }
    let mut names = NameTableBuilder::with_capacity(patterns);
    let mut networks = NetworkTable::default();
    let too_long = || too_many("octets of host patterns", u32::MAX as usize);
    for (id, signature) in (0..).map(SignatureId).zip(&signatures) {
        for host in &signature.hosts {
            names.insert(host, id).ok_or_else(too_long)?;
        }
        for service in signature.ports.iter().filter_map(|port| ServicePort::parse(port)) {
            for net in &signature.networks {
                networks.insert(*net, service, id);
            }
        }
    }
    let names = names.finish().ok_or_else(too_long)?;
    Ok(Database::of_parts(Parts { signatures, names, networks, date }))
}

/// The newest date of any source. Dates of unequal precision compare as text does: a month is
/// newer than its year.
fn newest_source(layer: &Layer) -> String {
    let sources = layer.values().flat_map(|signature| &signature.sources);
    sources.map(|source| source.as_of.as_str()).max().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
