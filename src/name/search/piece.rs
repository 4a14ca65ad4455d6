//! What the search takes and gives.

use std::net::IpAddr;

use crate::flow::{FlowFlags, Side};
use crate::name::{Fingerprint, HostName, Via};

/// Payload of one packet, as the search takes it.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// Who sent it.
    pub side: Side,
    /// How it was sent.
    pub kind: PieceKind,
    /// Sender's and receiver's port.
    pub ports: (u16, u16),
    /// The payload as far as it was captured.
    pub payload: &'a [u8],
    /// Octets of payload on the wire; more than `payload` when the frame was cut.
    pub wire_len: u32,
}

/// How a piece was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// A TCP segment with payload, SYN, FIN or RST.
    Segment {
        /// Sequence number of the first payload octet (already one more on a SYN).
        seq: u32,
        /// Whether it carries SYN.
        syn: bool,
    },
    /// A UDP datagram.
    Datagram,
}

/// What pieces of a flow gave: emptied by the caller after each piece.
#[derive(Debug, Default)]
pub struct Findings {
    /// Names with where they stood, in the order of the stream.
    pub names: Vec<(HostName, Via)>,
    /// ALPN protocols that the client offered, as text (RFC 7301); octets outside printable
    /// ASCII are escaped.
    pub alpn: Vec<Box<str>>,
    /// Flags to add to the flow.
    pub flags: FlowFlags,
    /// The side that sent the ClientHello, the request or the query.
    pub client: Option<Side>,
    /// Answers of DNS responses in the flow; the client is the side that the response went to.
    pub answers: Vec<DnsAnswer>,
    /// Outer names of Encrypted ClientHello in them.
    pub public_names: Vec<DnsPublicName>,
    /// What a ClientHello offered.
    pub fingerprint: Option<Fingerprint>,
    /// What the side that sent the piece calls its program, in STUN (RFC 8489 §14.14): text as
    /// sent, fewer than 128 characters; not yet safe to look at.
    pub software: Option<(Side, Box<str>)>,
    /// Holes that were given up since too many segments waited beyond them; counted in
    /// [`Budget::hits`].
    pub(super) given_up: u64,
}

impl Findings {
    /// Who asked what was answered, once for each answer.
    pub fn askers(&self) -> impl Iterator<Item = Side> {
        let public = self.public_names.iter().map(|public| public.asker);
        self.answers.iter().map(|answer| answer.asker).chain(public)
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
            && self.alpn.is_empty()
            && self.flags == FlowFlags::default()
            && self.client.is_none()
            && self.answers.is_empty()
            && self.public_names.is_empty()
            && self.fingerprint.is_none()
            && self.software.is_none()
    }

    /// Empties it, keeping the room.
    pub fn clear(&mut self) {
        self.names.clear();
        self.alpn.clear();
        self.flags = FlowFlags::default();
        self.client = None;
        self.answers.clear();
        self.public_names.clear();
        self.fingerprint = None;
        self.software = None;
    }
}

/// One address that a name was resolved to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnsAnswer {
    /// The side of the flow that asked.
    pub asker: Side,
    /// The name that was asked, not the target of a CNAME.
    pub asked: HostName,
    /// The CNAME chain from the asked name to the owner of the address, without the asked name.
    pub chain: Vec<HostName>,
    /// A or AAAA address, or an address hint of an HTTPS or SVCB record.
    pub address: IpAddr,
    /// Seconds the answer may be used: the smallest TTL of the chain.
    pub ttl: u32,
}

/// The `public_name` of an `ECHConfigList` in a DNS answer (RFC 9848 §3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnsPublicName {
    /// The side of the flow that asked.
    pub asker: Side,
    /// The name that stands as SNI in the place of those that are meant.
    pub name: HostName,
    /// Seconds the configuration may be used.
    pub ttl: u32,
}

/// Octets that all searches of a stream may buffer together.
#[derive(Debug)]
pub struct Budget {
    /// Octets in use.
    pub used: usize,
    /// Octets that may be in use.
    pub limit: usize,
    /// Pieces that found no room.
    pub hits: u64,
}
