//! One signature file: TOML in, checked signatures out.

use std::ops::Range;

use ipnet::IpNet;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::network::ServicePort;
use super::pattern::Pattern;
use super::{
    Category, Confidence, Exclusivity, Fault, LoadError, Signature, SourceCitation, Status,
    VantageSide, date,
};

/// A signature, and where it begins.
#[derive(Debug)]
pub(super) struct Located {
    pub(super) signature: Signature,
    /// Line and column of its id.
    pub(super) place: (usize, usize),
    /// Octet offsets of its hosts in the file.
    pub(super) hosts_at: Vec<usize>,
}

/// Octets of one text in a signature.
const LONGEST_TEXT: usize = 4096;
/// Octets of an id.
const LONGEST_ID: usize = 80;

/// The fields of a signature.
pub(super) const FIELDS: [&str; 16] = [
    "id",
    "vendor",
    "product",
    "category",
    "purpose",
    "exclusivity",
    "confidence",
    "status",
    "active_from",
    "active_until",
    "hosts",
    "networks",
    "ports",
    "side",
    "notes",
    "sources",
];
const SOURCE_FIELDS: [&str; 5] = ["title", "publisher", "ref", "as_of", "says"];

/// The signatures of a file, in its order. `file` is the name for messages.
pub(super) fn signatures(file: &str, text: &str) -> Result<Vec<Located>, LoadError> {
    every(file, text)?.into_iter().collect()
}

/// Each signature of a file, or what is wrong with it; an error where the file as a whole is.
pub(super) fn every(file: &str, text: &str) -> Result<Vec<Result<Located, LoadError>>, LoadError> {
    let reader = Reader { file, text };
    let document = DeTable::parse(text).map_err(|e| {
        let at = e.span().map_or(text.len(), |span| span.start);
        reader.fault(at, None, Fault::NotToml(e.message().to_owned()))
    })?;
    let top = reader.table(document.get_ref(), 0);
    top.refuse_unknown(&["signature"])?;
    Ok(top.tables("signature")?.iter().map(Table::signature).collect())
}

/// Line and column (in characters) of an octet offset, both from 1.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.bytes().filter(|&b| b == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// A file, for messages.
#[derive(Clone, Copy)]
struct Reader<'t> {
    file: &'t str,
    text: &'t str,
}

/// A table of the file, and where it begins.
struct Table<'t> {
    reader: Reader<'t>,
    fields: &'t DeTable<'t>,
    at: usize,
}

/// A text of the file, and where it stands.
struct Text<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn table(self, fields: &'t DeTable<'t>, at: usize) -> Table<'t> {
        Table { reader: self, fields, at }
    }

    fn fault(self, at: usize, field: Option<&str>, fault: Fault) -> LoadError {
        LoadError {
            file: self.file.to_owned(),
            place: Some(place(self.text, at)),
            field: field.map(str::to_owned),
            fault: fault.into(),
        }
    }
}

impl<'t> Table<'t> {
    fn signature(&self) -> Result<Located, LoadError> {
        self.refuse_unknown(&FIELDS)?;
        let id = self.required("id")?;
        if !is_kebab_case(id.text) {
            return Err(self.fault(id.at, "id", Fault::NotKebabCase(id.text.to_owned())));
        }
        let (active_from, active_until) = self.period()?;
        let (networks, ports) = self.networks()?;
        let (hosts_at, hosts) = self.hosts()?;
        if hosts.is_empty() && networks.is_empty() {
            return Err(self.fault(self.at, "hosts", Fault::NothingToMatch));
        }
        let signature = Signature {
            id: id.text.to_owned(),
            vendor: self.required("vendor")?.text.to_owned(),
            product: self.required("product")?.text.to_owned(),
            category: self.word("category", &Category::ALL, Category::word)?,
            purpose: self.required("purpose")?.text.to_owned(),
            exclusivity: self.word("exclusivity", &Exclusivity::ALL, Exclusivity::word)?,
            confidence: self.word("confidence", &Confidence::ALL, Confidence::word)?,
            status: self.word("status", &Status::ALL, Status::word)?,
            active_from,
            active_until,
            hosts,
            networks,
            ports,
            side: self.side()?,
            notes: self.optional("notes")?.map(|notes| notes.text.to_owned()),
            sources: self.sources()?,
        };
        Ok(Located { signature, place: place(self.reader.text, id.at), hosts_at })
    }

