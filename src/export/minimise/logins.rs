//! Logins that a RADIUS server checks (TLS in EAP, RFC 3579): what names the server stays, and what
//! tells one login from another becomes a number.
//!
//! Follows them as the search for names does, so that what is left of a datagram is read as the whole
//! one was.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::ops::Range;

use super::stream::{Naming, Stream};
use crate::name::{
    FirstWords, HostName, LoginDatagram, LoginStep, LoginTls, login_in_datagram, names_in_records,
};

/// The logins between one access point and its server.
#[derive(Debug, Default)]
pub(super) struct Logins {
    /// The one that spoke last is the last.
    sessions: Vec<Session>,
    messages: u16,
}

/// One login.
#[derive(Debug)]
struct Session {
    who: Vec<u8>,
    /// What stands for `who`: no other session has it.
    number: u8,
    question: Option<u8>,
    /// EAP identifiers of the latest parts: of the server, of the device.
    said: [Option<u8>; 2],
    awaits: Awaits,
}

/// What is still wanted of a login.
#[derive(Debug)]
enum Awaits {
    /// The ClientHello, and what there is of it.
    Hello(Stream, Vec<u8>),
    /// The server's certificate, of whose records so many octets were seen.
    Certificate(Stream, u32),
    Nothing,
}

impl Default for Awaits {
    fn default() -> Self {
        Self::Hello(Stream::default(), Vec::new())
    }
}

impl Logins {
    /// Overwrites with zeros what names nobody in a datagram; whether it is of a login that is
    /// followed. All others are to be cut off.
    pub(super) fn overwrite(&mut self, datagram: &mut [u8]) -> bool {
        let Some(login) = login_in_datagram(datagram).filter(|_| self.messages < MOST_MESSAGES)
        else {
            return false;
        };
        self.messages += 1;
        let eap = together(datagram, &login.eap);
        let tls = |tls: &LoginTls| eap.get(tls.at..tls.at + tls.len).unwrap_or_default();
        let mut number = 0;
        let kept = match login.step {
            LoginStep::Question => {
                let mut session = self.ask(together(datagram, &login.who), login.id);
                number = session.number;
                let of_device = login.tls.filter(|tls| !tls.from_server);
                let kept = of_device.map(|part| part.at + session.device(part.id, tls(&part)));
                self.sessions.push(session);
                kept.unwrap_or_default()
            }
            LoginStep::Answer => {
                let mut sessions = self.sessions.iter_mut().rev();
                let session = sessions.find(|session| session.question == Some(login.id));
                match (session, login.tls.filter(|tls| tls.from_server)) {
                    (Some(session), Some(part)) => part.at + session.server(&part, tls(&part)),
                    _ => 0,
                }
            }
            LoginStep::Over => {
                self.sessions.retain(|session| session.question != Some(login.id));
                0
            }
        };
        blank(datagram, &login, kept.max(EAP_HEADER.min(eap.len())), number);
        true
    }

    /// The login that asks, which is to become the last one.
    fn ask(&mut self, who: Vec<u8>, question: u8) -> Session {
        let question = Some(question);
        for other in self.sessions.iter_mut().filter(|session| session.question == question) {
            other.question = None;
        }
        let is_free = |number: &u8| self.sessions.iter().all(|other| other.number != *number);
        let mut session = match self.sessions.iter().position(|session| session.who == who) {
            Some(at) => self.sessions.remove(at),
            None => Session {
                who,
                number: (1..=u8::MAX).find(is_free).unwrap_or_default(),
                question,
                said: [None; 2],
                awaits: Awaits::default(),
            },
        };
        session.question = question;
        if self.sessions.len() >= MOST_SESSIONS {
            self.sessions.remove(0);
        }
        session
    }
}

impl Session {
    /// A part of what the device says: how many of its octets stay.
    fn device(&mut self, id: u8, octets: &[u8]) -> usize {
        let [_, said] = &mut self.said;
        if said.replace(id) == Some(id) {
            return 0;
        }
        let Awaits::Hello(stream, hello) = &mut self.awaits else { return 0 };
        if octets.is_empty() {
            return 0;
        }
        let kept = keep(stream, len32(hello), octets);
        hello.extend_from_slice(octets.get(..kept).unwrap_or_default());
        match names_in_records(hello) {
            FirstWords::Part if kept > 0 && hello.len() <= LONGEST_HELLO => {}
            FirstWords::Whole(names) if !is_name(hello, &names) => {
                self.awaits = Awaits::Certificate(Stream::default(), 0);
            }
            _ => self.awaits = Awaits::Nothing,
        }
        kept
    }

    /// A part of what the server says.
    fn server(&mut self, part: &LoginTls, octets: &[u8]) -> usize {
        let [said, _] = &mut self.said;
        if said.replace(part.id) == Some(part.id) {
            return 0;
        }
        if part.begins {
            self.awaits = Awaits::default();
            return 0;
        }
        let Awaits::Certificate(stream, seen) = &mut self.awaits else { return 0 };
        let kept = keep(stream, *seen, octets);
        *seen = seen.saturating_add(len32(octets));
        if kept < octets.len() {
            self.awaits = Awaits::Nothing;
        }
        kept
    }
}

/// How many octets of the next part of a direction of TLS stay.
fn keep(stream: &mut Stream, seen: u32, octets: &[u8]) -> usize {
    let kept = stream.segment(seen, &mut octets.to_vec(), || Naming::Wanted).octets;
    if matches!(stream, Stream::Naming { .. } | Stream::Flight { .. }) { kept } else { 0 }
}

