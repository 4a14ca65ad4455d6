//! Purposes that French and German readers would see in English.

use std::collections::BTreeSet;

use super::subject::{Finding, Subject};
use super::{Rule, purpose};

/// Finds purposes of shipped signatures that the table lacks, and rows that say nothing of them.
pub(super) fn find(subjects: &[Subject<'_>], table: &str, findings: &mut Vec<Finding>) {
    let mut rows = BTreeSet::new();
    let purposes: BTreeSet<&str> =
        subjects.iter().map(|s| s.located.signature.purpose.as_str()).collect();
    for (line, row) in purpose::rows(table) {
        let at = |message: String, suggestion: &str| Finding {
            file: TABLE.to_owned(),
            place: (line, 1),
            signature: None,
            rule: Rule::Translation,
            message,
            suggestion: suggestion.to_owned(),
        };
        match row {
            Err(text) => findings.push(at(
                format!("{text:?} is not three texts"),
                "write the English, French and German words with a tab between",
            )),
            Ok([en, ..]) if !purposes.contains(en) => findings.push(at(
                format!("no signature states the purpose {en:?}"),
                "write the purpose as signatures do, or take the row out",
            )),
            Ok([en, ..]) if !rows.insert(en) => {
                findings.push(at(format!("{en:?} stands here twice"), "keep one of the rows"));
            }
            Ok(_) => {}
        }
    }
    for subject in subjects {
        let english = subject.located.signature.purpose.as_str();
        // Each is said once, where it stands first.
        if rows.insert(english) {
            findings.push(subject.finding(
                None,
                Rule::Translation,
                format!("the purpose {english:?} has no words in French and German"),
                format!("add a row to {TABLE}, or state a purpose that has one"),
            ));
        }
    }
}

/// The table, for messages.
const TABLE: &str = "signatures/purposes.tsv";
