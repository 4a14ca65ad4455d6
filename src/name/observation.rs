//! A name, and how it was seen.

use super::HostName;
use crate::source::CaptureTime;

/// A name that a flow showed, by one of the ways of [`Via`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The name, valid and in one form.
    pub name: HostName,
    /// Where it stood.
    pub via: Via,
    /// Time of the frame that completed it; for [`Via::Dns`], of the answer.
    pub time: CaptureTime,
    /// For [`Via::Dns`]: the CNAME chain that led from the name to the address; else empty.
    pub chain: Box<[HostName]>,
}

/// Where a name stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Via {
    /// TLS ClientHello, `server_name` (RFC 6066 §3).
    TlsSni,
    /// The same in a QUIC Initial (RFC 9001 §4).
    QuicSni,
    /// Host of an HTTP/1 request (RFC 9112 §3.2).
    HttpHost,
    /// The client resolved the name to the server's address before.
    Dns,
    /// Question of a DNS query in the flow itself: never a basis.
    DnsQuery,
    /// Told among neighbours by mDNS, LLMNR or `NetBIOS`: never a basis.
    LocalName,
}

impl Via {
    /// Every way, in the order of output.
    pub const ALL: [Self; 6] =
        [Self::TlsSni, Self::QuicSni, Self::HttpHost, Self::Dns, Self::DnsQuery, Self::LocalName];

    /// The word for it in outputs and filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::TlsSni => "tls-sni",
            Self::QuicSni => "quic-sni",
            Self::HttpHost => "http-host",
            Self::Dns => "dns",
            Self::DnsQuery => "dns-query",
            Self::LocalName => "local-name",
        }
    }

    /// Whether such a name can be the basis of a tag.
    pub fn is_basis(self) -> bool {
        !matches!(self, Self::DnsQuery | Self::LocalName)
    }
}

/// Why a flow has no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Without {
    /// The flow is DNS itself.
    Dns,
    /// Only an ECH outer name was seen.
    Ech,
    /// It began before the capture.
    Midstream,
    /// TLS or QUIC whose ClientHello has no usable `server_name`, or HTTP without a host name.
    NoSni,
    /// Cut by the snaplen, or a hole in the stream.
    Cut,
    /// A bound of vigie's was hit.
    Bound,
    /// Payload of no protocol that vigie reads.
    UnknownProtocol,
    /// No payload at all.
    NoPayload,
}

impl Without {
    /// Every cause, in the order of output.
    pub const ALL: [Self; 8] = [
        Self::Dns,
        Self::Ech,
        Self::Midstream,
        Self::NoSni,
        Self::Cut,
        Self::Bound,
        Self::UnknownProtocol,
        Self::NoPayload,
    ];

    /// The word for it in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Ech => "ech",
            Self::Midstream => "midstream",
            Self::NoSni => "no-sni",
            Self::Cut => "cut",
            Self::Bound => "bound",
            Self::UnknownProtocol => "unknown-protocol",
            Self::NoPayload => "no-payload",
        }
    }
}
