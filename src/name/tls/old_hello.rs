//! The ClientHello in the form of SSL 2.0, which clients of SSL 3.0 to TLS 1.2 also sent
//! (RFC 5246 §E.2). It has no extensions: it names nobody, but tells who is the client.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

/// What first octets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::name) enum OldHello {
    /// Such a hello.
    Yes,
    /// Perhaps the beginning of one.
    NeedMore,
    /// Something else.
    No,
}

/// Whether `octets` begin with such a hello: its lengths must add up.
pub(in crate::name) fn old_hello(octets: &[u8]) -> OldHello {
    let Some(head) = octets.first_chunk::<HEAD>() else {
        let fits = octets.iter().zip(FIRST).all(|(octet, range)| range.contains(octet));
        return if fits && !octets.is_empty() { OldHello::NeedMore } else { OldHello::No };
    };
    if !head.iter().zip(FIRST).all(|(octet, range)| range.contains(octet)) {
        return OldHello::No;
    }
    let [_, _, _, major, minor, ..] = *head;
    let number = |at: usize| {
        let pair = head.get(at..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
        usize::from(u16::from_be_bytes(pair))
    };
    let (len, ciphers, session, challenge) = (number(0) & 0x7fff, number(5), number(7), number(9));
    let is_version = matches!((major, minor), (3, _) | (0, 2));
    let adds_up = len == HEAD - 2 + ciphers + session + challenge;
    let is_sane = ciphers > 0
        && ciphers.is_multiple_of(3)
        && [0, 16].contains(&session)
        && (16..=32).contains(&challenge);
    if is_version && adds_up && is_sane { OldHello::Yes } else { OldHello::No }
}

/// Octets up to the cipher specifications: record length, message type, version, three lengths.
const HEAD: usize = 11;
/// What the first five may be: a length with the highest bit set, `CLIENT-HELLO`, a version.
const FIRST: [std::ops::RangeInclusive<u8>; 5] = [0x80..=0xff, 0..=0xff, 1..=1, 0..=3, 0..=3];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{OldHello, old_hello};

    /// As OpenSSL 0.9.8 sent it: three cipher specifications, a challenge of 16 octets.
    fn hello(version: [u8; 2]) -> Vec<u8> {
        let mut octets = vec![0x80, 9 + 9 + 16, 1];
        octets.extend(version);
        octets.extend([0, 9, 0, 0, 0, 16]);
        octets.extend([0, 0, 0x39, 0, 0, 0x38, 7, 0, 0xc0]);
        octets.extend([0x5a; 16]);
        octets
    }

    #[test]
    fn hellos_of_each_version_are_known_and_their_beginnings_not_refused() {
        for version in [[0, 2], [3, 0], [3, 1], [3, 3]] {
            let octets = hello(version);
            assert_eq!(old_hello(&octets), OldHello::Yes, "{version:?}");
            for end in 1..11 {
                assert_eq!(old_hello(&octets[..end]), OldHello::NeedMore, "{end} octets");
            }
        }
        assert_eq!(old_hello(&[]), OldHello::No);
    }

    #[test]
    fn what_does_not_add_up_is_something_else() {
        for (octet, value) in [(0, 0x16), (1, 9), (2, 2), (3, 4), (4, 4), (6, 8), (8, 1), (10, 15)]
        {
            let mut octets = hello([3, 1]);
            octets[octet] = value;
            assert_eq!(old_hello(&octets), OldHello::No, "octet {octet}");
        }
        assert_eq!(old_hello(&hello([2, 0])), OldHello::No);
        assert_eq!(old_hello(&hello([0, 3])), OldHello::No);
    }

    proptest! {
        #[test]
        fn a_longer_look_never_changes_a_verdict(octets in prop::collection::vec(any::<u8>(), 0..40)) {
            let whole = old_hello(&octets);
            for end in 1..octets.len() {
                let part = old_hello(&octets[..end]);
                prop_assert!(part == whole || part == OldHello::NeedMore);
            }
        }
    }
}
