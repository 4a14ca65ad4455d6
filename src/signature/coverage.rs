//! What can be answered about each system of the works council's leaflet.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Deserialize;

use super::{Category, Confidence, Database, Grade, GradesByBasis, Signature};

/// The systems, compiled in: `docs/coverage.toml`.
const SYSTEMS: &str = include_str!("../../docs/coverage.toml");

/// A row of the page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct System {
    group: String,
    name: String,
    /// Ids; `*` at the end stands for any end.
    signatures: Vec<String>,
    workstation: String,
    wifi: String,
    hotspot: String,
    unseen: String,
    why: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Systems {
    system: Vec<System>,
}

impl Database {
    /// Writes the coverage page (Markdown): counts of the database, then every system of the
    /// leaflet, what a monitor sees of it, what it cannot see and why, and the best grade that
    /// its signatures can reach.
    pub fn write_coverage(&self, out: &mut dyn Write) -> io::Result<()> {
        let systems: Systems = toml::from_str(SYSTEMS).map_err(io::Error::other)?;
        writeln!(out, "# Coverage\n")?;
        writeln!(
            out,
            "Made by `vigie signatures coverage` of the signatures and of `docs/coverage.toml`; a test holds it current. The database is of {}.\n",
            self.date()
        )?;
        writeln!(
            out,
            "A row says what vigie can answer about a system, also when the honest answer is \"not visible from here\". The grade is the best that a flow can reach, when the client itself sends the name (for networks: by address and port); [how it comes about](signatures.md#grades). A grade speaks of a contact and its size, never of content.\n"
        )?;
        let mut group = "";
        for system in &systems.system {
            if system.group != group {
                group = &system.group;
                writeln!(out, "## {group}\n")?;
            }
            self.write_system(system, out)?;
        }
        self.write_counts(out)
    }

    fn write_system(&self, system: &System, out: &mut dyn Write) -> io::Result<()> {
        let meant: Vec<&Signature> =
            self.signatures().iter().filter(|s| system.means(&s.id)).collect();
        let (accusing, others): (Vec<&Signature>, Vec<&Signature>) =
            meant.iter().partition(|s| s.category.accuses());
        writeln!(out, "### {}\n", system.name)?;
        writeln!(out, "| | |\n|---|---|")?;
        writeln!(out, "| best grade | {} |", best(&accusing, &others))?;
        for (what, signatures) in [("signatures", accusing), ("operation, accuses nobody", others)]
        {
            if !signatures.is_empty() {
                let ids: Vec<_> = signatures.iter().map(|s| described(s)).collect();
                writeln!(out, "| {what} | {} |", ids.join(", "))?;
            }
        }
        for (what, text) in [
            ("seen at the workstation", &system.workstation),
            ("seen on the Wi-Fi", &system.wifi),
            ("seen at the hotspot", &system.hotspot),
            ("not seen", &system.unseen),
            ("why", &system.why),
        ] {
            writeln!(out, "| {what} | {text} |")?;
        }
        writeln!(out)
    }

    fn write_counts(&self, out: &mut dyn Write) -> io::Result<()> {
        let patterns: usize = self.signatures().iter().map(|s| s.hosts.len()).sum();
        let networks: usize = self.signatures().iter().map(|s| s.networks.len()).sum();
        writeln!(out, "## The database in numbers\n")?;
        writeln!(
            out,
            "{} signatures, {patterns} host patterns, {networks} networks.\n",
            self.signatures().len()
        )?;
        let categories = Category::ALL.map(|c| (c.word().to_owned(), c));
        let of = |c: Category| move |s: &&Signature| s.category == c;
        let rows = categories.map(|(word, c)| (word, self.tally(of(c))));
        counts(out, "category", rows.into_iter())?;
        let rows = Confidence::ALL
            .map(|c| (c.word().to_owned(), self.tally(move |s: &&Signature| s.confidence == c)));
        counts(out, "confidence", rows.into_iter())?;
        let mut vendors: BTreeMap<&str, Tally> = BTreeMap::new();
        for signature in self.signatures() {
            vendors.entry(&signature.vendor).or_default().add(signature);
        }
        counts(out, "vendor", vendors.into_iter().map(|(vendor, n)| (vendor.to_owned(), n)))
    }

    fn tally(&self, takes: impl FnMut(&&Signature) -> bool) -> Tally {
        let mut tally = Tally::default();
        self.signatures().iter().filter(takes).for_each(|signature| tally.add(signature));
        tally
    }
}

impl System {
    fn means(&self, id: &str) -> bool {
        self.signatures.iter().any(|meant| match meant.strip_suffix('*') {
            Some(start) => id.starts_with(start),
            None => id == meant,
        })
    }
}

/// How many there are of something.
#[derive(Clone, Copy, Default)]
struct Tally {
    signatures: usize,
    patterns: usize,
    networks: usize,
}

