//! The words for values.

use super::view::View;
use crate::export::{Labels, escape};
use crate::ledger::DimensionValue;
use crate::name::Without;

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

/// A value of a dimension, safe to print; hours in the zone shown.
pub(super) fn label(view: &View<'_>, value: &DimensionValue) -> String {
    if let DimensionValue::Hour(start) = value {
        return view.zoned(*start).strftime("%Y-%m-%d %H:%M").to_string();
    }
    let labels = Labels { database: view.database, captures: &view.snapshot.captures };
    escape(&labels.text(value)).into_owned()
}
