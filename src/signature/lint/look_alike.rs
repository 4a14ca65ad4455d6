//! Domains of two vendors that one character tells apart: a slip of the pen, or a false friend.

use std::collections::{BTreeMap, BTreeSet};

use super::super::distance;
use super::super::pattern::Pattern;
use super::Rule;
use super::subject::{Finding, Subject};

/// Who uses a registrable domain.
#[derive(Default)]
struct Users<'a> {
    vendors: BTreeSet<&'a str>,
    /// The first pattern with it: subject and host.
    place: (usize, usize),
    own: bool,
}

/// Domains that are compared; lists of more are not looked through for look-alikes.
const MOST_DOMAINS: usize = 200_000;

pub(super) fn find(subjects: &[Subject<'_>], findings: &mut Vec<Finding>) {
    let mut domains: BTreeMap<&str, Users<'_>> = BTreeMap::new();
    for (s, subject) in subjects.iter().enumerate() {
        for (h, text) in subject.located.signature.hosts.iter().enumerate() {
            let Some(domain) = psl::domain_str(Pattern::split(text).base()) else { continue };
            if domains.len() >= MOST_DOMAINS && !domains.contains_key(domain) {
                continue;
            }
            let users = domains.entry(domain).or_default();
            if users.vendors.is_empty() || (subject.own && !users.own) {
                users.place = (s, h);
            }
            users.own |= subject.own;
            users.vendors.insert(&subject.located.signature.vendor);
        }
    }
    let names: Vec<&str> = domains.keys().copied().collect();
    for (a, b) in near(&names) {
        let (Some(left), Some(right)) = (domains.get(a), domains.get(b)) else { continue };
        if !left.vendors.is_disjoint(&right.vendors) || !(left.own || right.own) {
            continue;
        }
        let seen = |users: &Users<'_>, other| {
            subjects.get(users.place.0).is_some_and(|subject| says(subject, other))
        };
        if seen(left, b) || seen(right, a) {
            continue;
        }
        let (here, at, there, who) =
            if right.own { (b, right, a, left) } else { (a, left, b, right) };
        let Some(subject) = subjects.get(at.place.0) else { continue };
        let whose = who.vendors.iter().copied().collect::<Vec<_>>().join(", ");
        let message = format!("{here:?} is one character from {there:?} of {whose}");
        let remedy = format!("check the spelling; if both are right, name {there} in `notes`");
        findings.push(subject.finding(Some(at.place.1), Rule::LookAlike, message, remedy));
    }
}

/// Whether the signature's notes name the other domain: somebody has looked.
fn says(subject: &Subject<'_>, domain: &str) -> bool {
    subject.located.signature.notes.as_deref().is_some_and(|notes| notes.contains(domain))
}

/// The pairs that one insertion, removal or replacement turns into each other.
///
/// Such words have a common remainder when at most one letter is removed from each, so only
/// those with a common remainder are compared.
fn near<'n>(names: &[&'n str]) -> BTreeSet<(&'n str, &'n str)> {
    let mut remainders: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in names {
        let mut own: BTreeSet<String> = BTreeSet::from([(*name).to_owned()]);
        for (at, letter) in name.char_indices() {
            let after = name.get(at + letter.len_utf8()..).unwrap_or_default();
            own.insert(format!("{}{after}", name.get(..at).unwrap_or_default()));
        }
        for remainder in own {
            remainders.entry(remainder).or_default().push(name);
        }
    }
    let mut pairs = BTreeSet::new();
    for group in remainders.values() {
        for (n, b) in group.iter().enumerate() {
            for a in group.iter().take(n).filter(|a| distance::letters(a, b) == 1) {
                pairs.insert(if a < b { (*a, *b) } else { (*b, *a) });
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_more_less_or_other_is_near() {
        let names = ["acme.com", "acmee.com", "acne.com", "acem.com", "axne.com", "other.org"];
        let pairs: Vec<_> = near(&names).into_iter().collect();
        assert_eq!(
            pairs,
            [("acme.com", "acmee.com"), ("acme.com", "acne.com"), ("acne.com", "axne.com")]
        );
    }
}
