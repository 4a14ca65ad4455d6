//! The frames of one direction (RFC 9113 §4): of HEADERS and CONTINUATION the fields, of all
//! others the length.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::hpack::Decoder;
use crate::name::append::append;
use crate::name::cursor::{Cursor, Stop, ensure};
use crate::name::{HostName, NotAHostName, Via};

/// Reads what an HTTP/2 client sends, from its preface on.
#[derive(Debug, Default)]
pub(in crate::name) struct Frames {
    place: Place,
    /// Preface, head or content of a frame, while it is incomplete.
    held: Vec<u8>,
    /// A header block so far, and its stream.
    block: Vec<u8>,
    stream: Option<u32>,
    decoder: Decoder,
    /// The latest authority, as sent: one that does not change is told once.
    authority: Box<[u8]>,
}

/// Where in the sequence of frames the next octet stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// In the preface (§3.4).
    #[default]
    Preface,
    /// In a frame's head, or before one.
    Head,
    /// In a frame that is read.
    Content(Head),
    /// In a frame that is not, of which so many octets are left.
    Other(u64),
}

/// Head of a HEADERS or CONTINUATION frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head {
    len: usize,
    kind: u8,
    flags: u8,
    stream: u32,
}

/// What the octets told.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::name) enum FramesTold {
    /// A request, with its authority unless that is missing or was told just before.
    Request(Option<(Result<HostName, NotAHostName>, Via)>),
    /// Nothing more so far.
    NeedMore,
    /// This is not HTTP/2, and never was.
    NotHttp,
    /// Broken: what follows cannot be read.
    Lost,
    /// A header block is longer than the bound.
    TooLong,
}

impl Frames {
    /// Takes octets in order from the front of `octets`, until something is told. To be called
    /// again with the rest after [`FramesTold::Request`].
    pub(in crate::name) fn read(&mut self, octets: &mut &[u8]) -> FramesTold {
        loop {
            if let Place::Other(left) = self.place {
                let len = octets.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                *octets = octets.split_at(len).1;
                self.skip(u64::try_from(len).unwrap_or(u64::MAX));
                if octets.is_empty() {
                    return FramesTold::NeedMore;
                }
                continue;
            }
            if octets.is_empty() && self.wanted() > 0 {
                return FramesTold::NeedMore;
            }
            let whole = self.wanted();
            let wanted = whole.saturating_sub(self.held.len());
            let (part, rest) = octets.split_at(wanted.min(octets.len()));
            *octets = rest;
            append(&mut self.held, part, whole);
            if part.len() < wanted {
                return FramesTold::NeedMore;
            }
            let held = std::mem::take(&mut self.held);
            match self.whole(&held) {
                Ok(None) => {}
                Ok(Some(told)) | Err(told) => return told,
            }
        }
    }

    /// Steps over octets that nobody saw; whether the place afterwards is known.
    pub(in crate::name) fn skip(&mut self, octets: u64) -> bool {
        match self.place {
            Place::Other(left) if octets <= left => {
                self.place = if octets == left { Place::Head } else { Place::Other(left - octets) };
                true
            }
            _ => false,
        }
    }

    /// Octets in use.
    pub(in crate::name) fn held(&self) -> usize {
        self.held.capacity() + self.block.capacity() + self.decoder.held() + self.authority.len()
    }

    /// Whether a request has begun whose end is missing.
    pub(in crate::name) fn is_within_request(&self) -> bool {
        self.stream.is_some() || matches!(self.place, Place::Content(_))
    }

    /// Octets that make the present thing whole.
    fn wanted(&self) -> usize {
        match self.place {
            Place::Preface => PREFACE.len(),
            Place::Head => HEAD,
            Place::Content(head) => head.len,
            Place::Other(_) => 0,
        }
    }

    fn whole(&mut self, octets: &[u8]) -> Result<Option<FramesTold>, FramesTold> {
        match self.place {
            Place::Preface if octets != PREFACE => return Err(FramesTold::NotHttp),
            Place::Preface => self.place = Place::Head,
            Place::Head => self.head(octets)?,
            Place::Content(head) => {
                self.place = Place::Head;
                return self.content(head, octets);
            }
            Place::Other(_) => {}
        }
        Ok(None)
    }

    /// Reads a head (§4.1).
    fn head(&mut self, octets: &[u8]) -> Result<(), FramesTold> {
        let head = head(octets).map_err(|_| FramesTold::Lost)?;
        let expected =
            self.stream.is_none_or(|stream| head.kind == CONTINUATION && head.stream == stream);
        let out_of_place = self.stream.is_none() && head.kind == CONTINUATION;
        if !expected || out_of_place {
            return Err(FramesTold::Lost);
        }
        self.place = match head.kind {
            HEADERS | CONTINUATION if self.block.len() + head.len > LONGEST_BLOCK => {
                return Err(FramesTold::TooLong);
            }
            HEADERS | CONTINUATION => Place::Content(head),
            _ if head.len == 0 => Place::Head,
            _ => Place::Other(u64::try_from(head.len).unwrap_or(u64::MAX)),
        };
        Ok(())
    }

