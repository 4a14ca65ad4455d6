//! Only tagged flows' frames, with those that came before the tag.

use std::collections::VecDeque;
use std::mem;
use std::net::IpAddr;

use hashbrown::HashMap;

use super::cut::{Cutter, is_resolvers};
use super::held::Held;
use crate::decode::Transport;
use crate::flow::FlowId;
use crate::ledger::Labels;
use crate::name::Via;
use crate::pipeline::{FlowFrame, FramePlace};
use crate::source::Frame;

/// Lets tagged flows' frames through, cut. Frames of a flow that has no tag yet wait; DNS answers
/// wait for a flow whose tag rests on them.
///
/// `octets` is the sum over what waits, `<= OCTETS_KEPT` between calls.
#[derive(Debug, Default)]
pub(in crate::export) struct Minimiser {
    cutter: Cutter,
    flows: HashMap<FlowId, Waiting, foldhash::fast::RandomState>,
    /// Flows in the order in which they began to wait.
    order: VecDeque<FlowId>,
    answers: VecDeque<Answers>,
    /// Answers that have gone, so that the first that is there has this number.
    gone: u64,
    /// By flow, the number of the answer over TCP of which more may come.
    begun: HashMap<FlowId, u64, foldhash::fast::RandomState>,
    octets: u64,
    /// Octets of `answers`.
    answer_octets: u64,
    lost: u64,
}

/// A flow's frames that wait, or that it needs not wait any more.
#[derive(Debug, Default)]
struct Waiting {
    frames: Vec<Held>,
    /// Frames that found no room.
    lost: u64,
    tagged: bool,
}

/// Frames with DNS answers: one, or over TCP those in which a message came.
#[derive(Debug)]
struct Answers {
    flow: FlowId,
    /// Who asked, and the addresses that were the answer.
    led: Vec<(IpAddr, IpAddr)>,
    /// Taken when they are written.
    frames: Vec<Held>,
}

impl Minimiser {
    /// Octets that wait, all flows together: 16 MiB.
    const OCTETS_KEPT: u64 = 16 << 20;
    /// Octets of DNS answers among them.
    const ANSWERS_KEPT: u64 = 8 << 20;
    /// Frames of one flow that wait for a tag: names come with the first ones.
    const FRAMES_KEPT: usize = 64;
    /// Flows that are remembered, tagged or waiting.
    const FLOWS_KEPT: usize = 262_144;

    /// What is to be written now that this frame has come.
    pub(in crate::export) fn take(
        &mut self,
        frame: &Frame<'_>,
        place: &FramePlace<'_>,
    ) -> Vec<Held> {
        let FramePlace::Flow(flow) = place else { return Vec::new() };
        let held = self.cutter.cut(frame, place);
        let id = flow.cell.beginning().id;
        if self.flows.get(&id).is_some_and(|waiting| waiting.tagged) {
            return vec![held];
        }
        let tag = flow.cell.labels(|labels| tag_of(labels));
        let Some(Tag { by_dns, client }) = tag else {
            self.remember(id, flow, &held);
            self.wait(id, held);
            return Vec::new();
        };
        let mut out = Vec::new();
        if by_dns {
            let end = |side| flow.cell.key().endpoint(side).ip;
            self.answers_for((end(client), end(client.other())), &mut out);
        }
        let waiting = self.entry(id);
        waiting.tagged = true;
        let (frames, lost) = (mem::take(&mut waiting.frames), mem::take(&mut waiting.lost));
        self.lost += lost;
        self.octets -= frames.iter().map(Held::octets).sum::<u64>();
        out.extend(frames);
        out.push(held);
        out
    }

    /// Frames of tagged flows that had found no room before the tag.
    pub(in crate::export) fn lost(&self) -> u64 {
        self.lost
    }

