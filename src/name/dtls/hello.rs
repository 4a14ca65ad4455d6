//! The ClientHello of DTLS: in fragments, with a cookie.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::fragments::{Joined, Parts};
use super::record::{Fragment, fragments};
use crate::name::cursor::{Cursor, Stop};
use crate::name::tls::client_hello::{self, CLIENT_HELLO, HelloFacts, HelloRead};

/// Looks for a ClientHello in the datagrams of one direction. The client sends it twice where the
/// server asks for a cookie (RFC 9147 §5.1); the first that is whole is read.
#[derive(Debug, Default)]
pub(in crate::name) struct DtlsHello {
    parts: Option<Parts>,
}

/// What a datagram gave.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::name) enum DtlsRead {
    /// A whole ClientHello.
    Hello {
        /// What it says about the server.
        facts: HelloFacts,
        /// Whether it offers to agree on keys for SRTP (RFC 5764 §4.1): a call.
        media: bool,
    },
    /// A part of one.
    NeedMore,
    /// None.
    Nothing,
    /// A ClientHello is longer, or in more pieces, than the bounds allow.
    TooLong,
}

impl DtlsHello {
    /// Takes the next datagram.
    pub(in crate::name) fn offer(&mut self, datagram: &[u8]) -> DtlsRead {
        let mut read = DtlsRead::Nothing;
        for fragment in fragments(datagram).filter(|fragment| fragment.kind == CLIENT_HELLO) {
            read = self.fragment(&fragment);
            if matches!(read, DtlsRead::Hello { .. } | DtlsRead::TooLong) {
                break;
            }
        }
        read
    }

    /// Octets in use.
    pub(in crate::name) fn held(&self) -> usize {
        self.parts.as_ref().map_or(0, Parts::held)
    }

    fn fragment(&mut self, fragment: &Fragment<'_>) -> DtlsRead {
        // Another number: the second ClientHello, after a cookie.
        if self.parts.as_ref().is_none_or(|parts| parts.sequence() != fragment.sequence) {
            self.parts = Parts::of(fragment);
        }
        let Some(parts) = &mut self.parts else { return DtlsRead::TooLong };
        match parts.join(fragment) {
            Joined::NeedMore => DtlsRead::NeedMore,
            Joined::Whole => read(parts.message()),
            Joined::Other => DtlsRead::Nothing,
            Joined::Full => DtlsRead::TooLong,
        }
    }
}

/// Reads the body of a ClientHello.
fn read(body: &[u8]) -> DtlsRead {
    let Ok((message, extensions)) = without_cookie(body) else { return DtlsRead::Nothing };
    match client_hello::read(&message) {
        HelloRead::Hello(facts) => DtlsRead::Hello { facts, media: offers_srtp(extensions) },
        HelloRead::NeedMore | HelloRead::NotAHello => DtlsRead::Nothing,
    }
}

/// The message as TLS has it: without the cookie (RFC 9147 §5.3), behind a header of four octets.
/// And its extensions.
fn without_cookie(body: &[u8]) -> Result<(Vec<u8>, &[u8]), Stop> {
    let mut cursor = Cursor::new(body);
    cursor.take(2 + 32)?;
    cursor.counted8()?;
    let before = body.get(..cursor.at()).ok_or(Stop::Foreign)?;
    cursor.counted8()?;
    let after = cursor.rest();
    let len = u32::try_from(before.len() + after.len()).map_err(|_| Stop::Foreign)?;
    let [_, len @ ..] = len.to_be_bytes();
    let message = [&[CLIENT_HELLO], &len[..], before, after].concat();
    cursor.counted16()?;
    cursor.counted8()?;
    Ok((message, cursor.counted16().unwrap_or_default()))
}

fn offers_srtp(extensions: &[u8]) -> bool {
    let mut cursor = Cursor::new(extensions);
    while let (Ok(kind), Ok(_)) = (cursor.u16(), cursor.counted16()) {
        if kind == USE_SRTP {
            return true;
        }
    }
    false
}

/// Extension type (RFC 5764 §4.1.1).
const USE_SRTP: u16 = 14;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DtlsHello, DtlsRead};
    use crate::name::dtls::looks_like_record;
    use crate::name::dtls::sample::{datagrams, hello};

    fn sni(read: &DtlsRead) -> Option<String> {
        let DtlsRead::Hello { facts, .. } = read else { return None };
        facts.sni.as_ref().map(|sni| String::from_utf8(sni.to_vec()).unwrap())
    }

    const NAME: &str = "www.example.org";

    #[test]
    fn a_hello_may_be_in_fragments_and_carry_a_cookie() {
        for cookie in [&b""[..], &[7; 20]] {
            let message = hello(Some(NAME), cookie, false);
            for size in [1, 17, 60, 4000] {
                let mut reader = DtlsHello::default();
                let mut last = DtlsRead::Nothing;
                for datagram in datagrams(&message, 0, size) {
                    assert!(looks_like_record(&datagram));
                    assert_eq!(sni(&last), None);
                    last = reader.offer(&datagram);
                }
                assert_eq!(sni(&last).as_deref(), Some(NAME), "{size}");
            }
        }
    }

    #[test]
    fn the_second_hello_is_read_where_part_of_the_first_is_lost() {
        let mut reader = DtlsHello::default();
        let first = datagrams(&hello(Some(NAME), b"", false), 0, 50);
        assert_eq!(reader.offer(&first[0]), DtlsRead::NeedMore);
        let second = datagrams(&hello(Some(NAME), &[7; 32], false), 1, 50);
        let last = second.iter().map(|datagram| reader.offer(datagram)).last().unwrap();
        assert_eq!(sni(&last).as_deref(), Some(NAME));
    }

    #[test]
    fn fragments_may_come_in_any_order() {
        let mut parts = datagrams(&hello(Some(NAME), b"", false), 0, 20);
        parts.reverse();
        let mut reader = DtlsHello::default();
        let last = parts.iter().map(|datagram| reader.offer(datagram)).last().unwrap();
        assert_eq!(sni(&last).as_deref(), Some(NAME));
    }

    #[test]
    fn a_call_offers_srtp() {
        let [datagram] = &datagrams(&hello(None, b"", true), 0, 4000)[..] else { panic!() };
        let read = DtlsHello::default().offer(datagram);
        assert!(matches!(read, DtlsRead::Hello { media: true, .. }), "{read:?}");
    }

    #[test]
    fn what_is_too_long_is_said() {
        let mut fragment = vec![22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 13];
        fragment.extend([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3]);
        assert_eq!(DtlsHello::default().offer(&fragment), DtlsRead::TooLong);
    }

    #[test]
    fn other_records_are_nothing() {
        let [datagram] = &datagrams(&hello(Some(NAME), b"", false), 0, 4000)[..] else { panic!() };
        for (at, value) in [(0, 23), (1, 3), (4, 1), (13, 2)] {
            let mut wrong = datagram.clone();
            wrong[at] = value;
            assert_eq!(DtlsHello::default().offer(&wrong), DtlsRead::Nothing, "{at}");
        }
        for len in 0..datagram.len() {
            assert_eq!(sni(&DtlsHello::default().offer(&datagram[..len])), None);
        }
    }

    proptest! {
        #[test]
        fn octets_of_any_kind_are_survived(
            datagrams in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..8),
        ) {
            let mut reader = DtlsHello::default();
            for datagram in datagrams {
                let _ = reader.offer(&datagram);
                let record = [&[22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 80, 1, 0, 0][..], &datagram].concat();
                let _ = reader.offer(&record);
                prop_assert!(reader.held() <= 64 * 1024);
            }
        }
    }
}
