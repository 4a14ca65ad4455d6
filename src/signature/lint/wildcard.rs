//! An accusing `*.suffix` needs a source that says wildcard, or three hosts below it.

use std::collections::BTreeSet;

use super::super::pattern::Pattern;
use super::Rule;
use super::subject::{Finding, Subject};

/// Words with which sources and notes speak of a whole domain.
const WIDE: [&str; 6] =
    ["wildcard", "*.", "subdomain", "sub-tree", "below these domains", "below these two domains"];
/// Publishers of lists whose entries mean a domain with all that lies below it: filter rules of
/// the form `||domain^`, and trackers by registrable domain.
const DOMAIN_LISTS: [&str; 4] = ["AdGuard", "Disconnect", "DuckDuckGo", "EasyList"];
/// Hosts below a suffix that support a claim to all of it.
const ENOUGH_HOSTS: usize = 3;

pub(super) fn find(subjects: &[Subject<'_>], findings: &mut Vec<Finding>) {
    // Exact names of all signatures, reversed, so that those below one suffix stand together.
    let mut exact: BTreeSet<String> = BTreeSet::new();
    for text in subjects.iter().flat_map(|subject| &subject.located.signature.hosts) {
        if let Pattern::Exact(name) = Pattern::split(text) {
            exact.insert(reversed(name));
        }
    }
    for subject in subjects.iter().filter(|subject| subject.own) {
        let signature = &subject.located.signature;
        let listed = signature.sources.iter().any(|source| {
            DOMAIN_LISTS.iter().any(|publisher| source.publisher.starts_with(publisher))
        });
        if !signature.category.accuses() || listed || subject.prose().any(speaks_wide) {
            continue;
        }
        for (n, text) in signature.hosts.iter().enumerate() {
            let Pattern::Below(suffix) = Pattern::split(text) else { continue };
            let start = format!("{}.", reversed(suffix));
            let below = exact.range(start.clone()..).take_while(|name| name.starts_with(&start));
            let mut hosts: BTreeSet<String> =
                below.take(ENOUGH_HOSTS).map(|name| reversed(name)).collect();
            for prose in subject.prose() {
                hosts.extend(names_below(prose, suffix).map(str::to_owned));
            }
            if hosts.len() >= ENOUGH_HOSTS {
                continue;
            }
            let found = hosts.len();
            let message = format!(
                "{text:?} accuses whatever lies below, but no source or note says wildcard, \
                 and {found} of {ENOUGH_HOSTS} hosts below are named"
            );
            let remedy = "name the hosts instead, or quote the source that says wildcard";
            findings.push(subject.finding(Some(n), Rule::Wildcard, message, remedy.to_owned()));
        }
    }
}

fn speaks_wide(prose: &str) -> bool {
    let prose = prose.to_lowercase();
    WIDE.iter().any(|word| prose.contains(word))
}

/// The names below `suffix` that a text holds.
fn names_below<'p>(prose: &'p str, suffix: &str) -> impl Iterator<Item = &'p str> {
    prose
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.'))
        .map(|word| word.trim_matches('.'))
        .filter(move |word| Pattern::Below(suffix).covers(word))
}

/// The labels from right to left.
fn reversed(name: &str) -> String {
    name.rsplit('.').collect::<Vec<_>>().join(".")
}
