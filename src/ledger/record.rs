//! One flow, as outputs see it.

use super::Assigned;
use crate::decode::{Ported, Protocol, VlanIds};
use crate::flow::{Endpoint, FlowFlags, FlowId, OrientedBy};
use crate::name::{Fingerprint, Observation, Without};
use crate::signature::{Basis, Grade, SignatureId};
use crate::source::CaptureTime;

/// The same thing for both directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct BothWays<T> {
    /// From client to server.
    pub up: T,
    /// From server to client.
    pub down: T,
}

/// What went one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Count {
    /// Frames.
    pub frames: u64,
    /// Octets on the wire (the frames' original lengths).
    pub octets: u64,
    /// Octets of transport payload on the wire.
    pub payload: u64,
}

impl Count {
    /// Adds `other`.
    pub fn add(&mut self, other: Self) {
        self.frames += other.frames;
        self.octets += other.octets;
        self.payload += other.payload;
    }
}

impl BothWays<Count> {
    /// Adds `other`, direction by direction.
    pub fn add(&mut self, other: Self) {
        self.up.add(other.up);
        self.down.add(other.down);
    }

    /// Octets of both directions.
    pub fn octets(&self) -> u64 {
        self.up.octets + self.down.octets
    }

    /// Frames of both directions.
    pub fn frames(&self) -> u64 {
        self.up.frames + self.down.frames
    }
}

/// One tag of a flow, graded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRecord {
    /// Which signature.
    pub signature: SignatureId,
    /// What it rests on.
    pub basis: Basis,
    /// The pattern or network that matched, as written.
    pub matched: Box<str>,
    /// How strong the evidence is.
    pub grade: Grade,
    /// Why this grade: one sentence.
    pub reason: Box<str>,
}

/// One flow with everything that is known of it.
#[derive(Clone, Debug)]
pub struct FlowRecord {
    /// Number in the stream.
    pub id: FlowId,
    /// Index of the first frame's capture in the run.
    pub capture: u32,
    /// Number of the first frame in that capture.
    pub first_frame: u64,
    /// Protocol above IP.
    pub protocol: Protocol,
    /// Whether the ports are known.
    pub ported: Ported,
    /// Who opened it, as far as `oriented_by` tells.
    pub client: Endpoint,
    /// The other end.
    pub server: Endpoint,
    /// The rule that decided.
    pub oriented_by: OrientedBy,
    /// VLAN ids, outermost first.
    pub vlans: VlanIds,
    /// VXLAN or GENEVE network identifier.
    pub vni: Option<u32>,
    /// Time of the first frame.
    pub first: CaptureTime,
    /// Time of the latest frame.
    pub last: CaptureTime,
    /// When the end was known: last frame + idle limit, the SYN that replaces it, or the
    /// stream's end.
    pub ended: CaptureTime,
    /// Decimal digits of a second that the capture's clock resolves.
    pub digits: u8,
    /// What was counted.
    pub counts: BothWays<Count>,
    /// Every name seen, in the order of observation, each (name, via) once.
    pub names: Vec<Observation>,
    /// Why there is no name, where there is none.
    pub unnamed: Option<Without>,
    /// ALPN protocols that the client offered.
    pub alpn: Vec<Box<str>>,
    /// What the first ClientHello offers.
    pub fingerprint: Option<Fingerprint>,
    /// What is remarkable.
    pub flags: FlowFlags,
    /// Tags, the primary one first.
    pub tags: Vec<TagRecord>,
    /// Name of the client's device, from `--devices`.
    pub device: Option<Box<str>>,
    /// What the server calls its program in STUN (RFC 8489 §14.14): text from the wire, to be
    /// escaped before it is shown.
    pub stun_software: Option<Box<str>>,
    /// The phone's app that the flow belongs to, where the capture states it (`PCAPdroid`).
    pub app: Option<Box<str>>,
    /// What registers say about its ends; none without the files of `--geoip`, `--asn`, `--oui`.
    pub assigned: Option<Box<Assigned>>,
}

impl FlowRecord {
    /// The tag under which the flow's octets are counted.
    pub fn primary(&self) -> Option<&TagRecord> {
        self.tags.first()
    }

    /// Country of the server's address, as a register has it.
    pub fn country(&self) -> Option<&str> {
        self.assigned.as_deref()?.country.as_deref()
    }

    /// Owner of the network that the server's address is in.
    pub fn network_owner(&self) -> Option<&str> {
        self.assigned.as_deref()?.owner.as_deref()
    }

    /// Maker of the client's network hardware.
    pub fn maker(&self) -> Option<&str> {
        self.assigned.as_deref()?.maker.as_deref()
    }
}
