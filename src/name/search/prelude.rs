//! What stands before another protocol in a stream, or says all there is.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::protocol::Guess;
use crate::name::cursor::Stop;
use crate::name::opening::Opening;
use crate::name::stun::Framing;
use crate::name::{amqp, mqtt, proxy, starttls};

/// Collects an opening out of the segments.
#[derive(Debug)]
pub(super) struct Prelude {
    kind: PreludeKind,
    held: Vec<u8>,
}

/// Whose opening it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PreludeKind {
    Adb,
    Amqp,
    Ldap,
    Mqtt,
    MySql,
    Postgres,
    ProxyV1,
    ProxyV2,
    Rdp,
    Socks4,
    Socks5,
    Xmpp,
}

impl Prelude {
    /// None of its octets was read yet.
    pub(super) fn new(kind: PreludeKind) -> Self {
        Self { kind, held: Vec::new() }
    }

    /// Takes octets in order; of those after the opening, none.
    pub(super) fn read(&mut self, octets: &mut &[u8]) -> Result<Opening, Stop> {
        let before = self.held.len();
        let read = if before == 0 {
            self.kind.read(octets)
        } else {
            self.held.extend_from_slice(octets);
            self.kind.read(&self.held)
        };
        match &read {
            Ok(opening) => {
                *octets = octets.get(opening.len.saturating_sub(before)..).unwrap_or_default();
            }
            Err(Stop::NeedMore) if before + octets.len() > LONGEST => return Err(Stop::Foreign),
            Err(Stop::NeedMore) if before == 0 => self.held.extend_from_slice(octets),
            Err(_) => {}
        }
        read
    }

    /// Whether the client speaks so, and no server does.
    pub(super) fn tells_the_client(&self) -> bool {
        self.kind != PreludeKind::Amqp
    }

    /// Whether it may lead to TLS in which only the server's certificate names it. In front of a
    /// PROXY header's connection anything may be spoken, and AMQP and ADB are opened by both sides.
    pub(super) fn may_lead_to_a_certificate(&self) -> bool {
        use PreludeKind as Kind;
        match self.kind {
            Kind::Ldap
            | Kind::MySql
            | Kind::Postgres
            | Kind::Rdp
            | Kind::Socks4
            | Kind::Socks5
            | Kind::Xmpp => true,
            Kind::Adb | Kind::Amqp | Kind::Mqtt | Kind::ProxyV1 | Kind::ProxyV2 => false,
        }
    }

    /// Octets in use.
    pub(super) fn held(&self) -> usize {
        self.held.capacity()
    }

    /// Whether it has begun and its end is missing.
    pub(super) fn is_unfinished(&self) -> bool {
        !self.held.is_empty()
    }
}

impl PreludeKind {
    fn read(self, octets: &[u8]) -> Result<Opening, Stop> {
        match self {
            Self::Adb => starttls::read_adb(octets),
            Self::Amqp => amqp::read(octets),
            Self::Ldap => starttls::read_ldap(octets),
            Self::Mqtt => mqtt::read(octets),
            Self::MySql => starttls::read_mysql(octets),
            Self::Postgres => starttls::read_postgres(octets),
            Self::ProxyV1 => proxy::read_v1(octets),
            Self::ProxyV2 => proxy::read_v2(octets),
            Self::Rdp => starttls::read_rdp(octets),
            Self::Socks4 => proxy::read_4(octets),
            Self::Socks5 => proxy::read_5(octets),
            Self::Xmpp => starttls::read_xmpp(octets),
        }
    }

    /// Takes octets for the beginning of this opening once there are `enough`, unless they cannot
    /// be.
    fn guess(self, octets: &[u8], enough: usize) -> Option<Guess> {
        match self.read(octets) {
            Err(Stop::Foreign) => None,
            Err(Stop::NeedMore) if octets.len() < enough => Some(Guess::NeedMore),
            Err(Stop::NeedMore) | Ok(_) => Some(Guess::Prelude(self)),
        }
    }
}

