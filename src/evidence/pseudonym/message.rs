//! Addresses and tenants in what is kept of payloads: DNS answers, address literals in requests.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::Range;

use super::ff1::Way;
use super::{Pseudonyms, Tenants};

/// Replaces addresses in a DNS message: those of A and AAAA records by pseudonyms; options of
/// EDNS (the client's subnet among them, RFC 7871) by zeros; tenants' labels, where they have
/// pseudonyms, in every name. What cannot be read is overwritten with zeros from there on: nobody
/// can say what it holds.
pub(super) fn dns(message: &mut [u8], names: &mut Pseudonyms) {
    let mut labels = Labels::default();
    let end = match walk(message, names, &mut labels) {
        Ok(end) | Err(end) => end,
    };
    if let Some(rest) = message.get_mut(end..) {
        rest.fill(0);
    }
    // Of a broken message, too, what stands before the break is kept.
    if let Some(tenants) = names.tenants() {
        labels.turn(message, tenants);
    }
}

/// Labels of a name at most: 255 octets have room for no more (RFC 1035 §2.3.4).
const MOST_LABELS: usize = 127;

/// Octets of a DNS header.
const HEADER: usize = 12;

/// Where the message ends, or where it could not go on.
fn walk(message: &mut [u8], names: &mut Pseudonyms, labels: &mut Labels) -> Result<usize, usize> {
    let count = |at: usize| word(message, at).ok_or(0_usize);
    let questions = count(4)?;
    let records = u32::from(count(6)?) + u32::from(count(8)?) + u32::from(count(10)?);
    let mut at = HEADER;
    for _ in 0..questions {
        labels.name(message, at);
        at = after_name(message, at).ok_or(at)? + 4;
    }
    for _ in 0..records {
        labels.name(message, at);
        let fixed = after_name(message, at).ok_or(at)?;
        let kind = word(message, fixed).ok_or(at)?;
        let len = usize::from(word(message, fixed + 8).ok_or(at)?);
        let start = fixed + 10;
        let data = message.get_mut(start..start + len).ok_or(at)?;
        match kind {
            1 | 28 => address(data, names),
            41 => options(data),
            _ => labels.data(kind, message, start..start + len, names.tenants()),
        }
        at = start + len;
    }
    Ok(at)
}

/// The names of a message, label by label: where each stands, and the name behind it. A label
/// has one place, however many names point to it, and so one name behind it.
#[derive(Debug, Default)]
struct Labels(BTreeMap<usize, (usize, Box<str>)>);

impl Labels {
    /// Notes the labels of the name at a place (RFC 1035 §4.1.4); a broken one is none.
    fn name(&mut self, message: &[u8], at: usize) {
        let _ = self.follow(message, at);
    }

    fn follow(&mut self, message: &[u8], mut at: usize) -> Option<()> {
        let mut places = Vec::new();
        // Pointers go back (§4.1.4): one that does not is followed by nobody.
        let mut before = at;
        loop {
            let len = usize::from(*message.get(at)?);
            match len {
                0 => break,
                0xc0.. => {
                    let to = usize::from(word(message, at)? & 0x3fff);
                    (to < before).then_some(())?;
                    (at, before) = (to, to);
                }
                _ => {
                    message.get(at + 1..at + 1 + len)?;
                    (places.len() < MOST_LABELS).then_some(())?;
                    places.push((at + 1, len));
                    at += 1 + len;
                }
            }
        }
        let mut behind = String::new();
        for (start, len) in places.into_iter().rev() {
            let label =
                String::from_utf8_lossy(message.get(start..start + len)?).to_ascii_lowercase();
            self.0.entry(start).or_insert_with(|| (len, behind.as_str().into()));
            behind = if behind.is_empty() { label } else { format!("{label}.{behind}") };
        }
        Some(())
    }

    /// Notes the names in a record's data. Data of other kinds that may name a tenant become
    /// zeros.
    fn data(
        &mut self,
        kind: u16,
        message: &mut [u8],
        data: Range<usize>,
        tenants: Option<&Tenants>,
    ) {
        let Some(tenants) = tenants else { return };
        let name_at = match kind {
            // NS, CNAME, SOA, PTR, DNAME (RFC 1035 §3.3, RFC 6672)
            2 | 5 | 6 | 12 | 39 => 0,
            // MX, SVCB, HTTPS (RFC 9460 §2.2)
            15 | 64 | 65 => 2,
            // SRV (RFC 2782)
            33 => 6,
            _ => {
                let octets = message.get_mut(data).unwrap_or_default();
                if tenants.may_be_in(octets) {
                    octets.fill(0);
                }
                return;
            }
        };
        let start = data.start + name_at;
        self.name(message, start);
        if kind == 6
            && let Some(second) = after_name(message, start)
        {
            self.name(message, second);
        }
    }

    /// Replaces tenants' labels. Where a suffix stands behind no label that was noted, nothing of
    /// the message stays.
    fn turn(&self, message: &mut [u8], tenants: &Tenants) {
        let mut rest = message.to_vec();
        for (start, (len, behind)) in &self.0 {
            if let Some(label) = message.get_mut(*start..start + len) {
                tenants.label(label, behind, Way::Hide);
            }
            if let Some(noted) = rest.get_mut(start - 1..start + len) {
                noted.fill(0);
            }
        }
        if tenants.may_be_in(&rest) {
            message.iter_mut().skip(HEADER).for_each(|octet| *octet = 0);
        }
    }
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

/// Overwrites address literals of those who have pseudonyms, as a request or a proxy's header
/// states them, with literals of zeros as long: so that they are no name, as before.
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
        let len = match run.len() {
            2.. if has_one(run) => run.len(),
            2.. if has_one(head) => without_port,
            _ => continue,
        };
        if let Some(literal) = run.get_mut(..len) {
            zero_literal(literal);
        }
    }
}

