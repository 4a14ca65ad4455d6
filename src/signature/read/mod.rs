//! One signature file: TOML in, checked signatures out.

mod signature;
mod table;

use toml::de::DeTable;

use super::{Fault, LoadError, Signature};
use table::{Reader, Table};

/// A signature, and where it begins.
#[derive(Debug)]
pub(super) struct Located {
    pub(super) signature: Signature,
    /// Line and column of its id.
    pub(super) place: (usize, usize),
    /// Octet offsets of its hosts in the file.
    pub(super) hosts_at: Vec<usize>,
}

/// The fields of a signature.
pub(super) const FIELDS: [&str; 16] = [
    "id",
    "vendor",
    "product",
    "category",
    "purpose",
    "exclusivity",
    "confidence",
    "status",
    "active_from",
    "active_until",
    "hosts",
    "networks",
    "ports",
    "side",
    "notes",
    "sources",
];

/// The signatures of a file, in its order. `file` is the name for messages.
pub(super) fn signatures(file: &str, text: &str) -> Result<Vec<Located>, LoadError> {
    let first = |faults: Vec<LoadError>| faults.into_iter().next();
    let mut signatures = Vec::new();
    for signature in every(file, text) {
        match signature {
            Ok(located) => signatures.push(located),
            Err(faults) => return first(faults).map_or(Ok(signatures), Err),
        }
    }
    Ok(signatures)
}

/// Each signature of a file, or all that is wrong with it, never nothing; before them what is
/// wrong outside of signatures.
pub(super) fn every(file: &str, text: &str) -> Vec<Result<Located, Vec<LoadError>>> {
    let reader = Reader { file, text };
    let document = match DeTable::parse(text) {
        Ok(document) => document,
        Err(e) => {
            let at = e.span().map_or(text.len(), |span| span.start);
            return vec![Err(vec![reader.fault(at, None, Fault::NotToml(e.message().to_owned()))])];
        }
    };
    let top = reader.table(document.get_ref(), 0);
    let (tables, mut outside) = top.each_table("signature");
    outside.extend(top.unknown(&["signature"]));
    outside.sort_by_key(|fault| fault.place);
    let read = |table: &Table<'_>| table.signature().map_err(|first| table.faults(first));
    let outside = (!outside.is_empty()).then_some(Err(outside));
    outside.into_iter().chain(tables.iter().map(read)).collect()
}

/// Line and column (in characters) of an octet offset, both from 1.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.bytes().filter(|&b| b == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
