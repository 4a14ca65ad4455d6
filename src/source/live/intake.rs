//! Where frames go: into the batch and the account, once each.

use super::copies::{Copies, network_of};
use super::known::{Known, enter};
use super::pnet::ReadFrame;
use super::restore::{ETHERNET, LOOPBACK, Restored};
use super::ring::Packet;
use crate::source::sink::{Found, Records, Sink};
use crate::source::{CaptureAccount, Dated, LinkType};

/// The account of a live capture, and what it takes to keep it.
#[derive(Debug)]
pub(super) struct Accounting {
    pub(super) account: CaptureAccount,
    known: Known,
    copies: Option<Copies>,
}

/// Takes frames into one batch.
pub(super) struct Taker<'a> {
    sink: Sink<'a>,
    known: &'a mut Known,
    copies: Option<&'a mut Copies>,
}

impl Accounting {
    /// With `several` interfaces, copies are looked for.
    pub(super) fn new(account: CaptureAccount, several: bool) -> Self {
        Self { account, known: Known::default(), copies: several.then(Copies::new) }
    }

    pub(super) fn taker<'a>(&'a mut self, records: &'a mut Records) -> Taker<'a> {
        let Self { account, known, copies } = self;
        let capture = account.index;
        Taker { sink: Sink { records, account, capture }, known, copies: copies.as_mut() }
    }
}

impl Taker<'_> {
    /// Takes a frame of a ring's block; whether there is room for another.
    #[inline]
    pub(super) fn take(
        &mut self,
        block: &[u8],
        packet: &Packet,
        restored: Restored,
        name: impl FnOnce() -> String,
    ) -> bool {
        let Restored { start, captured_len, wire_len, link } = restored;
        let octets = block.get(start..start + captured_len as usize).unwrap_or_default();
        let copy = self.is_copy(octets, packet, link);
        let snaplen = self.snaplen();
        let key = (packet.interface, link);
        let interface = self.known.number(key, name, snaplen, self.sink.account);
        self.sink.push(&Found {
            start,
            captured_len: kept(captured_len, snaplen),
            wire_len,
            time: packet.time,
            dated: Dated::Recorded,
            link,
            interface,
            copy,
        });
        !self.sink.is_full()
    }

    /// Takes a frame that was read; whether there is room for another.
    pub(super) fn take_read(
        &mut self,
        octets: &[u8],
        frame: &ReadFrame,
        name: &str,
        link: LinkType,
    ) -> bool {
        let snaplen = self.snaplen();
        let interface = enter(name, link, snaplen, self.sink.account);
        let network = network_of(octets).filter(|_| link == ETHERNET);
        let copy = match (self.copies.as_mut(), network) {
            (Some(copies), Some((protocol, octets))) => {
                copies.is_copy(protocol, octets, interface + 1, frame.time)
            }
            _ => false,
        };
        self.sink.push(&Found {
            start: frame.start,
            captured_len: kept(frame.len, snaplen),
            wire_len: frame.len,
            time: frame.time,
            dated: Dated::Recorded,
            link,
            interface,
            copy,
        });
        !self.sink.is_full()
    }

    fn is_copy(&mut self, octets: &[u8], packet: &Packet, link: LinkType) -> bool {
        // `lo` shows every frame on its way out and again on its way in.
        if packet.hardware == LOOPBACK && packet.kind == Packet::OUTGOING {
            return true;
        }
        let Some(copies) = self.copies.as_mut() else { return false };
        let network =
            if link == ETHERNET { network_of(octets) } else { Some((packet.protocol, octets)) };
        network.is_some_and(|(protocol, octets)| {
            copies.is_copy(protocol, octets, packet.interface, packet.time)
        })
    }

    /// Octets kept of each frame; 0 for all.
    fn snaplen(&self) -> u32 {
        self.sink.account.interfaces.first().map_or(0, |interface| interface.snaplen)
    }
}

/// A restored tag makes a frame longer than the kernel was asked for.
fn kept(captured_len: u32, snaplen: u32) -> u32 {
    if snaplen == 0 { captured_len } else { captured_len.min(snaplen) }
}
