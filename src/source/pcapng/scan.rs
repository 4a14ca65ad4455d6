//! Where to go on after a broken block.
#![warn(clippy::indexing_slicing)]

use super::block::{BLOCK_MOST, Head, Start, is_known};
use crate::source::DamageKind;
use crate::source::order::ByteOrder;
use crate::source::window::Window;

/// A broken block, from whose start a readable one is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lost {
    pub(super) offset: u64,
    /// Octets of the broken block that are not looked at: no block starts there.
    pub(super) from: usize,
    pub(super) fault: Fault,
}

/// What is wrong with a block whose end is not known therefore.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    NoOrder,
    Length {
        block: u32,
        declared: u32,
    },
    Trailer {
        block: u32,
        leading: u32,
        trailing: u32,
    },
    /// The file ends before the block does, unless another block is found inside it.
    Cut {
        block: u32,
        declared: u32,
        left: u64,
    },
}

/// What looking at a place gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A block starts here.
    Block,
    /// None does.
    Nothing,
    /// So many octets must be in the window to tell.
    Needs(usize),
}

impl Fault {
    /// The damage, once it is known how many octets were passed over, and whether to the end.
    pub(super) fn damage(self, skipped: u64, to_the_end: bool) -> DamageKind {
        match self {
            Self::Cut { declared, left, .. } if to_the_end => {
                DamageKind::Cut { declared: declared.into(), left }
            }
            Self::NoOrder => DamageKind::ByteOrder { skipped },
            Self::Length { block, declared } | Self::Cut { block, declared, .. } => {
                DamageKind::BlockLength { block, declared: declared.into(), skipped }
            }
            Self::Trailer { block, leading, trailing } => {
                let (leading, trailing) = (leading.into(), trailing.into());
                DamageKind::BlockTrailer { block, leading, trailing, skipped }
            }
        }
    }
}

/// Whether a block of a known type whose two lengths agree starts at the window's start.
pub(super) fn look(window: &Window, order: ByteOrder) -> Place {
    let rest = window.rest();
    let head = match Start::of(rest, order) {
        Start::Head(head) => head,
        Start::NoOrder => return Place::Nothing,
        Start::Short(_) if window.ended() => return Place::Nothing,
        Start::Short(octets) => return Place::Needs(octets),
    };
    if !is_known(head.block) || !head.is_plausible(BLOCK_MOST) {
        return Place::Nothing;
    }
    match rest.get(..head.len as usize) {
        Some(block) if ends_as_it_starts(head, block) => Place::Block,
        Some(_) => Place::Nothing,
        None if window.ended() => Place::Nothing,
        None => Place::Needs(head.len as usize),
    }
}

fn ends_as_it_starts(head: Head, block: &[u8]) -> bool {
    head.split(block).is_some_and(|(_, trailing)| trailing == head.len)
}

/// Whether what follows a block looks like another one, or like the end of the file.
pub(super) fn follows(window: &Window, len: usize, order: ByteOrder, most: u32) -> Place {
    let after = window.rest().get(len..).unwrap_or_default();
    match Start::of(after, order) {
        Start::Head(head) if is_known(head.block) && head.is_plausible(most) => Place::Block,
        Start::Short(_) if after.is_empty() && window.ended() => Place::Block,
        Start::Short(octets) if !window.ended() => Place::Needs(len + octets),
        _ => Place::Nothing,
    }
}