    fn side(&self) -> Result<VantageSide, LoadError> {
        if self.fields.contains_key("side") {
            self.word("side", &VantageSide::ALL, VantageSide::word)
        } else {
            Ok(VantageSide::default())
        }
    }

    fn period(&self) -> Result<(Option<String>, Option<String>), LoadError> {
        let from = self.month("active_from")?;
        let until = self.month("active_until")?;
        if let (Some(from), Some(until)) = (&from, &until)
            && date::last_day(until.text) < date::last_day(from.text)
        {
            let (from, end) = (from.text.to_owned(), until.text.to_owned());
            let fault = Fault::EndBeforeBeginning { from, until: end };
            return Err(self.fault(until.at, "active_until", fault));
        }
        Ok((from.map(|t| t.text.to_owned()), until.map(|t| t.text.to_owned())))
    }

    fn month(&self, field: &str) -> Result<Option<Text<'t>>, LoadError> {
        let Some(text) = self.optional(field)? else { return Ok(None) };
        if date::is_month_or_year(text.text) {
            return Ok(Some(text));
        }
        let fault = Fault::NotADate { got: text.text.to_owned(), wanted: "YYYY or YYYY-MM" };
        Err(self.fault(text.at, field, fault))
    }

    /// The host patterns, each with its place.
    fn hosts(&self) -> Result<(Vec<usize>, Vec<String>), LoadError> {
        let read = |host: Text<'t>| match Pattern::parse(host.text) {
            Ok(_) => Ok((host.at, host.text.to_owned())),
            Err(e) => Err(self.fault(host.at, "hosts", e.into())),
        };
        self.list("hosts")?.into_iter().map(read).collect()
    }

    fn networks(&self) -> Result<(Vec<IpNet>, Vec<String>), LoadError> {
        let networks = self.list("networks")?;
        let networks: Vec<_> =
            networks.iter().map(|text| self.network(text)).collect::<Result<_, _>>()?;
        let ports = self.list("ports")?;
        for port in &ports {
            if ServicePort::parse(port.text).is_none() {
                return Err(self.fault(port.at, "ports", Fault::NotAPort(port.text.to_owned())));
            }
        }
        match (networks.is_empty(), ports.is_empty()) {
            (false, true) => {
                Err(self.fault(self.place_of("networks"), "ports", Fault::NetworksWithoutPorts))
            }
            (true, false) => {
                Err(self.fault(self.place_of("ports"), "networks", Fault::PortsWithoutNetworks))
            }
            _ => Ok((networks, ports.into_iter().map(|port| port.text.to_owned()).collect())),
        }
    }

    fn network(&self, text: &Text<'t>) -> Result<IpNet, LoadError> {
        let got = text.text.to_owned();
        let Ok(network) = text.text.parse::<IpNet>() else {
            return Err(self.fault(text.at, "networks", Fault::NotANetwork(got)));
        };
        if network != network.trunc() {
            let fault = Fault::HostBits { got, meant: network.trunc().to_string() };
            return Err(self.fault(text.at, "networks", fault));
        }
        Ok(network)
    }

    fn sources(&self) -> Result<Vec<SourceCitation>, LoadError> {
        let tables = self.tables("sources")?;
        if tables.is_empty() {
            return Err(self.fault(self.place_of("sources"), "sources", Fault::NoSource));
        }
        tables.iter().map(Self::source).collect()
    }

    fn source(&self) -> Result<SourceCitation, LoadError> {
        self.refuse_unknown(&SOURCE_FIELDS)?;
        let as_of = self.required("as_of")?;
        if date::last_day(as_of.text).is_none() {
            let wanted = "YYYY, YYYY-MM or YYYY-MM-DD";
            let fault = Fault::NotADate { got: as_of.text.to_owned(), wanted };
            return Err(self.fault(as_of.at, "as_of", fault));
        }
        Ok(SourceCitation {
            title: self.required("title")?.text.to_owned(),
            publisher: self.required("publisher")?.text.to_owned(),
            r#ref: self.required("ref")?.text.to_owned(),
            as_of: as_of.text.to_owned(),
            says: self.required("says")?.text.to_owned(),
        })
    }

    fn refuse_unknown(&self, known: &[&'static str]) -> Result<(), LoadError> {
        // The first one of the file, not of the alphabet.
        let unknown = self.fields.keys().filter(|key| !known.contains(&key.get_ref().as_ref()));
        let Some(key) = unknown.min_by_key(|key| key.span().start) else { return Ok(()) };
        let meant = nearest(key.get_ref(), known);
        Err(self.fault(key.span().start, key.get_ref(), Fault::UnknownField { meant }))
    }

    /// The text of a field that must be there.
    fn required(&self, field: &str) -> Result<Text<'t>, LoadError> {
        self.optional(field)?.ok_or_else(|| self.fault(self.at, field, Fault::Missing))
    }

    fn optional(&self, field: &str) -> Result<Option<Text<'t>>, LoadError> {
        self.fields.get(field).map(|value| self.text(field, value)).transpose()
    }

    fn word<T: Copy>(
        &self,
        field: &str,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> Result<T, LoadError> {
        let text = self.required(field)?;
        all.iter().copied().find(|&value| word(value) == text.text).ok_or_else(|| {
            let allowed = all.iter().map(|&value| word(value)).collect();
            self.fault(text.at, field, Fault::UnknownWord { got: text.text.to_owned(), allowed })
        })
    }

    fn text(&self, field: &str, value: &'t Spanned<DeValue<'t>>) -> Result<Text<'t>, LoadError> {
        let at = value.span().start;
        let DeValue::String(text) = value.get_ref() else {
            return Err(self.wrong_type(field, value, "a text"));
        };
        let text: &str = text;
        let fault = if text.trim().is_empty() {
            Fault::Empty
        } else if text.len() > LONGEST_TEXT {
            Fault::TooLong { octets: text.len(), limit: LONGEST_TEXT }
        } else if text.chars().any(char::is_control) {
            Fault::ControlCharacter
        } else {
            return Ok(Text { text, at });
        };
        Err(self.fault(at, field, fault))
    }

    /// The texts of a list; none where the field is absent.
    fn list(&self, field: &str) -> Result<Vec<Text<'t>>, LoadError> {
        self.array(field, "a list of texts")?
            .map_or_else(|| Ok(Vec::new()), |a| a.iter().map(|v| self.text(field, v)).collect())
    }

    /// The tables of a list; none where the field is absent.
    fn tables(&self, field: &str) -> Result<Vec<Self>, LoadError> {
        let Some(array) = self.array(field, "a list of tables")? else { return Ok(Vec::new()) };
        let table = |value: &'t Spanned<DeValue<'t>>| match value.get_ref() {
            DeValue::Table(fields) => Ok(self.reader.table(fields, value.span().start)),
            _ => Err(self.wrong_type(field, value, "a table")),
        };
        array.iter().map(table).collect()
    }

    fn array(
        &self,
        field: &str,
        wanted: &'static str,
    ) -> Result<Option<&'t DeArray<'t>>, LoadError> {
        match self.fields.get(field) {
            None => Ok(None),
            Some(value) => match value.get_ref() {
                DeValue::Array(array) => Ok(Some(array)),
                _ => Err(self.wrong_type(field, value, wanted)),
            },
        }
    }

    fn wrong_type(
        &self,
        field: &str,
        value: &Spanned<DeValue<'_>>,
        wanted: &'static str,
    ) -> LoadError {
        let got = value.get_ref().type_str();
        self.fault(value.span().start, field, Fault::WrongType { wanted, got })
    }

    /// Where a field's value stands; where the table begins, when there is none.
    fn place_of(&self, field: &str) -> usize {
        let span: Option<Range<usize>> = self.fields.get(field).map(Spanned::span);
        span.map_or(self.at, |span| span.start)
    }

    fn fault(&self, at: usize, field: &str, fault: Fault) -> LoadError {
        self.reader.fault(at, Some(field), fault)
    }
}

fn is_kebab_case(id: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    id.len() <= LONGEST_ID && id.split('-').all(word)
}

/// The known word that is at most two letters away.
fn nearest(word: &str, known: &[&'static str]) -> Option<&'static str> {
    let (distance, nearest) =
        known.iter().map(|k| (super::distance::letters(word, k), *k)).min()?;
    (distance <= 2).then_some(nearest)
}
