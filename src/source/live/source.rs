//! Frames of several sockets, batch by batch, with the account of what was read.

use std::collections::VecDeque;
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::intake::Accounting;
use super::known::enter;
use super::reader::{Binding, Intake, Reader, State};
use super::restore::{COOKED, announced, restore};
use super::{
    Backend, InterfaceChange, LiveEvent, LiveFailure, LiveOptions, LiveStatistics, SocketStatistics,
};
use crate::source::sink::Records;
use crate::source::{Batch, CaptureAccount};

/// Reads the frames of a live capture.
#[derive(Debug)]
pub struct LiveSource {
    readers: Vec<Reader>,
    records: Records,
    /// What there is to say besides frames.
    notices: VecDeque<Notice>,
    statistics: LiveStatistics,
    options: LiveOptions,
    /// The reader whose turn it is.
    turn: usize,
    /// Batches given since the sockets were last asked whether something is wrong.
    unasked: u32,
    intake: Accounting,
}

/// Something that is said between batches.
#[derive(Debug)]
enum Notice {
    State(usize, State),
    Failed(LiveFailure),
}

impl LiveSource {
    pub(super) fn new(readers: Vec<Reader>, part: u32, options: &LiveOptions) -> Self {
        let snaplen = options.snaplen.unwrap_or(0);
        let names: Vec<&str> =
            options.interfaces.iter().map(super::InterfaceChoice::name).collect();
        let path = names.join(",");
        let mut account = CaptureAccount { index: part, path, ..CaptureAccount::default() };
        for reader in &readers {
            let link = match reader.binding {
                Binding::Interface(_) | Binding::Filtered(_) => reader.link(),
                // Frames come under their own interfaces' names; the kernel's losses stand here.
                Binding::Any => COOKED,
            };
            enter(&reader.name, link, snaplen, &mut account);
        }
        let several = readers.iter().any(|r| r.binding == Binding::Any) || names.len() > 1;
        Self {
            readers,
            records: Records::new(),
            notices: VecDeque::new(),
            statistics: LiveStatistics::default(),
            options: options.clone(),
            turn: 0,
            unasked: 0,
            intake: Accounting::new(account, several),
        }
    }

