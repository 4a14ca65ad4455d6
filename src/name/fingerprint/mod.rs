//! What a ClientHello offers, by which programs are told apart: JA4 and JA3.
//!
//! The lists are kept as they were sent; the hashes are made when somebody asks for them, since
//! most runs print no flow. QUIC's transport parameters are kept with them in the same way.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::fmt::Write;

use md5::Md5;
use sha2::{Digest, Sha256};
use smallvec::SmallVec;

use super::quic::{DRAFT_TRANSPORT_PARAMETERS, QuicOffer, TRANSPORT_PARAMETERS};

/// The lists of a ClientHello, without GREASE values (RFC 8701).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    carrier: Carrier,
    /// `legacy_version` (RFC 8446 §4.1.2).
    legacy: u16,
    /// The version that JA4 states.
    version: u16,
    /// The two characters for the first ALPN protocol.
    alpn: [u8; 2],
    /// Where each list ends in `values`; behind the last one, a [`QuicOffer`] may be packed.
    ends: [u16; LISTS],
    values: Box<[u16]>,
}

/// What carries the handshake: the first character of JA4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::name) enum Carrier {
    /// TLS over TCP.
    #[default]
    Tcp,
    /// QUIC.
    Quic,
    /// DTLS.
    Dtls,
}

/// Collects the lists of one ClientHello.
#[derive(Debug, Default)]
pub(in crate::name) struct Draft {
    legacy: u16,
    ciphers: Values,
    extensions: Values,
    signatures: Values,
    groups: Values,
    formats: Values,
    /// The highest of `supported_versions`, where there is such an extension.
    version: Option<u16>,
    alpn: Option<[u8; 2]>,
    quic: Option<QuicOffer>,
}

type Values = SmallVec<[u16; 32]>;

impl Draft {
    /// A hello with this `legacy_version` and these cipher suites.
    pub(in crate::name) fn new(legacy: u16, ciphers: impl Iterator<Item = u16>) -> Self {
        Self { legacy, ciphers: sent(ciphers), ..Self::default() }
    }

    /// Takes the next extension. Of a type that stands there twice, which RFC 8446 §4.2 forbids,
    /// the first counts, but both are listed.
    pub(in crate::name) fn extension(&mut self, kind: u16, content: &[u8]) {
        self.extensions.extend(Some(kind).filter(|kind| !is_grease(*kind)));
        match kind {
            SUPPORTED_GROUPS if self.groups.is_empty() => {
                self.groups = sent(pairs(content.get(2..)));
            }
            EC_POINT_FORMATS if self.formats.is_empty() => {
                let formats = content.get(1..).unwrap_or_default();
                self.formats = formats.iter().map(|format| u16::from(*format)).collect();
            }
            SIGNATURE_ALGORITHMS if self.signatures.is_empty() => {
                self.signatures = sent(pairs(content.get(2..)));
            }
            ALPN if self.alpn.is_none() => self.alpn = first_protocol(content).map(ends_of),
            SUPPORTED_VERSIONS if self.version.is_none() => {
                let versions = pairs(content.get(1..)).filter(|version| !is_grease(*version));
                self.version =
                    Some(versions.max_by_key(|version| age(*version)).unwrap_or_default());
            }
            TRANSPORT_PARAMETERS | DRAFT_TRANSPORT_PARAMETERS if self.quic.is_none() => {
                self.quic = QuicOffer::read(kind, content);
            }
            _ => {}
        }
    }

    /// What is kept of it; none where the lists are longer than any client's.
    pub(in crate::name) fn finish(self) -> Option<Fingerprint> {
        let lists =
            [&self.ciphers, &self.extensions, &self.signatures, &self.groups, &self.formats];
        let total: usize = lists.iter().map(|list| list.len()).sum();
        if total > MOST_VALUES {
            return None;
        }
        let (mut values, mut ends) = (Vec::with_capacity(total), [0; LISTS]);
        for (list, end) in lists.into_iter().zip(&mut ends) {
            values.extend_from_slice(list);
            *end = u16::try_from(values.len()).ok()?;
        }
        values.extend(self.quic.iter().flat_map(QuicOffer::packed));
        Some(Fingerprint {
            carrier: Carrier::default(),
            legacy: self.legacy,
            version: self.version.unwrap_or(self.legacy),
            alpn: self.alpn.unwrap_or(*b"00"),
            ends,
            values: values.into(),
        })
    }
}

