//! What a search met: why it found no name.

use std::ops::BitOrAssign;

use crate::name::Without;

/// A set of things that a search met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen(u16);

impl Seen {
    /// Payload.
    pub(super) const PAYLOAD: Self = Self(1);
    /// Payload without the SYN before it.
    pub(super) const MIDSTREAM: Self = Self(1 << 1);
    /// A hole where a name was looked for.
    pub(super) const HOLE: Self = Self(1 << 2);
    /// A bound of vigie's.
    pub(super) const BOUND: Self = Self(1 << 3);
    /// A ClientHello or an HTTP request.
    pub(super) const ASKED: Self = Self(1 << 4);
    /// What only a server says, to a question that is not there.
    pub(super) const ANSWER: Self = Self(1 << 5);
    /// A DNS message.
    pub(super) const DNS: Self = Self(1 << 6);
    /// The beginning of a message that has no end.
    pub(super) const UNFINISHED: Self = Self(1 << 7);

    /// A client or server that began with no protocol that vigie reads.
    pub(super) const FOREIGN: Self = Self(1 << 8);
    /// A protocol that vigie knows and that says no server's name, or has not yet.
    pub(super) const SPOKEN: Self = Self(1 << 13);

    /// A ClientHello without a usable name: the server's certificate may tell.
    pub(super) const NAMELESS: Self = Self(1 << 12);

    /// Datagrams that a SOCKS relay carries.
    pub(super) const RELAYED: Self = Self(1 << 9);

    /// Whether it was met.
    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Why there is no name.
    pub(super) fn without(self) -> Without {
        let causes = [
            (Self::BOUND, Without::Bound),
            (Self::DNS, Without::Dns),
            (Self::ASKED, Without::NoSni),
            (Self::MIDSTREAM, Without::Midstream),
            (Self::HOLE, Without::Cut),
            (Self::SPOKEN, self.spoken()),
            (Self::FOREIGN, Without::UnknownProtocol),
            (Self::ANSWER, Without::Cut),
            (Self::UNFINISHED, Without::Cut),
            (Self::PAYLOAD, Without::UnknownProtocol),
        ];
        let cause = causes.into_iter().find(|(met, _)| self.has(*met));
        cause.map_or(Without::NoPayload, |(_, without)| without)
    }

    /// The cause where a known protocol said no name: one that began after it may have been cut.
    fn spoken(self) -> Without {
        if self.has(Self::UNFINISHED) { Without::Cut } else { Without::NoSni }
    }
}

impl BitOrAssign for Seen {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;
    use crate::name::Without;

    #[test]
    fn the_most_telling_cause_is_given() {
        let mut seen = Seen::default();
        assert_eq!(seen.without(), Without::NoPayload);
        seen |= Seen::PAYLOAD;
        assert_eq!(seen.without(), Without::UnknownProtocol);
        seen |= Seen::HOLE;
        assert_eq!(seen.without(), Without::Cut);
        seen |= Seen::MIDSTREAM;
        assert_eq!(seen.without(), Without::Midstream);
        seen |= Seen::ASKED;
        assert_eq!(seen.without(), Without::NoSni);
    }
}
