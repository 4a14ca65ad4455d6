//! What holds for a source.

use std::sync::atomic::AtomicU64;

use vigie::source::{ReadOptions, StreamReader};

/// Frames are numbered from 1 without a gap, none is without room in the input, the account's
/// frames and octets are those that were given, and reading ends.
pub fn the_source_counts_what_it_gives(octets: &[u8]) {
    let plan = crate::stream_of(octets);
    let read = AtomicU64::new(0);
    let mut reader = StreamReader::open(&plan, 0, ReadOptions::default(), &read);
    let (mut frames, mut wire, mut captured) = (0_u64, 0_u64, 0_u64);
    while let Some(batch) = reader.next_batch() {
        for frame in batch.frames() {
            frames += 1;
            assert_eq!(frame.number, frames, "a frame's number");
            wire += u64::from(frame.wire_len);
            captured += frame.captured.len() as u64;
        }
    }
    let account = &reader.accounts()[0];
    assert_eq!((account.frames, account.octets), (frames, wire), "the account and what was given");
    assert_eq!(account.captured, captured, "captured octets in the account and what was given");
    if account.failed.is_some() {
        assert_eq!(frames, 0, "a capture that does not open gives no frame");
    }
}
