//! The octets of CRYPTO frames in order.

use super::frame::Crypto;

/// The handshake of one connection, as far as it came.
///
/// Chromium splits its `ClientHello` over two packets and shuffles the frames, so the order of
/// arrival says nothing. What was there first stays, whatever overlaps it later.
// `later` is sorted by offset; every piece in it starts behind `ready`; together they hold at
// most LIMIT octets, and `later` at most PIECES pieces.
#[derive(Debug, Default)]
pub(super) struct CryptoStream {
    ready: Vec<u8>,
    later: Vec<(usize, Vec<u8>)>,
}

/// A piece found no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full;

/// Octets of a handshake that are kept: more than any `ClientHello` with post-quantum keys and
/// several tickets needs.
pub(super) const LIMIT: usize = 32 * 1024;

/// Pieces that wait for what stands before them.
const PIECES: usize = 64;

impl CryptoStream {
    /// Everything from the start of the handshake up to the first hole.
    pub(super) fn ready(&self) -> &[u8] {
        &self.ready
    }

    /// Octets held.
    pub(super) fn held(&self) -> usize {
        self.ready.len() + self.later.iter().map(|(_, octets)| octets.len()).sum::<usize>()
    }

    /// Takes the octets of a frame to their place.
    pub(super) fn insert(&mut self, frame: Crypto<'_>) -> Result<(), Full> {
        let offset = usize::try_from(frame.offset).map_err(|_| Full)?;
        let end = offset.checked_add(frame.octets.len()).ok_or(Full)?;
        if end <= self.ready.len() {
            return Ok(());
        }
        if end > LIMIT || self.held() + frame.octets.len() > LIMIT {
            return Err(Full);
        }
        if offset > self.ready.len() {
            return self.keep(offset, frame.octets);
        }
        self.append(offset, frame.octets);
        self.join();
        Ok(())
    }

    /// Keeps a piece that stands behind a hole; where there is one already at that offset, the
    /// longer.
    fn keep(&mut self, offset: usize, octets: &[u8]) -> Result<(), Full> {
        let place = self.later.partition_point(|(at, _)| *at < offset);
        let full = self.later.len() >= PIECES;
        match self.later.get_mut(place).filter(|(at, _)| *at == offset) {
            Some((_, known)) => {
                let new = known.len();
                known.extend(octets.iter().skip(new));
            }
            None if full => return Err(Full),
            None => self.later.insert(place, (offset, octets.to_vec())),
        }
        Ok(())
    }

    /// Appends what of a piece that starts at or before the hole reaches into it.
    fn append(&mut self, offset: usize, octets: &[u8]) {
        let known = self.ready.len().saturating_sub(offset);
        self.ready.extend(octets.iter().skip(known));
    }

    /// Appends the pieces that the hole no longer stands before.
    fn join(&mut self) {
        let mut waiting = std::mem::take(&mut self.later).into_iter().peekable();
        while let Some((offset, octets)) = waiting.next_if(|(at, _)| *at <= self.ready.len()) {
            self.append(offset, &octets);
        }
        self.later = waiting.collect();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn insert(stream: &mut CryptoStream, offset: u64, octets: &[u8]) -> Result<(), Full> {
        stream.insert(Crypto { offset, octets })
    }

    #[test]
    fn a_hole_holds_back_what_stands_behind_it() {
        let mut stream = CryptoStream::default();
        insert(&mut stream, 4, b"efg").unwrap();
        insert(&mut stream, 9, b"jk").unwrap();
        assert_eq!((stream.ready(), stream.held()), (&b""[..], 5));
        insert(&mut stream, 0, b"abcde").unwrap();
        assert_eq!(stream.ready(), b"abcdefg");
        insert(&mut stream, 5, b"XXhi").unwrap();
        assert_eq!(stream.ready(), b"abcdefghijk", "what was there first stays");
    }

    #[test]
    fn bounds_are_kept() {
        let mut stream = CryptoStream::default();
        assert_eq!(insert(&mut stream, LIMIT as u64, b"x"), Err(Full));
        assert_eq!(insert(&mut stream, u64::MAX, b"x"), Err(Full));
        for piece in 0..PIECES as u64 {
            insert(&mut stream, 1 + 2 * piece, b"x").unwrap();
        }
        assert_eq!(insert(&mut stream, 1 + 2 * PIECES as u64, b"x"), Err(Full));
        assert_eq!(stream.held(), PIECES);
        insert(&mut stream, 0, &[0; LIMIT / 2]).unwrap();
        assert!(stream.held() <= LIMIT);
    }

    proptest! {
        #[test]
        fn any_split_in_any_order_gives_the_same_handshake(
            whole in proptest::collection::vec(any::<u8>(), 1..3000),
            cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..20),
            overlap in 0usize..30,
            order in any::<u64>(),
        ) {
            let mut ends: Vec<usize> = cuts.iter().map(|c| c.index(whole.len())).collect();
            ends.extend([0, whole.len()]);
            ends.sort_unstable();
            let mut pieces: Vec<(usize, usize)> = ends
                .windows(2)
                .map(|w| (w[0], (w[1] + overlap).min(whole.len())))
                .collect();
            // A keyed sort is a permutation that proptest can shrink.
            pieces.sort_by_key(|(at, _)| (*at as u64 + 1).wrapping_mul(order | 1));
            let mut stream = CryptoStream::default();
            for (start, end) in pieces {
                insert(&mut stream, start as u64, &whole[start..end]).unwrap();
                prop_assert_eq!(stream.ready(), &whole[..stream.ready().len()]);
            }
            prop_assert_eq!(stream.ready(), &whole[..]);
            prop_assert_eq!(stream.held(), whole.len());
        }
    }
}
