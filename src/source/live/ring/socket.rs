//! A packet socket and its options (`packet(7)`).
#![expect(unsafe_code, reason = "the options of packet sockets have no safe form")]

use std::ffi::c_int;
use std::io;
use std::mem::size_of;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use rustix::net::{AddressFamily, SocketFlags, SocketType, netdevice, socket_with, sockopt};

use super::super::bpf::Instruction;

/// An open packet socket. It takes nothing until it is bound.
#[derive(Debug)]
pub(in crate::source::live) struct PacketSocket(OwnedFd);

/// The size of a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::live) struct RingShape {
    /// Octets of a block.
    pub(in crate::source::live) block_len: u32,
    /// How many there are.
    pub(in crate::source::live) blocks: u32,
    /// Milliseconds after which a block is handed over that is not full.
    pub(in crate::source::live) timeout: u32,
}

/// What a bound socket is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::live) struct Address {
    /// The kernel's index; 0 for all interfaces, -1 once the interface is gone.
    pub(in crate::source::live) interface: i32,
    /// The `ARPHRD_` number.
    pub(in crate::source::live) hardware: u16,
}

/// What the kernel counted since it was last asked: `struct tpacket_stats_v3`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub(in crate::source::live) struct Counters {
    /// Frames that passed the filter, lost ones included.
    pub(in crate::source::live) packets: u32,
    /// Those of them that were lost.
    pub(in crate::source::live) drops: u32,
    /// How often the ring was full. Not written by sockets without a ring.
    pub(in crate::source::live) freezes: u32,
}

impl PacketSocket {
    /// Opens a socket: this alone needs `CAP_NET_RAW`.
    pub(in crate::source::live) fn open() -> io::Result<Self> {
        // Protocol 0: no frame comes before `bind` names one.
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        Ok(Self(socket_with(AddressFamily::PACKET, SocketType::RAW, flags, None)?))
    }

    /// Makes the ring; before [`PacketSocket::bind`].
    pub(in crate::source::live) fn ring(&self, shape: RingShape) -> io::Result<()> {
        self.set(libc::SOL_PACKET, libc::PACKET_VERSION, &TPACKET_V3)?;
        // Room in front of each frame, to put a tag or a header there.
        self.set(libc::SOL_PACKET, libc::PACKET_RESERVE, &ROOM)?;
        let request = RingRequest {
            block_size: shape.block_len,
            block_nr: shape.blocks,
            frame_size: FRAME,
            frame_nr: shape.block_len / FRAME * shape.blocks,
            retire_blk_tov: shape.timeout,
            sizeof_priv: 0,
            feature_req_word: 0,
        };
        self.set(libc::SOL_PACKET, libc::PACKET_RX_RING, &request)
    }

    /// Lets only frames pass that the program keeps; replaces the one before.
    pub(in crate::source::live) fn filter(&self, program: &[Instruction]) -> io::Result<()> {
        self.program(libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, program)
    }

