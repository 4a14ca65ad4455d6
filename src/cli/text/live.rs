//! A snapshot of a capture that goes on, in one line.

use super::number::{Precision, count, counted, octets};
use crate::export::rfc3339;
use crate::ledger::Snapshot;
use crate::source::CaptureTime;

/// When, how much was read, in how many flows, how much of it is tagged, and what was lost.
pub(in crate::cli) fn snapshot_line(snapshot: &Snapshot, time: Option<CaptureTime>) -> String {
    let read = snapshot.balance.read;
    let amount = |n: u64| octets(n, Precision::Rounded);
    let time = time.map_or_else(|| "no frame yet".to_owned(), |time| rfc3339(time, 0).to_string());
    let lost = snapshot.dropped().filter(|lost| *lost > 0);
    let lost = lost.map(|lost| format!(", {} lost", count(lost))).unwrap_or_default();
    format!(
        "{time}  {}, {} in {}, {} tagged, {} named{lost}",
        counted(read.frames, "frame"),
        amount(read.octets),
        counted(snapshot.totals.flows, "flow"),
        amount(snapshot.totals.tagged),
        amount(snapshot.totals.named),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{CaptureAccount, Interface};

    #[test]
    fn a_snapshot_is_one_line_and_losses_stand_in_it() {
        let mut snapshot = Snapshot::default();
        snapshot.balance.read.frames = 1234;
        snapshot.balance.read.octets = 5_600_000;
        snapshot.totals.flows = 1;
        let line = snapshot_line(&snapshot, Some(CaptureTime(0)));
        assert_eq!(
            line,
            "1970-01-01T00:00:00Z  1,234 frames, 5.60 MB in 1 flow, 0 B tagged, 0 B named"
        );
        let interface = Interface {
            name: None,
            link: crate::source::LinkType(1),
            snaplen: 0,
            digits: 9,
            fcs_len: None,
            dropped: Some(7),
            filter: None,
        };
        let account = CaptureAccount { interfaces: vec![interface], ..CaptureAccount::default() };
        snapshot.captures.push(account);
        assert!(snapshot_line(&snapshot, None).ends_with("0 B named, 7 lost"));
    }
}
