//! Files in the `MaxMind` DB format (version 2.0 of its specification): addresses to records.
#![warn(clippy::indexing_slicing)]

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use jiff::Timestamp;
use maxminddb::{LookupResult, MaxMindDbError, PathElement, Reader};

use super::{Assigns, cleaned};

/// A `.mmdb` file. What it holds is as hostile as a capture: a record that cannot be read is
/// one that is not there, and noted.
#[derive(Debug)]
pub struct AddressFile {
    reader: Reader<Vec<u8>>,
    damaged: AtomicBool,
}

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AddressFileError {
    /// It is not of the format, or its head or search tree are broken.
    #[error("not a MaxMind DB file, or a broken one ({0}); give a whole .mmdb file")]
    Broken(MaxMindDbError),
    /// It says that it holds something else.
    #[error("holds {0}, not {1}: give it to {2}")]
    OtherContent(String, &'static str, &'static str),
}

type Found<'f> = LookupResult<'f, Vec<u8>>;

impl AddressFile {
    /// The file with these octets, which is to tell countries or networks.
    pub fn of(octets: Vec<u8>, assigns: Assigns) -> Result<Self, AddressFileError> {
        let reader = Reader::from_source(octets).map_err(AddressFileError::Broken)?;
        let kind = reader.metadata().database_type.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| kind.contains(word));
        let places = says(&["country", "city", "location", "enterprise"]);
        let networks = says(&["asn", "isp", "enterprise"]);
        let other = |what, option| {
            let kind = reader.metadata().database_type.chars().filter(|c| !c.is_control());
            AddressFileError::OtherContent(kind.take(60).collect(), what, option)
        };
        match assigns {
            Assigns::Country if networks && !places => Err(other("countries", "--asn")),
            Assigns::Network if places && !networks => Err(other("network owners", "--geoip")),
            _ => Ok(Self { reader, damaged: AtomicBool::new(false) }),
        }
    }

    /// What it says it is.
    pub fn kind(&self) -> String {
        cleaned(&self.reader.metadata().database_type).map(String::from).unwrap_or_default()
    }

    /// The day it was built, YYYY-MM-DD; empty where the date makes no sense.
    pub fn date(&self) -> String {
        let seconds = i64::try_from(self.reader.metadata().build_epoch).unwrap_or(i64::MAX);
        let built = Timestamp::from_second(seconds).ok().filter(|_| seconds > 0);
        built.map(|built| built.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
    }

    /// Whether an entry that was asked for could not be read.
    pub(super) fn is_damaged(&self) -> bool {
        self.damaged.load(Relaxed)
    }

    /// The country of an address: where it is used, else where it is registered.
    pub(super) fn country(&self, address: IpAddr) -> Option<Box<str>> {
        let found = self.find(address)?;
        // MaxMind and DB-IP nest it; IPinfo has `country_code`, before that a bare `country`.
        let paths: [&[&str]; 4] = [
            &["country", "iso_code"],
            &["registered_country", "iso_code"],
            &["country_code"],
            &["country"],
        ];
        let code = |path: &[&str]| self.text(&found, path).filter(|code| is_code(code));
        paths.into_iter().find_map(code).map(|code| code.to_uppercase().into())
    }

    /// Number and owner of the network that an address is in.
    pub(super) fn network(&self, address: IpAddr) -> (Option<u32>, Option<Box<str>>) {
        let Some(found) = self.find(address) else { return (None, None) };
        let number: Option<u32> = self.value(&found, &["autonomous_system_number"]);
        let number = number.or_else(|| {
            let text = self.text(&found, &["asn"])?;
            text.get(..2).filter(|head| head.eq_ignore_ascii_case("as"))?;
            text.get(2..)?.parse().ok()
        });
        let paths: [&[&str]; 3] = [&["autonomous_system_organization"], &["as_name"], &["name"]];
        let owner = paths.into_iter().find_map(|path| self.text(&found, path).and_then(cleaned));
        let unnamed = || number.map(|number| format!("AS{number}").into());
        (number, owner.or_else(unnamed))
    }

    fn find(&self, address: IpAddr) -> Option<Found<'_>> {
        match self.reader.lookup(address) {
            Ok(found) => found.has_data().then_some(found),
            // A file of IPv4 has nothing to say about IPv6.
            Err(MaxMindDbError::InvalidInput { .. }) => None,
            Err(_) => self.broken(),
        }
    }

    fn text<'f>(&'f self, found: &Found<'f>, path: &[&str]) -> Option<&'f str> {
        self.value(found, path)
    }

    /// The value at a path of keys; none where there is none, or one of another type.
    fn value<'f, T: serde::Deserialize<'f>>(&self, found: &Found<'f>, path: &[&str]) -> Option<T> {
        let path: arrayvec::ArrayVec<_, 2> =
            path.iter().take(2).map(|key| PathElement::Key(key)).collect();
        match found.decode_path(&path) {
            Ok(value) => value,
            // Another form of record.
            Err(MaxMindDbError::Decoding { .. }) => None,
            Err(_) => self.broken(),
        }
    }

    fn broken<T>(&self) -> Option<T> {
        self.damaged.store(true, Relaxed);
        None
    }
}

/// Two letters, as ISO 3166-1 alpha-2 has them.
fn is_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|octet| octet.is_ascii_alphabetic())
}