/// Orders versions by their age: those of DTLS count downwards (RFC 9147 §5.3).
fn age(version: u16) -> u16 {
    if version >> 8 == 0xfe { !version } else { version }
}

impl Fingerprint {
    /// The same, of a handshake that came this way.
    pub(in crate::name) fn carried_by(self, carrier: Carrier) -> Self {
        Self { carrier, ..self }
    }

    /// JA4 of the client ("JA4: TLS Client Fingerprinting", `FoxIO`), 36 characters.
    pub fn ja4(&self) -> String {
        let [ciphers, extensions, signatures, ..] = self.lists();
        let mut text = String::with_capacity(36);
        text.push(match self.carrier {
            Carrier::Tcp => 't',
            Carrier::Quic => 'q',
            Carrier::Dtls => 'd',
        });
        text.push_str(match self.version {
            0x0304 => "13",
            0x0303 => "12",
            0x0302 => "11",
            0x0301 => "10",
            0x0300 => "s3",
            0x0002 => "s2",
            0xfeff => "d1",
            0xfefd => "d2",
            0xfefc => "d3",
            _ => "00",
        });
        text.push(if extensions.contains(&SERVER_NAME) { 'd' } else { 'i' });
        let [first, last] = self.alpn.map(char::from);
        let (many_ciphers, many_extensions) = (ciphers.len().min(99), extensions.len().min(99));
        // Writing to a string cannot fail.
        let _ = write!(text, "{many_ciphers:02}{many_extensions:02}{first}{last}_");
        push_hash(&mut text, &sorted(ciphers.iter()), &[]);
        text.push('_');
        let others = extensions.iter().filter(|kind| ![SERVER_NAME, ALPN].contains(*kind));
        push_hash(&mut text, &sorted(others), signatures);
        text
    }

    /// JA3 (Salesforce, 2017): MD5 over the same lists in decimal, 32 hexadecimal digits.
    pub fn ja3(&self) -> String {
        let mut text = String::with_capacity(256);
        push_decimal(&mut text, self.legacy);
        let [ciphers, extensions, _, groups, formats] = self.lists();
        for list in [ciphers, extensions, groups, formats] {
            text.push(',');
            for (index, value) in list.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "-" });
                push_decimal(&mut text, *value);
            }
        }
        let mut hash = String::with_capacity(32);
        push_hex(&mut hash, &Md5::digest(text.as_bytes()));
        hash
    }

    /// What the transport parameters say, where the handshake is QUIC's and has them.
    pub fn quic(&self) -> Option<QuicOffer> {
        let [.., last] = self.ends;
        let packed = self.values.get(usize::from(last)..).filter(|packed| !packed.is_empty())?;
        (self.carrier == Carrier::Quic).then(|| QuicOffer::unpacked(packed)).flatten()
    }

    /// The same without what the client calls itself.
    #[must_use]
    pub fn without_user_agent(self) -> Self {
        let Some(offer) = self.quic() else { return self };
        let [.., last] = self.ends;
        let mut values = self.values.into_vec();
        values.truncate(last.into());
        values.extend(QuicOffer { user_agent: None, ..offer }.packed());
        Self { values: values.into(), ..self }
    }

    /// Cipher suites, extensions, signature algorithms, groups, point formats.
    fn lists(&self) -> [&[u16]; LISTS] {
        let mut start = 0;
        self.ends.map(|end| {
            let list = self.values.get(start..usize::from(end)).unwrap_or_default();
            start = usize::from(end);
            list
        })
    }
}

