//! The requests of one direction, one after the other.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::mem;

use httparse::{Status, parse_chunk_size};

use super::request::{self, Body, LONGEST_LINE, Leaves, RequestHead};
use crate::name::append::append;
use crate::name::{HostName, NotAHostName};

/// Reads the requests of a direction and steps over their bodies, so that no octet of a body is
/// taken for a request.
#[derive(Debug, Default)]
pub(in crate::name) struct Requests {
    place: Place,
    /// A head or chunk line whose end is still to come.
    held: Vec<u8>,
    /// Octets of `held` that were searched for its end.
    searched: usize,
    /// Whether the first line of the head in `held` is a request line.
    line: Line,
    /// Whether a request line was read, and what may follow.
    before: Before,
    /// The latest Host, as sent: one that does not change is told once.
    host: Box<[u8]>,
}

/// Where in the sequence of requests the next octet stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// In a head, or before one.
    #[default]
    Head,
    /// In a body or chunk of which so many octets are left.
    Body { left: u64, then: Then },
    /// In the line that states a chunk's size (RFC 9112 §7.1).
    ChunkLine,
    /// In the lines after the last chunk.
    Trailer,
}

/// What follows a stretch of body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    Head,
    ChunkLine,
}

/// What is known of the first line of a head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Line {
    #[default]
    Unfinished,
    OfRequest,
}

/// What came before the present head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Before {
    /// Nothing: this may not be HTTP.
    #[default]
    Nothing,
    /// A request.
    Request,
    /// A request that may have led to another protocol.
    Upgrade,
}

/// What the octets told.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::name) enum Told {
    /// A request, with its Host unless that is missing or was told just before.
    Request(Option<Result<HostName, NotAHostName>>),
    /// Nothing more so far.
    NeedMore,
    /// This is not HTTP, and never was.
    NotHttp,
    /// Where the next request starts cannot be said.
    Lost,
    /// A request for a tunnel to this host: the octets that are left are what goes through it.
    Tunnel(Result<HostName, NotAHostName>),
    /// Another protocol follows.
    Left,
    /// A head or line is longer than the bound.
    TooLong,
}

/// Why reading stops; `NeedMore` is none.
type Stop = Told;

impl Requests {
    /// Takes octets in order from the front of `octets`, until something is told. To be called
    /// again with the rest after [`Told::Request`].
    pub(in crate::name) fn read(&mut self, octets: &mut &[u8]) -> Told {
        while !octets.is_empty() {
            let told = match self.place {
                Place::Head => self.head(octets),
                Place::Body { left, then } => {
                    self.body(octets, left, then);
                    Ok(None)
                }
                Place::ChunkLine => self.chunk_line(octets).map(|()| None),
                Place::Trailer => self.trailer(octets).map(|()| None),
            };
            match told {
                Ok(None) => {}
                Ok(Some(told)) | Err(told) => return told,
            }
        }
        Told::NeedMore
    }

    /// Steps over octets that nobody saw; whether the place afterwards is known.
    pub(in crate::name) fn skip(&mut self, octets: u64) -> bool {
        match self.place {
            Place::Body { left, then } if octets <= left => {
                self.stay_or_go(left - octets, then);
                true
            }
            _ => false,
        }
    }

    /// Whether the next octet may be the first of another protocol, after a request to change to
    /// it (RFC 9110 §7.8).
    pub(in crate::name) fn may_leave(&self) -> bool {
        self.before == Before::Upgrade && self.place == Place::Head && self.held.is_empty()
    }

    /// Octets in use.
    pub(in crate::name) fn held(&self) -> usize {
        self.held.capacity() + self.host.len()
    }

    /// Whether the octets of an unfinished head are kept.
    pub(in crate::name) fn is_within_head(&self) -> bool {
        self.place == Place::Head && !self.held.is_empty()
    }

    fn head(&mut self, octets: &mut &[u8]) -> Result<Option<Told>, Stop> {
        if self.held.is_empty() {
            *octets = request::skip_empty_lines(octets);
            self.line = Line::Unfinished;
            if octets.is_empty() {
                return Ok(None);
            }
        }
        let new = *octets;
        let Some(head) = self.until(octets, head_end, LONGEST_HEAD)? else {
            return self.check_line(new).map(|()| None);
        };
        let head = head.as_ref();
        if !starts_with_request_line(head) {
            return Err(self.not_a_request());
        }
        self.before = Before::Request;
        let Some(request) = request::read(head) else { return Err(Told::Lost) };
        Ok(Some(self.request(&request)))
    }

    /// What a request tells; sets the place after it.
    fn request(&mut self, request: &RequestHead<'_>) -> Told {
        self.place = match request.body {
            Body::Octets(0) => Place::Head,
            Body::Octets(left) => Place::Body { left, then: Then::Head },
            Body::Chunked => Place::ChunkLine,
            // As good as a body until the connection closes: nothing after it can be trusted.
            Body::Unknown => Place::Body { left: u64::MAX, then: Then::Head },
        };
        match request.leaves {
            Leaves::No => {}
            Leaves::Perhaps => self.before = Before::Upgrade,
            Leaves::Tunnel => {
                let target = request.host.unwrap_or_default();
                return Told::Tunnel(HostName::with_port(target));
            }
        }
        match request.host {
            Some(value) if value != &*self.host || value.is_empty() => {
                self.host = value.into();
                Told::Request(Some(HostName::with_port(value)))
            }
            Some(_) | None => Told::Request(None),
        }
    }

