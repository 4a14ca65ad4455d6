//! Frames that go to the thread that counts their flow.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use super::meeting::Meeting;
use crate::decode::{FiveTuple, Passage};
use crate::ledger::Quantity;
use crate::pipeline::unsettled::Moment;
use crate::source::{CaptureTime, Frame, FrameRecord, Share};

/// A frame on its way to another thread.
#[derive(Debug)]
pub(in crate::pipeline) struct Handed {
    pub(in crate::pipeline) octets: Box<[u8]>,
    pub(in crate::pipeline) record: FrameRecord,
    /// The tunnel's datagram that it completes.
    pub(in crate::pipeline) passage: Option<Box<Passage>>,
}

/// A worker's place among several.
#[derive(Debug)]
pub(in crate::pipeline) struct Threaded {
    pub(super) index: usize,
    pub(super) meeting: Arc<Meeting>,
    pub(super) outboxes: Vec<Sender<Handed>>,
    /// What was handed over.
    pub(super) handed: Quantity,
    /// Whether the present frames came from others: they move no clock.
    pub(in crate::pipeline) is_receiving: bool,
    /// The time of the frame that came last from others.
    pub(in crate::pipeline) received: Option<CaptureTime>,
    /// Flows that were silent up to here end once all have come by it.
    pub(in crate::pipeline) silence: Option<Moment>,
}

impl Threaded {
    pub(super) fn new(index: usize, meeting: Arc<Meeting>, outboxes: Vec<Sender<Handed>>) -> Self {
        let handed = Quantity::default();
        let (is_receiving, received, silence) = (false, None, None);
        Self { index, meeting, outboxes, handed, is_receiving, received, silence }
    }

    /// How many workers there are, and which of them this is: flows are numbered in turns.
    pub(in crate::pipeline) fn place(&self) -> (u64, u64) {
        (self.meeting.count() as u64, self.index as u64)
    }

    /// Which frames are this one's to count.
    pub(in crate::pipeline) fn share(&self) -> Share {
        Share { index: self.index, count: self.outboxes.len() }
    }

    /// What was handed over so far.
    pub(in crate::pipeline) fn handed(&self) -> Quantity {
        self.handed
    }

    /// Hands a frame to the thread that counts its flow, with the datagram that it completes;
    /// `false` where that is this one. A frame that was handed over goes on once at most: where
    /// it completes a datagram here in which there is something of a third thread's.
    pub(in crate::pipeline) fn hands_over(
        &mut self,
        frame: &Frame<'_>,
        tuple: &FiveTuple,
        passage: Option<Box<Passage>>,
    ) -> bool {
        if self.is_receiving && passage.is_none() {
            return false;
        }
        let owner = self.share().owner(tuple.source, tuple.destination);
        let Some(outbox) = self.outboxes.get(owner).filter(|_| owner != self.index) else {
            return false;
        };
        self.meeting.sent(owner);
        // Where that thread is gone, the run is about to end; the frame is counted here.
        let is_sent = outbox.send(Handed::of(frame, passage)).is_ok();
        if is_sent {
            self.handed.count(frame.wire_len);
        }
        is_sent
    }
}

impl Handed {
    fn of(frame: &Frame<'_>, passage: Option<Box<Passage>>) -> Self {
        let record = FrameRecord {
            capture: frame.capture,
            interface: frame.interface,
            number: frame.number,
            time: frame.time,
            link: frame.link,
            wire_len: frame.wire_len,
            start: 0,
            captured_len: u32::try_from(frame.captured.len()).unwrap_or(u32::MAX),
            dated: frame.dated,
            digits: frame.digits,
            copy: frame.copy,
        };
        Self { octets: frame.captured.into(), record, passage }
    }
}