    fn wait(&mut self, id: FlowId, held: Held) {
        let octets = held.octets();
        let waiting = self.entry(id);
        if waiting.frames.len() >= Self::FRAMES_KEPT {
            waiting.lost += 1;
            return;
        }
        waiting.frames.push(held);
        self.octets += octets;
        self.make_room();
    }

    /// The flow's entry; the oldest flow goes where there are too many.
    fn entry(&mut self, id: FlowId) -> &mut Waiting {
        if !self.flows.contains_key(&id) {
            while self.order.len() >= Self::FLOWS_KEPT {
                let Some(oldest) = self.order.pop_front() else { break };
                if let Some(gone) = self.flows.remove(&oldest) {
                    self.octets -= gone.frames.iter().map(Held::octets).sum::<u64>();
                }
            }
            self.order.push_back(id);
        }
        self.flows.entry(id).or_default()
    }

    /// Lets the oldest go until what waits fits.
    fn make_room(&mut self) {
        let mut at = 0;
        while self.octets + self.answer_octets > Self::OCTETS_KEPT {
            let Some(id) = self.order.get(at) else { break };
            if let Some(waiting) = self.flows.get_mut(id) {
                waiting.lost += waiting.frames.len() as u64;
                self.octets -= waiting.frames.drain(..).map(|f| f.octets()).sum::<u64>();
            }
            at += 1;
        }
        // Their frames are gone: they need not be looked at again the next time.
        self.order.rotate_left(at.min(self.order.len()));
    }

    /// Keeps the frame if it has answers, or a part of a message that may have some.
    fn remember(&mut self, id: FlowId, flow: &FlowFrame<'_>, held: &Held) {
        let is_part = matches!(flow.transport, Transport::Tcp { .. })
            && is_resolvers(flow)
            && flow.payload.as_ref().is_some_and(|payload| held.kept.len() > payload.start);
        let has_answers = !flow.answers.is_empty();
        if !is_part && !has_answers {
            return;
        }
        let begun = self.begun.remove(&id).filter(|_| is_part);
        let number = begun.unwrap_or(self.gone + self.answers.len() as u64);
        let place = usize::try_from(number - self.gone).unwrap_or(usize::MAX);
        if place >= self.answers.len() {
            self.answers.push_back(Answers { flow: id, led: Vec::new(), frames: Vec::new() });
        }
        if let Some(answers) = self.answers.get_mut(place) {
            answers.led.extend(flow.answers);
            answers.frames.push(held.clone());
            self.answer_octets += held.octets();
        }
        if is_part && !has_answers {
            self.begun.insert(id, number);
        }
        while self.answer_octets > Self::ANSWERS_KEPT {
            let Some(oldest) = self.answers.pop_front() else { break };
            self.answer_octets -= oldest.frames.iter().map(Held::octets).sum::<u64>();
            if self.begun.get(&oldest.flow) == Some(&self.gone) {
                self.begun.remove(&oldest.flow);
            }
            self.gone += 1;
        }
    }

    /// The answers that led a client to a server, those of other names too, each once.
    fn answers_for(&mut self, way: (IpAddr, IpAddr), out: &mut Vec<Held>) {
        for answers in self.answers.iter_mut().filter(|a| a.led.contains(&way)) {
            let frames = mem::take(&mut answers.frames);
            self.answer_octets -= frames.iter().map(Held::octets).sum::<u64>();
            out.extend(frames);
        }
    }
}

/// What a flow's tag rests on.
struct Tag {
    by_dns: bool,
    client: crate::flow::Side,
}

/// The tag of a flow, where it has one.
fn tag_of(labels: &Labels) -> Option<Tag> {
    let found = labels.found.as_deref()?;
    let mut tagged = found.names.iter().filter(|name| name.found.is_some()).peekable();
    if tagged.peek().is_none() && found.network.is_none() {
        return None;
    }
    let by_dns = tagged.any(|name| name.observation.via == Via::Dns);
    Some(Tag { by_dns, client: labels.orientation.client })
}
