//! What is wrong with signatures that load: claims that contradict, shadow or overreach.

mod look_alike;
mod overlap;
mod platform;
mod source;
mod subject;
mod translation;
mod wildcard;

use std::path::PathBuf;

pub use subject::Finding;

use super::{Database, LoadError, files, purpose, read};
use subject::Checked;

/// What a [`Finding`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// It does not load: a source or another field is missing, unknown or wrong.
    Schema,
    /// The same pattern twice in one signature.
    Duplicate,
    /// Two signatures claim the same names, equally specifically.
    Tie,
    /// More specific ones of other signatures take everything it covers.
    Unreachable,
    /// One character tells the domains of two vendors apart.
    LookAlike,
    /// A host that a platform shares out, without a note.
    Platform,
    /// An accusing `*.suffix` that nothing supports.
    Wildcard,
    /// A purpose of a shipped signature that has no words in another language.
    Translation,
    /// A shipped signature whose sources name no place where to look.
    Source,
}

impl Rule {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::Schema,
        Self::Duplicate,
        Self::Tie,
        Self::Unreachable,
        Self::LookAlike,
        Self::Platform,
        Self::Wildcard,
        Self::Translation,
        Self::Source,
    ];

    /// The word for it in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Duplicate => "duplicate",
            Self::Tie => "tie",
            Self::Unreachable => "unreachable",
            Self::LookAlike => "look-alike",
            Self::Platform => "platform",
            Self::Wildcard => "wildcard",
            Self::Translation => "translation",
            Self::Source => "source",
        }
    }
}

/// What a check looked at and found.
#[derive(Debug, Default)]
pub struct Report {
    /// Signature files.
    pub files: usize,
    /// Signatures that were read.
    pub signatures: usize,
    /// Their host patterns.
    pub patterns: usize,
    /// What is wrong, by file and place.
    pub findings: Vec<Finding>,
}

impl Database {
    /// Checks the shipped signatures.
    pub fn check_shipped() -> Result<Report, LoadError> {
        Ok(check(&files::shipped()?, &[], Some(purpose::table())))
    }

    /// Checks the signatures of files and folders, as one layer, also against those shipped
    /// ones that their ids do not replace. An error where a file cannot be read.
    pub fn check(paths: &[PathBuf]) -> Result<Report, LoadError> {
        let mut own = Vec::new();
        for path in paths {
            own.extend(files::below(path)?);
        }
        Ok(check(&own, &files::shipped()?, None))
    }

    /// Checks texts, each with a file name, on their own.
    pub fn check_texts(texts: &[(&str, &str)]) -> Report {
        let texts: Vec<_> = texts
            .iter()
            .map(|&(name, text)| files::SignatureFile { name: name.to_owned(), text: text.into() })
            .collect();
        check(&texts, &[], None)
    }
}

/// `purposes`: the table of their words in other languages, where the signatures are those that
/// ship; these must also have sources that others can look up.
fn check(
    own: &[files::SignatureFile<'_>],
    beside: &[files::SignatureFile<'_>],
    purposes: Option<&str>,
) -> Report {
    let mut report = Report { files: own.len(), ..Report::default() };
    let mut checked = Checked::default();
    for file in own {
        for signature in read::every(&file.name, &file.text) {
            match signature {
                Ok(located) => checked.add(file, located, &mut report.findings),
                Err(faults) => report.findings.extend(faults.into_iter().map(Finding::of_load)),
            }
        }
    }
    report.signatures = checked.subjects.len();
    report.patterns = checked.subjects.iter().map(|s| s.located.signature.hosts.len()).sum();
    for file in beside {
        for located in read::signatures(&file.name, &file.text).unwrap_or_default() {
            checked.add_beside(file, located);
        }
    }
    let subjects = checked.in_order();
    for rule in [overlap::find, look_alike::find, platform::find, wildcard::find] {
        rule(&subjects, &mut report.findings);
    }
    if let Some(table) = purposes {
        translation::find(&subjects, table, &mut report.findings);
        source::find(&subjects, &mut report.findings);
    }
    report.findings.sort_by(|a, b| {
        (&a.file, a.place, a.rule, &a.message).cmp(&(&b.file, b.place, b.rule, &b.message))
    });
    report
}

#[cfg(test)]
mod tests;
