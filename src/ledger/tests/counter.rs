use std::sync::Arc;

use super::sample::{FlowSample, at};
use crate::ledger::Count;

#[test]
fn one_thread_counts_and_another_reads_no_number_that_never_was() {
    const FRAMES: u32 = 200_000;
    let cell = FlowSample::default().cell();
    let shared = Arc::clone(&cell.cell);
    let side = cell.client as usize;
    let reader = std::thread::spawn(move || {
        let mut last = Count::default();
        loop {
            let now = shared.counts()[side];
            assert!(now.frames >= last.frames && now.octets >= last.octets);
            assert!(now.octets % 100 == 0 && now.payload % 50 == 0);
            assert!(now.frames <= u64::from(FRAMES) && now.octets <= u64::from(FRAMES) * 100);
            if now.payload == u64::from(FRAMES) * 50 {
                return;
            }
            last = now;
        }
    });
    for _ in 0..FRAMES {
        cell.up(at(0), 100);
    }
    reader.join().expect("it saw what was counted");
    let frames = u64::from(FRAMES);
    let expected = Count { frames, octets: frames * 100, payload: frames * 50 };
    assert_eq!(cell.cell.counts()[side], expected);
    assert_eq!(cell.cell.counts()[1 - side], Count::default());
}

#[test]
fn the_longest_frames_do_not_overflow() {
    let cell = FlowSample::default().cell();
    for _ in 0..3 {
        cell.cell.count(cell.client, at(0), u32::MAX, u32::MAX);
    }
    let octets = 3 * u64::from(u32::MAX);
    let expected = Count { frames: 3, octets, payload: octets };
    assert_eq!(cell.cell.counts()[cell.client as usize], expected);
}
