//! What holds for other people's lists, and for signature files.

use vigie::signature::{Category, Database, ListFacts, Signature, import};

/// Every entry of a list is taken over or left out with a reason, what is taken over loads as
/// signatures, and the same text as a signature file is read or refused with a place.
pub fn every_entry_is_taken_or_left_out(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let facts = ListFacts {
        category: Some(Category::Advertising),
        as_of: Some("2026".to_owned()),
        ..ListFacts::default()
    };
    if let Ok(imported) = import(text, &facts) {
        let left_out: u64 = imported.left_out.values().map(|examples| examples.count).sum();
        assert_eq!(imported.entries, imported.taken + left_out);
        let written: String = imported.signatures.iter().map(Signature::to_string).collect();
        let loaded = Database::of_texts(&[("list.toml", &written)]).expect("what is written loads");
        assert_eq!(loaded.signatures(), imported.signatures);
    }
    for finding in Database::check_texts(&[("a.toml", text)]).findings {
        assert!(finding.place.0 <= text.lines().count() + 1, "{finding:?}");
    }
}
