//! Sockets are opened: the only part of a live capture that needs rights.

use std::fs::File;
use std::io;
use std::path::Path;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use super::bpf::{self, Instruction};
use super::pnet::PnetReader;
use super::reader::{Binding, Counted, Intake, Reader, State};
use super::restore::LOOPBACK;
use super::ring::{PacketSocket, Ring, RingShape};
use super::{Backend, InterfaceChoice, LiveOpenError, LiveOptions, LiveSource};

/// Opens all that `options` ask for. Frames wait in the rings from then on.
pub fn open(options: &LiveOptions) -> Result<LiveSource, LiveOpenError> {
    check(options)?;
    let readers = match &options.netns {
        None => readers(options)?,
        Some(path) => in_namespace(path, || readers(options))?,
    };
    Ok(LiveSource::new(readers, 0, options))
}

/// What cannot be meant.
fn check(options: &LiveOptions) -> Result<(), LiveOpenError> {
    let chosen = &options.interfaces;
    if chosen.is_empty() {
        return Err(LiveOpenError::NoInterface);
    }
    for (index, choice) in chosen.iter().enumerate() {
        let twice = chosen.iter().take(index).any(|other| other == choice);
        if twice || (*choice == InterfaceChoice::Any && chosen.len() > 1) {
            return Err(LiveOpenError::NamedTwice(choice.name().to_owned()));
        }
    }
    if options.backend == Backend::Pnet && chosen.contains(&InterfaceChoice::Any) {
        let why = "pnet does not tell which interface a frame came from; name interfaces";
        return Err(LiveOpenError::Unsupported { interface: ANY.into(), why });
    }
    Ok(())
}

/// Does `work` on a thread that has entered a network namespace: sockets stay in the one they
/// were opened in, while this process stays outside.
fn in_namespace<T: Send>(
    path: &Path,
    work: impl FnOnce() -> Result<T, LiveOpenError> + Send,
) -> Result<T, LiveOpenError> {
    let refused = |source| LiveOpenError::Namespace { path: path.to_path_buf(), source };
    let namespace = File::open(path).map_err(refused)?;
    let enter = || {
        use std::os::fd::AsFd;
        let kind = Some(LinkNameSpaceType::Network);
        move_into_link_name_space(namespace.as_fd(), kind).map_err(|e| refused(e.into()))?;
        work()
    };
    std::thread::scope(|scope| match scope.spawn(enter).join() {
        Ok(done) => done,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

/// A socket for each interface and thread.
fn readers(options: &LiveOptions) -> Result<Vec<Reader>, LiveOpenError> {
    let threads = options.fanout_threads.max(1);
    let mut readers = Vec::new();
    for choice in &options.interfaces {
        let mut group = None;
        for thread in 0..threads {
            let opening = Opening { options, choice, name: choice.name().to_owned() };
            let mut reader = opening.reader(thread)?;
            if threads > 1 {
                group = Some(opening.share(&mut reader, group)?);
            }
            readers.push(reader);
        }
    }
    // Until here nothing has passed, so that no frame was seen by two sockets of a group.
    for reader in &readers {
        let program = match (reader.binding, &reader.program) {
            (Binding::Filtered(index), program) => bpf::on_interface(program.as_deref(), index),
            (_, Some(program)) => program.clone(),
            (_, None) => bpf::EVERYTHING.to_vec(),
        };
        let refused = system(&reader.name, "setsockopt(SO_ATTACH_FILTER)");
        reader.socket().filter(&program).map_err(refused)?;
    }
    Ok(readers)
}

/// One socket on its way.
struct Opening<'a> {
    options: &'a LiveOptions,
    choice: &'a InterfaceChoice,
    name: String,
}

impl Opening<'_> {
    fn reader(&self, thread: usize) -> Result<Reader, LiveOpenError> {
        let Self { options, name, .. } = self;
        let socket = PacketSocket::open().map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => LiveOpenError::NoRight(name.clone()),
            _ => system(name, "socket")(error),
        })?;
        socket.filter(&bpf::NOTHING).map_err(system(name, "setsockopt(SO_ATTACH_FILTER)"))?;
        let binding = self.binding(&socket)?;
        let hardware = self.hardware(&socket, binding)?;
        let index = match binding {
            Binding::Interface(index) => index,
            Binding::Any | Binding::Filtered(_) => 0,
        };
        let intake = match options.backend {
            Backend::Ring => {
                let ring = self.ring(socket)?;
                ring.socket().bind(index).map_err(system(name, "bind"))?;
                Intake::Ring(ring)
            }
            Backend::Pnet => {
                let refused = system(name, "setsockopt(SO_RCVBUF)");
                socket.room(options.ring_octets).map_err(refused)?;
                Intake::Pnet(PnetReader::new(socket, index).map_err(system(name, "bind"))?)
            }
        };
        let reader = Reader {
            name: name.clone(),
            thread,
            binding,
            hardware,
            state: State::Up,
            promiscuous: options.promiscuous,
            program: self.program(),
            counted: Counted::default(),
            intake,
        };
        self.tune(&reader)?;
        Ok(reader)
    }

    fn binding(&self, socket: &PacketSocket) -> Result<Binding, LiveOpenError> {
        let InterfaceChoice::Name(name) = self.choice else { return Ok(Binding::Any) };
        let index = socket.index_of(name).map_err(|_| LiveOpenError::NotFound(name.clone()))?;
        let alone = self.options.fanout_threads <= 1;
        Ok(if alone { Binding::Interface(index) } else { Binding::Filtered(index) })
    }

    /// The `ARPHRD_` number of an interface, from a socket that is bound to it for a moment.
    fn hardware(&self, socket: &PacketSocket, binding: Binding) -> Result<u16, LiveOpenError> {
        if let Binding::Interface(index) | Binding::Filtered(index) = binding {
            socket.bind(index).map_err(system(&self.name, "bind"))?;
        }
        Ok(socket.address().map_err(system(&self.name, "getsockname"))?.hardware)
    }

    fn ring(&self, socket: PacketSocket) -> Result<Ring, LiveOpenError> {
        let octets = self.options.ring_octets;
        let too_large = || LiveOpenError::RingTooLarge { interface: self.name.clone(), octets };
        let block_len = self.options.block_octets();
        let blocks = octets.div_ceil(block_len).max(2);
        let blocks = u32::try_from(blocks).map_err(|_| too_large())?;
        let milliseconds = self.options.block_timeout.as_millis().clamp(1, 10_000);
        let shape = RingShape {
            block_len: u32::try_from(block_len).unwrap_or(u32::MAX),
            blocks,
            timeout: u32::try_from(milliseconds).unwrap_or(u32::MAX),
        };
        if shape.block_len.checked_mul(blocks).is_none() {
            return Err(too_large());
        }
        Ring::new(socket, shape).map_err(|error| match error.kind() {
            io::ErrorKind::OutOfMemory => too_large(),
            _ => system(&self.name, "setsockopt(PACKET_RX_RING)")(error),
        })
    }

    /// The program that keeps what passes, and as much of it as is asked for. pnet does not tell
    /// how long a frame was that the kernel has cut: there it is cut after reading.
    fn program(&self) -> Option<Vec<Instruction>> {
        let snaplen = match self.options.backend {
            Backend::Ring => self.options.snaplen,
            Backend::Pnet => None,
        };
        bpf::kept(self.options.filter.as_ref(), snaplen)
    }

    fn tune(&self, reader: &Reader) -> Result<(), LiveOpenError> {
        let socket = reader.socket();
        let index = match reader.binding {
            Binding::Any => return Ok(()),
            Binding::Interface(index) | Binding::Filtered(index) => index,
        };
        if self.options.promiscuous {
            let refused = system(&self.name, "setsockopt(PACKET_ADD_MEMBERSHIP)");
            socket.promiscuous(index).map_err(refused)?;
        }
        if reader.hardware == LOOPBACK && self.options.backend == Backend::Pnet {
            // pnet does not tell the outgoing copy from the frame.
            let refused = system(&self.name, "setsockopt(PACKET_IGNORE_OUTGOING)");
            socket.ignore_outgoing().map_err(refused)?;
        }
        Ok(())
    }

    /// Joins the interface's group, or begins it.
    fn share(&self, reader: &mut Reader, group: Option<u16>) -> Result<u16, LiveOpenError> {
        let refused = system(&self.name, "setsockopt(PACKET_FANOUT)");
        match group {
            None => reader.socket().begin_group(&bpf::by_hosts()).map_err(refused),
            Some(group) => reader.socket().join_group(group).map(|()| group).map_err(refused),
        }
    }
}