    /// Once the first line is there it must be a request line, whether the head is whole or not.
    /// `new` is what was added to `held`: the line is looked at once, when its end comes.
    fn check_line(&mut self, new: &[u8]) -> Result<(), Stop> {
        if self.line == Line::OfRequest {
            return Ok(());
        }
        let possible = if new.contains(&b'\n') {
            self.line = Line::OfRequest;
            starts_with_request_line(&self.held)
        } else {
            self.held.len() < LONGEST_LINE && request::may_start(&self.held)
        };
        if possible { Ok(()) } else { Err(self.not_a_request()) }
    }

    fn not_a_request(&self) -> Stop {
        match self.before {
            Before::Nothing => Told::NotHttp,
            Before::Request => Told::Lost,
            Before::Upgrade => Told::Left,
        }
    }

    fn body(&mut self, octets: &mut &[u8], left: u64, then: Then) {
        let len = octets.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        *octets = octets.split_at(len).1;
        self.stay_or_go(left.saturating_sub(u64::try_from(len).unwrap_or(u64::MAX)), then);
    }

    fn stay_or_go(&mut self, left: u64, then: Then) {
        self.place = match (left, then) {
            (0, Then::Head) => Place::Head,
            (0, Then::ChunkLine) => Place::ChunkLine,
            (left, then) => Place::Body { left, then },
        };
    }

    fn chunk_line(&mut self, octets: &mut &[u8]) -> Result<(), Stop> {
        let Some(line) = self.until(octets, line_end, LONGEST_LINE)? else { return Ok(()) };
        match parse_chunk_size(line.as_ref()) {
            Ok(Status::Complete((_, 0))) => self.place = Place::Trailer,
            Ok(Status::Complete((_, size))) => {
                let left = size.saturating_add(CRLF);
                self.place = Place::Body { left, then: Then::ChunkLine };
            }
            Ok(Status::Partial) | Err(_) => return Err(Told::Lost),
        }
        Ok(())
    }

    fn trailer(&mut self, octets: &mut &[u8]) -> Result<(), Stop> {
        let Some(line) = self.until(octets, line_end, LONGEST_LINE)? else { return Ok(()) };
        if line.as_ref().trim_ascii().is_empty() {
            self.place = Place::Head;
        }
        Ok(())
    }

    /// What stands before the end that `end` finds, the end included: borrowed where all of it
    /// is in `octets`, else collected. None while the end is missing; then all was taken.
    fn until<'a>(
        &mut self,
        octets: &mut &'a [u8],
        end: fn(&[u8], usize) -> Option<usize>,
        longest: usize,
    ) -> Result<Option<Stretch<'a>>, Stop> {
        if self.held.is_empty()
            && let Some((stretch, rest)) = end(octets, 0).and_then(|at| octets.split_at_checked(at))
        {
            *octets = rest;
            return Ok(Some(Stretch::Borrowed(stretch)));
        }
        let before = self.held.len();
        // No end reaches back over more than the line that was not finished.
        let from = self.searched;
        append(&mut self.held, octets, longest);
        if let Some(at) = end(&self.held, from) {
            *octets = octets.get(at.saturating_sub(before)..).unwrap_or_default();
            self.held.truncate(at);
            self.searched = 0;
            return Ok(Some(Stretch::Owned(mem::take(&mut self.held))));
        }
        *octets = &[];
        self.searched = self.held.len().saturating_sub(OVERLAP);
        if self.held.len() > longest { Err(Told::TooLong) } else { Ok(None) }
    }
}

/// Octets up to an end.
enum Stretch<'a> {
    Borrowed(&'a [u8]),
    Owned(Vec<u8>),
}

impl AsRef<[u8]> for Stretch<'_> {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Borrowed(octets) => octets,
            Self::Owned(octets) => octets,
        }
    }
}

/// Where the head ends that starts `octets`: after an empty line, of which nothing stands
/// before `from`. A bare LF ends a line, too (RFC 9112 §2.2).
fn head_end(octets: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr(b'\n', octets.get(at..)?)? + 1;
        match octets.get(at..)? {
            [b'\n', ..] => return Some(at + 1),
            [b'\r', b'\n', ..] => return Some(at + 2),
            _ => {}
        }
    }
}

/// Where the line ends that starts `octets`; there is no LF before `from`.
fn line_end(octets: &[u8], from: usize) -> Option<usize> {
    Some(from + memchr::memchr(b'\n', octets.get(from..)?)? + 1)
}

fn starts_with_request_line(head: &[u8]) -> bool {
    request::starts_request(head) == Some(true)
}

/// Octets of the longest head: headers are limited to some 8 to 64 KiB by common servers.
const LONGEST_HEAD: usize = 64 * 1024;
/// Octets before the end of what was searched in which an empty line may begin.
const OVERLAP: usize = 2;
/// Octets after a chunk (RFC 9112 §7.1).
const CRLF: u64 = 2;

#[cfg(test)]
mod tests;
