//! The words for values.

use super::escape;
use super::view::View;
use crate::decode::Protocol;
use crate::ledger::DimensionValue;
use crate::name::Without;
use crate::signature::Grade;

/// Why there is no name.
pub(super) struct Cause {
    /// In two or three words, for a table.
    pub(super) short: &'static str,
    /// As a sentence's end.
    pub(super) long: &'static str,
}

/// A cause in plain words.
pub(super) fn cause(without: Without) -> Cause {
    let (short, long) = match without {
        Without::Dns => ("DNS", "the flow is DNS itself: it asks for names"),
        Without::Ech => ("ECH", "Encrypted ClientHello hid the true name"),
        Without::Midstream => ("began before", "the connection began before the capture"),
        Without::NoSni => ("no name sent", "the client sent no host name that can be used"),
        Without::Cut => ("cut", "frames were cut or are missing where the name stood"),
        Without::Bound => ("bound hit", "a bound of vigie's was hit while it looked for a name"),
        Without::UnknownProtocol => {
            ("unknown protocol", "no protocol from which vigie reads names")
        }
        Without::NoPayload => ("no payload", "nothing but headers was sent"),
    };
    Cause { short, long }
}

/// A value of a dimension.
pub(super) fn label(view: &View<'_>, value: &DimensionValue) -> String {
    match value {
        DimensionValue::Signature(id) => view.database.signature(*id).id.clone(),
        DimensionValue::Untagged => "untagged".to_owned(),
        DimensionValue::Text(text) => escape(text).into_owned(),
        DimensionValue::Category(category) => category.word().to_owned(),
        DimensionValue::Basis(basis) => basis.word().to_owned(),
        DimensionValue::Grade(grade) => letter(*grade).to_owned(),
        DimensionValue::Name(name) => name.as_str().to_owned(),
        DimensionValue::Unnamed(without) => format!("({})", without.word()),
        DimensionValue::Via(via) => via.word().to_owned(),
        DimensionValue::Address(address) => address.to_string(),
        DimensionValue::NoDevice => "-".to_owned(),
        DimensionValue::Port(protocol, None) => protocol_word(*protocol),
        DimensionValue::Port(protocol, Some(port)) => {
            format!("{}/{port}", protocol_word(*protocol))
        }
        DimensionValue::Protocol(protocol) => protocol_word(*protocol),
        DimensionValue::Capture(index) => {
            let capture = usize::try_from(*index).ok();
            let capture = capture.and_then(|index| view.snapshot.captures.get(index));
            capture.map_or_else(|| index.to_string(), |c| escape(&c.path).into_owned())
        }
        DimensionValue::Hour(start) => {
            view.zoned(*start).strftime("%Y-%m-%d %H:%M").to_string()
        }
    }
}

/// A grade's letter.
fn letter(grade: Grade) -> &'static str {
    match grade {
        Grade::A => "A",
        Grade::B => "B",
        Grade::C => "C",
        Grade::D => "D",
    }
}

/// A protocol's name, else its number.
fn protocol_word(number: u8) -> String {
    match Protocol(number) {
        Protocol::TCP => "tcp".to_owned(),
        Protocol::UDP => "udp".to_owned(),
        Protocol::ICMP => "icmp".to_owned(),
        Protocol::ICMPV6 => "icmpv6".to_owned(),
        Protocol::SCTP => "sctp".to_owned(),
        Protocol(other) => format!("ip-{other}"),
    }
}
