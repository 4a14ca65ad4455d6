//! To whom registers assign addresses: country and network of a server, maker of a client's
//! hardware. From files that the user brings; nothing is ever asked over the network.

mod address;
mod hardware;

use std::net::IpAddr;

pub use address::{AddressFile, AddressFileError};
pub use hardware::{HardwareFile, NoHardware};

/// The files in force.
#[derive(Debug, Default)]
pub struct Assignments {
    /// Countries of addresses.
    pub countries: Option<AddressFile>,
    /// Networks (autonomous systems) of addresses.
    pub networks: Option<AddressFile>,
    /// Makers of network hardware.
    pub hardware: Option<HardwareFile>,
    /// What is to be said of the files, in the order country, network, hardware.
    pub files: Vec<AssignmentFile>,
}

/// What no register can say of an address.
pub const PLACE_CAVEAT: &str = "the place where an address is registered is not where data ends: \
providers pass it on, and one address may be answered from many places";

/// What no list of makers can say.
pub const MAKER_CAVEAT: &str = "the maker is that of the hardware that sent the frame on the \
captured link: a router's, where one lies between; phones make addresses up";

/// What a file tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assigns {
    /// Countries of addresses.
    Country,
    /// Networks of addresses.
    Network,
    /// Makers of hardware.
    Hardware,
}

/// A file of assignments, as outputs cite it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssignmentFile {
    /// What it tells.
    pub assigns: Assigns,
    /// As given on the command line.
    pub path: String,
    /// What it says it is: `GeoLite2-Country`. Empty where it does not say.
    pub kind: String,
    /// When it was built, YYYY-MM-DD; of a file that does not say, when it was last changed.
    /// Empty where neither is known.
    pub date: String,
    /// Whether an entry that was asked for could not be read.
    pub damaged: bool,
}

/// What the registers say about one flow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assigned {
    /// Country of the server's address: two capital letters (ISO 3166-1 alpha-2).
    pub country: Option<Box<str>>,
    /// Number of the autonomous system that announces the server's address.
    pub asn: Option<u32>,
    /// Who runs it; where the file has no name, `AS` and the number.
    pub owner: Option<Box<str>>,
    /// Maker of the client's network hardware.
    pub maker: Option<Box<str>>,
}

impl Assignments {
    /// Whether nothing is to be looked up.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// What the files say about a flow to `server`, whose client's hardware is of `maker`; none
    /// where they say nothing.
    pub fn of(&self, server: IpAddr, maker: Option<Box<str>>) -> Option<Box<Assigned>> {
        let country = self.countries.as_ref().and_then(|file| file.country(server));
        let (asn, owner) =
            self.networks.as_ref().map(|file| file.network(server)).unwrap_or_default();
        let assigned = Assigned { country, asn, owner, maker };
        (assigned != Assigned::default()).then(|| Box::new(assigned))
    }

    /// The files, and whether they turned out to be damaged.
    pub fn cited(&self) -> Vec<AssignmentFile> {
        let is_damaged = |assigns| match assigns {
            Assigns::Country => self.countries.as_ref().is_some_and(AddressFile::is_damaged),
            Assigns::Network => self.networks.as_ref().is_some_and(AddressFile::is_damaged),
            Assigns::Hardware => false,
        };
        let cited = |file: &AssignmentFile| AssignmentFile {
            damaged: is_damaged(file.assigns),
            ..file.clone()
        };
        self.files.iter().map(cited).collect()
    }
}

impl Assigns {
    /// The word for it in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Network => "network-owner",
            Self::Hardware => "oui",
        }
    }
}

/// A name from a file: one line, of a bounded length; none where nothing is left.
fn cleaned(text: &str) -> Option<Box<str>> {
    let plain: String = text.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let plain = plain.trim();
    (!plain.is_empty()).then(|| plain.into())
}

/// Characters of a name that are kept, so that it fits in tables.
const LONGEST_NAME: usize = 100;

#[cfg(all(test, not(loom)))]
mod sample;
#[cfg(all(test, not(loom)))]
mod tests;
