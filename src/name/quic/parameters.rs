//! Transport parameters of QUIC (RFC 9000 §18), of which a client's ClientHello has a list: what
//! they tell of its program.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::cursor::Cursor;

/// What a client's transport parameters tell of its program. GREASE values (RFC 9000 §15 and
/// §18.1) say nothing, and are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuicOffer {
    /// What the client calls itself, as Google's programs did (parameter 0x3129): text as sent,
    /// of at most 255 octets; not yet safe to look at.
    pub user_agent: Option<Box<str>>,
    /// The version of the packets with this hello, as the hello repeats it (RFC 9368 §3).
    pub version: Option<u32>,
    /// Versions that the client would rather, or just as well, speak, in the order of its
    /// preference (RFC 9368 §3); at most [`MOST_VERSIONS`].
    pub versions: Vec<u32>,
    /// Which parameters there are, in ascending order, each once; at most [`MOST_PARAMETERS`].
    pub parameters: Vec<u64>,
}

/// Extension type of the parameters (RFC 9001 §8.2), and that of the drafts (draft-ietf-quic-tls-17
/// to -32 §8.2).
pub(in crate::name) const TRANSPORT_PARAMETERS: u16 = 57;
pub(in crate::name) const DRAFT_TRANSPORT_PARAMETERS: u16 = 0xffa5;

/// Parameters (IANA "QUIC Transport Parameters"): version information, and the number that it had
/// in draft-ietf-quic-version-negotiation-07 to -13.
const VERSION_INFORMATION: u64 = 0x11;
const DRAFT_VERSION_INFORMATION: u64 = 0x00ff_73db;
/// Google's own, in no document but the comment of QUICHE's `transport_parameters.cc` that it "was
/// used to convey the user agent string".
const USER_AGENT: u64 = 0x3129;

/// Parameters of a list that are looked at, and versions that are kept; clients send some 17, and
/// four.
const MOST_PARAMETERS: usize = 64;
const MOST_VERSIONS: usize = 16;
/// Octets of a user agent.
const LONGEST_USER_AGENT: usize = 255;

impl QuicOffer {
    /// Reads the list in an extension of this type; none where it is not well formed to its last
    /// octet. Of a parameter that stands there twice, which RFC 9000 §7.4 forbids, the first
    /// counts.
    pub(in crate::name) fn read(extension: u16, content: &[u8]) -> Option<Self> {
        let older = || Self::of(older_list(content)?);
        match extension {
            TRANSPORT_PARAMETERS => Self::of(list(content)?),
            DRAFT_TRANSPORT_PARAMETERS => older().or_else(|| Self::of(list(content)?)),
            _ => None,
        }
    }

    fn of(list: Vec<(u64, &[u8])>) -> Option<Self> {
        let mut offer = Self::default();
        for (id, value) in list {
            if offer.parameters.contains(&id) {
                continue;
            }
            match id {
                USER_AGENT => offer.user_agent = user_agent(value).map(Box::from),
                VERSION_INFORMATION | DRAFT_VERSION_INFORMATION if offer.version.is_none() => {
                    (offer.version, offer.versions) = versions(value)?;
                }
                _ => {}
            }
            offer.parameters.push(id);
        }
        offer.parameters.retain(|id| id % 31 != 27);
        offer.parameters.sort_unstable();
        Some(offer)
    }

    /// The same as a row of numbers, in little room: parameters, versions, text.
    pub(in crate::name) fn packed(&self) -> Vec<u16> {
        let text = self.user_agent.as_deref().unwrap_or_default().as_bytes();
        let versions = self.version.iter().chain(&self.versions);
        let counts = [self.parameters.len(), versions.clone().count(), text.len()];
        let mut packed: Vec<u16> =
            counts.into_iter().map(|count| u16::try_from(count).unwrap_or_default()).collect();
        for id in &self.parameters {
            match u16::try_from(*id) {
                Ok(short) if short & WIDE == 0 => packed.push(short),
                _ => {
                    // A parameter's number has 62 bits (RFC 9000 §16).
                    let [a, b, c, d] = [48, 32, 16, 0].map(|bits| low16(id >> bits));
                    packed.extend([WIDE | a, b, c, d]);
                }
            }
        }
        let halves = |version: &u32| [16, 0].map(|bits| low16((version >> bits).into()));
        packed.extend(versions.flat_map(halves));
        packed.extend(text.chunks(2).map(|pair| match *pair {
            [first, second] => u16::from_be_bytes([first, second]),
            [last] => u16::from_be_bytes([last, 0]),
            _ => 0,
        }));
        packed
    }

