//! What can be wrong with a capture at one place.

use std::io;

use super::Compression;

/// One broken place of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Number of the frame that is broken or, between frames, of the next one, from 1.
    pub frame: u64,
    /// Octet offset in the capture (in the decompressed octets, if compressed).
    pub offset: u64,
    /// What is wrong there.
    pub kind: DamageKind,
}

/// What is wrong with a capture at one place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DamageKind {
    /// The file ends inside a record's captured octets, or inside a block.
    #[error("record of {declared} octets, file ends after {left}")]
    Cut {
        /// Octets the record states.
        declared: u64,
        /// Octets that are left in the file.
        left: u64,
    },
    /// The file ends inside the header of a record or block.
    #[error("record header of {needed} octets, file ends after {left}")]
    CutHeader {
        /// Octets the header has.
        needed: u64,
        /// Octets that are left in the file.
        left: u64,
    },
    /// A record states more captured octets than there can be, or than there were on the wire,
    /// and no record follows where it would end.
    #[error("record of {declared} octets, over the {most} possible; {skipped} octets skipped")]
    RecordLength {
        /// Captured octets that the record states.
        declared: u64,
        /// The most that would have been believed.
        most: u64,
        /// Octets passed over until something readable, or the end.
        skipped: u64,
    },
    /// A page of zeros after records with a time: what a file system leaves where the capture was
    /// not written before the power failed.
    #[error("zeros instead of a record; {skipped} octets skipped")]
    Zeros {
        /// Octets passed over until something readable, or the end.
        skipped: u64,
    },
    /// A pcapng block states a length that no block can have.
    #[error(
        "block of type {block:#010x} states {declared} octets, which no block of this capture can have; {skipped} octets skipped"
    )]
    BlockLength {
        /// The block's type.
        block: u32,
        /// Octets that the block states.
        declared: u64,
        /// Octets passed over until something readable, or the end.
        skipped: u64,
    },
    /// The two lengths of a pcapng block differ, and nothing readable follows at the first.
    #[error(
        "block of type {block:#010x} states {leading} octets at its start, {trailing} at its end; {skipped} octets skipped"
    )]
    BlockTrailer {
        /// The block's type.
        block: u32,
        /// The length at its start.
        leading: u64,
        /// The length at its end.
        trailing: u64,
        /// Octets passed over; 0 when the block was read as its first length says.
        skipped: u64,
    },
    /// A pcapng block is too short for what it must hold.
    #[error("block of type {block:#010x} needs {needed} octets, has {left}; it is passed over")]
    BlockContents {
        /// The block's type.
        block: u32,
        /// Octets of contents it needs.
        needed: u64,
        /// Octets of contents there are.
        left: u64,
    },
    /// A section header states no known byte order.
    #[error("section header without a byte order; {skipped} octets skipped")]
    ByteOrder {
        /// Octets passed over until something readable, or the end.
        skipped: u64,
    },
    /// A format version that is not known; read as the newest one that is.
    #[error("version {major}.{minor} of the format is not known; read as if it were")]
    Version {
        /// Major version.
        major: u16,
        /// Minor version.
        minor: u16,
    },
    /// A packet or statistics block names an interface that its section has not declared.
    #[error(
        "interface {interface} is not declared, the section has {declared}; the block is passed over"
    )]
    UndeclaredInterface {
        /// Index of the interface in its section, from 0.
        interface: u32,
        /// Interfaces that the section has declared so far.
        declared: u32,
    },
    /// More interfaces than [`CaptureAccount::INTERFACES_KEPT`](super::CaptureAccount::INTERFACES_KEPT).
    #[error("more than {most} interfaces; those beyond are taken as not declared")]
    TooManyInterfaces {
        /// The most that are kept.
        most: u64,
    },
    /// An option of a pcapng block is longer than the block.
    #[error("option {code} states {declared} octets, {left} are left in its block")]
    OptionLength {
        /// The option's code.
        code: u16,
        /// Octets that the option states.
        declared: u64,
        /// Octets that are left for it.
        left: u64,
    },
    /// A time before 1677 or after 2262; the nearest that fits is taken.
    #[error("time of {ticks} ticks of the interface's clock lies outside 1677 to 2262")]
    Time {
        /// What the record states, in units of the interface's clock.
        ticks: u64,
    },
    /// Reading failed; the capture ends here.
    #[error("reading failed: {kind}")]
    ReadFailed {
        /// How.
        kind: io::ErrorKind,
    },
    /// The compressed stream breaks off or cannot be decompressed; the capture ends here.
    #[error("{compression} stream is {}", if *kind == io::ErrorKind::UnexpectedEof { "cut" } else { "broken" })]
    Compressed {
        /// The compression.
        compression: Compression,
        /// How the decompressor failed; `UnexpectedEof` when the stream is cut.
        kind: io::ErrorKind,
    },
    /// Octets follow the end of the compressed stream that are no further part of it.
    #[error("{octets} octets after the end of the {compression} stream are passed over")]
    AfterCompressed {
        /// The compression.
        compression: Compression,
        /// How many, as they lie on disk.
        octets: u64,
    },
}
