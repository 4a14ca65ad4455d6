//! What was read from one capture: the source's own side of the balance.

use super::{CaptureTime, LinkType};

/// One interface of a capture (pcapng: an interface description block; pcap: the file header).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Its name, where the capture states one.
    pub name: Option<String>,
    /// How its frames are to be read.
    pub link: LinkType,
    /// Octets kept of each frame at most; 0 means no limit.
    pub snaplen: u32,
    /// Decimal digits of a second that its clock resolves, 0 to 9.
    pub digits: u8,
    /// Frames that the kernel or the interface lost, where statistics state it.
    pub dropped: Option<u64>,
}

/// The source's account of one capture.
#[derive(Clone, Debug, Default)]
pub struct CaptureAccount {
    /// The path as given on the command line or found in a directory; `-` for standard input.
    pub path: String,
    /// Interfaces in the order of their first mention.
    pub interfaces: Vec<Interface>,
    /// Frames read.
    pub frames: u64,
    /// Octets on the wire of those frames.
    pub octets: u64,
    /// Octets captured of those frames.
    pub captured: u64,
    /// Time of the earliest frame.
    pub first: Option<CaptureTime>,
    /// Time of the latest frame.
    pub last: Option<CaptureTime>,
    /// What is wrong with the capture, in file order; the first [`CaptureAccount::DAMAGE_KEPT`].
    pub damage: Vec<Damage>,
    /// Damage beyond those kept.
    pub more_damage: u64,
    /// SHA-256 of the input's octets as they lie on disk, with `--hash`.
    pub sha256: Option<[u8; 32]>,
}

impl CaptureAccount {
    /// Damage kept in detail; the rest is counted.
    pub const DAMAGE_KEPT: usize = 100;

    /// Frames lost while capturing: the sum over interfaces that state it, or `None`.
    pub fn dropped(&self) -> Option<u64> {
        self.interfaces.iter().filter_map(|i| i.dropped).reduce(u64::saturating_add)
    }

    /// Notes damage, in detail while there is room.
    pub fn note(&mut self, damage: Damage) {
        if self.damage.len() < Self::DAMAGE_KEPT {
            self.damage.push(damage);
        } else {
            self.more_damage += 1;
        }
    }
}

/// One broken place of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Number of the frame that is broken or, between frames, of the next one, from 1.
    pub frame: u64,
    /// Octet offset in the capture (in the decompressed octets, if compressed).
    pub offset: u64,
    /// What is wrong there.
    pub kind: DamageKind,
}

/// What is wrong with a capture at one place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DamageKind {
    /// The file ends inside a record.
    #[error("record of {declared} octets, file ends after {left}")]
    Cut {
        /// Octets the record states.
        declared: u64,
        /// Octets that are left in the file.
        left: u64,
    },
}