    /// What [`QuicOffer::packed`] was made of.
    pub(in crate::name) fn unpacked(packed: &[u16]) -> Option<Self> {
        let mut numbers = packed.iter().copied();
        let mut next = || numbers.next();
        let (many_parameters, many_versions, octets) = (next()?, next()?, usize::from(next()?));
        let mut offer = Self::default();
        for _ in 0..many_parameters {
            let first = next()?;
            let id = if first & WIDE == 0 {
                first.into()
            } else {
                [next()?, next()?, next()?]
                    .into_iter()
                    .fold(u64::from(first & !WIDE), |id, more| id << 16 | u64::from(more))
            };
            offer.parameters.push(id);
        }
        for _ in 0..many_versions {
            offer.versions.push(u32::from(next()?) << 16 | u32::from(next()?));
        }
        if !offer.versions.is_empty() {
            offer.version = Some(offer.versions.remove(0));
        }
        let mut text: Vec<u8> = numbers.flat_map(u16::to_be_bytes).collect();
        text.truncate(octets);
        offer.user_agent = String::from_utf8(text).ok().filter(|t| !t.is_empty()).map(Box::from);
        Some(offer)
    }
}

/// Set where three more numbers belong to that of a parameter.
const WIDE: u16 = 0x8000;

fn low16(number: u64) -> u16 {
    let [.., high, low] = number.to_be_bytes();
    u16::from_be_bytes([high, low])
}

/// The list of RFC 9000 §18, and of drafts from 27 on: number, length, value.
fn list(content: &[u8]) -> Option<Vec<(u64, &[u8])>> {
    let mut cursor = Cursor::new(content);
    entries(|| (!cursor.rest.is_empty()).then(|| Some((cursor.varint()?, cursor.counted()?))))
}

/// The list of drafts up to 26: its length, then number, length and value, of two octets the
/// first three (draft-ietf-quic-transport-26 §18).
fn older_list(content: &[u8]) -> Option<Vec<(u64, &[u8])>> {
    let mut cursor = Cursor::new(content);
    (usize::from(cursor.u16()?) == cursor.rest.len()).then_some(())?;
    entries(|| {
        (!cursor.rest.is_empty()).then(|| {
            let id = cursor.u16()?;
            let len = cursor.u16()?;
            Some((id.into(), cursor.take(len.into())?))
        })
    })
}

/// All entries, of which the first so many are kept; none where one is broken.
fn entries<'a>(
    next: impl FnMut() -> Option<Option<(u64, &'a [u8])>>,
) -> Option<Vec<(u64, &'a [u8])>> {
    let mut list = Vec::with_capacity(24);
    for entry in std::iter::from_fn(next) {
        let entry = entry?;
        if list.len() < MOST_PARAMETERS {
            list.push(entry);
        }
    }
    Some(list)
}

/// The version of the packet, and those that are available (RFC 9368 §3); none where there are no
/// whole versions.
fn versions(value: &[u8]) -> Option<(Option<u32>, Vec<u32>)> {
    let (versions, rest) = value.as_chunks::<4>();
    let (chosen, available) = versions.split_first()?;
    rest.is_empty().then_some(())?;
    let available = available.iter().map(|version| u32::from_be_bytes(*version));
    let meant = available.filter(|version| version & 0x0f0f_0f0f != 0x0a0a_0a0a);
    Some((Some(u32::from_be_bytes(*chosen)), meant.take(MOST_VERSIONS).collect()))
}