#[cfg(test)]
impl Fingerprint {
    /// A hello of TLS 1.3 in QUIC with one cipher suite, of a client that calls itself `program`,
    /// for the tests of outputs.
    pub(crate) fn sample(program: &str) -> Self {
        let mut draft = Draft::new(0x0303, std::iter::once(0x1301));
        draft.extension(SERVER_NAME, &[]);
        draft.extension(SUPPORTED_VERSIONS, &[2, 3, 4]);
        draft.extension(ALPN, b"\0\x03\x02h2");
        let len = u8::try_from(program.len()).unwrap();
        let versions = b"\x11\x0c\0\0\0\x01\x6b\x33\x43\xcf\0\0\0\x01";
        let parameters = [&[1, 1, 9, 0x71, 0x29, len], program.as_bytes(), versions].concat();
        draft.extension(TRANSPORT_PARAMETERS, &parameters);
        draft.finish().unwrap().carried_by(Carrier::Quic)
    }
}

/// The first twelve digits of the hash of two lists; zeros where there is nothing to hash.
fn push_hash(text: &mut String, first: &[u16], second: &[u16]) {
    if first.is_empty() {
        text.push_str("000000000000");
        return;
    }
    let mut listed = String::with_capacity(5 * (first.len() + second.len()));
    for (list, before) in [(first, ""), (second, "_")] {
        for (index, value) in list.iter().enumerate() {
            listed.push_str(if index == 0 { before } else { "," });
            push_hex(&mut listed, &value.to_be_bytes());
        }
    }
    let hash = Sha256::digest(listed.as_bytes());
    push_hex(text, hash.get(..6).unwrap_or_default());
}

// By hand, since the formatter costs several times the hashes.
fn push_hex(text: &mut String, octets: &[u8]) {
    for octet in octets {
        text.push(char::from(hex_digit(octet >> 4)));
        text.push(char::from(hex_digit(octet & 0x0f)));
    }
}

fn push_decimal(text: &mut String, value: u16) {
    let mut has_begun = false;
    for unit in [10_000, 1_000, 100, 10, 1] {
        let digit = u32::from(value / unit % 10);
        has_begun |= digit > 0 || unit == 1;
        text.extend(char::from_digit(digit, 10).filter(|_| has_begun));
    }
}

fn sorted<'a>(values: impl Iterator<Item = &'a u16>) -> Vec<u16> {
    let mut values: Vec<u16> = values.copied().collect();
    values.sort_unstable();
    values
}

/// What a client meant: GREASE says nothing about it.
fn sent(values: impl Iterator<Item = u16>) -> Values {
    values.filter(|value| !is_grease(*value)).collect()
}

/// Whether a value is there to keep servers from choking on new ones (RFC 8701 §2).
fn is_grease(value: u16) -> bool {
    let [high, low] = value.to_be_bytes();
    high == low && low & 0x0f == 0x0a
}

/// Two octets each, as numbers.
fn pairs(octets: Option<&[u8]>) -> impl Iterator<Item = u16> {
    let (pairs, _) = octets.unwrap_or_default().as_chunks::<2>();
    pairs.iter().map(|pair| u16::from_be_bytes(*pair))
}

/// The octets of the first protocol (RFC 7301 §3.1), if it has any.
fn first_protocol(content: &[u8]) -> Option<&[u8]> {
    let (len, rest) = content.get(2..)?.split_first()?;
    rest.get(..usize::from(*len)).filter(|protocol| !protocol.is_empty())
}

/// First and last character of a protocol; of its hexadecimal form where either is no letter or
/// digit of ASCII.
fn ends_of(protocol: &[u8]) -> [u8; 2] {
    let first = protocol.first().copied().unwrap_or_default();
    let last = protocol.last().copied().unwrap_or_default();
    if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() {
        return [first, last];
    }
    [hex_digit(first >> 4), hex_digit(last & 0x0f)]
}

fn hex_digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' + (value - 10) }
}

/// Lists that are kept.
const LISTS: usize = 5;
/// Values that are kept of a hello, all lists together; browsers send some eighty.
const MOST_VALUES: usize = 1024;

/// Extension types (IANA, TLS extensions).
const SERVER_NAME: u16 = 0;
const SUPPORTED_GROUPS: u16 = 10;
const EC_POINT_FORMATS: u16 = 11;
const SIGNATURE_ALGORITHMS: u16 = 13;
const ALPN: u16 = 16;
const SUPPORTED_VERSIONS: u16 = 43;

#[cfg(test)]
mod tests;