    /// Reads the content of HEADERS or CONTINUATION (§6.2, §6.10).
    fn content(&mut self, head: Head, octets: &[u8]) -> Result<Option<FramesTold>, FramesTold> {
        let fragment = fragment(head, octets).map_err(|_| FramesTold::Lost)?;
        append(&mut self.block, fragment, LONGEST_BLOCK);
        if head.flags & END_HEADERS == 0 {
            self.stream = Some(head.stream);
            return Ok(None);
        }
        self.stream = None;
        let block = std::mem::take(&mut self.block);
        self.request(&block)
    }

    /// Reads a header block; trailers have no method (§8.3).
    fn request(&mut self, block: &[u8]) -> Result<Option<FramesTold>, FramesTold> {
        let mut fields = Fields::default();
        let read = self.decoder.read(block, |name, value| fields.take(name, value));
        read.map_err(|_| FramesTold::Lost)?;
        if !fields.is_request {
            return Ok(None);
        }
        Ok(Some(match fields.authority.or(fields.host) {
            Some(value) if value != self.authority || value.is_empty() => {
                let name = HostName::with_port(&value);
                self.authority = value;
                FramesTold::Request(Some((name, fields.via)))
            }
            Some(_) | None => FramesTold::Request(None),
        }))
    }
}

/// What a request's fields say of its host.
struct Fields {
    is_request: bool,
    authority: Option<Box<[u8]>>,
    host: Option<Box<[u8]>>,
    /// CONNECT without `:protocol` asks for a tunnel (§8.5, RFC 8441 §4).
    via: Via,
}

impl Default for Fields {
    fn default() -> Self {
        Self { is_request: false, authority: None, host: None, via: Via::HttpHost }
    }
}

impl Fields {
    fn take(&mut self, name: &[u8], value: &[u8]) {
        match name {
            b":method" => {
                self.is_request = true;
                if value == b"CONNECT" {
                    self.via = Via::HttpConnect;
                }
            }
            b":protocol" => self.via = Via::HttpHost,
            b":authority" if self.authority.is_none() => self.authority = Some(value.into()),
            b"host" if self.host.is_none() => self.host = Some(value.into()),
            _ => {}
        }
    }
}

fn head(octets: &[u8]) -> Result<Head, Stop> {
    let mut cursor = Cursor::new(octets);
    let len = cursor.u24()?;
    let [kind, flags] = cursor.array()?;
    let stream = cursor.u32()? & !(1 << 31);
    Ok(Head { len, kind, flags, stream })
}

/// The part of a header block in a frame, without padding and priority.
fn fragment(head: Head, octets: &[u8]) -> Result<&[u8], Stop> {
    if head.kind == CONTINUATION {
        return Ok(octets);
    }
    let mut cursor = Cursor::new(octets);
    let padding = if head.flags & PADDED != 0 { usize::from(cursor.u8()?) } else { 0 };
    if head.flags & PRIORITY != 0 {
        cursor.take(5)?;
    }
    let left = cursor.rest().len();
    ensure(padding <= left)?;
    cursor.take(left - padding)
}

/// What a client sends first (§3.4).
pub(in crate::name) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Octets of a frame's head.
const HEAD: usize = 9;
/// Types of frames (§6).
const HEADERS: u8 = 1;
const CONTINUATION: u8 = 9;
/// Flags of HEADERS.
const END_HEADERS: u8 = 4;
const PADDED: u8 = 8;
const PRIORITY: u8 = 0x20;
/// Octets of the longest header block, compressed.
const LONGEST_BLOCK: usize = 64 * 1024;

#[cfg(test)]
mod sample {
    //! HTTP/2 requests for tests.

