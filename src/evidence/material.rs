//! What a bundle is made of.

use super::{Counting, Remarks, Timeline};
use crate::ledger::{Dimension, Rollup, Snapshot};
use crate::signature::Database;
use crate::source::CaptureTime;

/// How a number can be counted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Recount {
    /// From the captures in the bundle, by vigie or by tshark: they hold every frame of the
    /// tagged flows with its original length.
    Tagged,
    /// From the captures that were read, whose hashes the record states.
    Original,
}

impl Recount {
    /// The word that stands for it in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tagged => "tagged",
            Self::Original => "original",
        }
    }
}

/// Everything that report, figures, screens and tables are made of, after pseudonyms and masks.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// The ledger's last word, with the roll-ups of [`Material::ROLLUPS`]. Its captures have
    /// their hashes, and paths without folders. Flows one by one (`watched`) where screens are
    /// to be drawn, else none.
    pub snapshot: &'a Snapshot,
    /// Counts of flows by what is remarkable about them: all of them, and the tagged ones.
    pub all: &'a Remarks,
    /// The same over tagged flows alone.
    pub tagged: &'a Remarks,
    /// Octets by category and time; `tagged`.
    pub timeline: &'a Timeline,
    /// The captures in the bundle.
    pub captures: &'a [TaggedCapture],
    /// The signatures that were in force, or those of them that a tag names.
    pub database: &'a Database,
    /// How many were in force, and their date ([`Database::date`]).
    pub in_force: (u64, &'a str),
    /// What a recount must know of the options.
    pub counting: &'a Counting,
    /// Options as they were resolved, in the order of the help, without those that change
    /// nothing that is counted (`-o`, `--jobs`, `--color`, `-q`, `-v`).
    pub options: &'a [ResolvedOption],
    /// What was done to personal data.
    pub privacy: Privacy,
    /// The machine, with `--record-host`.
    pub host: Option<&'a Host>,
    /// Version of vigie.
    pub version: &'a str,
    /// Days between the database and the captures, where that is more than 180.
    pub stale_days: Option<u32>,
    /// Whether somebody ended the run early.
    pub interrupted: bool,
}

impl Material<'_> {
    /// By system: what the report's table is made of. Untagged flows are one row.
    pub const SYSTEMS: [Dimension; 6] = [
        Dimension::Category,
        Dimension::Vendor,
        Dimension::Product,
        Dimension::Signature,
        Dimension::Basis,
        Dimension::Grade,
    ];
    /// By name: rows of untagged flows are left out of it ([`Material::rollup`] holds none).
    pub const NAMES: [Dimension; 5] =
        [Dimension::Signature, Dimension::Name, Dimension::Via, Dimension::Basis, Dimension::Grade];
    /// Where the tagged flows led; without rows of untagged flows. Country and network follow from
    /// the server's address and the registers that were given.
    pub const ENDPOINTS: [Dimension; 6] = [
        Dimension::Signature,
        Dimension::Name,
        Dimension::Server,
        Dimension::Port,
        Dimension::Country,
        Dimension::NetworkOwner,
    ];
    /// By client; untagged flows under no signature.
    pub const CLIENTS: [Dimension; 3] =
        [Dimension::Client, Dimension::Device, Dimension::Signature];

    /// By maker of the clients' hardware, from a register that was given.
    pub const MAKERS: [Dimension; 2] = [Dimension::Signature, Dimension::Oui];

    /// The roll-ups that every bundle's snapshot has.
    pub const ROLLUPS: [&'static [Dimension]; 5] =
        [&Self::SYSTEMS, &Self::NAMES, &Self::ENDPOINTS, &Self::CLIENTS, &Self::MAKERS];

    /// Those of them in which only flows with a tag are summed: a bundle does not say who was
    /// talked to without one, and there are far more of these.
    pub(super) const OF_TAGGED: [&'static [Dimension]; 2] = [&Self::NAMES, &Self::ENDPOINTS];

    /// The roll-up by these dimensions.
    pub fn rollup(&self, dimensions: &[Dimension]) -> Option<&Rollup> {
        self.snapshot.rollups.iter().find(|rollup| rollup.dimensions == dimensions)
    }
}

/// An option and its value, as the record and the report state them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedOption {
    /// Its long name without hyphens in front.
    pub name: &'static str,
    /// The value in force; files without their folders.
    pub value: String,
}

/// What was done to personal data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Privacy {
    /// Clients' addresses and MACs are pseudonyms.
    pub pseudonymized: bool,
    /// Tenants' names are masked.
    pub tenants_masked: bool,
    /// Names of domains of one's own are.
    pub domains_masked: bool,
}

/// The machine on which vigie ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Its name.
    pub name: String,
    /// System, release and machine, as uname(1) says.
    pub kernel: String,
    /// What it knew of its clock when the bundle was made.
    pub clock: ClockState,
}

/// What a machine knows of its own clock. Nothing here says that the clock is right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockState {
    /// systemd-timesyncd has compared it with a time server since the machine started.
    Synchronized {
        /// When it did so last, by that clock.
        last: CaptureTime,
    },
    /// Nothing that can be read tells.
    #[default]
    Unknown,
}

/// A capture in the bundle: what is left of the tagged flows of one stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaggedCapture {
    /// Name of the file, in `data/capture/`.
    pub file_name: String,
    /// Index of the stream in the run, from 0: a stream has one such file, or none where it has
    /// no tagged flow.
    pub stream: usize,
    /// Frames of tagged flows.
    pub frames: u64,
    /// Their octets on the wire.
    pub octets: u64,
    /// Frames with DNS answers that tags rest on, kept beside those of tagged flows.
    pub answers: u64,
    /// Octets of all these that were captured.
    pub captured: u64,
    /// Octets of them that were kept.
    pub kept: u64,
    /// Frames in which kept octets were overwritten.
    pub overwritten: u64,
    /// Frames that should be in it and found no room: the recount fails by these.
    pub lost: u64,
}
