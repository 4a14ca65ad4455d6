//! What is remarkable about a flow, beside its name and its octets.

use std::ops::{BitOr, BitOrAssign};

/// A set of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FlowFlags(pub u32);

impl FlowFlags {
    /// The ClientHello has the `encrypted_client_hello` extension (RFC 9849), perhaps as GREASE.
    pub const ECH_OFFERED: Self = Self(1);
    /// The SNI is an ECH outer name: it says nothing.
    pub const ECH: Self = Self(1 << 1);
    /// The client resolved several names to the server's address.
    pub const DNS_AMBIGUOUS: Self = Self(1 << 2);
    /// Names of the flow lead to different categories.
    pub const MIXED: Self = Self(1 << 3);
    /// Goes on after silence: names and orientation come from the earlier flow.
    pub const RESUMED: Self = Self(1 << 4);
    /// The first frame has no time of its own.
    pub const NO_TIME: Self = Self(1 << 5);
    /// A frame was larger than a link allows (TSO, LRO): header octets are undercounted.
    pub const SUPER_FRAME: Self = Self(1 << 6);
    /// An address stood where a name should.
    pub const ADDRESS_LITERAL: Self = Self(1 << 7);
    /// Something that is no host name stood where a name should.
    pub const NOT_A_HOST_NAME: Self = Self(1 << 8);
    /// QUIC, proved by a decrypted Initial, or by a whole first message of Google's versions
    /// that encrypt none.
    pub const QUIC: Self = Self(1 << 9);
    /// DNS over TLS, HTTPS or QUIC.
    pub const ENCRYPTED_DNS: Self = Self(1 << 10);
    /// Frames in one direction only.
    pub const ONE_SIDED: Self = Self(1 << 11);
    /// IP fragments were seen.
    pub const FRAGMENTS: Self = Self(1 << 12);
    /// A bound of vigie's was hit while the name was looked for.
    pub const BOUND: Self = Self(1 << 13);
    /// The ClientHello has the `encrypted_server_name` extension of the drafts before ECH.
    pub const ESNI: Self = Self(1 << 14);
    /// The server's certificate names several hosts: which one was meant, it does not tell.
    pub const CERTIFICATE_AMBIGUOUS: Self = Self(1 << 15);
    /// The server's certificate holds for any host of a domain, which names none.
    pub const CERTIFICATE_WILDCARD: Self = Self(1 << 16);
    /// STUN messages were seen (RFC 8489).
    pub const STUN: Self = Self(1 << 17);
    /// The server relays: TURN messages or channels were seen (RFC 8656).
    pub const TURN: Self = Self(1 << 18);
    /// Sound or pictures: RTP in a row (RFC 3550), or keys agreed on for it (RFC 5764).
    pub const MEDIA: Self = Self(1 << 19);
    /// The TURN server speaks Microsoft's dialect (`[MS-TURN]`), as that of Teams does.
    pub const TURN_MICROSOFT: Self = Self(1 << 20);
    /// The flow leads to a proxy or comes from one: the server's address is not the end.
    pub const PROXY: Self = Self(1 << 21);
    /// Its packets came inside other IP packets, which are not counted.
    pub const TUNNEL: Self = Self(1 << 22);
    /// A private network's tunnel that hides what is inside: ESP, `WireGuard`.
    pub const VPN: Self = Self(1 << 23);
    /// Microsoft's kind of ICE (`[MS-ICE2]`), as Teams and Skype speak it, with or without a relay.
    pub const STUN_MICROSOFT: Self = Self(1 << 24);
    /// A frame that counts here holds packets of other flows, too (A-MSDU), which are counted nowhere
    /// else and not read.
    pub const AGGREGATE: Self = Self(1 << 25);
    /// The names are those of TLS inside EAP: of the server that checks who logs in, to which the
    /// flow's server may only pass it on.
    pub const EAP: Self = Self(1 << 26);

    /// Every flag with the word that stands for it in outputs, in the order of output.
    pub const WORDS: [(Self, &'static str); 27] = [
        (Self::ECH_OFFERED, "ech-offered"),
        (Self::ECH, "ech"),
        (Self::DNS_AMBIGUOUS, "dns-ambiguous"),
        (Self::MIXED, "mixed"),
        (Self::RESUMED, "resumed"),
        (Self::NO_TIME, "no-time"),
        (Self::SUPER_FRAME, "super-frame"),
        (Self::ADDRESS_LITERAL, "address-literal"),
        (Self::NOT_A_HOST_NAME, "not-a-host-name"),
        (Self::QUIC, "quic"),
        (Self::ENCRYPTED_DNS, "encrypted-dns"),
        (Self::ONE_SIDED, "one-sided"),
        (Self::FRAGMENTS, "fragments"),
        (Self::BOUND, "bound"),
        (Self::ESNI, "esni"),
        (Self::CERTIFICATE_AMBIGUOUS, "certificate-ambiguous"),
        (Self::CERTIFICATE_WILDCARD, "certificate-wildcard"),
        (Self::STUN, "stun"),
        (Self::TURN, "turn"),
        (Self::MEDIA, "media"),
        (Self::TURN_MICROSOFT, "turn-microsoft"),
        (Self::PROXY, "proxy"),
        (Self::TUNNEL, "tunnel"),
        (Self::VPN, "vpn"),
        (Self::STUN_MICROSOFT, "stun-microsoft"),
        (Self::AGGREGATE, "aggregate"),
        (Self::EAP, "eap"),
    ];

    /// Whether all flags of `other` are set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The words of the flags that are set.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Self::WORDS.into_iter().filter(move |(f, _)| self.has(*f)).map(|(_, word)| word)
    }
}

impl BitOr for FlowFlags {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for FlowFlags {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
