//! The shipped signatures against the research that they come from: every host and network
//! there is tagged as it says. The research lies beside the project, not in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use serde::Deserialize;
use vigie::decode::Protocol;
use vigie::name::HostName;
use vigie::signature::{Database, Match, Signature};

/// A file of the research: the fields that decide what a flow is told to be.
#[derive(Deserialize)]
struct Research {
    signature: Vec<Claim>,
}

#[derive(Deserialize)]
struct Claim {
    id: String,
    vendor: String,
    category: String,
    exclusivity: String,
    confidence: String,
    status: String,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default)]
    networks: Vec<IpNet>,
    #[serde(default)]
    ports: Vec<String>,
}

impl Claim {
    /// What `found` says otherwise.
    fn differences(&self, found: Option<&Signature>) -> Vec<String> {
        let Some(found) = found else {
            return vec!["is not tagged".to_owned()];
        };
        let fields = [
            ("id", &*self.id, &*found.id),
            ("vendor", &self.vendor, &found.vendor),
            ("category", &self.category, found.category.word()),
            ("exclusivity", &self.exclusivity, found.exclusivity.word()),
            ("confidence", &self.confidence, found.confidence.word()),
            ("status", &self.status, found.status.word()),
        ];
        let wrong = fields.into_iter().filter(|(_, said, is)| said != is);
        wrong
            .map(|(field, said, is)| format!("{field} is {is}, the research says {said}"))
            .collect()
    }
}

/// The files of the research by name; none where the folder is missing.
fn research() -> BTreeMap<PathBuf, Research> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/research");
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("an entry"));
    let paths = entries.map(|entry| entry.path());
    let named = paths.filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("signatures-") && name.ends_with(".toml")
    });
    named
        .map(|path| {
            let text = fs::read_to_string(&path).expect("the research is readable");
            let read = toml::from_str(&text);
            (path.clone(), read.unwrap_or_else(|fault| panic!("{}: {fault}", path.display())))
        })
        .collect()
}

/// Says it where the test runner does not hold it back: a skipped comparison is to be seen.
fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").expect("standard error");
}

/// A wildcard that the research claims and no source prints: kept, as the weakest claim.
const NARROWED: (&str, &str) = ("ms-myanalytics", "*.myanalytics.microsoft.com");

/// Claims that the research rests on lists, and that the maker's own pages bear out.
const RAISED: [&str; 3] = ["motive", "ms-appinsights-regional", "sentiance"];

/// An example of what a pattern covers.
fn example(pattern: &str) -> HostName {
    let text = pattern.replace('*', "zz-example");
    HostName::from_user(&text).unwrap_or_else(|_| panic!("{pattern} covers no host name"))
}

/// `udp/3478` as the matcher is asked.
fn service(text: &str) -> (Protocol, u16) {
    let (protocol, port) = text.split_once('/').expect("protocol and port");
    let protocol = match protocol {
        "udp" => Protocol::UDP,
        "tcp" => Protocol::TCP,
        other => panic!("{other} has no ports"),
    };
    (protocol, port.parse().expect("a port"))
}

#[test]
fn every_host_and_network_of_the_research_is_tagged_as_it_says() {
    let mut files = research();
    if files.is_empty() {
        say("NOT RUN: ../shared/research holds no signatures-*.toml; nothing was compared");
        return;
    }
    let database = Database::shipped();
    let signature =
        |found: Option<Match<'_>>| found.map(|found| database.signature(found.signature));
    let (mut hosts, mut networks, mut wrong) = (0, 0, Vec::new());
    let (mut weakest, mut raised) = (false, BTreeSet::new());
    for (path, research) in &mut files {
        for claim in &mut research.signature {
            if RAISED.contains(&&*claim.id) && claim.confidence == "community" {
                claim.confidence = "documented".to_owned();
                raised.insert(claim.id.clone());
            }
            let mut compare = |what: &str, found: Option<Match<'_>>| {
                let differences = claim.differences(signature(found));
                let path = path.file_name().unwrap_or_default().to_string_lossy();
                wrong.extend(differences.iter().map(|d| format!("{path}: {what} {d}")));
            };
            for pattern in &claim.hosts {
                hosts += 1;
                let found = database.by_name(&example(pattern));
                if (&*claim.id, &**pattern) == NARROWED {
                    weakest = signature(found).is_some_and(|s| {
                        s.category.word() == claim.category
                            && (s.confidence.word(), s.exclusivity.word())
                                == ("community", "shared")
                    });
                    continue;
                }
                compare(pattern, found);
            }
            for network in &claim.networks {
                for (protocol, port) in claim.ports.iter().map(|port| service(port)) {
                    let found = database.by_network(network.network(), protocol, port);
                    compare(&format!("{network} port {port}"), found);
                    networks += 1;
                }
            }
        }
    }
    assert!(weakest, "{NARROWED:?} is a claim that no source prints");
    assert!(raised.iter().eq(RAISED), "of {RAISED:?} the research doubts only {raised:?}");
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert!(hosts >= 1_000, "only {hosts} hosts in {} files: are they whole?", files.len());
    say(&format!("{hosts} host patterns and {networks} networks with ports compared"));
}
