//! Material for tests, without a bundle: a run over a capture of `pcaps/`.

use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use crate::evidence::Timeline;
use crate::evidence::timeline::Counting as Slots;
use crate::evidence::{
    Case, Counting, Host, Material, Privacy, Remarks, ResolvedOption, TaggedCapture,
};
use crate::flow::HomeNet;
use crate::language::Language;
use crate::ledger::{Assignments, Devices, FlowRecord, Recorder, Snapshot, Watch, Watcher};
use crate::pipeline::{self, Options, Output, Run, StreamOutput};
use crate::signature::Database;
use crate::source::{CaptureAccount, plan_streams};

/// The shipped database is large and dated; these stand for it.
const SIGNATURES: &str = include_str!("../../tui/tests/signatures.toml");

pub(in crate::evidence) static DATABASE: LazyLock<Database> =
    LazyLock::new(|| Database::of_texts(&[("tests.toml", SIGNATURES)]).unwrap());

/// Owns what a [`Material`] borrows.
#[derive(Clone, Debug)]
pub(in crate::evidence) struct Sample {
    pub(in crate::evidence) snapshot: Snapshot,
    pub(in crate::evidence) all: Remarks,
    pub(in crate::evidence) tagged: Remarks,
    pub(in crate::evidence) timeline: Timeline,
    pub(in crate::evidence) captures: Vec<TaggedCapture>,
    pub(in crate::evidence) counting: Counting,
    pub(in crate::evidence) options: Vec<ResolvedOption>,
    pub(in crate::evidence) privacy: Privacy,
    pub(in crate::evidence) host: Option<Host>,
    pub(in crate::evidence) stale_days: Option<u32>,
    pub(in crate::evidence) interrupted: bool,
}

/// Keeps every flow.
#[derive(Debug, Default)]
struct Flows(Arc<Mutex<Vec<FlowRecord>>>);

impl Output for Flows {
    type Stream = Self;
    fn begin(&self, _: usize) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl StreamOutput for Flows {
    fn flow(&mut self, flow: &FlowRecord) -> std::io::Result<()> {
        self.0.lock().unwrap().push(flow.clone());
        Ok(())
    }
    fn end(self, _: u32, _: &[CaptureAccount]) -> std::io::Result<()> {
        Ok(())
    }
}

impl Sample {
    /// Of a capture, with the signatures of the tests.
    pub(in crate::evidence) fn of(capture: &str) -> Self {
        Self::read(capture, &DATABASE)
    }

    /// Of a capture, with these signatures.
    pub(in crate::evidence) fn read(capture: &str, database: &Database) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps").join(capture);
        let plan = plan_streams(&[path], false);
        let home: Vec<ipnet::IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let options = Options {
            home_net: HomeNet::new(home.clone()),
            rollups: Material::ROLLUPS.map(<[_]>::to_vec).to_vec(),
            hash: true,
            ..Options::default()
        };
        let watch = Arc::new(Watch::new(Watch::FEW));
        let run = Run { watch: Some(Arc::clone(&watch)), ..Run::default() };
        let flows = Flows::default();
        let mut snapshot = pipeline::run(&plan.streams, &options, database, &flows, &run).unwrap();
        let (devices, assignments) = (Devices::default(), Assignments::default());
        let recorder = Recorder { database, devices: &devices, assignments: &assignments };
        snapshot.watched = Watcher::new(watch, recorder).snapshot().watched;
        for account in &mut snapshot.captures {
            account.path = capture.to_owned();
        }
        let flows = flows.0.lock().unwrap();
        let (all, tagged) = remarks(&flows);
        let timeline = slots(&flows, database);
        let counts = |flow: &FlowRecord| (flow.counts.frames(), flow.counts.octets());
        let tagged_flows = flows.iter().filter(|flow| flow.primary().is_some()).map(counts);
        let (frames, octets) = tagged_flows.fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
        let file_name = "tagged.pcapng".to_owned();
        let file = TaggedCapture { file_name, frames, octets, ..TaggedCapture::default() };
        Self {
            snapshot,
            all,
            tagged,
            timeline,
            captures: vec![file],
            counting: Counting { home_nets: home, ..Counting::default() },
            options: vec![ResolvedOption { name: "home-net", value: "10.0.0.0/8".to_owned() }],
            privacy: Privacy::default(),
            host: None,
            stale_days: None,
            interrupted: false,
        }
    }

    /// The material, with the signatures of the tests.
    pub(in crate::evidence) fn material(&self) -> Material<'_> {
        self.with(&DATABASE)
    }

    /// The material, with the signatures that it was read with.
    pub(in crate::evidence) fn with<'a>(&'a self, database: &'a Database) -> Material<'a> {
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
            version: "0.0.0",
            stale_days: self.stale_days,
            interrupted: self.interrupted,
        }
    }
}

/// A case of which nobody said more than the language.
pub(in crate::evidence) fn case(language: Language) -> Case {
    Case {
        title: None,
        author: None,
        case: None,
        question: None,
        date: jiff::civil::date(2026, 3, 1),
        language,
        zone: jiff::tz::TimeZone::get("Europe/Paris").unwrap(),
    }
}

fn remarks(flows: &[FlowRecord]) -> (Remarks, Remarks) {
    let (mut all, mut tagged) = (Remarks::default(), Remarks::default());
    for flow in flows {
        all.count(flow);
        if flow.primary().is_some() {
            tagged.count(flow);
        }
    }
    (all, tagged)
}

/// Each flow's octets in the slot of its first frame: good enough to draw.
fn slots(flows: &[FlowRecord], database: &Database) -> Timeline {
    let first = flows.iter().map(|flow| flow.first).min().unwrap();
    let last = flows.iter().map(|flow| flow.first).max().unwrap();
    let mut slots = Slots::between(first, last);
    for flow in flows {
        if let Some(tag) = flow.primary() {
            slots.add(flow.first, database.category(tag.signature), flow.counts);
        }
    }
    slots.finish()
}
