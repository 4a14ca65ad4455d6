//! Material for tests: a pipeline run over one of the captures of `pcaps/`, which stands for its
//! own minimised one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jiff::tz::TimeZone;

use super::{Case, Counting, Material, Privacy, Remarks, TaggedCapture, Timeline};
use crate::language::Language;
use crate::ledger::{DimensionValue, FlowRecord, Snapshot};
use crate::pipeline::{self, Options, Output, Run, StreamOutput};
use crate::signature::Database;
use crate::source::{self, CaptureAccount};

/// What a [`Material`] borrows.
pub(super) struct Sample {
    pub(super) snapshot: Snapshot,
    pub(super) case: Case,
    all: Remarks,
    tagged: Remarks,
    timeline: Timeline,
    captures: Vec<TaggedCapture>,
    counting: Counting,
    database: Database,
    original: PathBuf,
}

/// Of a capture in `pcaps/`.
pub(super) fn sample(name: &str) -> Sample {
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps").join(name);
    let database = Database::shipped();
    let counting = Counting {
        home_nets: vec!["192.168.0.0/16".parse().unwrap(), "10.0.0.0/8".parse().unwrap()],
        ..Counting::default()
    };
    let options = Options { hash: true, ..counting.options(&Material::ROLLUPS).unwrap() };
    let remarks = Mutex::default();
    let streams = source::plan_streams(std::slice::from_ref(&original), false).streams;
    let mut snapshot =
        pipeline::run(&streams, &options, &database, &Remarked(&remarks), &Run::default()).unwrap();
    for rollup in &mut snapshot.rollups {
        if [&Material::NAMES[..], &Material::ENDPOINTS].contains(&&rollup.dimensions[..]) {
            rollup.rows.retain(|(values, _)| !values.contains(&DimensionValue::Untagged));
        }
    }
    name.clone_into(&mut snapshot.captures[0].path);
    let (all, tagged) = remarks.into_inner().unwrap();
    let captures = vec![TaggedCapture {
        file_name: "tagged.pcapng".to_owned(),
        frames: snapshot.balance.read.frames,
        ..TaggedCapture::default()
    }];
    let case = Case {
        title: None,
        author: Some("Anne Example".to_owned()),
        case: None,
        question: None,
        date: jiff::civil::date(2026, 1, 2),
        language: Language::English,
        zone: TimeZone::UTC,
    };
    let timeline = Timeline::default();
    Sample { snapshot, case, all, tagged, timeline, captures, counting, database, original }
}

impl Sample {
    /// What a bundle is made of.
    pub(super) fn material(&self) -> Material<'_> {
        Material {
            snapshot: &self.snapshot,
            all: &self.all,
            tagged: &self.tagged,
            timeline: &self.timeline,
            captures: &self.captures,
            database: &self.database,
            counting: &self.counting,
            options: &[],
            privacy: Privacy::default(),
            host: None,
            version: "0.0.0-test",
            stale_days: None,
            interrupted: false,
        }
    }

    /// A folder in `around` with the capture in it.
    pub(super) fn captures(&self, around: &Path) -> PathBuf {
        let folder = around.join("captures");
        fs::create_dir_all(&folder).unwrap();
        fs::copy(&self.original, folder.join("tagged.pcapng")).unwrap();
        folder
    }

    /// The capture that was read.
    pub(super) fn original(&self) -> &Path {
        &self.original
    }
}

/// Remarks on all flows and on tagged ones.
struct Remarked<'a>(&'a Mutex<(Remarks, Remarks)>);

impl<'a> Output for Remarked<'a> {
    type Stream = Self;
    fn begin(&self, _stream: usize) -> Self {
        Remarked(self.0)
    }
}

impl StreamOutput for Remarked<'_> {
    fn flow(&mut self, flow: &FlowRecord) -> io::Result<()> {
        let mut both = self.0.lock().unwrap();
        both.0.count(flow);
        if flow.primary().is_some() {
            both.1.count(flow);
        }
        Ok(())
    }
    fn end(self, _first_capture: u32, _captures: &[CaptureAccount]) -> io::Result<()> {
        Ok(())
    }
}
