//! The signatures under check, and what is found.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::super::files::SignatureFile;
use super::super::read::{self, Located};
use super::super::{Fault, LoadError};
use super::Rule;

/// Something that does not hold, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file, as it was named.
    pub file: String,
    /// Line and column, from 1; the first of the file where the whole of it is meant.
    pub place: (usize, usize),
    /// Id of the signature, where it was read.
    pub signature: Option<String>,
    /// Which rule it breaks.
    pub rule: Rule,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub suggestion: String,
}

impl Finding {
    /// What keeps a signature from loading.
    pub(super) fn of_load(error: LoadError) -> Self {
        let field = error.field.map(|field| format!("field `{}`: ", field.escape_debug()));
        Self {
            file: error.file,
            place: error.place.unwrap_or((1, 1)),
            signature: None,
            rule: Rule::Schema,
            message: format!("{}{}", field.unwrap_or_default(), error.fault),
            suggestion: remedy(&error.fault).to_owned(),
        }
    }
}

/// What to do about a fault.
fn remedy(fault: &Fault) -> &'static str {
    match fault {
        Fault::NoSource => {
            "cite where the claim is from: sources = [{ title, publisher, ref, as_of, says }]"
        }
        Fault::Missing => "write the field; docs/signatures.md says what belongs there",
        Fault::UnknownField { .. } => "correct its name, or say it in `notes`",
        Fault::UnknownWord { .. } => "write one of the words that the message lists",
        Fault::DuplicateId { .. } => "give one of the two another id, or merge them",
        Fault::NotToml(_) => "correct the syntax (https://toml.io)",
        Fault::NotADate { .. } => "write the date as the source gives it, no more exact",
        Fault::NothingToMatch => "name hosts, or networks with their ports",
        Fault::NotANetwork(_) | Fault::HostBits { .. } => {
            "write the first address of the range and its prefix length: 192.0.2.0/24"
        }
        Fault::NotAPort(_) => "write protocol and port: udp/3478",
        Fault::WrongType { .. } => "write a value of the type that the message names",
        Fault::Pattern(_) => "write the name as it is sent: lower case, A-labels, at most one `*`",
        _ => "see docs/signatures.md, Fields",
    }
}

/// A signature under check.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub(super) file: &'a SignatureFile<'a>,
    pub(super) located: Located,
    /// Whether it is reported on; others are there to be compared with.
    pub(super) own: bool,
}

impl Subject<'_> {
    /// A finding at the signature's host number `host`, or at its id.
    pub(super) fn finding(
        &self,
        host: Option<usize>,
        rule: Rule,
        message: String,
        suggestion: String,
    ) -> Finding {
        let at = host.and_then(|host| self.located.hosts_at.get(host));
        Finding {
            file: self.file.name.clone(),
            place: at.map_or(self.located.place, |at| read::place(&self.file.text, *at)),
            signature: Some(self.located.signature.id.clone()),
            rule,
            message,
            suggestion,
        }
    }

    /// Everything in the signature that is written for readers.
    pub(super) fn prose(&self) -> impl Iterator<Item = &str> {
        let signature = &self.located.signature;
        let sources = signature.sources.iter().flat_map(|s| [s.says.as_str(), &s.title, &s.r#ref]);
        signature.notes.as_deref().into_iter().chain(sources)
    }
}

/// The signatures that were read, by id.
#[derive(Debug, Default)]
pub(super) struct Checked<'a> {
    pub(super) subjects: Vec<Subject<'a>>,
    ids: BTreeMap<String, (String, usize)>,
}

impl<'a> Checked<'a> {
    /// Adds one that is reported on; an id that is there already is a finding.
    pub(super) fn add(
        &mut self,
        file: &'a SignatureFile<'a>,
        located: Located,
        findings: &mut Vec<Finding>,
    ) {
        match self.ids.entry(located.signature.id.clone()) {
            Entry::Vacant(entry) => {
                entry.insert((file.name.clone(), located.place.0));
                self.subjects.push(Subject { file, located, own: true });
            }
            Entry::Occupied(entry) => {
                let (first, line) = entry.get().clone();
                let fault =
                    Fault::DuplicateId { id: located.signature.id.clone(), file: first, line };
                findings.push(Finding::of_load(LoadError {
                    file: file.name.clone(),
                    place: Some(located.place),
                    field: Some("id".to_owned()),
                    fault: fault.into(),
                }));
            }
        }
    }

    /// Adds one to compare with, unless an own one replaces it.
    pub(super) fn add_beside(&mut self, file: &'a SignatureFile<'a>, located: Located) {
        if !self.ids.contains_key(&located.signature.id) {
            self.subjects.push(Subject { file, located, own: false });
        }
    }

    /// All of them by id: of equally specific patterns the first wins.
    pub(super) fn in_order(mut self) -> Vec<Subject<'a>> {
        self.subjects.sort_by(|a, b| a.located.signature.id.cmp(&b.located.signature.id));
        self.subjects
    }
}
