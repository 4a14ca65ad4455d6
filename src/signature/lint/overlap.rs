//! Patterns and networks that claim the same.

use std::collections::{BTreeMap, HashMap};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::super::pattern::Pattern;
use super::Rule;
use super::subject::{Finding, Subject};

/// Where a pattern stands: subject and host.
type Place = (usize, usize);

/// Duplicates, ties and what nothing can reach.
pub(super) fn find(subjects: &[Subject<'_>], findings: &mut Vec<Finding>) {
    equal_patterns(subjects, findings);
    crossing_wildcards(subjects, findings);
    networks(subjects, findings);
}

fn equal_patterns(subjects: &[Subject<'_>], findings: &mut Vec<Finding>) {
    let mut first: HashMap<&str, Place> = HashMap::new();
    for (s, subject) in subjects.iter().enumerate() {
        for (h, pattern) in subject.located.signature.hosts.iter().enumerate() {
            let Some(&earlier) = first.get(pattern.as_str()) else {
                first.insert(pattern, (s, h));
                continue;
            };
            if earlier.0 == s {
                if subject.own {
                    let message = format!("{pattern:?} stands in this signature twice");
                    let remedy = "remove one of them".to_owned();
                    findings.push(subject.finding(Some(h), Rule::Duplicate, message, remedy));
                }
            } else {
                tie(subjects, earlier, (s, h), findings);
            }
        }
    }
}

/// Two `name.*.suffix` that cover a common name: `a.*.c` and `*`'s place elsewhere in the other.
fn crossing_wildcards(subjects: &[Subject<'_>], findings: &mut Vec<Finding>) {
    let mut by_length: BTreeMap<(usize, &str), Vec<(Place, &str)>> = BTreeMap::new();
    for (s, subject) in subjects.iter().enumerate() {
        for (h, text) in subject.located.signature.hosts.iter().enumerate() {
            if let Pattern::Inside { .. } = Pattern::split(text) {
                let labels = text.split('.').count();
                let last = text.rsplit('.').next().unwrap_or_default();
                by_length.entry((labels, last)).or_default().push(((s, h), text));
            }
        }
    }
    for group in by_length.values() {
        // What lists hold in the millions are names and `*.suffix`; such patterns are few.
        let group = group.get(..MOST_COMPARED).unwrap_or(group);
        for (n, &(place, text)) in group.iter().enumerate() {
            for &(earlier, other) in group.iter().take(n) {
                if text != other && earlier.0 != place.0 && meet(text, other) {
                    tie(subjects, earlier, place, findings);
                }
            }
        }
    }
}

/// Wildcards inside that are compared each with each.
const MOST_COMPARED: usize = 2_000;

/// Whether some name is covered by both, which have as many labels.
fn meet(a: &str, b: &str) -> bool {
    a.split('.').zip(b.split('.')).all(|(x, y)| x == y || x == "*" || y == "*")
}

/// Reports a tie at the later one, or at the one that is reported on.
fn tie(subjects: &[Subject<'_>], earlier: Place, later: Place, findings: &mut Vec<Finding>) {
    let (Some(winner), Some(loser)) = (subjects.get(earlier.0), subjects.get(later.0)) else {
        return;
    };
    let (at, host, other) = if loser.own {
        (loser, later.1, winner)
    } else if winner.own {
        (winner, earlier.1, loser)
    } else {
        return;
    };
    let pattern = at.located.signature.hosts.get(host).map_or("", String::as_str);
    let (id, wins) = (&other.located.signature.id, &winner.located.signature.id);
    let (file, line) = (&other.file.name, other.located.place.0);
    let message =
        format!("{pattern:?} ties with a pattern of {id:?} ({file}, line {line}); {wins:?} wins");
    let remedy = format!("keep it in one of them, or make one more specific; now {wins:?} tags");
    findings.push(at.finding(Some(host), Rule::Tie, message, remedy));
}

fn networks(subjects: &[Subject<'_>], findings: &mut Vec<Finding>) {
    let mut by_port: BTreeMap<&str, Vec<(usize, IpNet)>> = BTreeMap::new();
    for (s, subject) in subjects.iter().enumerate() {
        for port in &subject.located.signature.ports {
            let nets = subject.located.signature.networks.iter().map(|net| (s, *net));
            by_port.entry(port).or_default().extend(nets);
        }
    }
    for (port, mut nets) in by_port {
        // Stable: at one prefix the signatures stay in the order of their ids.
        nets.sort_by_key(|&(_, net)| (net.network(), net.prefix_len()));
        for (n, &(s, net)) in nets.iter().enumerate() {
            let Some(subject) = subjects.get(s).filter(|subject| subject.own) else { continue };
            let before = n.checked_sub(1).and_then(|before| nets.get(before));
            if let Some(&(winner, same)) = before
                && same == net
            {
                let (rule, message) = match subjects.get(winner).filter(|_| winner != s) {
                    Some(winner) => {
                        let id = &winner.located.signature.id;
                        (Rule::Tie, format!("{net} at {port} is that of {id:?}, too, which wins"))
                    }
                    None => (Rule::Duplicate, format!("{net} at {port} stands there twice")),
                };
                let remedy = "keep it in one place".to_owned();
                findings.push(subject.finding(None, rule, message, remedy));
                continue;
            }
            let inside = nets.iter().filter(|(_, other)| *other != net && net.contains(other));
            if is_filled(net, inside.map(|(_, other)| *other)) {
                let message = format!("longer prefixes take all of {net} at {port}");
                let remedy = "remove it, or one of the longer ones".to_owned();
                findings.push(subject.finding(None, Rule::Unreachable, message, remedy));
            }
        }
    }
}

/// Whether the ranges together are all of `net`.
fn is_filled(net: IpNet, inside: impl Iterator<Item = IpNet>) -> bool {
    let (mut v4, mut v6) = (Vec::new(), Vec::new());
    for range in inside {
        match range {
            IpNet::V4(range) => v4.push(range),
            IpNet::V6(range) => v6.push(range),
        }
    }
    match net {
        IpNet::V4(net) => Ipv4Net::aggregate(&v4).contains(&net),
        IpNet::V6(net) => Ipv6Net::aggregate(&v6).contains(&net),
    }
}
