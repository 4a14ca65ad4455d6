//! Which frames of a stream go into the bundle: pass 1 says it, pass 2 asks.

use std::io;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use hashbrown::{HashMap, HashSet};

use super::Remarks;
use crate::flow::Endpoint;
use crate::ledger::{Beginning, FlowRecord, Quantity};
use crate::pipeline::{Output, Ports, Selection, StreamOutput};
use crate::signature::{Basis, Category, Database};
use crate::source::{CaptureAccount, CaptureTime};

/// The tagged flows of one stream, and the DNS answers that their tags rest on.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// By their first frames: each frame is of one flow.
    pub(super) flows: HashMap<FirstFrame, ChosenFlow, foldhash::fast::RandomState>,
    /// What was counted of them.
    pub(super) counted: Quantity,
    /// Who asked, and the address that was the answer. Every answer with that address counts:
    /// other names for it lower the grade.
    pub(super) answers: HashSet<(IpAddr, IpAddr), foldhash::fast::RandomState>,
    /// What pass 2 looks at: the flows between the same endpoints, and where any answers are
    /// wanted, those in which answers may be.
    pub(super) selection: Selection,
}

/// Index of a capture in the run, and the number of a frame in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct FirstFrame {
    capture: u32,
    number: u64,
}

impl FirstFrame {
    /// Of a flow that begins so.
    pub(super) fn of(beginning: &Beginning) -> Self {
        Self { capture: beginning.capture, number: beginning.first_frame }
    }
}

/// What pass 2 must know of a tagged flow.
#[derive(Clone, Copy, Debug)]
pub(super) struct ChosenFlow {
    /// Category of the primary tag.
    pub(super) category: Category,
    /// Who is client.
    pub(super) client: Endpoint,
}

/// What pass 1 collects of the flows.
#[derive(Debug)]
pub(super) struct Choosing<'a> {
    database: &'a Database,
    chosen: Mutex<Choice>,
}

/// The streams together.
#[derive(Debug, Default)]
pub(super) struct Choice {
    /// By stream.
    pub(super) streams: Vec<Chosen>,
    /// Remarks on all flows, and on the tagged ones.
    pub(super) all: Remarks,
    pub(super) tagged: Remarks,
    /// First and last frame of tagged flows.
    pub(super) span: Option<(CaptureTime, CaptureTime)>,
}

impl<'a> Choosing<'a> {
    pub(super) fn new(streams: usize, database: &'a Database) -> Self {
        let streams = std::iter::repeat_with(Chosen::default).take(streams).collect();
        Self { database, chosen: Mutex::new(Choice { streams, ..Choice::default() }) }
    }

    pub(super) fn finish(self) -> Choice {
        self.chosen.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One stream of pass 1.
#[derive(Debug)]
pub(super) struct Part<'a> {
    of: &'a Choosing<'a>,
    stream: usize,
    chosen: Chosen,
    all: Remarks,
    tagged: Remarks,
    span: Option<(CaptureTime, CaptureTime)>,
}

impl<'a> Output for &'a Choosing<'a> {
    type Stream = Part<'a>;

    fn begin(&self, stream: usize) -> Part<'a> {
        Part {
            of: self,
            stream,
            chosen: Chosen::default(),
            all: Remarks::default(),
            tagged: Remarks::default(),
            span: None,
        }
    }
}

impl StreamOutput for Part<'_> {
    fn flow(&mut self, flow: &FlowRecord) -> io::Result<()> {
        self.all.count(flow);
        let Some(primary) = flow.primary() else { return Ok(()) };
        self.tagged.count(flow);
        let category = self.of.database.category(primary.signature);
        let first = FirstFrame { capture: flow.capture, number: flow.first_frame };
        self.chosen.flows.insert(first, ChosenFlow { category, client: flow.client });
        self.chosen.selection.take(flow);
        for counts in [flow.counts.up, flow.counts.down] {
            self.chosen.counted.add(Quantity { frames: counts.frames, octets: counts.octets });
        }
        if flow.tags.iter().any(|tag| tag.basis == Basis::Dns) {
            self.chosen.answers.insert((flow.client.ip, flow.server.ip));
        }
        self.span = widened(self.span, Some((flow.first, flow.last)));
        Ok(())
    }

    fn answered_at(&mut self, ports: &Ports) {
        if !self.chosen.answers.is_empty() {
            self.chosen.selection.take_ports(ports);
        }
    }

    fn end(self, _first_capture: u32, _captures: &[CaptureAccount]) -> io::Result<()> {
        let mut choice = self.of.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        choice.all.merge(&self.all);
        choice.tagged.merge(&self.tagged);
        choice.span = widened(choice.span, self.span);
        if let Some(place) = choice.streams.get_mut(self.stream) {
            *place = self.chosen;
        }
        Ok(())
    }
}

type Span = Option<(CaptureTime, CaptureTime)>;

/// From the earlier beginning to the later end.
fn widened(one: Span, other: Span) -> Span {
    match (one, other) {
        (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
        (one, other) => one.or(other),
    }
}
