//! What holds for the whole.

use std::sync::OnceLock;

use vigie::ledger::{Dimension, Snapshot};
use vigie::pipeline::{Discard, Options, Run, run};
use vigie::signature::Database;

/// Every frame read is accounted once, every octet of a flow is named or has a cause, and stands
/// under exactly one primary signature or under none. Gives the frames and named octets there were, so
/// that a run can say that it was not idle.
pub fn every_frame_is_accounted_once(octets: &[u8]) -> (u64, u64) {
    let plan = crate::stream_of(octets);
    let snapshot = run(&[plan], options(), database(), &Discard, &Run::default())
        .expect("an output that takes all");
    let (balance, totals) = (&snapshot.balance, &snapshot.totals);
    assert!(balance.holds(), "read {:?}, accounted {:?}", balance.read, balance.accounted());
    let frames: u64 = snapshot.captures.iter().map(|c| c.frames).sum();
    assert_eq!(balance.read.frames, frames, "frames in the balance and in the captures' accounts");
    let named = totals.named + totals.unnamed.iter().sum::<u64>();
    assert_eq!(named, balance.in_flows.octets, "named octets and those without a name, by cause");
    check_signatures(&snapshot);
    (frames, totals.named)
}

fn check_signatures(snapshot: &Snapshot) {
    let mut sum = (0, 0, 0);
    for (flows, count) in snapshot.by_signature.values() {
        sum.0 += flows;
        sum.1 += count.up.frames + count.down.frames;
        sum.2 += count.up.octets + count.down.octets;
    }
    let in_flows = snapshot.balance.in_flows;
    assert_eq!(
        sum,
        (snapshot.totals.flows, in_flows.frames, in_flows.octets),
        "all signatures and all flows"
    );
}

fn options() -> &'static Options {
    static OPTIONS: OnceLock<Options> = OnceLock::new();
    OPTIONS.get_or_init(|| Options {
        rollups: vec![vec![Dimension::Signature, Dimension::Host], vec![Dimension::Registrable]],
        ..Options::default()
    })
}

fn database() -> &'static Database {
    static DATABASE: OnceLock<Database> = OnceLock::new();
    DATABASE.get_or_init(Database::shipped)
}
