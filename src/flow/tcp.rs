//! What a TCP connection's control bits have said so far.

use super::Side;
use crate::decode::TcpFlags;

/// FIN and RST seen, by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpState {
    fins: [bool; 2],
    reset: bool,
}

impl TcpState {
    /// Takes a segment's control bits into account.
    pub fn observe(&mut self, side: Side, flags: TcpFlags) {
        self.fins[side as usize] |= flags.has(TcpFlags::FIN);
        self.reset |= flags.has(TcpFlags::RST);
    }

    /// Whether the connection is over: a reset, or both sides have finished.
    pub fn is_closed(self) -> bool {
        self.reset || self.fins == [true; 2]
    }

    /// Whether a SYN now opens another connection on the same ports.
    pub fn is_ending(self) -> bool {
        self.reset || self.fins[0] || self.fins[1]
    }
}

/// Whether the segment begins or ends something: all but few carry none of these bits.
#[inline]
pub fn is_telling(flags: TcpFlags) -> bool {
    flags.0 & (TcpFlags::SYN.0 | TcpFlags::FIN.0 | TcpFlags::RST.0) != 0
}

/// Whether the segment asks for a new connection: SYN without ACK (RFC 9293 §3.5).
pub fn opens(flags: TcpFlags) -> bool {
    flags.has(TcpFlags::SYN) && !flags.has(TcpFlags::ACK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_closed_by_both_fins_or_one_reset() {
        let mut state = TcpState::default();
        state.observe(Side::Low, TcpFlags::FIN);
        assert!(!state.is_closed() && state.is_ending());
        state.observe(Side::High, TcpFlags::FIN);
        assert!(state.is_closed());
        let mut state = TcpState::default();
        state.observe(Side::High, TcpFlags::RST);
        assert!(state.is_closed() && state.is_ending());
    }

    #[test]
    fn only_a_syn_without_ack_opens() {
        assert!(opens(TcpFlags::SYN));
        assert!(!opens(TcpFlags(0x12)));
        assert!(!opens(TcpFlags::ACK));
    }
}
