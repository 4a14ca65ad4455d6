//! Values as they are written in expressions.

use std::fmt::{self, Display as _};
use std::net::IpAddr;

use ipnet::IpNet;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::field::{Field, Kind};
use super::glob::{Glob, write_escaped};
use super::protocol::{PROTOCOLS, protocol_number, protocol_word};
use super::suggest::nearest;
use super::token::{Token, TokenKind};
use crate::decode::Protocol;
use crate::source::CaptureTime;

/// How the flow's values stand to those of the expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    Contains,
    Less,
    AtMost,
    Greater,
    AtLeast,
    In,
    NotIn,
}

impl Relation {
    /// Those that are written with an operator.
    pub(super) const FROM_OPERATORS: [Self; 7] = [
        Self::Equal,
        Self::NotEqual,
        Self::Contains,
        Self::Less,
        Self::AtMost,
        Self::Greater,
        Self::AtLeast,
    ];

    /// The relation of an operator.
    pub(super) fn from_operator(operator: &str) -> Option<Self> {
        Self::FROM_OPERATORS.into_iter().find(|relation| relation.symbol() == operator)
    }

    /// How it is written.
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Contains => "~",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
        }
    }

    /// Whether a list of values may follow.
    pub(super) fn takes_list(self) -> bool {
        matches!(self, Self::In | Self::NotIn)
    }

    /// Whether a field with such values can stand in this relation.
    pub(super) fn suits(self, kind: Kind) -> bool {
        match self {
            Self::Equal | Self::NotEqual | Self::In | Self::NotIn => true,
            Self::Contains => matches!(kind, Kind::Text | Kind::Word),
            Self::Less | Self::AtMost | Self::Greater | Self::AtLeast => {
                matches!(kind, Kind::Port | Kind::Octets | Kind::Time)
            }
        }
    }
}

/// One value of an expression, read for its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    /// `*`: any value at all.
    Any,
    /// Text with wildcards.
    Text(Glob),
    /// Lower-case text to be contained.
    Part(Box<str>),
    /// One of the field's words.
    Word(&'static str),
    /// One address or a range of them.
    Network(IpNet),
    /// A port, a protocol or a number of octets.
    Number(u64),
    /// A point in time.
    Time(CaptureTime),
}

impl Operand {
    /// Reads `token` as a value of `field`; the error says what would be right.
    pub(super) fn read(field: Field, relation: Relation, token: Token<'_>) -> Result<Self, String> {
        let glob = match token.kind {
            TokenKind::Quoted(text) => Glob::from_quoted(text),
            _ => Glob::from_word(token.text()),
        };
        if relation == Relation::Contains {
            return part(&glob);
        }
        if glob.is_any() && matches!(relation, Relation::Equal | Relation::NotEqual) {
            return Ok(Self::Any);
        }
        let text = token.text();
        match field.kind() {
            Kind::Text if field == Field::Name => name(glob, text),
            Kind::Text => Ok(Self::Text(glob)),
            Kind::Word => word(field, text),
            Kind::Address => network(field, text),
            Kind::Port => text.parse::<u16>().map(|port| Self::Number(port.into())).map_err(|_| {
                format!("{} is not a port; write a number from 0 to 65535", shown(text))
            }),
            Kind::Protocol => protocol(text),
            Kind::Octets => octets(text),
            Kind::Time => time(text),
        }
    }

    /// Writes it as it would be read again for `field`.
    pub(super) fn write(&self, field: Field, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Text(glob) => glob.fmt(f),
            Self::Part(text) => {
                f.write_str("\"")?;
                write_escaped(f, text)?;
                f.write_str("\"")
            }
            Self::Word(word) => f.write_str(word),
            Self::Network(net) if net.prefix_len() == net.max_prefix_len() => net.addr().fmt(f),
            Self::Network(net) => net.fmt(f),
            Self::Number(number) => match field.kind() {
                Kind::Octets => write_octets(*number, f),
                Kind::Protocol => {
                    let protocol = Protocol(u8::try_from(*number).unwrap_or(u8::MAX));
                    f.write_str(&protocol_word(protocol))
                }
                _ => number.fmt(f),
            },
            Self::Time(time) => {
                Timestamp::from_nanosecond(time.0.into()).map_err(|_| fmt::Error)?.fmt(f)
            }
        }
    }
}

/// The text of `~`.
fn part(glob: &Glob) -> Result<Operand, String> {
    match glob.literal() {
        Some("") => Err("`~` needs text to look for".to_owned()),
        Some(text) => Ok(Operand::Part(text.into())),
        None => {
            Err("`~` looks for text as it stands; for wildcards write `=`, for a star `\"\\*\"`"
                .to_owned())
        }
    }
}

/// A host name or a pattern of one, in the form that names have: A-labels, no final dot.
fn name(glob: Glob, text: &str) -> Result<Operand, String> {
    if text.parse::<IpAddr>().is_ok() {
        return Err(format!("an address is not a name; write `server = {}`", plain(text)));
    }
    if text.contains('/') {
        return Err(format!("{} is not a name; write the host alone", shown(text)));
    }
    if text.is_empty() {
        return Err(
            "an empty name matches nothing; for flows without one write `name != *`".to_owned()
        );
    }
    Ok(Operand::Text(glob.map(ascii_labels)))
}