/// Makes it a literal of the same kind and length, of zeros; the length alone is left of it.
fn zero_literal(literal: &mut [u8]) {
    let len = literal.len();
    let dots = [1, 3, 5].into_iter().map(|at| (at, b'.'));
    let colons = |from: usize| (from..len).step_by(5).map(|at| (at, b':'));
    let signs: Vec<(usize, u8)> = if !literal.contains(&b':') {
        dots.collect()
    } else if len > LONGEST_V6 {
        // With an address of version 4 at the end: no name either way.
        (0..len).map(|at| (at, b':')).collect()
    } else if len + 2 >= LONGEST_V6 {
        colons(4).collect()
    } else {
        // `::`, and groups of four behind it; the first has three where a sign would be last.
        let first = if len % 5 == 2 { 5 } else { 6 };
        [(0, b':'), (1, b':')].into_iter().chain(colons(first)).collect()
    };
    literal.fill(b'0');
    for (at, sign) in signs {
        if let Some(place) = literal.get_mut(at) {
            *place = sign;
        }
    }
}

/// Characters of an address of version 6 at most, without one of version 4 in it.
const LONGEST_V6: usize = 39;

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

    /// A question for `contoso.sharepoint.com` in odd case, a CNAME that points into it, an
    /// address, a text record and one of a kind that nobody knows.
    #[test]
    fn tenants_labels_are_replaced_wherever_a_name_leads_through_them() {
        let tenants = crate::evidence::pseudonym::tenant::tests::tenants(&[]);
        let host = crate::name::HostName::from_wire(b"contoso.sharepoint.com").unwrap();
        let hidden = tenants.hide(&host).to_string();
        let mut names = names().with_tenants(tenants);
        let build = |label: &[u8], eu: &[u8], text: &[u8]| {
            let mut message = vec![0, 1, 0x81, 0x80, 0, 1, 0, 3, 0, 0, 0, 0];
            message.extend([&[7], label, b"\x0aSharePoint\x03com\0\0\x01\0\x01"].concat());
            message.extend(b"\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x05\x02");
            message.extend([eu, b"\xc0\x0c"].concat());
            message.extend(b"\xc0\x34\0\x01\0\x01\0\0\0\x3c\0\x04\xc6\x33\x64\x09");
            let len = u8::try_from(text.len()).unwrap();
            message.extend([&b"\xc0\x0c\0\x10\0\x01\0\0\0\x3c\0"[..], &[len], text].concat());
            message
        };
        let text = b"\x1aat contoso.sharepoint.com.";
        let mut message = build(b"CoNToSo", b"eu", text);
        dns(&mut message, &mut names);
        let eu = message[53..55].to_vec();
        assert!(eu != b"eu", "a label before a tenant's is the tenant's, too");
        let expected = build(&hidden.as_bytes()[..7], &eu, &vec![0; text.len()]);
        assert_eq!(message, expected);

        // A suffix where no name was read: nothing stays.
        let mut odd = build(b"CoNToSo", b"eu", b"\x01a");
        odd[5] = 0;
        let kept = odd[..HEADER].to_vec();
        dns(&mut odd, &mut names);
        assert_eq!(odd[..HEADER], kept);
        assert!(!odd.windows(4).any(|w| w.eq_ignore_ascii_case(b"toso")));
    }

    #[test]
    fn a_literal_stays_a_literal_of_its_length() {
        for address in [
            "1.1.1.1",
            "192.168.100.200",
            "::",
            "::1",
            "fe80::1",
            "2001:db8::1:2",
            "::ffff:1.2.3.4",
            "2001:db8:1:2:3:4:5:6",
            "2001:0db8:0001:0002:0003:0004:0005:0006",
            "2001:db8:111:222:333:444:555:666",
            "2001:0db8:1111:2222:3333:4444:5555:666",
        ]
        .into_iter()
        .map(str::to_owned)
        .chain((2..=39).map(|len| ":".repeat(len)))
        {
            let mut literal = address.as_bytes().to_vec();
            zero_literal(&mut literal);
            let text = String::from_utf8(literal).unwrap();
            assert_eq!(text.len(), address.len());
            assert!(text.chars().all(|c| matches!(c, '0' | '.' | ':')));
            assert_eq!(
                crate::name::HostName::from_wire(text.as_bytes()),
                Err(crate::name::NotAHostName::AddressLiteral),
                "{address} {text}"
            );
        }
    }

    #[test]
    fn literals_in_requests_are_overwritten_and_names_are_not() {
        let mut request =
            b"CONNECT 192.168.1.7:443 HTTP/1.1\r\nHost: a.example\r\nVia: 198.51.100.9\r\n"
                .to_vec();
        text(&mut request, &names());
        let expected =
            "CONNECT 0.0.0.00000:443 HTTP/1.1\r\nHost: a.example\r\nVia: 198.51.100.9\r\n";
        assert_eq!(String::from_utf8(request).unwrap(), expected);
    }
}
