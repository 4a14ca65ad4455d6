//! A name, and how it was seen.

use super::HostName;
use crate::flow::FlowFlags;
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

impl Observation {
    /// Whether the name can be the basis of a tag in a flow with these flags: an ECH outer name
    /// cannot.
    pub fn is_basis(&self, flags: FlowFlags) -> bool {
        self.via.is_basis() && !(self.via.is_sni() && flags.has(FlowFlags::ECH))
    }
}

/// Where a name stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Via {
    /// TLS ClientHello, `server_name` (RFC 6066 §3).
    TlsSni,
    /// The same in a QUIC Initial (RFC 9001 §4).
    QuicSni,
    /// The same in a DTLS ClientHello (RFC 9147 §5).
    DtlsSni,
    /// Host of an HTTP/1 request (RFC 9112 §3.2), or `:authority` of an HTTP/2 request without
    /// TLS (RFC 9113 §8.3.1).
    HttpHost,
    /// Target of a CONNECT request (RFC 9110 §9.3.6).
    HttpConnect,
    /// Domain name in a SOCKS request (RFC 1928 §4; SOCKS 4a).
    Socks,
    /// The server's own certificate, of TLS 1.2 or older (RFC 5280 §4.2.1.6).
    Certificate,
    /// The client resolved the name to the server's address before.
    Dns,
    /// Question of a DNS query in the flow itself: never a basis.
    DnsQuery,
    /// Host of a SIP request's URI (RFC 3261 §8.1.1.1): never a basis.
    Sip,
    /// Host of an RTSP request's URI (RFC 7826 §4.2): never a basis.
    Rtsp,
    /// What an SMTP client calls itself (RFC 5321 §4.1.1.1): never a basis.
    SmtpHelo,
    /// Host that an MQTT client logs in at, where its user name states one: never a basis.
    Mqtt,
    /// `hostname` of AMQP 1.0's `open` and `sasl-init`: never a basis.
    Amqp,
    /// `Uri-Host` of a `CoAP` request (RFC 7252 §5.10.1): never a basis.
    Coap,
    /// Realm of a TURN server (RFC 8489 §14.9), where it is a host name: never a basis.
    StunRealm,
    /// Told among neighbours by mDNS, LLMNR or `NetBIOS`: never a basis.
    LocalName,
}

impl Via {
    /// Every way, in the order of output.
    pub const ALL: [Self; 17] = [
        Self::TlsSni,
        Self::QuicSni,
        Self::DtlsSni,
        Self::HttpHost,
        Self::HttpConnect,
        Self::Socks,
        Self::Certificate,
        Self::Dns,
        Self::DnsQuery,
        Self::Sip,
        Self::Rtsp,
        Self::SmtpHelo,
        Self::Mqtt,
        Self::Amqp,
        Self::Coap,
        Self::StunRealm,
        Self::LocalName,
    ];

    /// The word for it in outputs and filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::TlsSni => "tls-sni",
            Self::QuicSni => "quic-sni",
            Self::DtlsSni => "dtls-sni",
            Self::HttpHost => "http-host",
            Self::HttpConnect => "http-connect",
            Self::Socks => "socks",
            Self::Certificate => "certificate",
            Self::Dns => "dns",
            Self::DnsQuery => "dns-query",
            Self::Sip => "sip",
            Self::Rtsp => "rtsp",
            Self::SmtpHelo => "smtp-helo",
            Self::Mqtt => "mqtt",
            Self::Amqp => "amqp",
            Self::Coap => "coap",
            Self::StunRealm => "stun-realm",
            Self::LocalName => "local-name",
        }
    }

    /// Whether it is a `server_name` of a ClientHello: with flag `ech` an outer name, which says
    /// nothing (RFC 9849 §1).
    pub fn is_sni(self) -> bool {
        matches!(self, Self::TlsSni | Self::QuicSni | Self::DtlsSni)
    }

    /// Whether such a name can be the basis of a tag.
    pub fn is_basis(self) -> bool {
        match self {
            Self::TlsSni
            | Self::QuicSni
            | Self::DtlsSni
            | Self::HttpHost
            | Self::HttpConnect
            | Self::Socks
            | Self::Certificate
            | Self::Dns => true,
            Self::DnsQuery
            | Self::Sip
            | Self::Rtsp
            | Self::SmtpHelo
            | Self::Mqtt
            | Self::Amqp
            | Self::Coap
            | Self::StunRealm
            | Self::LocalName => false,
        }
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
    /// TLS, DTLS or QUIC whose ClientHello has no usable `server_name`, HTTP without a host name,
    /// or a protocol that vigie knows and that says no server's name.
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