impl Tally {
    fn add(&mut self, signature: &Signature) {
        self.signatures += 1;
        self.patterns += signature.hosts.len();
        self.networks += signature.networks.len();
    }
}

fn counts(
    out: &mut dyn Write,
    heading: &str,
    rows: impl Iterator<Item = (String, Tally)>,
) -> io::Result<()> {
    writeln!(out, "| {heading} | signatures | host patterns | networks |\n|---|---|---|---|")?;
    for (word, Tally { signatures, patterns, networks }) in rows {
        writeln!(out, "| {word} | {signatures} | {patterns} | {networks} |")?;
    }
    writeln!(out)
}

/// The id, with what a reader must know to judge it.
fn described(signature: &Signature) -> String {
    let retired = match signature.status {
        super::Status::Retired => ", retired",
        super::Status::Active => "",
    };
    format!(
        "`{}` ({}, {}{retired}: {})",
        signature.id,
        signature.exclusivity.word(),
        signature.confidence.word(),
        best_of(signature)
    )
}

fn best(accusing: &[&Signature], others: &[&Signature]) -> String {
    let grade = |signatures: &[&Signature]| signatures.iter().map(|s| best_of(s)).min();
    match (grade(accusing), grade(others)) {
        (Some(grade), _) => grade.to_string(),
        (None, Some(grade)) => format!("none: contact with its operation only, {grade}"),
        (None, None) => "none: no source names a host".to_owned(),
    }
}

/// The best grade that a flow of today can have from this signature.
fn best_of(signature: &Signature) -> Grade {
    let grades = GradesByBasis::of(signature);
    if signature.hosts.is_empty() { grades.network } else { grades.name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> String {
        let mut out = Vec::new();
        Database::shipped().write_coverage(&mut out).expect("memory can be written");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn the_page_in_docs_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/coverage.md");
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            kept == page(),
            "docs/coverage.md is stale; run: cargo run -- signatures coverage > docs/coverage.md"
        );
    }

    #[test]
    fn every_id_of_a_system_is_one_of_the_database() {
        let database = Database::shipped();
        let systems: Systems = toml::from_str(SYSTEMS).expect("the systems are TOML");
        for system in &systems.system {
            for meant in &system.signatures {
                let one = System { signatures: vec![meant.clone()], ..clone_of(system) };
                let found = database.signatures().iter().any(|s| one.means(&s.id));
                assert!(found, "{}: no signature {meant}", system.name);
            }
        }
    }

    fn clone_of(system: &System) -> System {
        System {
            group: system.group.clone(),
            name: system.name.clone(),
            signatures: Vec::new(),
            workstation: String::new(),
            wifi: String::new(),
            hotspot: String::new(),
            unseen: String::new(),
            why: String::new(),
        }
    }

    #[test]
    fn every_system_of_the_leaflet_has_a_row() {
        let page = page();
        for name in [
            "Viva Insights",
            "Viva Goals",
            "Viva Learning",
            "Viva Connections",
            "Briefing mails",
            "MyAnalytics",
            "Teams",
            "OneDrive, SharePoint, Exchange",
            "medical record",
            "Preventis",
            "Telematics",
            "Multimedia system (Google)",
            "Application on the phone",
            "Brokers",
            "Insurers",
            "Mobilize",
            "Google",
            "Apple",
            "Facebook (Meta)",
            "Amazon",
            "Microsoft",
        ] {
            let row = page.lines().any(|line| line.starts_with("### ") && line.contains(name));
            assert!(row, "no row for {name}");
        }
    }

    #[test]
    fn the_counts_add_up() {
        let (page, database) = (page(), Database::shipped());
        for heading in ["category", "confidence", "vendor"] {
            let start = format!("| {heading} | signatures |");
            let table = page.split(start.as_str()).nth(1).expect("a table");
            let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
            let sum: usize =
                rows.map(|row| row.split(" | ").nth(1).unwrap().parse::<usize>().unwrap()).sum();
            assert_eq!(sum, database.signatures().len(), "{heading}");
        }
    }

    #[test]
    fn the_best_grade_follows_from_the_signatures() {
        let page = page();
        let row = |name: &str| {
            let start = format!("### {name}\n");
            let row = page.split(start.as_str()).nth(1).expect(name);
            row.lines().find(|line| line.starts_with("| best grade")).unwrap().to_owned()
        };
        assert_eq!(row("Viva Insights, Workplace Analytics"), "| best grade | A |");
        // Retired, so one lower than documented and dedicated.
        assert_eq!(row("MyAnalytics"), "| best grade | B |");
        assert_eq!(
            row("Briefing mails and digests"),
            "| best grade | none: contact with its operation only, A |"
        );
        assert_eq!(
            row("Viva Connections, Topics, Pulse, Amplify"),
            "| best grade | none: no source names a host |"
        );
    }
}
