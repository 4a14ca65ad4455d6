//! The NDJSON record of a capture, schema `vigie/1`. Field order is output order.

use serde::Serialize;

use super::time::Dated;
use crate::source::{
    CaptureAccount, CaptureTime, Comment, Damage, Interface, SessionFile, UnknownBlocks,
};

/// The name of the schema.
pub(super) const SCHEMA: &str = "vigie/1";

/// `{"type":"capture",…}`; in the JSON document without `type` and `schema`.
#[derive(Serialize)]
pub(super) struct Capture<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'static str>,
    id: u32,
    path: &'a str,
    interfaces: Vec<InterfaceRecord<'a>>,
    frames: u64,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<Dated>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<Dated>,
    dropped: Option<u64>,
    damage: Vec<DamageRecord>,
    #[serde(skip_serializing_if = "is_zero")]
    more_damage: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<SessionRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    octets_read: Option<u64>,
    #[serde(skip_serializing_if = "is_zero")]
    overlong: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    comments: Vec<CommentRecord<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    more_comments: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown_blocks: Vec<BlockRecord>,
    #[serde(skip_serializing_if = "is_zero")]
    more_unknown_blocks: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

impl<'a> Capture<'a> {
    /// A record of its own.
    pub(super) fn record(id: u32, capture: &'a CaptureAccount) -> Self {
        let part = Self::part(id, capture);
        Self { r#type: Some("capture"), schema: Some(SCHEMA), ..part }
    }

    /// An element of the JSON document.
    pub(super) fn part(id: u32, capture: &'a CaptureAccount) -> Self {
        let digits = digits([capture]);
        let dated = |time: CaptureTime| Dated { time, digits };
        Self {
            r#type: None,
            schema: None,
            id,
            path: &capture.path,
            interfaces: capture.interfaces.iter().map(InterfaceRecord::from).collect(),
            frames: capture.frames,
            bytes: capture.octets,
            first: capture.first.map(dated),
            last: capture.last.map(dated),
            dropped: capture.dropped(),
            damage: capture.damage.iter().map(DamageRecord::from).collect(),
            more_damage: capture.more_damage,
            error: capture.failed.as_ref().map(ToString::to_string),
            session: capture.session.map(SessionRecord::from),
            octets_read: capture.part,
            overlong: capture.overlong,
            comments: capture.comments.iter().map(CommentRecord::from).collect(),
            more_comments: capture.more_comments,
            unknown_blocks: capture.unknown_blocks.iter().map(BlockRecord::from).collect(),
            more_unknown_blocks: capture.more_unknown,
            sha256: capture.sha256.map(|hash| hex(&hash)),
        }
    }
}

/// The finest precision of the captures' clocks, in decimal digits of a second.
pub(super) fn digits<'a>(captures: impl IntoIterator<Item = &'a CaptureAccount>) -> u8 {
    captures.into_iter().flat_map(|c| &c.interfaces).map(|i| i.digits).max().unwrap_or(6)
}

/// Octets as hexadecimal digits in lower case.
fn hex(octets: &[u8]) -> String {
    octets.iter().flat_map(|octet| [octet >> 4, octet & 15]).map(hex_digit).collect()
}

fn hex_digit(nibble: u8) -> char {
    char::from_digit(nibble.into(), 16).unwrap_or('0')
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// An interface of a capture.
#[derive(Serialize)]
struct InterfaceRecord<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    link_type: u32,
    snaplen: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    dropped: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<&'a str>,
}

impl<'a> From<&'a Interface> for InterfaceRecord<'a> {
    fn from(interface: &'a Interface) -> Self {
        Self {
            name: interface.name.as_deref(),
            link_type: interface.link.0,
            snaplen: interface.snaplen,
            dropped: interface.dropped,
            filter: interface.filter.as_deref(),
        }
    }
}

/// Which file of a live session a capture is.
#[derive(Serialize)]
struct SessionRecord {
    begun: Dated,
    file: u64,
    first_file: u64,
}

impl From<SessionFile> for SessionRecord {
    fn from(of: SessionFile) -> Self {
        let begun = Dated { time: of.begun, digits: 9 };
        Self { begun, file: of.number, first_file: of.first }
    }
}

/// A broken place of a capture.
#[derive(Serialize)]
struct DamageRecord {
    frame: u64,
    offset: u64,
    what: String,
}

impl From<&Damage> for DamageRecord {
    fn from(damage: &Damage) -> Self {
        Self { frame: damage.frame, offset: damage.offset, what: damage.kind.to_string() }
    }
}

/// A comment in a capture.
#[derive(Serialize)]
struct CommentRecord<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<u64>,
    text: &'a str,
}

impl<'a> From<&'a Comment> for CommentRecord<'a> {
    fn from(comment: &'a Comment) -> Self {
        Self { frame: comment.frame, text: &comment.text }
    }
}

/// Blocks of one unknown type.
#[derive(Serialize)]
struct BlockRecord {
    block: u32,
    count: u64,
    offset: u64,
    frame: u64,
}

impl From<&UnknownBlocks> for BlockRecord {
    fn from(blocks: &UnknownBlocks) -> Self {
        let UnknownBlocks { block, count, offset, frame } = *blocks;
        Self { block, count, offset, frame }
    }
}
