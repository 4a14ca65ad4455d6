//! UDP datagrams: which of their octets name the flow.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::{RelayHost, Shown, relay_header, shown_in_datagram};

/// What the search takes a flow for: what it does not read may not be kept, since alone it might be
/// read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Talk {
    /// A SOCKS relay's.
    pub(super) is_relayed: bool,
    /// STUN, TURN or sound.
    pub(super) is_call: bool,
}

/// Octets from the start of a datagram that name its flow: of what a SOCKS relay carries (RFC 1928
/// §7) the relay's header, where it states a name or a hello follows, and the hello.
/// `talk` is asked where it looks so.
pub(super) fn naming_len(payload: &[u8], talk: impl Fn() -> Talk) -> usize {
    let Some(header) = relay_header(payload).filter(|_| talk().is_relayed) else {
        return hello_len(payload, talk);
    };
    match payload.get(header.len..).map_or(0, |inside| hello_len(inside, talk)) {
        0 if header.kind == RelayHost::Address => 0,
        hello => header.len + hello,
    }
}

/// Octets from the start of a datagram that hold hellos: QUIC Initials (RFC 9000 §17.2.2; RFC
/// 9369 for version 2), a client's first message in Google's QUIC before Q050, or a DTLS
/// ClientHello (RFC 9147 §5.2). 0 where it holds none.
fn hello_len(payload: &[u8], talk: impl Fn() -> Talk) -> usize {
    let quic = || google(payload).or_else(|| initials(payload)).filter(|_| !talk().is_call);
    dtls(payload).or_else(quic).unwrap_or(0)
}

/// Google's first message stands in the clear: what comes before the end of its name, where that
/// is enough to find it again.
fn google(payload: &[u8]) -> Option<usize> {
    let shown = shown_in_datagram(payload);
    let Shown::Name(name) = shown.first()? else { return Some(payload.len()) };
    let is_enough = payload.get(..name.end).is_some_and(|head| shown_in_datagram(head) == shown);
    Some(if is_enough { name.end } else { payload.len() })
}

/// Handshake records with a ClientHello, or fragments of one.
fn dtls(payload: &[u8]) -> Option<usize> {
    let [22, 0xfe, 0xfd | 0xff, ..] = payload else { return None };
    if payload.get(13) != Some(&1) {
        return None;
    }
    let len = u16::from_be_bytes([*payload.get(11)?, *payload.get(12)?]);
    Some((13 + usize::from(len)).min(payload.len()))
}

/// All Initials at the start of the datagram; padding and other packets after them are cut.
fn initials(payload: &[u8]) -> Option<usize> {
    let mut end = 0;
    while let Some(len) = initial(payload.get(end..)?) {
        end += len;
    }
    (end > 0).then_some(end)
}

/// Octets of the Initial at the start.
fn initial(octets: &[u8]) -> Option<usize> {
    let (first, rest) = octets.split_first()?;
    let version = u32::from_be_bytes(*rest.first_chunk()?);
    let kind = (first >> 4) & 3;
    let is_initial = match version {
        // Negotiation has none; Google's before Q050 have other headers, and encrypt nothing.
        0 | 0x5130_3030..=0x5130_3439 | 0x5430_3030..=0x5430_3439 => false,
        0x6b33_43cf => kind == 1,
        _ => kind == 0,
    };
    if first & 0xc0 != 0xc0 || !is_initial {
        return None;
    }
    let mut at = 5;
    for _ in 0..2 {
        at += 1 + usize::from(*octets.get(at)?);
    }
    let (token, len) = varint(octets.get(at..)?)?;
    at = at.checked_add(len)?.checked_add(usize::try_from(token).ok()?)?;
    let (length, len) = varint(octets.get(at..)?)?;
    let end = at.checked_add(len)?.checked_add(usize::try_from(length).ok()?)?;
    (end <= octets.len() && length > 0).then_some(end)
}

