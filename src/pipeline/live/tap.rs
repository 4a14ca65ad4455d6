//! Gives each frame with its flow to a sink.

use std::net::IpAddr;
use std::ops::Range;

use crate::decode::Transport;
use crate::flow::Side;
use crate::ledger::FlowCell;
use crate::name::Findings;
use crate::pipeline::met::{Met, Part};
use crate::pipeline::{FlowFrame, FramePlace, FrameSink, FurtherPacket};
use crate::source::Frame;

/// The sink, and what is kept for the present frame.
pub(in crate::pipeline) struct Tap<'a> {
    sink: &'a mut dyn FrameSink,
    /// Who resolved which address by the present frame.
    answers: Vec<(IpAddr, IpAddr)>,
}

impl<'a> Tap<'a> {
    pub(in crate::pipeline) fn new(sink: &'a mut dyn FrameSink) -> Self {
        Self { sink, answers: Vec::new() }
    }

    pub(in crate::pipeline) fn sink(&mut self) -> &mut dyn FrameSink {
        self.sink
    }

    /// Keeps of the findings what the sink will be told, before they are taken.
    pub(in crate::pipeline) fn note(&mut self, cell: &FlowCell, findings: &Findings) {
        let client = |side: Side| cell.key().endpoint(side).ip;
        self.answers.extend(findings.answers.iter().map(|a| (client(a.asker), a.address)));
    }

    /// A frame that was counted in a flow.
    pub(in crate::pipeline) fn flow(&mut self, frame: &Frame<'_>, met: &Met<'_>, cell: &FlowCell) {
        let Met { arrival, payload, payload_wire_len, .. } = met;
        let place = FlowFrame {
            cell,
            sender: arrival.sender,
            transport: arrival.transport,
            protocol: arrival.key.protocol(),
            payload: place_of(payload, *payload_wire_len, arrival.transport, frame),
            payload_wire_len: met.payload_in_all(),
            further: further(met, frame),
            answers: &self.answers,
        };
        self.sink.frame(frame, FramePlace::Flow(place));
        self.answers.clear();
    }

    /// A frame that is in no flow.
    pub(in crate::pipeline) fn aside(&mut self, frame: &Frame<'_>) {
        self.sink.frame(frame, FramePlace::NoFlow);
    }
}

/// The packets behind the first one of an aggregate.
fn further(met: &Met<'_>, frame: &Frame<'_>) -> Vec<FurtherPacket> {
    let parts = met.unusual.as_ref().map_or(&[][..], |unusual| &unusual.parts);
    let one = |part: &Part<'_>| FurtherPacket {
        is_of_flow: part.key == met.arrival.key && part.sender == met.arrival.sender,
        transport: part.transport,
        from: part.from,
        payload: place_of(part.payload, part.payload_wire_len, part.transport, frame),
    };
    parts.iter().map(one).collect()
}

/// Where in the captured octets the payload lies; of a fragment, where its headers end. `None`
/// where that is not known.
fn place_of(
    payload: &[u8],
    payload_wire_len: u32,
    transport: Transport,
    frame: &Frame<'_>,
) -> Option<Range<usize>> {
    let is_fragment = transport == Transport::Fragment;
    let start = payload.as_ptr().addr().checked_sub(frame.captured.as_ptr().addr());
    let end = start.and_then(|start| start.checked_add(payload.len()));
    match (start, end) {
        // An empty payload has its place, too: behind it are padding and trailers.
        (Some(start), Some(end)) if end <= frame.captured.len() => Some(start..end),
        _ if payload.is_empty() && payload_wire_len == 0 && !is_fragment => {
            Some(frame.captured.len()..frame.captured.len())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{CaptureTime, Dated, LinkType};

    #[test]
    fn behind_an_empty_payload_lies_no_header() {
        // A bare acknowledgement: 54 octets of headers, then padding.
        let captured = [0x5a; 60];
        let frame = Frame {
            capture: 0,
            number: 1,
            time: CaptureTime(0),
            dated: Dated::Recorded,
            link: LinkType(1),
            interface: 0,
            wire_len: 60,
            digits: 6,
            captured: &captured,
            copy: false,
        };
        assert_eq!(place_of(&captured[54..54], 0, Transport::Udp, &frame), Some(54..54));
        assert_eq!(place_of(&captured[54..57], 3, Transport::Udp, &frame), Some(54..57));
        let elsewhere = [0; 2];
        assert_eq!(place_of(&elsewhere[..0], 0, Transport::Udp, &frame), Some(60..60));
        assert_eq!(place_of(&elsewhere, 2, Transport::Udp, &frame), None);
        assert_eq!(place_of(&captured[42..42], 6, Transport::Fragment, &frame), Some(42..42));
        assert_eq!(place_of(&elsewhere[..0], 0, Transport::Fragment, &frame), None);
    }
}
