//! The reusable buffer through which a capture passes.
#![warn(clippy::indexing_slicing)]

use std::io;

/// Octets of a capture from the first unread one on, as far as they were read in.
///
/// Invariant: `start <= end <= octets.len()`, and `octets.len() <= MOST`.
#[derive(Debug)]
pub(super) struct Window {
    octets: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset in the capture of `octets[0]`.
    base: u64,
    ended: bool,
}

impl Window {
    /// Octets that a block read asks for: measured, 256 KiB cost a twentieth less than 1 MiB,
    /// for they stay in the cache. Larger records make the window grow.
    pub(super) const BLOCK: usize = 1 << 18;
    /// The window never grows beyond this: twice the largest record or block that the formats
    /// let pass (128 MiB and headers).
    pub(super) const MOST: usize = 1 << 29;

    /// An empty window of `len` octets.
    pub(super) fn new(len: usize) -> Self {
        Self { octets: vec![0; len], start: 0, end: 0, base: 0, ended: false }
    }

    /// The unread octets.
    #[inline]
    pub(super) fn rest(&self) -> &[u8] {
        self.octets.get(self.start..self.end).unwrap_or_default()
    }

    /// Everything in the buffer, read and unread; [`Window::start`] counts from here.
    pub(super) fn octets(&self) -> &[u8] {
        self.octets.get(..self.end).unwrap_or_default()
    }

    /// Index of the first unread octet in [`Window::octets`].
    #[inline]
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// Offset of the first unread octet in the capture.
    #[inline]
    pub(super) fn offset(&self) -> u64 {
        self.base + self.start as u64
    }

    /// Whether the capture holds nothing beyond this window.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// Marks `len` octets, or all that are left, as read.
    #[inline]
    pub(super) fn consume(&mut self, len: usize) {
        self.start = self.start.saturating_add(len).min(self.end);
    }

    /// Reads in more octets with one call of `read`; what was handed out is no longer valid.
    ///
    /// Octets move to the front only when at least half the buffer has been consumed, and the
    /// buffer doubles otherwise: the work is linear in the capture however much is unread.
    pub(super) fn refill(
        &mut self,
        read: impl FnOnce(&mut [u8]) -> io::Result<usize>,
    ) -> io::Result<()> {
        self.make_room();
        let room = self.octets.get_mut(self.end..).unwrap_or_default();
        if room.is_empty() {
            self.ended = true;
            return Ok(());
        }
        let len = room.len();
        match read(room) {
            Ok(0) => self.ended = true,
            Ok(n) => self.end += n.min(len),
            Err(error) => {
                self.ended = true;
                return Err(error);
            }
        }
        Ok(())
    }

    fn make_room(&mut self) {
        let half = self.octets.len() / 2;
        if self.start == self.end || self.start >= half {
            self.octets.copy_within(self.start..self.end, 0);
            self.base += self.start as u64;
            self.end -= self.start;
            self.start = 0;
        } else if self.end == self.octets.len() {
            self.octets.resize((self.end * 2).clamp(1024, Self::MOST), 0);
        }
    }

    /// Takes the unread octets out, for another window to begin with.
    pub(super) fn into_rest(mut self) -> Vec<u8> {
        self.octets.truncate(self.end);
        self.octets.drain(..self.start);
        self.octets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_pass_in_order_whatever_the_reads_give() {
        let all: Vec<u8> = (0..=255).cycle().take(5000).collect();
        let mut source = all.as_slice();
        let mut window = Window::new(64);
        let (mut seen, mut step) = (Vec::new(), 1);
        while !window.ended() || !window.rest().is_empty() {
            let want = step % 200 + 1;
            while window.rest().len() < want && !window.ended() {
                window.refill(|b| io::Read::read(&mut source, b)).unwrap();
            }
            assert_eq!(window.offset(), seen.len() as u64);
            let taken = window.rest().len().min(want);
            seen.extend_from_slice(window.rest().get(..taken).unwrap());
            window.consume(taken);
            step += 7;
        }
        assert_eq!(seen, all);
    }

    #[test]
    fn a_failing_read_ends_the_window_and_keeps_what_was_there() {
        let mut window = Window::new(16);
        window.refill(|b| io::Read::read(&mut [1, 2, 3].as_slice(), b)).unwrap();
        assert!(window.refill(|_| Err(io::ErrorKind::BrokenPipe.into())).is_err());
        assert!(window.ended());
        assert_eq!(window.rest(), [1, 2, 3]);
    }
}
