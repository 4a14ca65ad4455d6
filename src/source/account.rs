//! What was read from one capture: the source's own side of the balance.

use super::{CaptureTime, Damage, LinkType, OpenError, SessionFile, SessionMarker};

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
    /// Octets of frame check sequence at the end of each frame, where the capture states it.
    pub fcs_len: Option<u8>,
    /// Frames that the kernel or the interface lost, where statistics state it.
    pub dropped: Option<u64>,
    /// The filter that frames passed to be captured, where the capture states it.
    pub filter: Option<String>,
}

/// A comment that somebody wrote into a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The frame it belongs to, from 1; `None` for the capture, a section or an interface.
    pub frame: Option<u64>,
    /// The text, at most [`CaptureAccount::COMMENT_OCTETS`] of it.
    pub text: String,
}

/// Blocks of one type that were passed over because the type is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownBlocks {
    /// The type, as it stands in the block.
    pub block: u32,
    /// How many there are.
    pub count: u64,
    /// Octet offset of the first.
    pub offset: u64,
    /// Number of the frame after the first, from 1.
    pub frame: u64,
}

/// The source's account of one capture.
#[derive(Clone, Debug, Default)]
pub struct CaptureAccount {
    /// Index of the capture in the run, from 0.
    pub index: u32,
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
    /// Frames of which more was captured than there was on the wire, as their records say.
    pub overlong: u64,
    /// Time of the earliest frame.
    pub first: Option<CaptureTime>,
    /// Time of the latest frame.
    pub last: Option<CaptureTime>,
    /// What is wrong with the capture, in file order; the first [`CaptureAccount::DAMAGE_KEPT`].
    pub damage: Vec<Damage>,
    /// Damage beyond those kept.
    pub more_damage: u64,
    /// Why the capture could not be opened: then there is nothing else here.
    pub failed: Option<OpenError>,
    /// Comments in file order; the first [`CaptureAccount::COMMENTS_KEPT`].
    pub comments: Vec<Comment>,
    /// Comments beyond those kept.
    pub more_comments: u64,
    /// Which file of a live session of vigie's it is, where it says so.
    pub session: Option<SessionFile>,
    /// What somebody noted while that session ran, in file order; the first
    /// [`CaptureAccount::MARKERS_KEPT`].
    pub markers: Vec<SessionMarker>,
    /// Markers beyond those kept.
    pub more_markers: u64,
    /// Octets of the file that were read, where it was still being written.
    pub part: Option<u64>,
    /// Well-formed pcapng blocks of types that are not known: no damage, but worth a note. The
    /// first [`CaptureAccount::UNKNOWN_KEPT`] types.
    pub unknown_blocks: Vec<UnknownBlocks>,
    /// Blocks of unknown types beyond those kept.
    pub more_unknown: u64,
    /// SHA-256 of the input's octets as they lie on disk, with `--hash`.
    pub sha256: Option<[u8; 32]>,
}

impl CaptureAccount {
    /// Damage kept in detail; the rest is counted.
    pub const DAMAGE_KEPT: usize = 100;
    /// Comments kept; the rest is counted.
    pub const COMMENTS_KEPT: usize = 100;
    /// Markers kept, as many as a session takes; the rest is counted.
    pub const MARKERS_KEPT: usize = 10_000;
    /// Octets kept of each comment.
    pub const COMMENT_OCTETS: usize = 1024;
    /// Unknown block types told apart; blocks of further types are counted together.
    pub const UNKNOWN_KEPT: usize = 16;
    /// Interfaces kept; frames of those beyond are damage.
    pub const INTERFACES_KEPT: usize = 65_536;
    /// Octets kept of each interface's name.
    pub const NAME_OCTETS: usize = 256;
    /// Octets kept of each interface's filter.
    pub const FILTER_OCTETS: usize = 1024;

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

    /// Whether something is wrong with the capture: the run is then incomplete.
    pub fn is_damaged(&self) -> bool {
        self.failed.is_some() || !self.damage.is_empty()
    }

    /// Keeps a comment, while there is room. Octets that are not UTF-8 are replaced.
    pub(super) fn comment(&mut self, frame: Option<u64>, octets: &[u8]) {
        // What stands at a frame was noted before it.
        self.marker(frame.map_or(self.frames, |frame| frame.saturating_sub(1)), octets);
        if self.comments.len() < Self::COMMENTS_KEPT {
            self.comments.push(Comment { frame, text: text(octets, Self::COMMENT_OCTETS) });
        } else {
            self.more_comments += 1;
        }
    }

    /// Keeps a comment that is a marker of the session, while there is room. In other captures
    /// nothing is one.
    fn marker(&mut self, after_frames: u64, octets: &[u8]) {
        if self.session.is_none() {
            return;
        }
        // The longest text, and the time before it.
        let comment = text(octets, Self::COMMENT_OCTETS + 64);
        let Some(marker) = SessionMarker::parse(&comment, after_frames) else { return };
        if self.markers.len() < Self::MARKERS_KEPT {
            self.markers.push(marker);
        } else {
            self.more_markers += 1;
        }
    }

    /// Counts a block of an unknown type that lies at `offset`, before the next frame.
    pub(super) fn unknown(&mut self, block: u32, offset: u64) {
        let frame = self.frames + 1;
        if let Some(known) = self.unknown_blocks.iter_mut().find(|u| u.block == block) {
            known.count += 1;
        } else if self.unknown_blocks.len() < Self::UNKNOWN_KEPT {
            self.unknown_blocks.push(UnknownBlocks { block, count: 1, offset, frame });
        } else {
            self.more_unknown += 1;
        }
    }
}

/// Text of a capture, cut after `most` octets and at the first NUL.
pub(super) fn text(octets: &[u8], most: usize) -> String {
    let kept = octets.get(..most).unwrap_or(octets);
    let end = kept.iter().position(|o| *o == 0).unwrap_or(kept.len());
    String::from_utf8_lossy(kept.get(..end).unwrap_or_default()).into_owned()
}
