//! What shipped signatures are for, in the languages of screens and reports.

use std::collections::HashMap;
use std::sync::LazyLock;

/// English, French and German, compiled in: `signatures/purposes.tsv`.
const TABLE: &str = include_str!("../../signatures/purposes.tsv");

/// A purpose for readers; the English text is the signature's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PurposeNames {
    /// French.
    pub fr: &'static str,
    /// German.
    pub de: &'static str,
}

/// The purpose that shipped signatures state in these English words. `None` for those of users'
/// own signatures, which are shown as they were written.
pub fn purpose_names(english: &str) -> Option<PurposeNames> {
    // Read when first asked for: English needs none of it.
    static NAMES: LazyLock<HashMap<&str, PurposeNames>> = LazyLock::new(|| {
        let rows = rows(TABLE).filter_map(|(_, row)| row.ok());
        rows.map(|[en, fr, de]| (en, PurposeNames { fr, de })).collect()
    });
    NAMES.get(english).copied()
}

/// The compiled-in table.
pub(super) fn table() -> &'static str {
    TABLE
}

/// The rows of a table by their lines, from 1: English, French, German. What is not three texts
/// is given as it stands. Lines that begin with # are remarks.
pub(super) fn rows(table: &str) -> impl Iterator<Item = (usize, Result<[&str; 3], &str>)> {
    let rows = (1..).zip(table.lines()).filter(|(_, line)| !line.starts_with('#'));
    rows.map(|(n, line)| {
        let mut texts = line.split('\t');
        let row = [(); 3].map(|()| texts.next().filter(|text| !text.trim().is_empty()));
        let [Some(en), Some(fr), Some(de)] = row else { return (n, Err(line)) };
        (n, if texts.next().is_none() { Ok([en, fr, de]) } else { Err(line) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::Database;

    #[test]
    fn every_shipped_purpose_has_words_in_every_language() {
        let database = Database::shipped();
        let purposes = || database.signatures().iter().map(|s| s.purpose.as_str());
        let missing: Vec<_> = purposes().filter(|text| purpose_names(text).is_none()).collect();
        assert!(missing.is_empty(), "not in signatures/purposes.tsv: {missing:#?}");
        for (line, row) in rows(TABLE) {
            let [en, fr, de] = row.unwrap_or_else(|text| panic!("line {line}: {text:?}"));
            assert!(purposes().any(|text| text == en), "line {line}: no signature says {en:?}");
            // Words of the one language that the other would write otherwise.
            for (text, strange) in [(fr, "„"), (de, "« "), (en, "« ")] {
                assert!(!text.contains(strange), "line {line}: {text}");
            }
            // A French colon or semicolon stands off; English and German ones do not.
            for mark in [':', ';'] {
                let count = |text: &str| text.matches(mark).count();
                assert_eq!(count(en), count(fr), "line {line}: {fr}");
                assert_eq!(count(en), count(de), "line {line}: {de}");
                assert_eq!(count(fr), fr.matches(&format!("\u{a0}{mark}")).count(), "line {line}");
            }
            for text in [en, fr, de] {
                assert_eq!(text, text.trim(), "line {line}");
                assert!(!text.chars().any(char::is_control), "line {line}");
            }
        }
    }

    #[test]
    fn the_table_is_sorted_and_says_everything_once() {
        let english: Vec<_> =
            rows(TABLE).filter_map(|(_, row)| row.ok()).map(|row| row[0]).collect();
        assert!(english.len() > 400, "{}", english.len());
        assert!(english.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn what_is_not_three_texts_is_told_apart() {
        let read: Vec<_> = rows("# remark\na\tb\tc\n").collect();
        assert_eq!(read, [(2, Ok(["a", "b", "c"]))]);
        for text in ["a\tb", "a\tb\t", "a\t\tc", "a\tb\tc\td", " "] {
            assert_eq!(rows(text).collect::<Vec<_>>(), [(1, Err(text))]);
        }
        assert_eq!(purpose_names("nobody says so"), None);
        assert_eq!(purpose_names("sign-in").map(|names| names.de), Some("Anmeldung"));
    }
}
