//! A case: text → capture → vigie → differences.

mod capture;
mod expected;
mod frame;
mod outcome;
mod payload;

use std::fs;

use serde::Deserialize;

use capture::Record;
use expected::{ExpectedFlow, Numbers};
use frame::{FrameText, Sequences};
use outcome::Outcome;

/// The text of a case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseText {
    sentence: String,
    #[serde(default)]
    arguments: Vec<String>,
    #[serde(default)]
    signature: Vec<toml::Table>,
    frame: Vec<FrameText>,
    #[serde(default)]
    flow: Vec<ExpectedFlow>,
    #[serde(default)]
    summary: Numbers,
    #[serde(default)]
    bounds: Numbers,
}

/// A case whose frames have been made.
#[derive(Debug)]
pub(crate) struct Case {
    /// What the case shows.
    pub(crate) sentence: String,
    arguments: Vec<String>,
    signatures: String,
    frames: Vec<Record>,
    flows: Vec<ExpectedFlow>,
    summary: Numbers,
    bounds: Numbers,
}

impl Case {
    /// Reads a case and makes its frames; or says what is wrong with it.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let text: CaseText = toml::from_str(text).map_err(|e| e.to_string())?;
        let mut sequences = Sequences::default();
        let mut frames = Vec::new();
        for (number, frame) in (1..).zip(&text.frame) {
            let record = frame.record(&mut sequences);
            frames.push(record.map_err(|fault| format!("frame {number}: {fault}"))?);
        }
        Ok(Self {
            sentence: text.sentence,
            arguments: text.arguments,
            signatures: signature_file(text.signature)?,
            frames,
            flows: text.flow,
            summary: text.summary,
            bounds: text.bounds,
        })
    }

    /// Runs vigie over the capture and gives every difference between what came out and what
    /// was expected.
    pub(crate) fn run(&self) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let signatures = folder.path().join("signatures");
        fs::create_dir(&signatures).expect("a folder for signatures");
        fs::write(signatures.join("case.toml"), &self.signatures).expect("signatures are written");
        fs::write(folder.path().join("case.pcapng"), capture::pcapng(&self.frames))
            .expect("the capture is written");
        match Outcome::of(folder.path(), &self.arguments) {
            Err(fault) => vec![fault],
            Ok(outcome) => self.compare(&outcome),
        }
    }

    fn compare(&self, outcome: &Outcome) -> Vec<String> {
        let mut differences = outcome.broken_laws();
        if outcome.flows.len() != self.flows.len() {
            let (is, should) = (outcome.flows.len(), self.flows.len());
            differences.push(format!("{is} flows, not {should}"));
        }
        for (number, (flow, expected)) in (1..).zip(outcome.flows.iter().zip(&self.flows)) {
            let of_flow = expected.differences(flow).into_iter();
            differences.extend(of_flow.map(|d| format!("flow {number}: {d}")));
        }
        let summary = self.summary.differences(&outcome.summary).into_iter();
        differences.extend(summary.map(|d| format!("summary: {d}")));
        let bounds = self.bounds.differences(&outcome.summary["bounds"]).into_iter();
        differences.extend(bounds.map(|d| format!("bounds: {d}")));
        differences
    }
}

/// A signature file with these signatures; what a case leaves out is filled in.
fn signature_file(signatures: Vec<toml::Table>) -> Result<String, String> {
    let source = r#"title = "Case"
publisher = "Case"
ref = "tests/cases"
as_of = "2026-01"
says = "nothing""#;
    let source: toml::Table = toml::from_str(source).map_err(|e| e.to_string())?;
    let defaults = [
        ("vendor", "Example"),
        ("product", "Example"),
        ("category", "telemetry"),
        ("purpose", "a case"),
        ("exclusivity", "dedicated"),
        ("confidence", "documented"),
        ("status", "active"),
    ];
    let filled = signatures.into_iter().map(|mut signature| {
        for (field, value) in defaults {
            signature.entry(field).or_insert_with(|| value.into());
        }
        signature
            .entry("sources")
            .or_insert_with(|| vec![toml::Value::from(source.clone())].into());
        toml::Value::from(signature)
    });
    let mut file = toml::Table::new();
    file.insert("signature".into(), filled.collect::<Vec<_>>().into());
    toml::to_string(&file).map_err(|e| e.to_string())
}