    /// Waits at most `timeout` for frames. A signal ends the waiting with [`LiveEvent::Idle`].
    pub fn next_batch(&mut self, timeout: Duration) -> LiveEvent<'_> {
        self.records.clear();
        self.release();
        let mut left = timeout;
        loop {
            if self.unasked >= ASK_AFTER
                && let Err(failure) = self.ask(Duration::ZERO)
            {
                return LiveEvent::Failed(failure);
            }
            if let Some(notice) = self.notices.pop_front() {
                return self.say(notice);
            }
            if let Some(index) = self.fill() {
                let octets = self.readers.get(index).map(Reader::octets).unwrap_or_default();
                return LiveEvent::Batch(Batch::new(octets, &self.records));
            }
            if !self.notices.is_empty() {
                continue;
            }
            if self.readers.iter().all(|reader| reader.state == State::Failed) {
                return LiveEvent::Failed(LiveFailure::NothingLeft);
            }
            if left.is_zero() {
                return LiveEvent::Idle;
            }
            self.look();
            if !self.notices.is_empty() {
                continue;
            }
            let step = left.min(LOOK_AFTER);
            match self.ask(step) {
                Ok(Asked::Something) => {}
                Ok(Asked::Nothing) => left -= step,
                Ok(Asked::Interrupted) => return LiveEvent::Idle,
                Err(failure) => return LiveEvent::Failed(failure),
            }
        }
    }

    /// What was read so far: the source's own count. Interfaces of `any` stand there once a frame
    /// of them was read; what the kernel lost, as of the last [`LiveSource::statistics`].
    pub fn account(&self) -> &CaptureAccount {
        &self.intake.account
    }

    /// What was read, and what the kernel lost.
    pub fn into_account(mut self) -> CaptureAccount {
        self.statistics();
        self.intake.account
    }

    /// Asks the kernel for its counters, and adds them to those before.
    pub fn statistics(&mut self) -> &LiveStatistics {
        self.statistics.sockets.clear();
        for reader in &mut self.readers {
            reader.count();
            let counted = reader.counted;
            let of_name = |s: &&mut SocketStatistics| s.name == reader.name;
            if let Some(sum) = self.statistics.sockets.iter_mut().find(of_name) {
                sum.received += counted.received;
                sum.dropped = sum.dropped.map(|dropped| dropped + counted.dropped);
                sum.freezes += counted.freezes;
            } else {
                self.statistics.sockets.push(SocketStatistics {
                    name: reader.name.clone(),
                    received: counted.received,
                    dropped: Some(counted.dropped),
                    freezes: counted.freezes,
                });
            }
        }
        for socket in &self.statistics.sockets {
            let mut interfaces = self.intake.account.interfaces.iter_mut();
            let is_this = |name: &Option<String>| name.as_deref() == Some(&socket.name);
            if let Some(interface) = interfaces.find(|i| is_this(&i.name)) {
                interface.dropped = socket.dropped;
            }
        }
        &self.statistics
    }

    /// One source for each of [`LiveOptions::fanout_threads`]; to be done before anything is read.
    ///
    /// Each numbers its frames from 1 and has an account of its own, whose index and
    /// [`Frame::capture`](crate::source::Frame::capture) are the part's number, from 0. All frames
    /// between two hosts come to one part: both directions of a flow, its fragments, and what is
    /// in tunnels between these two. Only a flow that takes several ways through tunnels may come
    /// to two. A source that is not split reads all of them, in one thread.
    pub fn split(self) -> Vec<Self> {
        let Self { readers, options, .. } = self;
        let threads = options.fanout_threads.max(1);
        let mut parts: Vec<Vec<Reader>> = std::iter::repeat_with(Vec::new).take(threads).collect();
        for reader in readers {
            if let Some(part) = parts.get_mut(reader.thread) {
                part.push(reader);
            }
        }
        let number = |index| u32::try_from(index).unwrap_or(u32::MAX);
        let parts = parts.into_iter().enumerate();
        let of_part = |(index, part)| {
            let mut part = Self::new(part, number(index), &options);
            if threads > 1 {
                let path = &mut part.intake.account.path;
                *path = format!("{path} (thread {} of {threads})", index + 1);
            }
            part
        };
        parts.map(of_part).collect()
    }

    /// What cannot be had with these options, a sentence each, for a warning.
    pub fn limits(&self) -> &'static [&'static str] {
        match self.options.backend {
            Backend::Ring => &[],
            Backend::Pnet => &[
                "pnet: times are those of reading, not of the kernel",
                "pnet: VLAN tags that the kernel takes off are lost",
            ],
        }
    }

    /// The sockets whose filter is replaced when their interface was made anew: those that share
    /// an interface's frames with others.
    pub fn refiltered(&self) -> Vec<RawFd> {
        let sharing = self.readers.iter().filter(|r| matches!(r.binding, Binding::Filtered(_)));
        sharing.map(|reader| reader.socket().as_fd().as_raw_fd()).collect()
    }

    /// All descriptors of the sockets: nothing is ever sent from them.
    pub fn descriptors(&self) -> Vec<RawFd> {
        self.readers.iter().flat_map(Reader::descriptors).collect()
    }

    /// Hands back what the last batch lay in.
    fn release(&mut self) {
        for reader in &mut self.readers {
            if let Intake::Ring(ring) = &mut reader.intake {
                ring.release();
            }
        }
    }

    /// Reads the next frames of one reader, in turn; gives that reader's index.
    fn fill(&mut self) -> Option<usize> {
        let count = self.readers.len();
        for step in 0..count {
            let index = (self.turn + step) % count;
            let Some(reader) = self.readers.get_mut(index) else { continue };
            if reader.state == State::Failed {
                continue;
            }
            let mut taker = self.intake.taker(&mut self.records);
            let Reader { intake, binding, hardware, name, .. } = reader;
            match intake {
                Intake::Ring(ring) if ring.is_ready() => {
                    let filled = ring.fill(|socket, block, packet| {
                        let restored = restore(block, packet);
                        let name = || match binding {
                            Binding::Any => socket
                                .name_of(packet.interface)
                                .unwrap_or_else(|_| format!("interface {}", packet.interface)),
                            Binding::Interface(_) | Binding::Filtered(_) => name.clone(),
                        };
                        taker.take(block, packet, restored, name)
                    });
                    if let Some(broken) = filled.broken {
                        let failure =
                            LiveFailure::Block { interface: name.clone(), frames: broken.left };
                        self.notices.push_back(Notice::Failed(failure));
                    }
                }
                Intake::Ring(_) => {}
                Intake::Pnet(pnet) => {
                    let link = announced(*hardware);
                    let read =
                        pnet.fill(|octets, frame| taker.take_read(octets, frame, name, link));
                    if let Err(error) = read {
                        let notice = if error.raw_os_error() == Some(Errno::NETDOWN.raw_os_error())
                        {
                            reader.look().map(|state| Notice::State(index, state))
                        } else {
                            Some(Notice::Failed(reader.fail("recvfrom", error)))
                        };
                        self.notices.extend(notice);
                    }
                }
            }
            if !self.records.is_empty() {
                self.turn = index + 1;
                self.unasked += 1;
                return Some(index);
            }
        }
        None
    }

    /// Looks at the interfaces that are not up.
    fn look(&mut self) {
        for (index, reader) in self.readers.iter_mut().enumerate() {
            if reader.is_watched()
                && let Some(state) = reader.look()
            {
                self.notices.push_back(Notice::State(index, state));
            }
        }
    }

    /// Waits until there is something to read or to hear.
    fn ask(&mut self, timeout: Duration) -> Result<Asked, LiveFailure> {
        self.unasked = 0;
        let timeout = Timespec::try_from(timeout).ok();
        let open = || self.readers.iter().enumerate().filter(|(_, r)| r.state != State::Failed);
        let mut polled: Vec<PollFd<'_>> =
            open().map(|(_, r)| PollFd::new(r.socket(), PollFlags::IN)).collect();
        let answered = match poll(&mut polled, timeout.as_ref()) {
            Ok(0) => return Ok(Asked::Nothing),
            Ok(_) => open().zip(&polled),
            Err(Errno::INTR) => return Ok(Asked::Interrupted),
            Err(error) => {
                let interface = self.intake.account.path.clone();
                return Err(LiveFailure::System { interface, call: "poll", source: error.into() });
            }
        };
        let complaining: Vec<usize> = answered
            .filter(|(_, polled)| polled.revents().intersects(PollFlags::ERR | PollFlags::NVAL))
            .map(|((index, _), _)| index)
            .collect();
        for index in complaining {
            let Some(reader) = self.readers.get_mut(index) else { continue };
            match reader.complaint() {
                Ok(None) => {}
                Ok(Some(state)) => self.notices.push_back(Notice::State(index, state)),
                Err(failure) => self.notices.push_back(Notice::Failed(failure)),
            }
        }
        Ok(Asked::Something)
    }

    /// The event of a notice.
    fn say(&self, notice: Notice) -> LiveEvent<'static> {
        let (index, state) = match notice {
            Notice::Failed(failure) => return LiveEvent::Failed(failure),
            Notice::State(index, state) => (index, state),
        };
        let name = self.readers.get(index).map(|r| r.name.clone()).unwrap_or_default();
        let mut interfaces = self.intake.account.interfaces.iter();
        let place = interfaces.position(|i| i.name.as_ref() == Some(&name)).unwrap_or(0);
        let interface = u32::try_from(place).unwrap_or(u32::MAX);
        let change = InterfaceChange { name, interface, removed: state == State::Removed };
        match state {
            State::Up => LiveEvent::InterfaceUp(change),
            State::Down | State::Removed | State::Failed => LiveEvent::InterfaceDown(change),
        }
    }
}

/// What came of asking the sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Something,
    Nothing,
    Interrupted,
}

/// While frames come without a pause, sockets are asked for their state after so many batches.
const ASK_AFTER: u32 = 256;
/// Interfaces that are not up are looked at as often as this, at least.
const LOOK_AFTER: Duration = Duration::from_secs(1);
