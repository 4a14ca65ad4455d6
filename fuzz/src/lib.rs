//! The laws that hold for any octets: what the fuzz targets check.
//!
//! Each law is one function; a law that does not hold is a panic, with the numbers.

mod balance;
mod handshakes;
mod logs;
mod lists;
mod names;
mod openings;
mod packets;
mod reading;

pub use balance::every_frame_is_accounted_once;
pub use handshakes::handshakes_give_the_same_whatever_their_segments;
pub use logs::a_resolvers_log_is_read_or_refused;
pub use lists::every_entry_is_taken_or_left_out;
pub use names::names_are_host_names_within_bounds;
pub use openings::openings_lead_to_the_same_whatever_their_segments;
pub use packets::payload_lies_in_its_frame;
pub use reading::the_source_counts_what_it_gives;

use std::cell::RefCell;
use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;

use tempfile::NamedTempFile;
use vigie::source::{Input, Reading, StreamPlan};

thread_local! {
    static FILE: RefCell<Option<NamedTempFile>> = const { RefCell::new(None) };
}

/// The octets as a capture on disk: the door through which a stream takes them. The file is this
/// thread's and holds the octets until the next call.
fn stream_of(octets: &[u8]) -> StreamPlan {
    let path: PathBuf = FILE.with_borrow_mut(|file| {
        let file = file.get_or_insert_with(temporary_file);
        file.seek(SeekFrom::Start(0)).expect("a temporary file can be sought");
        file.write_all(octets).expect("room in the temporary folder");
        file.as_file().set_len(octets.len() as u64).expect("a temporary file can be cut");
        file.path().to_owned()
    });
    StreamPlan { captures: vec![Input::File(path)], reading: Reading::InTurn }
}

/// In memory where the system has a place for that: a disk would be written to at every call.
fn temporary_file() -> NamedTempFile {
    NamedTempFile::new_in("/dev/shm").or_else(|_| NamedTempFile::new()).expect("a temporary folder")
}