fn system(interface: &str, call: &'static str) -> impl FnOnce(io::Error) -> LiveOpenError {
    let interface = interface.to_owned();
    move |source| LiveOpenError::System { interface, call, source }
}

impl InterfaceChoice {
    /// The interface's name; `any` for all.
    pub fn name(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::Any => ANY,
        }
    }
}

/// How all interfaces together are called.
const ANY: &str = "any";

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(options: &LiveOptions) -> String {
        open(options).unwrap_err().to_string()
    }

    fn named(names: &[&str]) -> Vec<InterfaceChoice> {
        names.iter().map(|n| InterfaceChoice::Name((*n).into())).collect()
    }

    #[test]
    fn what_cannot_be_meant_is_refused_before_anything_is_opened() {
        assert_eq!(refused(&LiveOptions::default()), "no interface to capture from");
        let twice = LiveOptions { interfaces: named(&["lo", "lo"]), ..LiveOptions::default() };
        assert_eq!(refused(&twice), "lo: named beside itself or beside any");
        let interfaces = [named(&["lo"]), vec![InterfaceChoice::Any]].concat();
        let beside = LiveOptions { interfaces, ..LiveOptions::default() };
        assert_eq!(refused(&beside), "any: named beside itself or beside any");
        let interfaces = vec![InterfaceChoice::Any];
        let pnet = LiveOptions { interfaces, backend: Backend::Pnet, ..LiveOptions::default() };
        assert!(refused(&pnet).starts_with("any: pnet does not tell"));
    }

    #[test]
    fn a_namespace_that_is_not_there_says_so() {
        let netns = Some("/nowhere/at/all".into());
        let options = LiveOptions { interfaces: named(&["lo"]), netns, ..LiveOptions::default() };
        let said = refused(&options);
        assert_eq!(said, "/nowhere/at/all: this network namespace cannot be entered");
    }
}