    fn program(&self, level: c_int, option: c_int, program: &[Instruction]) -> io::Result<()> {
        let mut instructions: Vec<_> = program
            .iter()
            .map(|i| libc::sock_filter { code: i.code, jt: i.yes, jf: i.no, k: i.k })
            .collect();
        let len = u16::try_from(instructions.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        // The kernel copies the program before the call returns.
        let program = libc::sock_fprog { len, filter: instructions.as_mut_ptr() };
        self.set(level, option, &program)
    }

    /// Takes all protocols' frames of an interface, by the kernel's index; 0 for all interfaces.
    /// Needs no right, and may be done again when the interface was made anew.
    pub(in crate::source::live) fn bind(&self, interface: u32) -> io::Result<()> {
        let interface = c_int::try_from(interface).map_err(|_| io::ErrorKind::InvalidInput)?;
        let address = libc::sockaddr_ll {
            sll_family: FAMILY,
            sll_protocol: EVERY_PROTOCOL.to_be(),
            sll_ifindex: interface,
            sll_hatype: 0,
            sll_pkttype: 0,
            sll_halen: 0,
            sll_addr: [0; 8],
        };
        // SAFETY: the address is a whole `sockaddr_ll` of this length.
        succeeded(unsafe {
            libc::bind(
                self.0.as_raw_fd(),
                (&raw const address).cast(),
                length::<libc::sockaddr_ll>(),
            )
        })
    }

    /// What the socket is bound to.
    pub(in crate::source::live) fn address(&self) -> io::Result<Address> {
        // SAFETY: all its fields are numbers, for which zeros are values.
        let mut address: libc::sockaddr_ll = unsafe { std::mem::zeroed() };
        let mut len = length::<libc::sockaddr_ll>();
        // SAFETY: at most `len` octets are written, which are the address's own.
        succeeded(unsafe {
            libc::getsockname(self.0.as_raw_fd(), (&raw mut address).cast(), &raw mut len)
        })?;
        Ok(Address { interface: address.sll_ifindex, hardware: address.sll_hatype })
    }

    /// Takes frames for other stations, too, as long as the socket is open.
    pub(in crate::source::live) fn promiscuous(&self, interface: u32) -> io::Result<()> {
        let interface = c_int::try_from(interface).map_err(|_| io::ErrorKind::InvalidInput)?;
        let request = Membership { interface, kind: PROMISCUOUS, len: 0, address: [0; 8] };
        self.set(libc::SOL_PACKET, libc::PACKET_ADD_MEMBERSHIP, &request)
    }

    /// Makes room for frames that wait, on a socket without a ring: twice `octets`, which the
    /// kernel fills with its own records too. Without `CAP_NET_ADMIN` as much of it as
    /// `net.core.rmem_max` allows.
    pub(in crate::source::live) fn room(&self, octets: usize) -> io::Result<()> {
        let octets = c_int::try_from(octets).unwrap_or(c_int::MAX / 2).min(c_int::MAX / 2);
        self.set(libc::SOL_SOCKET, libc::SO_RCVBUFFORCE, &octets)
            .or_else(|_| self.set(libc::SOL_SOCKET, libc::SO_RCVBUF, &octets))
    }

    /// Leaves out what this machine sends, on a kernel that can (4.20).
    pub(in crate::source::live) fn ignore_outgoing(&self) -> io::Result<()> {
        self.set(libc::SOL_PACKET, libc::PACKET_IGNORE_OUTGOING, &1)
    }

    /// Begins a group that shares the frames as `program` says and gives its number; after `bind`.
    ///
    /// Without `PACKET_FANOUT_FLAG_DEFRAG`: it would give datagrams put together instead of the
    /// fragments that were on the wire.
    pub(in crate::source::live) fn begin_group(&self, program: &[Instruction]) -> io::Result<u16> {
        let kind = libc::PACKET_FANOUT_CBPF | libc::PACKET_FANOUT_FLAG_UNIQUEID;
        self.set(libc::SOL_PACKET, libc::PACKET_FANOUT, &(kind << 16))?;
        self.program(libc::SOL_PACKET, libc::PACKET_FANOUT_DATA, program)?;
        let group: u32 = self.read(libc::PACKET_FANOUT)?;
        Ok(u16::try_from(group & 0xffff).unwrap_or(0))
    }

    /// Joins a group; after `bind` to the same interface.
    pub(in crate::source::live) fn join_group(&self, group: u16) -> io::Result<()> {
        let argument = u32::from(group) | libc::PACKET_FANOUT_CBPF << 16;
        self.set(libc::SOL_PACKET, libc::PACKET_FANOUT, &argument)
    }

    /// Reads the counters, which begin anew with it.
    pub(in crate::source::live) fn counters(&self) -> io::Result<Counters> {
        self.read(libc::PACKET_STATISTICS)
    }

    /// Takes the error that waits, if any.
    pub(in crate::source::live) fn take_error(&self) -> io::Result<Option<rustix::io::Errno>> {
        Ok(sockopt::socket_error(&self.0)?.err())
    }

    /// The kernel's index of an interface by name, in the socket's namespace.
    pub(in crate::source::live) fn index_of(&self, name: &str) -> io::Result<u32> {
        Ok(netdevice::name_to_index(&self.0, name)?)
    }

    /// An interface's name by index, in the socket's namespace.
    pub(in crate::source::live) fn name_of(&self, index: u32) -> io::Result<String> {
        Ok(netdevice::index_to_name(&self.0, index)?)
    }

    /// Whether an interface is up (`IFF_UP`), by name, in the socket's namespace.
    pub(in crate::source::live) fn is_up(&self, name: &str) -> io::Result<bool> {
        // SAFETY: all its fields are numbers, for which zeros are values.
        let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
        let last = request.ifr_name.len() - 1;
        if name.len() > last {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        for (to, from) in request.ifr_name.iter_mut().zip(name.bytes()) {
            *to = libc::c_char::from_ne_bytes([from]);
        }
        // SAFETY: SIOCGIFFLAGS reads the name, which ends with a zero, and writes the flags.
        succeeded(unsafe {
            libc::ioctl(self.0.as_raw_fd(), libc::SIOCGIFFLAGS, &raw mut request)
        })?;
        // SAFETY: the call has succeeded, so the flags are what the union holds.
        let flags = unsafe { request.ifr_ifru.ifru_flags };
        Ok(c_int::from(flags) & libc::IFF_UP != 0)
    }

    fn set<T>(&self, level: c_int, option: c_int, value: &T) -> io::Result<()> {
        // SAFETY: `value` is readable for its length; each caller passes the option's own type.
        succeeded(unsafe {
            let value = std::ptr::from_ref(value).cast();
            libc::setsockopt(self.0.as_raw_fd(), level, option, value, length::<T>())
        })
    }

    fn read<T: Default>(&self, option: c_int) -> io::Result<T> {
        let (mut value, mut len) = (T::default(), length::<T>());
        // SAFETY: at most `len` octets are written, which are the value's own; each caller asks
        // for the option's own type, made of numbers.
        succeeded(unsafe {
            let value = (&raw mut value).cast();
            libc::getsockopt(self.0.as_raw_fd(), libc::SOL_PACKET, option, value, &raw mut len)
        })?;
        Ok(value)
    }
}

impl AsFd for PacketSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

fn succeeded(status: c_int) -> io::Result<()> {
    if status == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

#[expect(clippy::cast_possible_truncation, reason = "the sizes of small structures")]
const fn length<T>() -> libc::socklen_t {
    size_of::<T>() as libc::socklen_t
}

/// `struct tpacket_req3`.
#[repr(C)]
struct RingRequest {
    block_size: u32,
    block_nr: u32,
    frame_size: u32,
    frame_nr: u32,
    retire_blk_tov: u32,
    sizeof_priv: u32,
    feature_req_word: u32,
}

/// `struct packet_mreq`.
#[repr(C)]
struct Membership {
    interface: c_int,
    kind: u16,
    len: u16,
    address: [u8; 8],
}

/// `TPACKET_V3` of `linux/if_packet.h`.
const TPACKET_V3: c_int = 2;
/// Octets of a frame that the kernel reckons with; those of the third version may be larger.
const FRAME: u32 = 2048;
/// Octets that the kernel leaves free in front of each frame: a cooked header is 20.
const ROOM: c_int = 32;
/// `PACKET_MR_PROMISC`, `AF_PACKET` and `ETH_P_ALL`, in the widths of their fields.
const PROMISCUOUS: u16 = 1;
const FAMILY: u16 = 17;
const EVERY_PROTOCOL: u16 = 3;
