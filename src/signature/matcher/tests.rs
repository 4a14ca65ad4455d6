use proptest::prelude::*;

use super::*;

/// A table of patterns, whose signatures are their indices.
fn table(patterns: &[(u32, String)]) -> NameTable {
    let mut table = NameTableBuilder::with_capacity(patterns.len());
    for (signature, text) in patterns {
        table.insert(text, SignatureId(*signature)).expect("the table has room");
    }
    table.finish().expect("the table has room")
}

fn of(patterns: &[&str]) -> NameTable {
    table(&(0..).zip(patterns).map(|(n, p)| (n, (*p).to_owned())).collect::<Vec<_>>())
}

/// The rule, read aloud: all that cover, the most specific, then the smaller signature, then
/// (within one signature) the longer right-hand side.
fn oracle(patterns: &[(u32, String)], name: &str) -> Option<(u32, String, u32)> {
    patterns
        .iter()
        .filter(|(_, text)| Pattern::split(text).covers(name))
        .min_by_key(|(signature, text)| {
            let pattern = Pattern::split(text);
            (u32::MAX - pattern.specificity(), *signature, usize::MAX - pattern.base().len())
        })
        .map(|(s, text)| (*s, text.clone(), Pattern::split(text).specificity()))
}

fn found(table: &NameTable, name: &str) -> Option<(u32, String, u32)> {
    table.find(name).map(|m| (m.signature.0, m.pattern.to_owned(), m.specificity))
}

fn pattern_of(table: &NameTable, name: &str) -> Option<String> {
    found(table, name).map(|(_, pattern, _)| pattern)
}

#[test]
fn the_most_specific_pattern_wins() {
    let table = of(&["*.b.c", "*.a.b.c", "y.*.b.c", "x.a.b.c", "a.b.c"]);
    for (name, pattern) in [
        ("x.a.b.c", Some("x.a.b.c")),
        ("y.a.b.c", Some("y.*.b.c")),
        ("z.a.b.c", Some("*.a.b.c")),
        ("y.y.a.b.c", Some("*.a.b.c")),
        ("a.b.c", Some("a.b.c")),
        ("q.b.c", Some("*.b.c")),
        ("b.c", None),
        ("c", None),
        ("x.a.b.c.d", None),
        ("xa.b.c", Some("*.b.c")),
        ("ab.c", None),
    ] {
        assert_eq!(pattern_of(&table, name).as_deref(), pattern, "{name}");
    }
}

#[test]
fn ties_go_to_the_smaller_signature() {
    let patterns: Vec<_> = [(7, "*.b.c"), (3, "*.b.c"), (5, "a.*.c"), (4, "a.*.c")]
        .map(|(n, p)| (n, p.to_owned()))
        .into();
    let table = table(&patterns);
    assert_eq!(found(&table, "z.b.c").map(|f| f.0), Some(3));
    assert_eq!(found(&table, "a.z.c").map(|f| f.0), Some(4));
}

#[test]
fn an_empty_table_and_odd_names_give_nothing() {
    assert_eq!(found(&NameTable::default(), "a.b"), None);
    let table = of(&["*.b.c", "a"]);
    for name in ["", ".", "..", ".b.c.", &"a.".repeat(200)] {
        assert_eq!(found(&table, name), None, "{name}");
    }
    assert_eq!(pattern_of(&table, "a").as_deref(), Some("a"));
}

#[test]
fn the_deepest_key_is_found() {
    let deep = format!("{}a", "a.".repeat(126));
    let table = of(&[&deep, "*.a.a"]);
    assert_eq!(pattern_of(&table, &deep), Some(deep.clone()));
    assert_eq!(pattern_of(&table, &deep[2..]).as_deref(), Some("*.a.a"));
}

/// Few letters and labels, so that names and patterns meet often.
fn name() -> impl Strategy<Value = String> {
    prop::collection::vec("[ab]{1,2}", 1..6).prop_map(|labels| labels.join("."))
}

fn pattern() -> impl Strategy<Value = String> {
    prop_oneof![
        name(),
        name().prop_map(|n| format!("*.{n}")),
        (name(), name()).prop_map(|(a, b)| format!("{a}.*.{b}")),
    ]
}

fn patterns() -> impl Strategy<Value = Vec<(u32, String)>> {
    prop::collection::vec((0..6u32, pattern()), 0..24)
}

proptest! {
    #[test]
    fn the_table_agrees_with_reading_every_pattern(patterns in patterns(), name in name()) {
        prop_assert_eq!(found(&table(&patterns), &name), oracle(&patterns, &name));
    }

    #[test]
    fn the_order_of_patterns_never_matters(patterns in patterns(), name in name()) {
        let mut other = patterns.clone();
        other.reverse();
        prop_assert_eq!(found(&table(&patterns), &name), found(&table(&other), &name));
    }

    #[test]
    fn a_pattern_changes_nothing_for_names_it_does_not_cover(
        patterns in patterns(), added in (0..6u32, pattern()), name in name(),
    ) {
        prop_assume!(!Pattern::split(&added.1).covers(&name));
        let before = found(&table(&patterns), &name);
        let mut more = patterns;
        more.push(added);
        prop_assert_eq!(found(&table(&more), &name), before);
    }
}
