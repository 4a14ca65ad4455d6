//! The fields of a signature, checked.

use ipnet::IpNet;

use super::table::{Table, Text};
use super::{FIELDS, Located, place};
use crate::signature::network::ServicePort;
use crate::signature::pattern::Pattern;
use crate::signature::{
    Category, Confidence, Exclusivity, Fault, LoadError, Signature, SourceCitation, Status,
    VantageSide, date,
};

/// Octets of an id.
const LONGEST_ID: usize = 80;
const SOURCE_FIELDS: [&str; 5] = ["title", "publisher", "ref", "as_of", "says"];

impl<'t> Table<'t> {
    /// The signature; the first fault where there is one.
    pub(super) fn signature(&self) -> Result<Located, LoadError> {
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

    /// All that is wrong: `first`, then whatever else reading finds, in the order of the file.
    pub(super) fn faults(&self, first: LoadError) -> Vec<LoadError> {
        let mut all = self.unknown(&FIELDS);
        for field in ["id", "vendor", "product", "purpose"] {
            all.extend(self.required(field).err());
        }
        all.extend(self.word("category", &Category::ALL, Category::word).err());
        all.extend(self.word("exclusivity", &Exclusivity::ALL, Exclusivity::word).err());
        all.extend(self.word("confidence", &Confidence::ALL, Confidence::word).err());
        all.extend(self.word("status", &Status::ALL, Status::word).err());
        all.extend(self.side().err());
        all.extend(self.optional("notes").err());
        for field in ["active_from", "active_until"] {
            all.extend(self.month(field).err());
        }
        all.extend(self.period().err());
        all.extend(self.networks().err());
        let (networks, faults) = self.each_text("networks");
        all.extend(faults);
        all.extend(networks.iter().filter_map(|text| self.network(text).err()));
        let (ports, faults) = self.each_text("ports");
        all.extend(faults);
        all.extend(ports.iter().filter_map(|text| self.port(text).err()));
        let (hosts, faults) = self.each_text("hosts");
        all.extend(faults);
        for host in hosts {
            let fault = Pattern::parse(host.text).err();
            all.extend(fault.map(|e| self.fault(host.at, "hosts", e.into())));
        }
        all.extend(self.sources().err());
        let (sources, faults) = self.each_table("sources");
        all.extend(faults);
        for source in sources {
            all.extend(source.unknown(&SOURCE_FIELDS));
            for field in SOURCE_FIELDS {
                all.extend(source.required(field).err());
            }
            all.extend(source.source().err());
        }
        // What two ways of reading found is said once.
        all.sort_by_cached_key(|fault| (fault.place, fault.to_string()));
        all.dedup_by_key(|fault| fault.to_string());
        let said = first.to_string();
        all.retain(|fault| fault.to_string() != said);
        all.insert(0, first);
        all
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
        ports.iter().try_for_each(|port| self.port(port))?;
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

    fn port(&self, text: &Text<'t>) -> Result<(), LoadError> {
        let fault = || self.fault(text.at, "ports", Fault::NotAPort(text.text.to_owned()));
        ServicePort::parse(text.text).map(|_| ()).ok_or_else(fault)
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
}

fn is_kebab_case(id: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    id.len() <= LONGEST_ID && id.split('-').all(word)
}