/// What the first octets of a direction open, as far as they may be such an opening. Of no kind more
/// than [`ENOUGH`](super::protocol::ENOUGH) octets are asked for, save where a line must end.
pub(super) fn guess_prelude(octets: &[u8]) -> Option<Guess> {
    use PreludeKind as Kind;
    match *octets {
        [0 | 1, ..] => guess_zero(octets),
        [2, ..] => guess_stun(octets),
        [3, ..] => Kind::Rdp.guess(octets, 11),
        [4, 1 | 2, ..] if proxy::looks_like_4(octets) => Some(Guess::Prelude(Kind::Socks4)),
        [4] | [4, 1 | 2, ..] => (octets.len() < 10).then_some(Guess::NeedMore),
        [5, 1..=20, ..] if proxy::looks_like_5(octets) => Some(Guess::Prelude(Kind::Socks5)),
        [5] => Some(Guess::NeedMore),
        [5, methods @ 1..=20, ..] => {
            (octets.len() <= usize::from(methods) + 2).then_some(Guess::NeedMore)
        }
        [b'\r', ..] => Kind::ProxyV2.guess(octets, proxy::SIGNATURE.len()),
        [0x10, ..] => Kind::Mqtt.guess(octets, 12),
        [32, ..] => Kind::MySql.guess(octets, 36),
        [b'0', ..] => Kind::Ldap.guess(octets, 12),
        [b'<', ..] => Kind::Xmpp.guess(octets, 15),
        [b'A', ..] => Kind::Amqp.guess(octets, 8),
        [b'C', ..] => Kind::Adb.guess(octets, 24),
        // A request's method may be `PROXY`, too: only the whole line tells.
        [b'P', ..] => Kind::ProxyV1.guess(octets, usize::MAX),
        _ => None,
    }
}

/// PostgreSQL and STUN begin as DNS messages do after their lengths.
fn guess_zero(octets: &[u8]) -> Option<Guess> {
    if let Some(guess) = PreludeKind::Postgres.guess(octets, 8) {
        return Some(guess);
    }
    if octets.len() < 8 {
        return Some(Guess::NeedMore);
    }
    guess_stun(octets)
}

fn guess_stun(octets: &[u8]) -> Option<Guess> {
    match Framing::of(octets) {
        Ok(framing) => Some(Guess::Stun(framing)),
        Err(Stop::NeedMore) => Some(Guess::NeedMore),
        Err(Stop::Foreign) => None,
    }
}

/// Octets of the longest opening.
const LONGEST: usize = 4096;

#[cfg(test)]
mod tests {
    use super::{Prelude, PreludeKind};
    use crate::name::cursor::Stop;

    const SOCKS: &[u8] = b"\x05\x01\x00\x05\x01\x00\x03\x09a.example\x01\xbb";

    #[test]
    fn an_opening_ends_where_it_ends_however_it_is_cut() {
        let stream = [SOCKS, b"what follows"].concat();
        for step in 1..=stream.len() {
            let mut prelude = Prelude::new(PreludeKind::Socks5);
            let mut at = 0;
            for part in stream.chunks(step) {
                let mut rest = part;
                at += part.len();
                match prelude.read(&mut rest) {
                    Ok(opening) => {
                        assert_eq!(opening.len, SOCKS.len());
                        assert_eq!(at - rest.len(), SOCKS.len());
                        break;
                    }
                    Err(stop) => assert_eq!((stop, at < SOCKS.len()), (Stop::NeedMore, true)),
                }
            }
        }
    }

    #[test]
    fn an_opening_is_bounded() {
        let mut prelude = Prelude::new(PreludeKind::ProxyV2);
        let header = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff";
        assert_eq!(prelude.read(&mut &header[..]), Err(Stop::NeedMore));
        assert_eq!(prelude.read(&mut &[0; 4000][..]), Err(Stop::NeedMore));
        assert_eq!(prelude.read(&mut &[0; 100][..]), Err(Stop::Foreign));
    }
}
