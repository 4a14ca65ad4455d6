//! What a file holds, told by its first octets, never by its name.
#![warn(clippy::indexing_slicing)]

use std::fmt;

use super::OpenError;
use super::pcap::Pcap;
use super::pcapng::PcapNg;

/// A compression that vigie unpacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compression {
    /// gzip (RFC 1952).
    Gzip,
    /// Zstandard (RFC 8878).
    Zstd,
    /// LZ4 frames.
    Lz4,
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Lz4 => "lz4",
        })
    }
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Pcap,
    PcapNg,
    Compressed(Compression),
    Other,
}

/// Octets that [`sniff`] wants to see.
pub(super) const SNIFFED: usize = 12;

/// What a file that starts with `first` holds.
pub(super) fn sniff(first: &[u8]) -> Content {
    match first.first_chunk() {
        _ if PcapNg::recognises(first) => Content::PcapNg,
        _ if Pcap::recognises(first) => Content::Pcap,
        Some(magic) => compression(*magic).map_or(Content::Other, Content::Compressed),
        None => Content::Other,
    }
}

/// The compression whose frames start with `magic`. A skippable frame may precede both
/// Zstandard's and LZ4's.
pub(super) fn compression(magic: [u8; 4]) -> Option<Compression> {
    match magic {
        [0x1f, 0x8b, 8, _] => Some(Compression::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd] => Some(Compression::Zstd),
        [0x04, 0x22, 0x4d, 0x18] | [0x02, 0x21, 0x4c, 0x18] => Some(Compression::Lz4),
        _ if is_skippable(magic) => Some(Compression::Zstd),
        _ => None,
    }
}

/// Whether a skippable frame starts with `magic` (RFC 8878 §3.1.2).
pub(super) fn is_skippable(magic: [u8; 4]) -> bool {
    matches!(magic, [0x50..=0x5f, 0x2a, 0x4d, 0x18])
}

/// What to say of a file that starts with `first` and is no capture.
pub(super) fn unrecognised(first: &[u8]) -> OpenError {
    let head = first.get(..TEXT_SEEN).unwrap_or(first);
    let is_text = |o: &u8| o.is_ascii_graphic() || b" \t\r\n".contains(o) || *o >= 0x80;
    match head {
        [] => OpenError::IsEmpty,
        _ if head.iter().all(is_text) && first.first().is_some_and(u8::is_ascii) => OpenError::Text,
        _ => OpenError::NotACapture { first: first.iter().take(4).copied().collect() },
    }
}

/// Octets that must look like text to call a file that.
const TEXT_SEEN: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_told_by_the_first_octets() {
        assert_eq!(sniff(&[0xd4, 0xc3, 0xb2, 0xa1]), Content::Pcap);
        assert_eq!(sniff(&[0xa1, 0xb2, 0x3c, 0x4d, 0, 2]), Content::Pcap);
        assert_eq!(sniff(b"\x0a\x0d\x0d\x0a\0\0\0\x1c\x1a\x2b\x3c\x4d"), Content::PcapNg);
        assert_eq!(sniff(b"\x0a\x0d\x0d\x0a\0\0\0\x1c????"), Content::Other);
        assert_eq!(sniff(&[0x1f, 0x8b, 8, 0]), Content::Compressed(Compression::Gzip));
        assert_eq!(sniff(b"PK"), Content::Other);
    }

    #[test]
    fn text_and_nothing_are_told_from_other_files() {
        assert_eq!(unrecognised(b"12:00:01 IP 192.0.2.1 > 192.0.2.2\n"), OpenError::Text);
        assert_eq!(unrecognised(b""), OpenError::IsEmpty);
        let zip = OpenError::NotACapture { first: b"PK\x03\x04".to_vec() };
        assert_eq!(unrecognised(b"PK\x03\x04\0\0"), zip);
        assert!(zip.to_string().starts_with("not a capture (starts with 50 4b 03 04)"));
    }
}