/// Whether a hello names a host: then its certificate is not asked.
fn is_name(hello: &[u8], names: &[Vec<Range<usize>>]) -> bool {
    names.first().is_some_and(|name| HostName::from_wire(&together(hello, name)).is_ok())
}

/// The octets at these places, one part behind the other.
fn together(octets: &[u8], places: &[Range<usize>]) -> Vec<u8> {
    let parts = places.iter().filter_map(|place| octets.get(place.clone()));
    parts.flatten().copied().collect()
}

/// Overwrites all but the structure, the first `kept` octets of the EAP packet and, in the place
/// of who logs in, the number.
fn blank(datagram: &mut [u8], login: &LoginDatagram, kept: usize, number: u8) {
    let whole = datagram.to_vec();
    datagram.iter_mut().skip(HEADER).for_each(|octet| *octet = 0);
    let mut copy = |place: Range<usize>| {
        if let Some(was) = whole.get(place.clone())
            && let Some(now) = datagram.get_mut(place)
        {
            now.copy_from_slice(was);
        }
    };
    // Of other attributes the length stays, so that those behind them are found.
    login.attributes.iter().for_each(|at| copy(at + 1..at + 2));
    for value in login.who.iter().chain(&login.eap) {
        copy(value.start.saturating_sub(ATTRIBUTE)..value.start);
    }
    let mut left = kept;
    for part in &login.eap {
        let here = left.min(part.len());
        copy(part.start..part.start + here);
        left -= here;
    }
    let told = login.who.iter().rfind(|value| !value.is_empty());
    if let Some(octet) = told.and_then(|value| datagram.get_mut(value.end - 1)) {
        *octet = number;
    }
}

fn len32(octets: &[u8]) -> u32 {
    u32::try_from(octets.len()).unwrap_or(u32::MAX)
}

/// Code, identifier and length of a packet (RFC 2865 §3).
const HEADER: usize = 4;
/// Type and length of an attribute (RFC 2865 §5).
const ATTRIBUTE: usize = 2;
/// Code, identifier, length and method of an EAP packet (RFC 3748 §4).
const EAP_HEADER: usize = 5;
/// Messages and logins at one time that the search for names reads.
const MOST_MESSAGES: u16 = 1000;
const MOST_SESSIONS: usize = 16;
/// Octets of a hello that are put together to see whether it names a host.
const LONGEST_HELLO: usize = 8 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    /// The datagrams of `pcaps/logins.sh`: three logins with hostapd.
    const LOGINS: &[u8] = include_bytes!("../../../tests/captures/logins.pcap");

    /// UDP payloads of a capture of Ethernet and IPv4 without options.
    fn datagrams() -> Vec<Vec<u8>> {
        let mut rest = &LOGINS[24..];
        let mut all = Vec::new();
        while let Some((header, after)) = rest.split_first_chunk::<16>() {
            let len = u32::from_le_bytes(header[8..12].try_into().unwrap()) as usize;
            let (frame, after) = after.split_at(len);
            if frame[12..14] == [8, 0] && frame[23] == 17 {
                let udp = &frame[34..];
                let end = usize::from(u16::from_be_bytes([udp[4], udp[5]]));
                all.push(udp[8..end].to_vec());
            }
            rest = after;
        }
        all
    }

    #[test]
    fn what_is_left_of_logins_says_who_was_asked_and_not_who_asks() {
        let (mut logins, mut followed) = (Logins::default(), 0);
        for datagram in datagrams() {
            let mut cut = datagram.clone();
            if !logins.overwrite(&mut cut) {
                continue;
            }
            followed += 1;
            let (before, after) =
                (login_in_datagram(&datagram).unwrap(), login_in_datagram(&cut).unwrap());
            assert_eq!((after.step, after.id, after.tls), (before.step, before.id, before.tls));
            assert_eq!(after.eap, before.eap);
            for value in &before.who {
                let is_number = cut[value.clone()].iter().rev().skip(1).all(|octet| *octet == 0);
                assert!(is_number, "{:?}", &cut[value.clone()]);
            }
            // The authenticator, and the values of all that is neither.
            assert!(cut[4..20].iter().all(|octet| *octet == 0));
            let told = before.eap.iter().chain(&before.who).map(|value| value.start);
            let told: Vec<usize> = told.map(|start| start - 2).collect();
            for at in before.attributes.iter().filter(|at| !told.contains(at)) {
                let len = usize::from(datagram[at + 1]);
                assert_eq!((cut[*at], cut[at + 1]), (0, datagram[at + 1]));
                assert!(cut[at + 2..at + len].iter().all(|octet| *octet == 0));
            }
        }
        assert!(followed > 20, "{followed}");
    }

    #[test]
    fn nothing_else_is_followed_and_nothing_panics() {
        let mut logins = Logins::default();
        assert!(!logins.overwrite(&mut b"\x01\x01\0\x14".to_vec()));
        for datagram in datagrams() {
            for len in 0..datagram.len() {
                let mut cut = datagram[..len].to_vec();
                assert!(!logins.overwrite(&mut cut), "{len}");
                let mut changed = datagram.clone();
                changed[len] ^= 0xff;
                Logins::default().overwrite(&mut changed);
            }
        }
    }
}
