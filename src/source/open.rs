//! Why a capture could not be opened.

use std::io;

use super::Compression;

/// Why a capture gave nothing at all. The message is to follow the capture's path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// There is no such file.
    #[error("no such file or directory; check the path")]
    NotFound,
    /// The file may not be read.
    #[error("no permission to read it; run vigie as its owner, or: chmod u+r FILE")]
    NoPermission,
    /// There is a file, but it holds nothing.
    #[error("empty, 0 octets; was the capture written to the end, and on a disk with room?")]
    IsEmpty,
    /// The first octets are those of no format that is known.
    #[error(
        "not a capture (starts with {}): give a pcap or pcapng file, plain or compressed with gzip, zstd or lz4",
        shown(.first)
    )]
    NotACapture {
        /// The first octets, at most four.
        first: Vec<u8>,
    },
    /// The first octets are text.
    #[error(
        "a text file, not a capture: give the pcap or pcapng file itself (tcpdump -w, not > FILE)"
    )]
    Text,
    /// Compressed twice.
    #[error("{outer} around {inner}: unpack one of them, vigie unpacks once")]
    CompressedTwice {
        /// The compression of the file.
        outer: Compression,
        /// The compression of what is inside.
        inner: Compression,
    },
    /// The file ends inside its file header.
    #[error(
        "file header of {needed} octets, file ends after {left}: nothing of the capture is left"
    )]
    TruncatedHeader {
        /// Octets the header has.
        needed: u64,
        /// Octets there are.
        left: u64,
    },
    /// This build cannot unpack it.
    #[error("compressed with {0}, which this build of vigie cannot unpack: unpack it first")]
    NoDecompressor(Compression),
    /// The compressed stream is broken from its start.
    #[error("{compression} stream is broken at its start ({kind}): nothing of the capture is left")]
    Compressed {
        /// The compression.
        compression: Compression,
        /// How the decompressor failed.
        kind: io::ErrorKind,
    },
    /// A directory where a file is needed.
    #[error("became a directory while vigie was reading; run it again")]
    IsADirectory,
    /// The run was stopped before the capture's header came.
    #[error("interrupted before anything of it was read")]
    Stopped,
    /// Reading failed otherwise.
    #[error("cannot be read: {0}")]
    Io(io::ErrorKind),
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::PermissionDenied => Self::NoPermission,
            io::ErrorKind::IsADirectory => Self::IsADirectory,
            kind => Self::Io(kind),
        }
    }
}

fn shown(octets: &[u8]) -> String {
    octets.iter().map(|o| format!("{o:02x}")).collect::<Vec<_>>().join(" ")
}
