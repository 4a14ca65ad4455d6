//! pnet's data link: frame by frame, two system calls each.

use std::io;
use std::os::fd::{AsFd, IntoRawFd};
use std::time::{Duration, SystemTime};

use pnet_datalink::{Channel, ChannelType, Config, DataLinkReceiver, NetworkInterface};

use super::ring::PacketSocket;
use crate::source::{Batch, CaptureTime};

/// A data link that is read frame by frame.
pub(super) struct PnetReader {
    /// The same socket that pnet reads from, to wait for it and to ask for its counters.
    socket: PacketSocket,
    receiver: Box<dyn DataLinkReceiver>,
    octets: Vec<u8>,
}

/// A frame that was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReadFrame {
    /// Where it starts in [`PnetReader::octets`].
    pub(super) start: usize,
    pub(super) len: u32,
    /// When it was read.
    pub(super) time: CaptureTime,
}

impl PnetReader {
    /// Binds `socket` to an interface by the kernel's index; 0 for all interfaces.
    pub(super) fn new(socket: PacketSocket, interface: u32) -> io::Result<Self> {
        // pnet closes the descriptor that it is given.
        let descriptor = socket.as_fd().try_clone_to_owned()?.into_raw_fd();
        let link = NetworkInterface {
            name: String::new(),
            description: String::new(),
            index: interface,
            mac: None,
            ips: Vec::new(),
            flags: 0,
        };
        let config = Config {
            read_buffer_size: LARGEST,
            read_timeout: Some(Duration::ZERO),
            channel_type: ChannelType::Layer2,
            promiscuous: false,
            socket_fd: Some(descriptor),
            ..Config::default()
        };
        match pnet_datalink::channel(&link, config)? {
            Channel::Ethernet(_, receiver) => Ok(Self { socket, receiver, octets: Vec::new() }),
            _ => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// The socket.
    pub(super) fn socket(&self) -> &PacketSocket {
        &self.socket
    }

    /// Reads the frames that are there, at most a batch, until `take` says `false`. An error is
    /// given when no frame came before it.
    pub(super) fn fill(
        &mut self,
        mut take: impl FnMut(&[u8], &ReadFrame) -> bool,
    ) -> io::Result<usize> {
        let mut frames = 0;
        self.octets.clear();
        while frames < Batch::FRAMES {
            match self.receiver.next() {
                Ok(frame) => {
                    let (start, len) = (self.octets.len(), frame.len());
                    self.octets.extend_from_slice(frame);
                    frames += 1;
                    let len = u32::try_from(len).unwrap_or(u32::MAX);
                    if !take(frame, &ReadFrame { start, len, time: now() }) {
                        break;
                    }
                }
                Err(_) if frames > 0 => break,
                Err(error) => match error.kind() {
                    io::ErrorKind::TimedOut
                    | io::ErrorKind::WouldBlock
                    | io::ErrorKind::Interrupted => break,
                    _ => return Err(error),
                },
            }
        }
        Ok(frames)
    }

    /// The octets of the frames of the last [`PnetReader::fill`].
    pub(super) fn octets(&self) -> &[u8] {
        &self.octets
    }
}

impl std::fmt::Debug for PnetReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PnetReader").field("socket", &self.socket).finish_non_exhaustive()
    }
}

/// pnet does not tell when the kernel took a frame: the time of reading stands in.
fn now() -> CaptureTime {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    CaptureTime(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

/// Octets of the largest frame that is read whole.
const LARGEST: usize = 1 << 18;