/// Labels outside ASCII as A-labels (RFC 5890 §2.3.2.1), where that can be done; without the
/// final dot.
fn ascii_labels(piece: &str) -> String {
    if piece.is_ascii() {
        return piece.to_owned();
    }
    let labels = piece.split('.').map(|label| match idna::domain_to_ascii(label) {
        Ok(ascii) if !label.is_ascii() => ascii,
        _ => label.to_owned(),
    });
    labels.collect::<Vec<_>>().join(".")
}

/// A word of a closed list.
fn word(field: Field, text: &str) -> Result<Operand, String> {
    let words = field.words();
    if let Some(word) = words.iter().find(|word| word.eq_ignore_ascii_case(text)) {
        return Ok(Operand::Word(word));
    }
    let unknown = format!("unknown {} {}", field.word(), shown(text));
    Err(match nearest(text, words.iter().copied()) {
        Some(near) => format!("{unknown}; did you mean `{near}`?"),
        None => format!("{unknown}; there are: {}", words.join(", ")),
    })
}

/// An address, or a range of addresses in CIDR form; bits beyond the prefix are ignored.
fn network(field: Field, text: &str) -> Result<Operand, String> {
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Ok(Operand::Network(address.into()));
    }
    if let Ok(net) = bare.parse::<IpNet>() {
        return Ok(Operand::Network(net.trunc()));
    }
    if let Ok(endpoint) = text.parse::<std::net::SocketAddr>() {
        let (field, ip, port) = (field.word(), endpoint.ip(), endpoint.port());
        return Err(format!("a port goes apart; write `{field} = {ip} and port = {port}`"));
    }
    Err(if text.chars().any(char::is_alphabetic) && !text.contains([':', '/']) {
        format!("{} is not an address; for names write `name = {}`", shown(text), plain(text))
    } else {
        format!("{} is not an address; write 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32", shown(text))
    })
}

/// A protocol by word or number.
fn protocol(text: &str) -> Result<Operand, String> {
    protocol_number(text).map(|number| Operand::Number(number.into())).ok_or_else(|| match nearest(
        text,
        PROTOCOLS.iter().map(|(_, word)| *word),
    ) {
        Some(near) => format!("unknown protocol {}; did you mean `{near}`?", shown(text)),
        None => format!("unknown protocol {}; write tcp, udp or a number, as 47", shown(text)),
    })
}

/// Units of octets, case ignored when read.
pub(super) const UNITS: [(&str, u64); 9] = [
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("B", 1),
];

/// Whether the word is a unit of octets.
pub(super) fn is_unit(word: &str) -> bool {
    UNITS.iter().any(|(unit, _)| unit.eq_ignore_ascii_case(word))
}

/// A number of octets with or without a unit; parts of an octet are cut off.
fn octets(text: &str) -> Result<Operand, String> {
    let wrong = || format!("{} is not a number of octets; write for example 10MB", shown(text));
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    if number.is_empty() {
        return Err(wrong());
    }
    let scale = match unit.trim() {
        "" => 1,
        unit => scale(unit)?,
    };
    scaled(number, scale).map(Operand::Number).ok_or_else(wrong)
}

/// Octets in one of a unit.
fn scale(unit: &str) -> Result<u64, String> {
    UNITS
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(unit))
        .map(|(_, scale)| *scale)
        .ok_or_else(|| {
            let unit = shown(unit);
            format!("unknown unit {unit}; units are B, kB, MB, GB, TB, KiB, MiB, GiB, TiB")
        })
}

/// `number`, perhaps with a decimal point, times `scale`.
fn scaled(number: &str, scale: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let whole: u64 = whole.parse().ok()?;
    let places = u32::try_from(fraction.len()).ok().filter(|places| *places <= 18)?;
    let fraction: u64 = fraction.parse().ok()?;
    let part = u128::from(fraction) * u128::from(scale) / 10_u128.pow(places);
    whole.checked_mul(scale)?.checked_add(u64::try_from(part).ok()?)
}

/// With the largest decimal unit that leaves a whole number.
fn write_octets(number: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let unit = UNITS.iter().take(4).find(|(_, scale)| number != 0 && number.is_multiple_of(*scale));
    match unit {
        Some((unit, scale)) => write!(f, "{}{unit}", number / scale),
        None => number.fmt(f),
    }
}

/// RFC 3339, or the same without offset, seconds or time of day: then UTC and the first moment.
fn time(text: &str) -> Result<Operand, String> {
    let moment = text.parse::<Timestamp>().or_else(|_| {
        let civil: DateTime = text.parse()?;
        civil.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp())
    });
    moment
        .ok()
        .and_then(|moment| i64::try_from(moment.as_nanosecond()).ok())
        .map(|nanoseconds| Operand::Time(CaptureTime(nanoseconds)))
        .ok_or_else(|| {
            format!(
                "{} is not a time; write 2026-01-01T08:00 (UTC) or 2026-01-01T08:00:00+01:00",
                shown(text)
            )
        })
}

/// The user's text between back quotes, shortened, without control characters.
pub(super) fn shown(text: &str) -> String {
    format!("`{}`", plain(text))
}

/// The same without the back quotes.
fn plain(text: &str) -> String {
    const SHOWN: usize = 40;
    let mut out: String = text
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out
}
