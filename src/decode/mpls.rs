//! MPLS label stacks (RFC 3032) and Ethernet pseudowires (RFC 4385, RFC 4448).
#![warn(clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::walk::{Next, Stop};
use super::{Layer, NotIp};

/// Labels that are read of one stack.
const MAX_LABELS: usize = 16;
const EXPLICIT_NULL_V4: u32 = 0;
const EXPLICIT_NULL_V6: u32 = 2;

/// The label stack. Nothing in it names what follows, so the first four bits must tell:
/// 4 and 6 are IP (RFC 4928 §3), 0 is the control word of a pseudowire, 1 its associated channel.
pub(super) fn stack(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    for _ in 0..MAX_LABELS {
        let entry = u32::from_be_bytes(*cursor.array(Layer::Link)?);
        if entry & 0x100 == 0 {
            continue;
        }
        return match (entry >> 12, cursor.first().map(|octet| octet >> 4)) {
            (EXPLICIT_NULL_V4 | EXPLICIT_NULL_V6, _) | (_, Some(4 | 6)) => Ok(Next::Ip),
            (_, Some(0)) => {
                cursor.take(Layer::Link, 4)?;
                Ok(Next::Ethernet)
            }
            (_, Some(1) | None) => Err(NotIp::LinkControl.into()),
            _ => Ok(Next::Ethernet),
        };
    }
    Err(cursor.invalid(Layer::Link).into())
}
