use proptest::prelude::*;

use super::sample::{Ledger, RandomFlow, all, at, database, flows};
use crate::ledger::{BoundHits, Dimension, Quantity, Snapshot};
use crate::source::CaptureAccount;

/// The ledger of these flows, with everything that a run adds to it.
fn snapshot(flows: &[RandomFlow], first_id: u64, beside: &Beside) -> Snapshot {
    let database = database();
    let by =
        [vec![Dimension::Host, Dimension::Client], vec![Dimension::Signature, Dimension::Hour]];
    let mut ledger = Ledger::new(&database, &by, &all);
    ledger.collector.tell_time(at(0));
    for (id, flow) in (first_id..).zip(flows) {
        let cell = flow.cell(id, &database);
        flow.count(&cell);
        ledger.enter(&cell);
        if id % 2 == 0 {
            ledger.end(&cell);
        }
    }
    let mut snapshot = ledger.snapshot();
    beside.put(&mut snapshot);
    snapshot
}

/// What stands beside the flows.
#[derive(Clone, Debug)]
struct Beside {
    capture: u32,
    path: &'static str,
    quantity: Quantity,
    reason: &'static str,
}

impl Beside {
    fn put(&self, snapshot: &mut Snapshot) {
        let Self { capture, path, quantity, reason } = self.clone();
        let account = CaptureAccount {
            index: capture,
            path: path.to_owned(),
            frames: quantity.frames,
            ..CaptureAccount::default()
        };
        snapshot.captures.push(account);
        for part in [
            &mut snapshot.balance.read,
            &mut snapshot.balance.not_ip,
            &mut snapshot.balance.undecodable,
            &mut snapshot.balance.outside,
            &mut snapshot.balance.duplicates,
            snapshot.balance.undecodable_by.entry(reason.to_owned()).or_default(),
        ] {
            part.add(quantity);
        }
        let hits = quantity.frames;
        snapshot.bounds = BoundHits {
            rows: hits,
            reassembly: hits,
            fragments: hits,
            overlaps: hits,
            dns_answers: hits,
            flows: hits,
            names: hits,
            scopes: hits,
            resumed: hits,
        };
    }
}

fn beside() -> impl Strategy<Value = Beside> {
    let paths = prop::sample::select(vec!["a.pcap", "b.pcap", "c.pcap"]);
    let reasons = prop::sample::select(vec!["link type 147 is not known", "another reason"]);
    (0..3_u32, paths, 0..1000_u64, 0..100_000_u64, reasons).prop_map(
        |(capture, path, frames, octets, reason)| Beside {
            capture,
            path,
            quantity: Quantity { frames, octets },
            reason,
        },
    )
}

fn part() -> impl Strategy<Value = Snapshot> {
    (flows(8), beside()).prop_map(|(flows, beside)| snapshot(&flows, 1, &beside))
}

fn merged(parts: &[&Snapshot]) -> Snapshot {
    let (first, rest) = parts.split_first().expect("a part");
    rest.iter().fold((*first).clone(), |mut sum, part| {
        sum.merge(part);
        sum
    })
}

fn text(snapshot: &Snapshot) -> String {
    format!("{snapshot:#?}")
}

proptest! {
    #[test]
    fn merging_is_commutative_and_associative(a in part(), b in part(), c in part()) {
        prop_assert_eq!(text(&merged(&[&a, &b])), text(&merged(&[&b, &a])));
        let left = merged(&[&merged(&[&a, &b]), &c]);
        let right = merged(&[&a, &merged(&[&b, &c])]);
        prop_assert_eq!(text(&left), text(&right));
    }

    #[test]
    fn merging_with_nothing_changes_nothing(a in part()) {
        let none = Snapshot::default();
        prop_assert_eq!(text(&merged(&[&a, &none])), text(&a));
        prop_assert_eq!(text(&merged(&[&none, &a])), text(&a));
    }

    #[test]
    fn parts_together_are_the_whole(flows in flows(16), at in 0..=16_usize) {
        let none = Beside { capture: 0, path: "a.pcap", quantity: Quantity::default(), reason: "none" };
        let (left, right) = flows.split_at(at.min(flows.len()));
        let parts = [snapshot(left, 1, &none), snapshot(right, 1, &none)];
        let mut sum = merged(&[&parts[0], &parts[1]]);
        // Each part has read the capture: here both are the same.
        sum.captures.truncate(1);
        prop_assert_eq!(text(&sum), text(&snapshot(&flows, 1, &none)));
    }
}