/// A variable-length integer (RFC 9000 §16), and how many octets it has.
fn varint(octets: &[u8]) -> Option<(u64, usize)> {
    let first = *octets.first()?;
    let len = 1 << (first >> 6);
    let value = octets.get(1..len)?.iter();
    Some((value.fold(u64::from(first & 0x3f), |sum, o| sum << 8 | u64::from(*o)), len))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello_len(payload: &[u8]) -> usize {
        naming_len(payload, Talk::default)
    }

    fn sample(version: u32, first: u8) -> Vec<u8> {
        let mut octets = vec![first];
        octets.extend(version.to_be_bytes());
        octets.extend([2, 7, 7, 1, 9, 0, 0x40, 30]);
        octets.extend([0xaa; 30]);
        octets
    }

    #[test]
    fn an_initial_is_kept_and_what_is_coalesced_with_it_is_not() {
        let whole = sample(1, 0xc3);
        let mut octets = whole.clone();
        octets.extend(sample(1, 0xd3));
        assert_eq!(hello_len(&octets), whole.len());
        assert_eq!(hello_len(&sample(0x6b33_43cf, 0xd3)), whole.len());
        let two = [sample(1, 0xc3), whole.clone()].concat();
        assert_eq!(hello_len(&two), two.len());
    }

    #[test]
    fn in_a_call_no_initial_is_kept() {
        let call = Talk { is_relayed: false, is_call: true };
        assert_eq!(naming_len(&sample(1, 0xc3), || call), 0);
        assert_eq!(naming_len(&google_first().0, || call), 0);
        let mut dtls = vec![22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 1];
        dtls.extend([5; 30]);
        assert_eq!(naming_len(&dtls, || call), 33);
    }

    #[test]
    fn short_headers_handshakes_and_broken_ones_are_cut_off() {
        assert_eq!(hello_len(&sample(1, 0x43)), 0);
        assert_eq!(hello_len(&sample(1, 0xe3)), 0);
        let whole = sample(1, 0xc3);
        for len in 0..whole.len() {
            assert_eq!(hello_len(&whole[..len]), 0, "{len}");
        }
    }

    /// Google's first message of Q043, with values behind the name.
    fn google_first() -> (Vec<u8>, usize) {
        let mut octets = vec![0x0d, 7, 7, 7, 7, 7, 7, 7, 7];
        octets.extend(b"Q043\x01");
        octets.extend([0xaa; 12]);
        octets.extend(b"\xa0\x01\x04\x00CHLO\x03\0\0\0");
        for (tag, end) in [(b"PAD\0", 5_u32), (b"SNI\0", 16), (b"STK\0", 40)] {
            octets.extend(tag);
            octets.extend(end.to_le_bytes());
        }
        octets.extend(b"-----a.b.example");
        let end = octets.len();
        octets.extend([b's'; 24]);
        octets.extend([0; 900]);
        (octets, end)
    }

    #[test]
    fn googles_first_message_is_kept_to_the_end_of_its_name() {
        let (octets, end) = google_first();
        assert_eq!(hello_len(&octets), end);
        assert_eq!(shown_in_datagram(&octets[..end]), shown_in_datagram(&octets));
        let mut later = octets;
        later[0] = 0x0c;
        assert_eq!(hello_len(&later), 0);
        assert_eq!(hello_len(&sample(0x5130_3436, 0xc3)), 0);
        let q050 = sample(0x5130_3530, 0xc3);
        assert_eq!(hello_len(&[&q050[..], &[0; 40]].concat()), q050.len());
    }

    #[test]
    fn of_what_a_relay_carries_header_and_hello_are_kept_and_nothing_else() {
        let relay = Talk { is_relayed: true, is_call: false };
        let kept = |payload: &[u8]| naming_len(payload, || relay);
        let named = b"\0\0\0\x03\x0fwww.example.org\x01\xbb";
        assert_eq!(naming_len(named, Talk::default), 0);
        let address = b"\0\0\0\x01\xc0\0\x02\x01\x01\xbb";
        let whole = sample(1, 0xc3);
        for header in [&named[..], address] {
            let hello = [header, &whole, &[0; 40]].concat();
            assert_eq!(kept(&hello), header.len() + whole.len());
        }
        assert_eq!(kept(&[&named[..], b"secret"].concat()), named.len());
        assert_eq!(kept(&[&address[..], b"secret"].concat()), 0);
        for len in 0..named.len() {
            assert_eq!(kept(&named[..len]), 0, "{len}");
        }
        assert_eq!(kept(&whole), whole.len());
    }

    #[test]
    fn a_dtls_hello_is_kept_and_application_data_is_not() {
        let mut octets = vec![22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 1];
        octets.extend([5; 30]);
        assert_eq!(hello_len(&octets), 33);
        octets[0] = 23;
        assert_eq!(hello_len(&octets), 0);
    }
}
