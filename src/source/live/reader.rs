//! One socket and the interface that it listens to.

use std::io;

use rustix::io::Errno;

use super::bpf::Instruction;
use super::pnet::PnetReader;
use super::restore::announced;
use super::ring::{PacketSocket, Ring};
use super::{LiveFailure, bpf};
use crate::source::LinkType;

/// A socket that is read, and what became of its interface.
#[derive(Debug)]
pub(super) struct Reader {
    /// The interface's name; `any`.
    pub(super) name: String,
    /// Index of the part that reads it.
    pub(super) thread: usize,
    pub(super) binding: Binding,
    /// The interface's `ARPHRD_` number, as it was at the start.
    pub(super) hardware: u16,
    pub(super) state: State,
    pub(super) promiscuous: bool,
    /// What the kernel is to run on each frame, without the test for the interface.
    pub(super) program: Option<Vec<Instruction>>,
    pub(super) counted: Counted,
    pub(super) intake: Intake,
}

/// How frames are taken from the kernel.
#[derive(Debug)]
pub(super) enum Intake {
    Ring(Ring),
    Pnet(PnetReader),
}

/// What a socket is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binding {
    /// All interfaces.
    Any,
    /// One, by the kernel's index.
    Interface(u32),
    /// All, with a filter that lets one pass: a socket that shares its frames with others cannot
    /// be bound again when its interface was made anew (`packet_do_bind`), but its filter can be
    /// replaced.
    Filtered(u32),
}

/// Whether an interface gives frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Up,
    Down,
    Removed,
    /// Nothing more is read there.
    Failed,
}

/// What the kernel counted since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) received: u64,
    pub(super) dropped: u64,
    pub(super) freezes: u64,
}

impl Reader {
    pub(super) fn socket(&self) -> &PacketSocket {
        match &self.intake {
            Intake::Ring(ring) => ring.socket(),
            Intake::Pnet(reader) => reader.socket(),
        }
    }

    /// The block or buffer that the frames read last lie in.
    pub(super) fn octets(&self) -> &[u8] {
        match &self.intake {
            Intake::Ring(ring) => ring.octets(),
            Intake::Pnet(reader) => reader.octets(),
        }
    }

    /// The link type that the interface is announced with.
    pub(super) fn link(&self) -> LinkType {
        announced(self.hardware)
    }

    /// Adds what the kernel counted since the last call.
    pub(super) fn count(&mut self) {
        let new = self.socket().counters().unwrap_or_default();
        // `packets` includes those that were dropped.
        self.counted.received += u64::from(new.packets.saturating_sub(new.drops));
        self.counted.dropped += u64::from(new.drops);
        if matches!(self.intake, Intake::Ring(_)) {
            self.counted.freezes += u64::from(new.freezes);
        }
    }

    /// Takes what the socket has to complain of, after `poll` said that there is something.
    pub(super) fn complaint(&mut self) -> Result<Option<State>, LiveFailure> {
        match self.socket().take_error() {
            Ok(Some(Errno::NETDOWN)) => Ok(self.look()),
            Ok(None) => Ok(None),
            Ok(Some(error)) => Err(self.fail("recv", error.into())),
            Err(error) => Err(self.fail("getsockopt", error)),
        }
    }

    /// Looks at the interface again; gives its state where that has changed and is to be told.
    pub(super) fn look(&mut self) -> Option<State> {
        let state = match (self.state, self.binding) {
            (State::Failed, _) | (_, Binding::Any) => return None,
            (_, Binding::Interface(index)) => self.look_at_bound(index),
            (_, Binding::Filtered(index)) => self.look_at_filtered(index),
        };
        let changed = state != self.state;
        self.state = state;
        // Of the sockets that share an interface's frames, the first speaks for all.
        (changed && self.thread == 0).then_some(state)
    }

    fn look_at_bound(&mut self, index: u32) -> State {
        if self.socket().address().is_ok_and(|address| address.interface >= 0) {
            return self.present(index);
        }
        let Ok(index) = self.socket().index_of(&self.name) else { return State::Removed };
        if self.socket().bind(index).is_err() {
            return State::Removed;
        }
        self.binding = Binding::Interface(index);
        self.begin(index)
    }

    fn look_at_filtered(&mut self, index: u32) -> State {
        let is_there = self.socket().name_of(index).is_ok();
        match self.socket().index_of(&self.name) {
            Ok(new) if new != index && !is_there => {
                let program = bpf::on_interface(self.program.as_deref(), new);
                if self.socket().filter(&program).is_err() {
                    return State::Removed;
                }
                self.binding = Binding::Filtered(new);
                self.begin(new)
            }
            _ if is_there => self.present(index),
            _ => State::Removed,
        }
    }

    /// The state of an interface by index: it may have a new name. One that is being removed has
    /// none, and is soon seen to be gone.
    fn present(&self, index: u32) -> State {
        let name = self.socket().name_of(index);
        let up = name.and_then(|name| self.socket().is_up(&name)).unwrap_or(false);
        if up { State::Up } else { State::Down }
    }

    /// What a new interface of the old name needs.
    fn begin(&self, index: u32) -> State {
        if self.promiscuous {
            // Where it fails the frames of this station come all the same.
            let _ = self.socket().promiscuous(index);
        }
        self.present(index)
    }

    /// Whether the interface is to be looked at without a reason, before waiting.
    pub(super) fn is_watched(&self) -> bool {
        match self.binding {
            Binding::Any => false,
            Binding::Interface(_) => matches!(self.state, State::Down | State::Removed),
            Binding::Filtered(_) => self.state != State::Failed,
        }
    }

    /// Reads nothing more there.
    pub(super) fn fail(&mut self, call: &'static str, source: io::Error) -> LiveFailure {
        self.state = State::Failed;
        LiveFailure::System { interface: self.name.clone(), call, source }
    }
}
