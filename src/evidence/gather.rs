//! Both passes over the captures, and all that a bundle is made of.

use std::io;
use std::path::Path;

use super::chosen::{Choice, Choosing};
use super::tagged::Writing;
use super::{
    Counting, Host, Material, Privacy, Remarks, ResolvedOption, TaggedCapture, Timeline, timeline,
};
use crate::export::FileFault;
use crate::ledger::{DimensionValue, Snapshot};
use crate::pipeline::{self, Options, Run};
use crate::signature::Database;
use crate::source::StreamPlan;

/// Why there is nothing to make a bundle of.
#[derive(Debug, thiserror::Error)]
pub enum GatherFault {
    /// An input that can be read only once.
    #[error(
        "{path}: a bundle is made in two passes, and this can be read only once; write it to a file first"
    )]
    OnlyOnce {
        /// As it was given.
        path: String,
    },
    /// The captures are not the same any more.
    #[error(
        "the captures changed while they were read: {first} frames in the first pass, {second} in the second; make a bundle of captures that nobody writes to"
    )]
    Changed {
        /// Frames of the first pass.
        first: u64,
        /// Frames of the second pass.
        second: u64,
    },
    /// A capture of the bundle could not be written.
    #[error(transparent)]
    Write(#[from] FileFault),
    /// The pipeline's output failed.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// What the first pass gave.
#[derive(Debug)]
pub struct FirstPass {
    /// The ledger's last word.
    pub snapshot: Snapshot,
    choice: Choice,
}

/// Everything that a bundle is made of.
#[derive(Debug)]
pub struct Gathered {
    /// The ledger's last word, as [`Material::snapshot`] describes it.
    pub snapshot: Snapshot,
    /// Remarks on all flows.
    pub all: Remarks,
    /// Remarks on tagged flows.
    pub tagged: Remarks,
    /// Octets by category and time.
    pub timeline: Timeline,
    /// What is in the folder of captures.
    pub captures: Vec<TaggedCapture>,
    /// How it was counted.
    pub counting: Counting,
    /// Options as they were resolved.
    pub options: Vec<ResolvedOption>,
    /// What was done to personal data.
    pub privacy: Privacy,
    /// The machine, where that is to be recorded.
    pub host: Option<Host>,
    /// Days between the database and the captures, where that is more than 180.
    pub stale_days: Option<u32>,
    /// Whether somebody ended the first pass early.
    pub interrupted: bool,
}

impl FirstPass {
    /// Refuses inputs that can be read only once.
    pub fn check(streams: &[StreamPlan]) -> Result<(), GatherFault> {
        for input in streams.iter().flat_map(|stream| &stream.captures) {
            if !input.is_regular() {
                return Err(GatherFault::OnlyOnce { path: input.to_string() });
            }
        }
        Ok(())
    }

    /// Reads the captures. `options` are to have the roll-ups of [`Material::ROLLUPS`] and to
    /// hash the inputs.
    pub fn read(
        streams: &[StreamPlan],
        options: &Options,
        database: &Database,
        run: &Run,
    ) -> Result<Self, GatherFault> {
        let choosing = Choosing::new(streams.len(), database);
        let snapshot = pipeline::run(streams, options, database, &&choosing, run)?;
        Ok(Self { snapshot, choice: choosing.finish() })
    }

    /// Reads them again and writes the tagged flows' frames into `folder`, which is there and
    /// empty. Gives what is known by then; options, host and the rest are the caller's to fill in.
    pub fn again(
        self,
        streams: &[StreamPlan],
        options: &Options,
        database: &Database,
        run: &Run,
        folder: &Path,
    ) -> Result<Gathered, GatherFault> {
        let Self { mut snapshot, choice } = self;
        let (first, last) = choice.span.unwrap_or_default();
        let counting = timeline::Counting::between(first, last);
        let writing = Writing::new(folder, &choice.streams, counting.clone(), options);
        let second = pipeline::run(streams, options, database, &writing, run)?;
        let mut counting = counting;
        let mut captures = Vec::new();
        for written in writing.finish() {
            if let Some(fault) = written.fault {
                return Err(fault.into());
            }
            counting.merge(written.timeline);
            captures.push(written.capture);
        }
        if (&second.balance, &second.totals) != (&snapshot.balance, &snapshot.totals) {
            let frames = |snapshot: &Snapshot| snapshot.balance.read.frames;
            return Err(GatherFault::Changed { first: frames(&snapshot), second: frames(&second) });
        }
        settle(&mut snapshot);
        Ok(Gathered {
            snapshot,
            all: choice.all,
            tagged: choice.tagged,
            timeline: counting.finish(),
            captures,
            counting: Counting::default(),
            options: Vec::new(),
            privacy: Privacy::default(),
            host: None,
            stale_days: None,
            interrupted: false,
        })
    }
}

/// Leaves out what a bundle does not say: folders of captures, and who was talked to without a
/// tag.
fn settle(snapshot: &mut Snapshot) {
    for account in &mut snapshot.captures {
        if let Some(name) = Path::new(&account.path).file_name() {
            account.path = name.to_string_lossy().into_owned();
        }
    }
    for rollup in &mut snapshot.rollups {
        if [&Material::NAMES[..], &Material::ENDPOINTS[..]].contains(&&rollup.dimensions[..]) {
            rollup
                .rows
                .retain(|(values, _)| !matches!(values.first(), Some(DimensionValue::Untagged)));
        }
    }
}

impl Gathered {
    /// What a bundle's parts are made of.
    pub fn material<'a>(&'a self, database: &'a Database) -> Material<'a> {
        Material {
            snapshot: &self.snapshot,
            all: &self.all,
            tagged: &self.tagged,
            timeline: &self.timeline,
            captures: &self.captures,
            database,
            counting: &self.counting,
            options: &self.options,
            privacy: self.privacy,
            host: self.host.as_ref(),
            version: env!("CARGO_PKG_VERSION"),
            stale_days: self.stale_days,
            interrupted: self.interrupted,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::evidence::recount::recount;
    use crate::flow::{FlowFlags, HomeNet};
    use crate::ledger::{Dimension, RollupRow};
    use crate::source::{Input, Reading};

    const CAPTURES: [&str; 4] =
        ["office-hour.pcapng", "car-hotspot.pcap", "hard-cases.pcapng", "nothing-tagged.pcap"];
    const HOME: [&str; 2] = ["10.23.0.0/16", "fd23::/64"];

    fn stream(names: &[&str]) -> StreamPlan {
        let input = |name: &&str| Input::File(Path::new("pcaps").join(name));
        StreamPlan { captures: names.iter().map(input).collect(), reading: Reading::InTurn }
    }

    fn options() -> Options {
        let nets = HOME.map(|net| net.parse().unwrap()).to_vec();
        Options {
            home_net: HomeNet::new(nets),
            rollups: Material::ROLLUPS.map(<[Dimension]>::to_vec).to_vec(),
            hash: true,
            ..Options::default()
        }
    }

    fn gather(streams: &[StreamPlan], folder: &Path) -> Gathered {
        gather_with(streams, &Database::shipped(), folder)
    }

    fn gather_with(streams: &[StreamPlan], database: &Database, folder: &Path) -> Gathered {
        let options = options();
        let first = FirstPass::read(streams, &options, database, &Run::default()).unwrap();
        let again = first.again(streams, &options, database, &Run::default(), folder);
        let home_nets = HOME.map(|net| net.parse().unwrap()).to_vec();
        Gathered { counting: Counting { home_nets, ..Counting::default() }, ..again.unwrap() }
    }

    /// Rows of a roll-up that have a tag.
    fn rows(snapshot: &Snapshot, dimensions: &[Dimension]) -> BTreeMap<String, RollupRow> {
        let rollup = snapshot.rollups.iter().filter(|r| r.dimensions == dimensions);
        let tagged =
            rollup.flat_map(|r| &r.rows).filter(|(v, _)| !v.contains(&DimensionValue::Untagged));
        tagged.map(|(values, row)| (format!("{values:?}"), row.clone())).collect()
    }

    #[test]
    fn the_bundles_captures_give_the_tagged_numbers_again() {
        for name in CAPTURES {
            let folder = tempfile::tempdir().unwrap();
            let gathered = gather(&[stream(&[name])], folder.path());
            let names: Vec<String> =
                gathered.captures.iter().map(|c| c.file_name.clone()).collect();
            assert_eq!(names.is_empty(), name.starts_with("nothing"), "{name}");
            let table = folder.path().join("flows.csv");
            let database = Database::shipped();
            let again =
                recount(folder.path(), &names, &gathered.counting, &database, 6, &table).unwrap();
            // DNS answers are kept only where a tag rests on them: whether other names led to
            // the address of a flow with a name of its own is not known from the bundle.
            for (flag, word) in FlowFlags::WORDS {
                let (kept, first) = (again.tagged.flagged(flag), gathered.tagged.flagged(flag));
                if flag == FlowFlags::DNS_AMBIGUOUS {
                    assert!(kept.flows <= first.flows, "{name}");
                } else {
                    assert_eq!(kept, first, "{name} {word}");
                }
            }
            assert_eq!(again.tagged.total, gathered.tagged.total, "{name}");
            assert_eq!(again.tagged.claimed, gathered.tagged.claimed, "{name}");
            assert_eq!(again.tagged.signatures, gathered.tagged.signatures, "{name}");
            for dimensions in Material::ROLLUPS {
                let first = rows(&gathered.snapshot, dimensions);
                assert_eq!(rows(&again.snapshot, dimensions), first, "{name} {dimensions:?}");
            }
            let octets: u64 = gathered.timeline.rows.iter().map(|row| row.counts.octets()).sum();
            assert_eq!(octets, gathered.tagged.total.octets);
            for capture in &gathered.captures {
                assert_eq!((capture.octets, capture.lost), (gathered.tagged.total.octets, 0));
                assert!(capture.frames > 0 && capture.kept < capture.captured);
            }
        }
    }

    #[test]
    fn captures_that_changed_between_the_passes_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("grows.pcap");
        let octets = std::fs::read("pcaps/car-hotspot.pcap").unwrap();
        std::fs::write(&path, &octets[..octets.len() / 2]).unwrap();
        let streams =
            [StreamPlan { captures: vec![Input::File(path.clone())], reading: Reading::InTurn }];
        let (options, database) = (options(), Database::shipped());
        let first = FirstPass::read(&streams, &options, &database, &Run::default()).unwrap();
        std::fs::write(&path, &octets).unwrap();
        let again = first.again(&streams, &options, &database, &Run::default(), folder.path());
        assert!(matches!(again, Err(GatherFault::Changed { first, second }) if first < second));
    }

    #[test]
    fn what_can_be_read_only_once_is_refused() {
        let once = StreamPlan { captures: vec![Input::Stdin], reading: Reading::InTurn };
        assert!(FirstPass::check(&[stream(&["car-hotspot.pcap"])]).is_ok());
        assert!(
            matches!(FirstPass::check(&[once]), Err(GatherFault::OnlyOnce { path }) if path == "-")
        );
    }

    /// Everything that is said in the clear in these captures is tagged by this.
    const EVERYTHING: &str = r#"
        [[signature]]
        id = "everything"
        vendor = "Example"
        product = "Example"
        category = "telemetry"
        purpose = "every name of the test captures"
        exclusivity = "dedicated"
        confidence = "community"
        status = "active"
        hosts = ["plain.example.org", "other.example.org", "third.example.org", "plain.example",
            "behind.example", "printer.intranet.example", "intranet.example", "www.example.com"]
        sources = [{ title = "T", publisher = "P", ref = "R", as_of = "2026-01", says = "S" }]
    "#;

    fn holds(octets: &[u8], text: &str) -> bool {
        octets.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
    }

    #[test]
    fn no_payload_is_kept_but_what_names_a_flow() {
        let database = Database::of_texts(&[("everything.toml", EVERYTHING)]).unwrap();
        for (name, known) in [
            ("pcaps/hard-cases.pcapng", &["/blob/4000", "/page", "User-Agent", "nginx/"][..]),
            ("pcaps/nothing-tagged.pcap", &["User-Agent", "HTTP/1.1 200"]),
            ("tests/captures/wrapped-names.pcap", &["User-Agent", "HTTP/1.1 200"]),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let captures = vec![Input::File(name.into())];
            let streams = [StreamPlan { captures, reading: Reading::InTurn }];
            let gathered = gather_with(&streams, &database, folder.path());
            assert!(gathered.tagged.total.flows > 0, "{name}");
            let original = std::fs::read(name).unwrap();
            let kept = std::fs::read(folder.path().join("tagged.pcapng")).unwrap();
            for text in known {
                assert!(holds(&original, text), "{name}: {text}");
                assert!(!holds(&kept, text), "{name}: {text}");
            }
            for text in ["cookie:", "accept:", "content-length:", "server:", "<html", "location:"] {
                assert!(!holds(&kept, text), "{name}: {text}");
            }
        }
    }
}
