//! The search for the `ClientHello` in a flow's Initials.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::fmt;

use arrayvec::ArrayVec;

use super::crypto_stream::{CryptoStream, Full};
use super::frame::CryptoFrames;
use super::header::{CONNECTION_ID, Initial, Packet, Packets, Retry};
use super::keys::{InitialKeys, is_answer_to};
use super::version::Version;
use crate::flow::Side;

/// What the Initials of a flow have given so far. Large while keys are held: to be dropped once
/// the `ClientHello` is there.
#[derive(Debug, Default)]
pub(in crate::name) struct QuicInitials {
    connection: Option<Box<Connection>>,
    stream: CryptoStream,
    packets: u8,
    bound_hit: bool,
}

/// What a datagram gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::name) enum QuicRead<'a> {
    /// Nothing new.
    NeedMore,
    /// The handshake of the sender, the client, from its first octet up to the first hole: more
    /// of it than before. Proof that the flow is QUIC.
    Handshake(&'a [u8]),
    /// The flow has shown nothing like QUIC.
    NotQuic,
    /// Nothing will come: none of the packets that are looked at could be opened, or the
    /// handshake is too large ([`QuicInitials::bound_hit`]).
    Failed,
}

/// A connection whose client is proved by a packet that its keys opened.
struct Connection {
    version: &'static Version,
    destination: ArrayVec<u8, CONNECTION_ID>,
    client: Side,
    keys: InitialKeys,
    /// One more than the largest packet number.
    expected: u64,
    /// The connection ID that a Retry gave: the keys of Initials with it follow from it.
    retried: Option<ArrayVec<u8, CONNECTION_ID>>,
}

/// Packets and stray datagrams that are looked at in one flow.
const PACKETS: u8 = 32;

/// A client's first Destination Connection ID has at least so many octets (RFC 9000 §7.2).
const FIRST_DESTINATION: usize = 8;

impl QuicInitials {
    /// Reads the next datagram of the flow.
    pub(in crate::name) fn offer(&mut self, datagram: &[u8], from: Side) -> QuicRead<'_> {
        let (mut packets, mut grown) = (0, false);
        for packet in Packets::of(datagram) {
            if self.packets >= PACKETS {
                break;
            }
            packets += 1;
            self.packets += 1;
            match packet {
                Packet::Initial(initial) => grown |= self.read(&initial, from) == Some(Grown),
                Packet::Retry(retry) => self.note(&retry, from),
                Packet::Other => {}
            }
        }
        if grown {
            return QuicRead::Handshake(self.stream.ready());
        }
        if self.packets == 0 {
            return QuicRead::NotQuic;
        }
        if packets == 0 {
            self.packets = self.packets.saturating_add(1); // later packets have short headers
        }
        if self.bound_hit || self.packets >= PACKETS {
            return QuicRead::Failed;
        }
        QuicRead::NeedMore
    }

    /// Octets of the handshake that are held: at most 32 KiB.
    pub(in crate::name) fn buffered(&self) -> usize {
        self.stream.held()
    }

    /// Whether a handshake was larger, or in more pieces, than is kept.
    pub(in crate::name) fn bound_hit(&self) -> bool {
        self.bound_hit
    }

    /// Notes a server's Retry.
    fn note(&mut self, retry: &Retry<'_>, from: Side) {
        if let Some(known) = &mut self.connection
            && from != known.client
            && std::ptr::eq(known.version, retry.version)
            && let Some(key) = &retry.version.retry
            && is_answer_to(&known.destination, retry.whole, key)
        {
            known.retried = ArrayVec::try_from(retry.source).ok();
        }
    }

    /// Opens an Initial, unless it is the server's, and reads its frames.
    ///
    /// After a Retry (RFC 9001 §5.2) its own Destination Connection ID gives the keys, and the
    /// handshake starts anew. The same where the connection's keys do not open it: the Retry may
    /// be missing in the capture, or be of a draft whose tag is not known, or a version was
    /// negotiated.
    fn read(&mut self, initial: &Initial<'_>, from: Side) -> Option<Grown> {
        let mut plain = Vec::with_capacity(initial.protected.len());
        if let Some(known) = &mut self.connection {
            if from != known.client {
                return None;
            }
            if !known.is_retried(initial) {
                if known.open(initial, &mut plain).is_some() {
                    return self.keep(&plain, initial.version);
                }
                if known.is_first(initial) {
                    return None;
                }
            }
        }
        // A client chooses its first Destination Connection ID itself; later ones are the server's
        // (RFC 9000 §7.2), and so short as that likes.
        if self.connection.is_none() && initial.destination.len() < FIRST_DESTINATION {
            return None;
        }
        let start = Connection::start(initial, from, &mut plain)?;
        self.connection = Some(Box::new(start));
        self.stream = CryptoStream::default();
        self.keep(&plain, initial.version)
    }

    /// Takes the frames of an opened packet.
    fn keep(&mut self, plain: &[u8], version: &Version) -> Option<Grown> {
        let before = self.stream.ready().len();
        for frame in CryptoFrames::of(plain, version.frames) {
            self.bound_hit |= self.stream.insert(frame) == Err(Full);
        }
        (self.stream.ready().len() > before).then_some(Grown)
    }
}

/// There is more of the handshake than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Grown;

impl Connection {
    /// The connection whose first Initial this is, where its keys open it.
    fn start(initial: &Initial<'_>, from: Side, plain: &mut Vec<u8>) -> Option<Self> {
        let keys = InitialKeys::client(initial.version, initial.destination)?;
        let number = keys.open(initial, 0, plain)?;
        let destination = ArrayVec::try_from(initial.destination).ok()?;
        let version = initial.version;
        let expected = number + 1;
        Some(Self { version, destination, client: from, keys, expected, retried: None })
    }

    /// Opens a later Initial of the client, whatever connection ID it has by now.
    fn open(&mut self, initial: &Initial<'_>, plain: &mut Vec<u8>) -> Option<()> {
        if !std::ptr::eq(self.version, initial.version) {
            return None;
        }
        let number = self.keys.open(initial, self.expected, plain)?;
        self.expected = self.expected.max(number + 1);
        Some(())
    }

    /// Whether a packet answers the Retry.
    fn is_retried(&self, initial: &Initial<'_>) -> bool {
        self.retried.as_deref() == Some(initial.destination)
    }

    /// Whether a packet has the version and connection ID that the keys come from.
    fn is_first(&self, initial: &Initial<'_>) -> bool {
        std::ptr::eq(self.version, initial.version)
            && self.destination.as_slice() == initial.destination
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("client", &self.client).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
