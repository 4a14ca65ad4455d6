//! Both passes over the captures, and all that a bundle is made of.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::chosen::{Choice, Choosing};
use super::tagged::Writing;
use super::{
    Counting, Host, Material, Privacy, Remarks, ResolvedOption, TaggedCapture, Timeline, timeline,
};
use crate::export::FileFault;
use crate::ledger::{Balance, BoundHits, Quantity, Snapshot};
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
        "the captures changed while they were read, for the passes differ: {}; make a bundle of captures that nobody writes to",
        in_words(.0)
    )]
    Changed(Vec<Difference>),
    /// A capture of the bundle could not be written.
    #[error(transparent)]
    Write(#[from] FileFault),
    /// The pipeline's output failed.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// A sum that both passes have to give alike, and do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What was summed.
    pub what: String,
    /// In the first pass.
    pub first: u64,
    /// In the second one.
    pub second: u64,
}

/// Differences that a message names.
const NAMED: usize = 4;

fn in_words(differences: &[Difference]) -> String {
    let named = differences.iter().take(NAMED).map(|Difference { what, first, second }| {
        format!("{what}: {first} in the first, {second} in the second")
    });
    let rest = differences.len().saturating_sub(NAMED);
    let rest = (rest > 0).then(|| format!("and {rest} more"));
    named.chain(rest).collect::<Vec<_>>().join("; ")
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
        let of_tagged = Material::OF_TAGGED.map(<[_]>::to_vec).to_vec();
        let options = &Options { of_tagged, ..options.clone() };
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
        let second = SecondPass { streams, options, database, run, folder: Some(folder) };
        let (timeline, captures) = second.read(&snapshot, &choice)?;
        settle(&mut snapshot);
        Ok(Gathered {
            snapshot,
            all: choice.all,
            tagged: choice.tagged,
            timeline,
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

/// The second pass: over the same captures with the same options, save for roll-ups and hashes,
/// which are of no use there.
#[derive(Clone, Copy)]
pub(super) struct SecondPass<'a> {
    pub(super) streams: &'a [StreamPlan],
    pub(super) options: &'a Options,
    pub(super) database: &'a Database,
    pub(super) run: &'a Run,
    /// Where captures are written: it is there and empty. None where frames are only counted.
    pub(super) folder: Option<&'a Path>,
}

impl SecondPass<'_> {
    /// Writes the tagged flows' frames, where a folder is given, and counts them by time. `first` and `choice` are what the
    /// first pass gave.
    pub(super) fn read(
        &self,
        first: &Snapshot,
        choice: &Choice,
    ) -> Result<(Timeline, Vec<TaggedCapture>), GatherFault> {
        self.read_of(first, choice, are_apart(&first.bounds))
    }

    /// `selects` says whether other flows than the tagged ones are passed over.
    fn read_of(
        &self,
        first: &Snapshot,
        choice: &Choice,
        selects: bool,
    ) -> Result<(Timeline, Vec<TaggedCapture>), GatherFault> {
        let Self { streams, options, database, run, folder } = *self;
        let (begin, end) = choice.span.unwrap_or_default();
        let mut timeline = timeline::Counting::between(begin, end);
        let writing = Writing::new(folder, &choice.streams, timeline.clone(), options, selects);
        let second = pipeline::run(streams, options, database, &writing, run)?;
        let mut captures = Vec::new();
        let mut differences = of_balances(&first.balance, &second.balance);
        for written in writing.finish() {
            if let Some(fault) = written.fault {
                return Err(fault.into());
            }
            let stream = written.capture.stream;
            let counted = choice.streams.get(stream).map(|chosen| chosen.counted);
            let what = format!("of tagged flows in stream {}", stream + 1);
            let tagged = of_sums(&what, counted.unwrap_or_default(), written.counted);
            differences.extend(tagged);
            timeline.merge(written.timeline);
            captures.push(written.capture);
        }
        if !differences.is_empty() {
            return Err(GatherFault::Changed(differences));
        }
        Ok((timeline.finish(), captures))
    }
}

/// Where two balances differ.
fn of_balances(first: &Balance, second: &Balance) -> Vec<Difference> {
    let parts = |balance: &Balance| {
        let Balance { read, in_flows, not_ip, undecodable, outside, duplicates, .. } = *balance;
        [
            ("read", read),
            ("in flows", in_flows),
            ("not IP", not_ip),
            ("undecodable", undecodable),
            ("outside --from and --to", outside),
            ("copies", duplicates),
        ]
    };
    let both = parts(first).into_iter().zip(parts(second));
    let mut found: Vec<_> =
        both.flat_map(|((what, first), (_, second))| of_sums(what, first, second)).collect();
    let reasons = [first, second].map(|balance| balance.undecodable_by.keys());
    for reason in reasons.into_iter().flatten().collect::<BTreeSet<_>>() {
        let [first, second] = [first, second]
            .map(|balance| balance.undecodable_by.get(reason).copied().unwrap_or_default());
        found.extend(of_sums(&format!("undecodable ({reason})"), first, second));
    }
    found
}

/// Frames and octets that differ.
fn of_sums(what: &str, first: Quantity, second: Quantity) -> Vec<Difference> {
    let sums = [("frames", first.frames, second.frames), ("octets", first.octets, second.octets)];
    let differ = sums.into_iter().filter(|(_, first, second)| first != second);
    differ
        .map(|(unit, first, second)| Difference { what: format!("{unit} {what}"), first, second })
        .collect()
}

/// Whether no flow was treated otherwise on account of others: then a pass over some of them sees
/// of these what a pass over all sees.
fn are_apart(bounds: &BoundHits) -> bool {
    // Of the other bounds, some are a flow's own, and of some every frame is judged all the same.
    [bounds.reassembly, bounds.flows, bounds.scopes, bounds.resumed] == [0; 4]
}

/// Leaves out what a bundle does not say: folders of captures.
fn settle(snapshot: &mut Snapshot) {
    for account in &mut snapshot.captures {
        if let Some(name) = Path::new(&account.path).file_name() {
            account.path = name.to_string_lossy().into_owned();
        }
    }
}

impl Gathered {
    /// Octets that are read while the captures in `folder` are counted again; none where that is
    /// not known.
    pub fn recount_size(&self, folder: &Path) -> Option<u64> {
        let octets =
            |capture: &TaggedCapture| Some(folder.join(&capture.file_name).metadata().ok()?.len());
        // In two passes.
        Some(self.captures.iter().map(octets).sum::<Option<u64>>()?.saturating_mul(2))
    }

    /// What a bundle's parts are made of.
    pub fn material<'a>(&'a self, database: &'a Database) -> Material<'a> {
        Material {
            snapshot: &self.snapshot,
            all: &self.all,
            tagged: &self.tagged,
            timeline: &self.timeline,
            captures: &self.captures,
            database,
            in_force: (database.signatures().len() as u64, database.date()),
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
    use std::sync::atomic::AtomicU64;

    use super::*;
    use crate::evidence::testing::recount;
    use crate::flow::{FlowFlags, HomeNet};
    use crate::ledger::{Dimension, DimensionValue, Rollup, RollupRow};
    use crate::source::{CaptureTime, Input, LinkType, ReadOptions, Reading, StreamReader};

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
        let rows = rollup.flat_map(Rollup::listed);
        let tagged = rows.filter(|(values, _)| !values.contains(&DimensionValue::Untagged));
        tagged.map(|(values, row)| (format!("{values:?}"), row)).collect()
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
            let again = recount(folder.path(), &names, &gathered.counting, &database, &table);
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
            for rollup in &gathered.snapshot.rollups {
                let mut rows = rollup.listed().into_iter();
                let says_untagged = rows.any(|(v, _)| v.contains(&DimensionValue::Untagged));
                let leaves_out = Material::OF_TAGGED.contains(&&rollup.dimensions[..]);
                assert_eq!(says_untagged, !leaves_out, "{name} {:?}", rollup.dimensions);
            }
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
    fn tagged_flows_look_the_same_where_others_are_passed_over() {
        let (database, run) = (Database::shipped(), Run::default());
        let window = |from, to| Options {
            from: Some(CaptureTime(from)),
            to: Some(CaptureTime(to)),
            ..options()
        };
        let mut answers = 0;
        for name in CAPTURES
            .map(|name| format!("pcaps/{name}"))
            .into_iter()
            .chain(["tests/captures/wrapped-names.pcap".to_owned()])
        {
            let captures = vec![Input::File(name.clone().into())];
            let streams = [StreamPlan { captures, reading: Reading::InTurn }];
            let all = FirstPass::read(&streams, &options(), &database, &run).unwrap();
            let (begin, end) = all.choice.span.unwrap_or_default();
            let third = (end.0 - begin.0) / 3;
            for options in [options(), window(begin.0 + third, end.0 - third)] {
                let FirstPass { snapshot, choice } =
                    FirstPass::read(&streams, &options, &database, &run).unwrap();
                assert!(are_apart(&snapshot.bounds), "{name}");
                let [selected, whole] = [true, false].map(|selects| {
                    let folder = tempfile::tempdir().unwrap();
                    let (streams, options) = (&streams, &options);
                    let (database, run, folder) = (&database, &run, folder.path());
                    let second =
                        SecondPass { streams, options, database, run, folder: Some(folder) };
                    let (timeline, captures) = second.read_of(&snapshot, &choice, selects).unwrap();
                    let read = |c: &TaggedCapture| std::fs::read(folder.join(&c.file_name));
                    let files: Vec<_> = captures.iter().map(|c| read(c).unwrap()).collect();
                    (timeline, captures, files)
                });
                assert!(selected == whole, "{name}");
                answers += selected.1.iter().map(|capture| capture.answers).sum::<u64>();
            }
        }
        assert!(answers > 0);
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
        let Err(GatherFault::Changed(differences)) = again else { panic!("{again:?}") };
        let read = differences.iter().find(|d| d.what == "frames read").expect("frames read");
        assert!(read.first < read.second, "{differences:?}");
        let said = GatherFault::Changed(differences.clone()).to_string();
        let in_words = format!("frames read: {} in the first, {} in", read.first, read.second);
        assert!(said.contains(&in_words), "{said}");
        assert!(said.contains("more; make a bundle"), "{said}");
    }

    #[test]
    fn sums_of_tagged_flows_that_differ_between_the_passes_are_named() {
        let (options, database, run) = (options(), Database::shipped(), Run::default());
        let streams = [stream(&["car-hotspot.pcap"]), stream(&["office-hour.pcapng"])];
        for (what, change) in [
            ("octets of tagged flows in stream 2", Quantity { frames: 0, octets: 1 }),
            ("frames of tagged flows in stream 2", Quantity { frames: 1, octets: 0 }),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let mut first = FirstPass::read(&streams, &options, &database, &run).unwrap();
            let counted = &mut first.choice.streams[1].counted;
            counted.add(change);
            let again = first.again(&streams, &options, &database, &run, folder.path());
            let Err(GatherFault::Changed(differences)) = again else { panic!("{again:?}") };
            assert_eq!(differences.iter().map(|d| &d.what).collect::<Vec<_>>(), [what]);
            assert_eq!(differences[0].first, differences[0].second + 1);
        }
    }

    /// A capture of the Ethernet frames of another, behind each of which one of a flow of its own
    /// stands.
    fn interrupted(name: &str, at: &Path) {
        let plan = stream(&[name]);
        let octets = AtomicU64::new(0);
        let mut reader = StreamReader::open(&plan, 0, ReadOptions::default(), &octets);
        let mut pcap =
            [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1].map(u32::to_le_bytes).concat();
        let mut put = |time: i64, frame: &[u8]| {
            let (seconds, micros) = (time / 1_000_000_000, time % 1_000_000_000 / 1_000);
            let len = i64::try_from(frame.len()).unwrap();
            let head = [seconds, micros, len, len].map(|n| u32::try_from(n).unwrap().to_le_bytes());
            pcap.extend([&head.concat(), frame].concat());
        };
        let mut port = 0_u16;
        while let Some(batch) = reader.next_batch() {
            for frame in batch.frames().filter(|frame| frame.link == LinkType(1)) {
                put(frame.time.0, frame.captured);
                port = port.wrapping_add(1);
                let [high, low] = port.to_be_bytes();
                let mut other = vec![2; 12];
                other.extend([8, 0, 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0]);
                other.extend([192, 0, 2, 1, 192, 0, 2, 2, high, low, 0x27, 0x0f, 0, 8, 0, 0]);
                put(frame.time.0, &other);
            }
        }
        std::fs::write(at, pcap).unwrap();
    }

    /// Where a bound that flows share was hit, what became of one depends on all of them: passing
    /// over some would give other sums.
    #[test]
    fn where_flows_were_ended_early_the_second_pass_looks_at_all_of_them() {
        // Datagrams of a flow that was ended early are of another flow, without its name.
        let quic = EVERYTHING.replace("\"plain.example.org\"", "\"*.example.net\"");
        let database = Database::of_texts(&[("quic.toml", &*quic)]).unwrap();
        let run = Run::default();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("interrupted.pcap");
        interrupted("hard-cases.pcapng", &path);
        let streams = [StreamPlan { captures: vec![Input::File(path)], reading: Reading::InTurn }];
        let mut matters = 0;
        for most in 1..=8 {
            let options = Options { max_flows: Some(most), ..options() };
            let FirstPass { snapshot, choice } =
                FirstPass::read(&streams, &options, &database, &run).unwrap();
            assert!(snapshot.bounds.flows > 0 && !are_apart(&snapshot.bounds));
            let (streams, options, database) = (&streams, &options, &database);
            let second = SecondPass { streams, options, database, run: &run, folder: None };
            let (timeline, _) = second.read(&snapshot, &choice).unwrap();
            let octets: u64 = timeline.rows.iter().map(|row| row.counts.octets()).sum();
            assert_eq!(octets, choice.tagged.total.octets, "{most}");
            // Some of them alone are not ended early.
            let some = second.read_of(&snapshot, &choice, true);
            matters += usize::from(some.is_err());
        }
        assert!(matters > 0, "passing over flows would have done no harm");
        for bounds in [
            BoundHits { reassembly: 1, ..BoundHits::default() },
            BoundHits { scopes: 1, ..BoundHits::default() },
            BoundHits { resumed: 1, ..BoundHits::default() },
        ] {
            assert!(!are_apart(&bounds), "{bounds:?}");
        }
        assert!(are_apart(&BoundHits { dns_answers: 1, rows: 1, ..BoundHits::default() }));
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