/// The text of a user agent.
fn user_agent(value: &[u8]) -> Option<&str> {
    let text = str::from_utf8(value).ok().filter(|text| text.len() <= LONGEST_USER_AGENT)?;
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn varint(number: u64) -> Vec<u8> {
        let (octets, prefix) = match number {
            0..0x40 => (1, 0),
            0x40..0x4000 => (2, 0x4000),
            0x4000..0x4000_0000 => (4, 0x8000_0000),
            _ => (8, 3 << 62),
        };
        (number | prefix).to_be_bytes()[8 - octets..].to_vec()
    }

    fn content(list: &[(u64, &[u8])]) -> Vec<u8> {
        let one = |(id, value): &(u64, &[u8])| {
            [varint(*id), varint(value.len() as u64), value.to_vec()].concat()
        };
        list.iter().flat_map(one).collect()
    }

    fn read(list: &[(u64, &[u8])]) -> Option<QuicOffer> {
        QuicOffer::read(TRANSPORT_PARAMETERS, &content(list))
    }

    /// 31 × 5 + 27.
    const GREASE: u64 = 182;

    #[test]
    fn a_clients_program_its_versions_and_the_set_of_its_parameters_are_read() {
        let offered = [
            (0x3129, b"Chrome/98.0.4758.102 Windows NT 10.0; Win64; x64".as_slice()),
            (0x4752, &[0, 0, 0, 1]),
            (GREASE, b"anything"),
            (0x11, b"\0\0\0\x01\x6b\x33\x43\xcf\x1a\x2a\x3a\x4a\0\0\0\x01"),
            (1, &[0x80, 0, 0x75, 0x30]),
            (0x17_f758_6d2c_b571, &[]),
            (0xf, &[]),
        ];
        let offer = read(&offered).unwrap();
        let program = "Chrome/98.0.4758.102 Windows NT 10.0; Win64; x64";
        assert_eq!(offer.user_agent.as_deref(), Some(program));
        assert_eq!(offer.version, Some(1));
        assert_eq!(offer.versions, [0x6b33_43cf, 1]);
        let sorted = [1, 0xf, 0x11, 0x3129, 0x4752, 0x17_f758_6d2c_b571];
        assert_eq!(offer.parameters, sorted);
        assert_eq!(read(&[]), Some(QuicOffer::default()));
        for other in [0, 16, 58] {
            assert_eq!(QuicOffer::read(other, &content(&offered)), None);
        }
    }

    #[test]
    fn drafts_have_a_list_of_their_own_form_and_either_is_known() {
        let mut older = Vec::new();
        for (id, value) in [(0x3129_u16, b"dev Chrome/80".as_slice()), (1, &[0x67, 0x10])] {
            older.extend(id.to_be_bytes());
            older.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
            older.extend(value);
        }
        let len = u16::try_from(older.len()).unwrap();
        older.splice(0..0, len.to_be_bytes());
        let newer = content(&[(0x3129, b"dev Chrome/80"), (1, &[0x67, 0x10])]);
        let read = |octets: &[u8]| QuicOffer::read(DRAFT_TRANSPORT_PARAMETERS, octets);
        let expected = QuicOffer {
            user_agent: Some("dev Chrome/80".into()),
            parameters: vec![1, 0x3129],
            ..QuicOffer::default()
        };
        assert_eq!(read(&older), Some(expected.clone()));
        assert_eq!(read(&newer), Some(expected));
        for len in 1..older.len() {
            assert_ne!(read(&older[..len]), read(&older), "{len}");
        }
    }

    #[test]
    fn what_is_not_well_formed_to_its_end_gives_nothing() {
        let whole = content(&[(1, &[1]), (0x3129, b"a"), (0x11, &[0, 0, 0, 1])]);
        let ends: Vec<usize> = (0..whole.len())
            .filter(|len| QuicOffer::read(TRANSPORT_PARAMETERS, &whole[..*len]).is_some())
            .collect();
        // Only where an entry ends.
        assert_eq!(ends, [0, 3, 7]);
        // Version information of parts of versions, or of none.
        for value in [&[][..], &[0, 0, 1], &[0, 0, 0, 1, 5]] {
            assert_eq!(read(&[(1, &[1]), (0x11, value)]), None);
        }
    }

    #[test]
    fn the_first_of_two_counts_and_odd_texts_are_none() {
        let twice = read(&[(0x3129, b"first"), (0x3129, b"second"), (1, &[]), (1, &[])]).unwrap();
        assert_eq!(twice.user_agent.as_deref(), Some("first"));
        assert_eq!(twice.parameters, [1, 0x3129]);
        let text = |value: &[u8]| read(&[(0x3129, value)]).unwrap().user_agent;
        assert_eq!(text(b" a program\0\0").as_deref(), Some("a program"));
        for odd in [&b""[..], b" \0 ", b"\xff\xfe", &[b'a'; 256]] {
            assert_eq!(text(odd), None);
        }
        assert_eq!(text(&[b'a'; 255]).map(|text| text.len()), Some(255));
    }

    #[test]
    fn lists_are_bounded() {
        let many: Vec<(u64, &[u8])> = (0..500).map(|n| (31 * n, [].as_slice())).collect();
        assert_eq!(read(&many).unwrap().parameters.len(), MOST_PARAMETERS);
        let versions: Vec<u8> = (1..100_u32).flat_map(u32::to_be_bytes).collect();
        assert_eq!(read(&[(0x11, &versions)]).unwrap().versions.len(), MOST_VERSIONS);
    }

    proptest! {
        #[test]
        fn any_octets_are_survived_and_what_is_packed_comes_back(
            octets: Vec<u8>,
            list in prop::collection::vec((0..1_u64 << 62, any::<Vec<u8>>()), 0..9),
        ) {
            let list: Vec<(u64, &[u8])> =
                list.iter().map(|(id, value)| (*id, value.as_slice())).collect();
            let known = [&list[..], &[(0x3129, octets.as_slice())]].concat();
            let whole = content(&known);
            for extension in [TRANSPORT_PARAMETERS, DRAFT_TRANSPORT_PARAMETERS] {
                for content in [&octets, &whole] {
                    if let Some(offer) = QuicOffer::read(extension, content) {
                        prop_assert_eq!(QuicOffer::unpacked(&offer.packed()), Some(offer));
                    }
                }
            }
            let numbers: Vec<u16> = octets.iter().map(|octet| u16::from(*octet) << 7).collect();
            let _ = QuicOffer::unpacked(&numbers);
        }
    }
}
