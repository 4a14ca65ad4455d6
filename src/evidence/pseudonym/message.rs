//! Addresses in what is kept of payloads: DNS answers, address literals in requests.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::net::IpAddr;

use super::Pseudonyms;

/// Replaces addresses in a DNS message: those of A and AAAA records by pseudonyms; options of
/// EDNS (the client's subnet among them, RFC 7871) by zeros. What cannot be read is overwritten
/// with zeros from there on: nobody can say what it holds.
pub(super) fn dns(message: &mut [u8], names: &mut Pseudonyms) {
    let read = walk(message, names);
    if let Err(at) = read
        && let Some(rest) = message.get_mut(at..)
    {
        rest.fill(0);
    }
}

/// Octets of a DNS header.
const HEADER: usize = 12;

/// Where it could not go on.
fn walk(message: &mut [u8], names: &mut Pseudonyms) -> Result<(), usize> {
    let count = |at: usize| word(message, at).ok_or(0_usize);
    let questions = count(4)?;
    let records = u32::from(count(6)?) + u32::from(count(8)?) + u32::from(count(10)?);
    let mut at = HEADER;
    for _ in 0..questions {
        at = after_name(message, at).ok_or(at)? + 4;
    }
    for _ in 0..records {
        let fixed = after_name(message, at).ok_or(at)?;
        let kind = word(message, fixed).ok_or(at)?;
        let len = usize::from(word(message, fixed + 8).ok_or(at)?);
        let start = fixed + 10;
        let data = message.get_mut(start..start + len).ok_or(at)?;
        match kind {
            1 | 28 => address(data, names),
            41 => options(data),
            _ => {}
        }
        at = start + len;
    }
    if let Some(rest) = message.get_mut(at..) {
        rest.fill(0);
    }
    Ok(())
}

fn word(message: &[u8], at: usize) -> Option<u16> {
    let pair = message.get(at..)?.first_chunk::<2>()?;
    Some(u16::from_be_bytes(*pair))
}

/// The place after a name (RFC 1035 §4.1.4): a pointer ends it.
fn after_name(message: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let len = *message.get(at)?;
        match len {
            0 => return Some(at + 1),
            0xc0.. => return Some(at + 2),
            _ => at += 1 + usize::from(len),
        }
    }
}

/// Replaces an address of 4 or 16 octets.
pub(super) fn address(octets: &mut [u8], names: &mut Pseudonyms) {
    if let Ok(four) = <[u8; 4]>::try_from(&*octets) {
        if let IpAddr::V4(pseudonym) = names.address(IpAddr::from(four)) {
            octets.copy_from_slice(&pseudonym.octets());
        }
    } else if let Ok(sixteen) = <[u8; 16]>::try_from(&*octets)
        && let IpAddr::V6(pseudonym) = names.address(IpAddr::from(sixteen))
    {
        octets.copy_from_slice(&pseudonym.octets());
    }
}

/// Overwrites the values of EDNS options (RFC 6891 §6.1.2), not their codes and lengths.
fn options(mut data: &mut [u8]) {
    while let Some((head, rest)) = data.split_at_mut_checked(4) {
        let len = word(head, 2).map_or(0, usize::from).min(rest.len());
        let (value, next) = rest.split_at_mut(len);
        value.fill(0);
        data = next;
    }
}

/// Overwrites address literals of those who have pseudonyms with `x`, as a request or a proxy's
/// header states them. They are never a name, so that no tag rests on one.
pub(super) fn text(payload: &mut [u8], names: &Pseudonyms) {
    let is_part = |octet: &u8| octet.is_ascii_hexdigit() || matches!(octet, b'.' | b':');
    for run in payload.split_mut(|octet| !is_part(octet)) {
        let has_one = |octets: &[u8]| {
            let text = str::from_utf8(octets).ok();
            text.and_then(|t| t.parse().ok()).is_some_and(|ip| names.has_one(ip))
        };
        // With a port behind it: only an address of version 4 is written so without brackets.
        let without_port = run.iter().rposition(|octet| *octet == b':').unwrap_or(run.len());
        let head = run.get(..without_port).unwrap_or_default();
        if run.len() >= 2 && (has_one(run) || has_one(head)) {
            run.fill(b'x');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::PseudonymKey;
    use super::*;

    fn names() -> Pseudonyms {
        let mut key = [1; 32];
        key[0] = 2;
        Pseudonyms::of(&PseudonymKey(key), &["192.168.0.0/16".parse().unwrap()], [])
    }

    /// A question for `a.example`, an answer with each address, and a client's subnet.
    fn answer(addresses: &[[u8; 4]]) -> Vec<u8> {
        let mut message =
            vec![0, 1, 0x81, 0x80, 0, 1, 0, u8::try_from(addresses.len()).unwrap(), 0, 0, 0, 1];
        message.extend(b"\x01a\x07example\0\0\x01\0\x01");
        for address in addresses {
            message.extend(b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04");
            message.extend(address);
        }
        message.extend(b"\0\0\x29\x10\0\0\0\0\0\0\x0b\0\x08\0\x07\0\x01\x18\0\xc0\xa8\x01");
        message
    }

    #[test]
    fn addresses_in_answers_are_replaced_and_the_clients_subnet_is_gone() {
        let (mut names, home, public) = (names(), [192, 168, 1, 7], [198, 51, 100, 9]);
        let mut message = answer(&[home, public]);
        let before = message.clone();
        dns(&mut message, &mut names);
        assert_eq!(message.len(), before.len());
        let IpAddr::V4(hidden) = names.address(home.into()) else { panic!("another version") };
        let expected = answer(&[hidden.octets(), public]);
        let end = expected.len() - 7;
        assert_eq!(message[..end], expected[..end]);
        assert_eq!(message[end..], [0; 7]);
    }

    #[test]
    fn of_a_broken_message_nothing_is_left_from_the_break_on() {
        let whole = answer(&[[192, 168, 1, 7]]);
        for len in 0..whole.len() {
            let mut cut = whole[..len].to_vec();
            dns(&mut cut, &mut names());
            assert!(!cut.windows(3).any(|octets| octets == [192, 168, 1]), "{len}");
            assert_eq!(cut.len(), len);
        }
    }

    #[test]
    fn literals_in_requests_are_overwritten_and_names_are_not() {
        let mut request =
            b"CONNECT 192.168.1.7:443 HTTP/1.1\r\nHost: a.example\r\nVia: 198.51.100.9\r\n"
                .to_vec();
        text(&mut request, &names());
        let expected =
            "CONNECT xxxxxxxxxxxxxxx HTTP/1.1\r\nHost: a.example\r\nVia: 198.51.100.9\r\n";
        assert_eq!(String::from_utf8(request).unwrap(), expected);
    }
}
