//! Packets from Linux's netfilter log (`LINKTYPE_NFLOG`).
#![warn(clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::walk::{Next, Stop};
use super::{Layer, NotIp};

/// The attribute that holds the packet (`NFULA_PAYLOAD`); the two high bits of a type are flags.
const PAYLOAD: u16 = 9;
const ATTRIBUTE_TYPE: u16 = 0x3fff;

/// Attributes up to the payload, which ends where the attribute does. Their numbers are in the
/// order of the machine that captured; the header does not say which, so a length that cannot
/// be in one order is read in the other.
pub(super) fn header(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let &[family, version, _, _] = cursor.array(Layer::Link)?;
    if version != 0 {
        return Err(cursor.invalid(Layer::Link).into());
    }
    while !cursor.rest().is_empty() {
        let &[l0, l1, t0, t1] = cursor.peek().ok_or_else(|| cursor.short(Layer::Link, 4))?;
        let little = (u16::from_le_bytes([l0, l1]), u16::from_le_bytes([t0, t1]));
        let big = (u16::from_be_bytes([l0, l1]), u16::from_be_bytes([t0, t1]));
        let (length, kind) =
            if (little.1 & ATTRIBUTE_TYPE) <= HIGHEST_ATTRIBUTE { little } else { big };
        let octets = usize::from(length);
        if octets < 4 {
            return Err(cursor.invalid(Layer::Link).into());
        }
        if kind & ATTRIBUTE_TYPE == PAYLOAD {
            cursor.pass(4);
            cursor.limit(u32::from(length) - 4);
            return if matches!(family, AF_INET | AF_INET6) {
                Ok(Next::Ip)
            } else {
                Err(NotIp::LinkControl.into())
            };
        }
        let padded = octets.next_multiple_of(4).min(cursor.rest().len());
        cursor.take(Layer::Link, octets.max(padded))?;
    }
    Err(NotIp::LinkControl.into())
}

/// Attributes are numbered up to 21 (`linux/netfilter/nfnetlink_log.h`), with room to grow.
const HIGHEST_ATTRIBUTE: u16 = 64;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