    /// A frame.
    pub(super) fn frame(kind: u8, flags: u8, stream: u8, content: &[u8]) -> Vec<u8> {
        let [_, len @ ..] = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&len[..], &[kind, flags, 0, 0, 0, stream], content].concat()
    }

    /// A header block: GET, http, / and this authority, which enters the table.
    pub(super) fn block(authority: &str) -> Vec<u8> {
        let len = u8::try_from(authority.len()).unwrap();
        [&[0x82, 0x86, 0x84, 0x41, len], authority.as_bytes()].concat()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::sample::{block, frame};
    use super::{Frames, FramesTold, LONGEST_BLOCK, PREFACE};
    use crate::name::Via;

    fn told(stream: &[u8], step: usize) -> (Vec<(String, Via)>, FramesTold) {
        let (mut frames, mut names) = (Frames::default(), Vec::new());
        for part in stream.chunks(step.max(1)) {
            let mut rest = part;
            loop {
                match frames.read(&mut rest) {
                    FramesTold::Request(Some((name, via))) => {
                        names.push((name.unwrap().to_string(), via));
                    }
                    FramesTold::Request(None) => {}
                    FramesTold::NeedMore => break,
                    end => return (names, end),
                }
            }
        }
        (names, FramesTold::NeedMore)
    }

    fn requests() -> Vec<u8> {
        let first = block("a.example:8080");
        let padded = [&[3][..], &[0, 0, 0, 0, 9], &block("b.example"), &[0; 3]].concat();
        [
            PREFACE,
            &frame(4, 0, 0, &[0, 3, 0, 0, 0, 100]),
            &frame(1, 1, 1, &first[..7]),
            &frame(9, 0, 1, &first[7..10]),
            &frame(9, 4, 1, &first[10..]),
            &frame(0, 1, 1, &[0x82; 300]),
            &frame(1, 0x2d, 3, &padded),
            // The authority of the first request, out of the table.
            &frame(1, 5, 5, &[0x82, 0x86, 0x84, 0xbf]),
            &frame(1, 5, 5, &[0x40, 3, b'x', b'-', b'y', 1, b'z']),
        ]
        .concat()
    }

    #[test]
    fn requests_are_read_however_they_are_cut() {
        let stream = requests();
        let names =
            ["a.example", "b.example", "a.example"].map(|name| (name.to_owned(), Via::HttpHost));
        for step in 1..=stream.len() {
            assert_eq!(told(&stream, step), (names.to_vec(), FramesTold::NeedMore), "{step}");
        }
    }

    #[test]
    fn connect_asks_for_a_tunnel_unless_it_names_a_protocol() {
        let connect = [&[0x02, 7][..], b"CONNECT", &[0x41, 13], b"t.example:443"].concat();
        let stream = [PREFACE, &frame(1, 4, 1, &connect)].concat();
        assert_eq!(told(&stream, 99).0, [("t.example".to_owned(), Via::HttpConnect)]);
        let protocol = [&connect[..], &[0, 9], b":protocol", &[9], b"websocket"].concat();
        let stream = [PREFACE, &frame(1, 4, 1, &protocol)].concat();
        assert_eq!(told(&stream, 99).0, [("t.example".to_owned(), Via::HttpHost)]);
    }

    #[test]
    fn what_is_broken_is_lost() {
        let other = [PREFACE, &frame(1, 0, 1, &block("a.example")), &frame(9, 4, 3, &[])].concat();
        let alone = [PREFACE, &frame(9, 4, 1, &block("a.example"))].concat();
        let padding = [PREFACE, &frame(1, 12, 1, &[9, 0x82])].concat();
        let index = [PREFACE, &frame(1, 4, 1, &[0xbe])].concat();
        for stream in [other, alone, padding, index] {
            assert_eq!(told(&stream, 7), (vec![], FramesTold::Lost));
        }
        assert_eq!(told(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r", 7).1, FramesTold::NotHttp);
    }

    #[test]
    fn a_header_block_is_bounded() {
        let mut stream = [PREFACE, &frame(1, 0, 1, &[0; 16_000])].concat();
        for _ in 0..LONGEST_BLOCK / 16_000 {
            stream.extend(frame(9, 0, 1, &[0; 16_000]));
        }
        assert_eq!(told(&stream, 1000).1, FramesTold::TooLong);
    }

    #[test]
    fn the_content_of_other_frames_may_be_missing() {
        let mut frames = Frames::default();
        let head = [PREFACE, &frame(0, 0, 1, &[0; 300])[..9 + 100]].concat();
        assert_eq!(frames.read(&mut &head[..]), FramesTold::NeedMore);
        assert!(frames.skip(200));
        assert!(!frames.skip(1));
        let request = frame(1, 4, 1, &block("a.example"));
        assert!(matches!(frames.read(&mut &request[..]), FramesTold::Request(Some(_))));
    }

    proptest! {
        #[test]
        fn any_frames_are_survived(
            parts in prop::collection::vec((0..12_u8, any::<u8>(), 0..3_u8, prop::collection::vec(any::<u8>(), 0..60)), 0..20),
            step in 1..50_usize,
        ) {
            let mut stream = PREFACE.to_vec();
            for (kind, flags, id, content) in parts {
                stream.extend(frame(kind, flags, id, &content));
            }
            let (mut frames, mut whole) = (Frames::default(), Frames::default());
            let (mut one, mut other) = (Vec::new(), Vec::new());
            let mut rest = &stream[..];
            while let FramesTold::Request(name) = whole.read(&mut rest) {
                one.push(name);
            }
            'parts: for part in stream.chunks(step) {
                let mut rest = part;
                loop {
                    match frames.read(&mut rest) {
                        FramesTold::Request(name) => other.push(name),
                        FramesTold::NeedMore => break,
                        _ => break 'parts,
                    }
                }
            }
            prop_assert_eq!(one, other);
        }
    }
}
