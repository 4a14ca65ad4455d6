//! The one checked cursor that all headers are read with.
#![warn(clippy::indexing_slicing)]

use super::{DecodeError, Layer};
use crate::source::Frame;

/// What is left of a frame, or of the layer that is being read.
///
/// `rest.len() <= wire`: octets that the capture cut off are counted in `wire` only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    at: usize,
    wire: u32,
}

impl<'a> Cursor<'a> {
    /// The whole frame. A record whose original length is less than what was kept is taken to
    /// mean what was kept.
    pub(super) fn of(frame: &Frame<'a>) -> Self {
        Self::over(frame.captured, frame.wire_len)
    }

    /// `octets`, which were `wire` on the wire, from offset 0.
    pub(super) fn over(octets: &'a [u8], wire: u32) -> Self {
        let kept = u32::try_from(octets.len()).unwrap_or(u32::MAX);
        Self { rest: octets, at: 0, wire: wire.max(kept) }
    }

    /// The captured octets from here to the end of the layer.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Octets on the wire from here to the end of the layer.
    pub(super) fn wire(&self) -> u32 {
        self.wire
    }

    /// Octets between the start and here.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// The first captured octet, without taking it.
    pub(super) fn first(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next `N` octets, without taking them.
    pub(super) fn peek<const N: usize>(&self) -> Option<&'a [u8; N]> {
        self.rest.first_chunk()
    }

    /// The next `N` octets.
    pub(super) fn array<const N: usize>(
        &mut self,
        layer: Layer,
    ) -> Result<&'a [u8; N], DecodeError> {
        let (head, rest) = self.rest.split_first_chunk().ok_or_else(|| self.short(layer, N))?;
        self.advance(rest, N);
        Ok(head)
    }

    /// The next `len` octets.
    pub(super) fn take(&mut self, layer: Layer, len: usize) -> Result<&'a [u8], DecodeError> {
        let (head, rest) = self.rest.split_at_checked(len).ok_or_else(|| self.short(layer, len))?;
        self.advance(rest, len);
        Ok(head)
    }

    /// The next octet.
    pub(super) fn octet(&mut self, layer: Layer) -> Result<u8, DecodeError> {
        self.array::<1>(layer).map(|[octet]| *octet)
    }

    /// The next two octets, most significant first.
    pub(super) fn u16(&mut self, layer: Layer) -> Result<u16, DecodeError> {
        self.array(layer).map(|octets| u16::from_be_bytes(*octets))
    }

    /// Leaves out `len` octets; those that were not captured as well: then nothing is left.
    pub(super) fn pass(&mut self, len: usize) {
        let rest = self.rest.get(len..).unwrap_or_default();
        self.advance(rest, len);
    }

    /// Ends the layer after `octets` more octets, unless it ends before.
    pub(super) fn limit(&mut self, octets: u32) {
        self.wire = self.wire.min(octets);
        let keep = usize::try_from(octets).unwrap_or(usize::MAX);
        self.rest = self.rest.get(..keep).unwrap_or(self.rest);
    }

    /// The error for a header of `needed` octets that is cut here.
    pub(super) fn short(&self, layer: Layer, needed: usize) -> DecodeError {
        DecodeError::Short {
            layer,
            at: clamp(self.at),
            needed: clamp(needed),
            left: clamp(self.rest.len()),
        }
    }

    /// The error for a header here that states something impossible.
    pub(super) fn invalid(&self, layer: Layer) -> DecodeError {
        DecodeError::Invalid { layer, at: clamp(self.at) }
    }

    fn advance(&mut self, rest: &'a [u8], by: usize) {
        self.rest = rest;
        self.at = self.at.saturating_add(by);
        self.wire = self.wire.saturating_sub(u32::try_from(by).unwrap_or(u32::MAX));
    }
}

fn clamp(octets: usize) -> u16 {
    u16::try_from(octets).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_header_says_where_and_how_much_is_missing() {
        let mut cursor = Cursor::over(&[1, 2, 3], 60);
        assert_eq!(cursor.u16(Layer::Link), Ok(0x0102));
        assert_eq!(
            cursor.array::<4>(Layer::Ip),
            Err(DecodeError::Short { layer: Layer::Ip, at: 2, needed: 4, left: 1 })
        );
        assert_eq!((cursor.rest(), cursor.wire()), (&[3][..], 58));
    }

    #[test]
    fn a_limit_never_makes_the_layer_longer() {
        let mut cursor = Cursor::over(&[0; 10], 60);
        cursor.limit(100);
        assert_eq!((cursor.rest().len(), cursor.wire()), (10, 60));
        cursor.limit(40);
        assert_eq!((cursor.rest().len(), cursor.wire()), (10, 40));
        cursor.limit(4);
        assert_eq!((cursor.rest().len(), cursor.wire()), (4, 4));
        cursor.pass(6);
        assert_eq!((cursor.rest().len(), cursor.wire()), (0, 0));
    }
}
