//! Interface statistics blocks: what was lost.
#![warn(clippy::indexing_slicing)]

use super::block::STATISTICS;
use super::option::{COMMENT, Options};
use crate::source::DamageKind;
use crate::source::order::{ByteOrder, Cursor};
use crate::source::sink::Sink;

/// What one statistics block states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Statistics {
    /// Index of the interface in its section, from 0.
    pub(super) interface: u32,
    /// Frames lost for want of room, by the interface and by the operating system.
    pub(super) losses: [Option<u64>; 2],
}

/// Reads a statistics block's contents; the damage found is noted at `offset`.
pub(super) fn read(
    contents: &[u8],
    order: ByteOrder,
    offset: u64,
    sink: &mut Sink<'_>,
) -> Option<Statistics> {
    let mut cursor = Cursor::new(contents, order);
    let mut fields = || Some((cursor.u32()?, cursor.u64()?));
    let Some((interface, _time)) = fields() else {
        let left = contents.len() as u64;
        sink.damage(offset, DamageKind::BlockContents { block: STATISTICS, needed: 12, left });
        return None;
    };
    let (mut by_interface, mut by_system) = (None, None);
    for option in Options::new(cursor.rest(), order) {
        match option {
            Ok((INTERFACE_DROPS, value)) => by_interface = Cursor::new(value, order).u64(),
            Ok((SYSTEM_DROPS, value)) => by_system = Cursor::new(value, order).u64(),
            Ok((COMMENT, comment)) => sink.account.comment(None, comment),
            Ok(_) => {}
            Err(damage) => sink.damage(offset, damage),
        }
    }
    Some(Statistics { interface, losses: [by_interface, by_system] })
}

const INTERFACE_DROPS: u16 = 5;
const SYSTEM_DROPS: u16 = 7;
