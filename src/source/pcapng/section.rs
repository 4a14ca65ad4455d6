//! Section header blocks: where a capture, or another one appended to it, begins.
#![warn(clippy::indexing_slicing)]

use super::block::{SECTION, Start};
use super::option::{COMMENT, Options};
use crate::source::order::{ByteOrder, Cursor};
use crate::source::sink::Sink;
use crate::source::{DamageKind, OpenError, SessionFile};

/// Whether a file that starts like this is pcapng.
pub(super) fn recognises(first: &[u8]) -> bool {
    match Start::of(first, ByteOrder::Little) {
        Start::Head(head) => head.block == SECTION,
        // Cut before its byte order, but nothing else starts like this.
        Start::Short(_) => first.starts_with(&SECTION.to_be_bytes()),
        Start::NoOrder => false,
    }
}

/// Octets of the section header block at the start of a file that is pcapng, if the file has so
/// many; the smallest number of octets it can have where it states an impossible one.
pub(super) fn header_len(first: &[u8]) -> usize {
    match Start::of(first, ByteOrder::Little) {
        Start::Head(head) if head.is_plausible(HEADER_MOST) => head.len as usize,
        _ => SMALLEST_HEADER,
    }
}

/// Whether the whole section header is there.
pub(super) fn check(first: &[u8]) -> Result<(), OpenError> {
    let needed = header_len(first);
    if first.len() < needed {
        let left = first.len() as u64;
        return Err(OpenError::TruncatedHeader { needed: needed as u64, left });
    }
    Ok(())
}

/// Reads a section header block's contents; the damage found is noted at `offset`.
///
/// The stated length of the section is not used: where it is right, the next section header
/// stands there anyway, and where it is wrong it would lose frames.
pub(super) fn read(contents: &[u8], order: ByteOrder, offset: u64, sink: &mut Sink<'_>) {
    let mut cursor = Cursor::new(contents, order);
    let mut fields = || Some((cursor.u32()?, cursor.u16()?, cursor.u16()?, cursor.u64()?));
    let Some((_magic, major, minor, _len)) = fields() else {
        let left = contents.len() as u64;
        return sink.damage(offset, DamageKind::BlockContents { block: SECTION, needed: 16, left });
    };
    // 1.2 was written by mistake for what is 1.0.
    if !matches!((major, minor), (1, 0 | 2)) {
        sink.damage(offset, DamageKind::Version { major, minor });
    }
    for option in Options::new(cursor.rest(), order) {
        match option {
            Ok((COMMENT, comment)) => {
                sink.account.comment(None, comment);
                let said = std::str::from_utf8(comment).ok().and_then(SessionFile::parse);
                sink.account.session = said.or(sink.account.session);
            }
            Ok(_) => {}
            Err(damage) => sink.damage(offset, damage),
        }
    }
}

/// Octets of a section header block without options.
const SMALLEST_HEADER: usize = 28;
/// Octets of the first section header block that are waited for before anything is read.
const HEADER_MOST: u32 = 1 << 20;
