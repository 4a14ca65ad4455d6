//! What can be asked for.

use crate::flow::FlowFlags;
use crate::name::Via;
use crate::signature::{Basis, Category, Grade};

/// A property of a flow or a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Any name of the flow.
    Name,
    /// Client address.
    Client,
    /// Server address.
    Server,
    /// Either port.
    Port,
    /// Protocol above IP.
    Proto,
    /// Category of the primary tag.
    Category,
    /// Vendor of the primary tag.
    Vendor,
    /// Product of the primary tag.
    Product,
    /// Id of the primary tag's signature.
    Signature,
    /// Grade of the primary tag.
    Grade,
    /// Basis of the primary tag.
    Basis,
    /// How any name was seen.
    Via,
    /// Octets from client to server.
    Up,
    /// Octets from server to client.
    Down,
    /// Octets both ways.
    Bytes,
    /// Time of the first frame.
    First,
    /// Time of the last frame.
    Last,
    /// Any flag.
    Flag,
    /// Name of the client's device.
    Device,
    /// App that the capture states.
    App,
    /// What the client calls itself in QUIC.
    QuicUserAgent,
    /// What the server calls its STUN program.
    StunSoftware,
    /// Country of the server's address.
    Country,
    /// Owner of the server's network, or its number.
    NetworkOwner,
    /// Maker of the client's network hardware.
    Oui,
}

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Free text.
    Text,
    /// Words of a closed list.
    Word,
    /// Addresses.
    Address,
    /// Numbers from 0 to 65535.
    Port,
    /// Protocol words or numbers.
    Protocol,
    /// Numbers of octets.
    Octets,
    /// Points in time.
    Time,
}

impl Field {
    /// Every field, in the order of the documentation.
    pub const ALL: [Self; 25] = [
        Self::Name,
        Self::Client,
        Self::Server,
        Self::Port,
        Self::Proto,
        Self::Category,
        Self::Vendor,
        Self::Product,
        Self::Signature,
        Self::Grade,
        Self::Basis,
        Self::Via,
        Self::Up,
        Self::Down,
        Self::Bytes,
        Self::First,
        Self::Last,
        Self::Flag,
        Self::Device,
        Self::App,
        Self::QuicUserAgent,
        Self::StunSoftware,
        Self::Country,
        Self::NetworkOwner,
        Self::Oui,
    ];

    /// The word that stands for it in expressions.
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Client => "client",
            Self::Server => "server",
            Self::Port => "port",
            Self::Proto => "proto",
            Self::Category => "category",
            Self::Vendor => "vendor",
            Self::Product => "product",
            Self::Signature => "signature",
            Self::Grade => "grade",
            Self::Basis => "basis",
            Self::Via => "via",
            Self::Up => "up",
            Self::Down => "down",
            Self::Bytes => "bytes",
            Self::First => "first",
            Self::Last => "last",
            Self::Flag => "flag",
            Self::Device => "device",
            Self::App => "app",
            Self::QuicUserAgent => "quic-user-agent",
            Self::StunSoftware => "stun-software",
            Self::Country => "country",
            Self::NetworkOwner => "network-owner",
            Self::Oui => "oui",
        }
    }

    /// The field that `word` stands for, case ignored.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.word().eq_ignore_ascii_case(word))
    }

    /// What its values are.
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Name
            | Self::Vendor
            | Self::Product
            | Self::Signature
            | Self::Device
            | Self::App
            | Self::QuicUserAgent
            | Self::StunSoftware
            | Self::Country
            | Self::NetworkOwner
            | Self::Oui => Kind::Text,
            Self::Category | Self::Grade | Self::Basis | Self::Via | Self::Flag => Kind::Word,
            Self::Client | Self::Server => Kind::Address,
            Self::Port => Kind::Port,
            Self::Proto => Kind::Protocol,
            Self::Up | Self::Down | Self::Bytes => Kind::Octets,
            Self::First | Self::Last => Kind::Time,
        }
    }

    /// The words that its values can be, where the list is closed.
    pub fn words(self) -> Vec<&'static str> {
        match self {
            Self::Category => Category::ALL.into_iter().map(Category::word).collect(),
            Self::Grade => Grade::ALL.into_iter().map(Grade::word).collect(),
            Self::Basis => Basis::ALL.into_iter().map(Basis::word).collect(),
            Self::Via => Via::ALL.into_iter().map(Via::word).collect(),
            Self::Flag => FlowFlags::WORDS.into_iter().map(|(_, word)| word).collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::value::Relation;
    use super::*;

    /// The page that users read.
    const MANUAL: &str = include_str!("../../docs/filter.md");

    #[test]
    fn the_manual_names_every_field_with_its_operators_and_every_word() {
        for field in Field::ALL {
            let row = format!("| `{}` | ", field.word());
            let line = MANUAL.lines().find(|line| line.starts_with(&row));
            let line = line.unwrap_or_else(|| panic!("no row for {}", field.word()));
            for relation in Relation::FROM_OPERATORS {
                let symbol = format!("`{}`", relation.symbol());
                let written = line.split('|').nth(3).unwrap().contains(&symbol);
                assert_eq!(written, relation.suits(field.kind()), "{} {symbol}", field.word());
            }
            for word in field.words() {
                assert!(MANUAL.contains(&format!("`{word}`")), "{word}");
            }
        }
    }
}
