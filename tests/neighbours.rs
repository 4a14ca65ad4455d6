//! Names near the signatures that must get no wrong tag: `tests/neighbours.toml`, unrelated
//! sites, functional siblings and other customers of shared platforms.

use std::collections::HashSet;

use serde::Deserialize;
use vigie::name::HostName;
use vigie::signature::{Category, Database};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Neighbours {
    group: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    sentence: String,
    expected: Expected,
    names: Vec<String>,
}

/// What may be said of a name.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
enum Expected {
    #[serde(rename = "untagged")]
    Untagged,
    #[serde(rename = "never accused")]
    NeverAccused,
}

impl Expected {
    fn allows(self, found: Option<Category>) -> bool {
        match self {
            Self::Untagged => found.is_none(),
            Self::NeverAccused => !found.is_some_and(Category::accuses),
        }
    }
}

fn neighbours() -> Vec<Group> {
    let read = toml::from_str::<Neighbours>(include_str!("neighbours.toml"));
    read.unwrap_or_else(|fault| panic!("tests/neighbours.toml: {fault}")).group
}

#[test]
fn no_neighbour_gets_a_wrong_tag() {
    let database = Database::shipped();
    let mut wrong = Vec::new();
    for group in neighbours() {
        for name in &group.names {
            let host = HostName::from_user(name).unwrap_or_else(|_| panic!("{name}: no host name"));
            let found = database.by_name(&host);
            if !group.expected.allows(found.map(|found| database.category(found.signature))) {
                let found = found.expect("a name without a tag is always allowed");
                let signature = database.signature(found.signature);
                let (id, category) = (&signature.id, signature.category.word());
                let pattern = found.pattern;
                wrong.push(format!("{name} ({}): {id}, {category}, by {pattern}", group.sentence));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong tags:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_neighbours_are_many_and_each_stands_once() {
    let groups = neighbours();
    let mut seen = HashSet::new();
    for name in groups.iter().flat_map(|group| &group.names) {
        assert!(seen.insert(name), "{name} stands twice");
    }
    let untagged = groups.iter().filter(|group| group.expected == Expected::Untagged);
    assert!(untagged.map(|group| group.names.len()).sum::<usize>() >= 200);
}
