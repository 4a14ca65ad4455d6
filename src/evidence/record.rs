//! `record.json`: what was run, on what, when, how. The schema is described in
//! `docs/evidence.md`; fields may be added within a version, never renamed.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::tables::TableSummary;
use super::{Case, ClockState, Counting, Host, Material};
use crate::export::{rfc3339, write_capture};
use crate::language::Language;
use crate::ledger::{Assigns, BoundHits, Marker};
use crate::source::CaptureTime;

/// The name of the schema.
pub(super) const SCHEMA: &str = "vigie-evidence/1";

/// Octets of a record at most; what is larger is not read.
pub(super) const LARGEST: u64 = 64 << 20;

/// The record. Field order is output order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) schema: String,
    /// Version of vigie.
    pub(super) vigie: String,
    pub(super) case: CaseRecord,
    pub(super) signatures: SignaturesRecord,
    /// The resolved options, in the order of the help.
    pub(super) options: Vec<OptionRecord>,
    pub(super) counting: Counting,
    pub(super) privacy: PrivacyRecord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) host: Option<HostRecord>,
    /// The captures that were read, as capture records of schema `vigie/1`.
    pub(super) captures: Vec<Value>,
    /// The bundle's own captures, in `capture/`.
    pub(super) bundle_captures: Vec<BundleCapture>,
    pub(super) markers: Vec<MarkerRecord>,
    pub(super) registers: Vec<RegisterRecord>,
    pub(super) copies: CopiesRecord,
    pub(super) bounds: BoundsRecord,
    /// Decimal digits of a second in the tables' times.
    pub(super) digits: u8,
    pub(super) tables: Vec<TableSummary>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stale_days: Option<u32>,
    pub(super) interrupted: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct CaseRecord {
    pub(super) title: Option<String>,
    pub(super) author: Option<String>,
    pub(super) case: Option<String>,
    pub(super) question: Option<String>,
    pub(super) date: String,
    pub(super) language: String,
    pub(super) zone: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SignaturesRecord {
    /// Date of the newest source.
    pub(super) date: String,
    /// How many were in force.
    pub(super) in_force: u64,
    /// Those that a tag names; their files are in `signatures/`.
    pub(super) used: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct OptionRecord {
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct PrivacyRecord {
    pub(super) pseudonymized: bool,
    pub(super) tenants_masked: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) domains_masked: bool,
}

impl PrivacyRecord {
    /// Whether host names are others than in the captures.
    pub(super) fn masks_names(&self) -> bool {
        self.tenants_masked || self.domains_masked
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct HostRecord {
    pub(super) name: String,
    pub(super) kernel: String,
    /// Missing in bundles of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) clock: Option<ClockRecord>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub(super) enum ClockRecord {
    Synchronized { by: String, last: String },
    Unknown,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct BundleCapture {
    pub(super) file: String,
    /// Index of the stream that it was made from, from 0.
    pub(super) stream: u64,
    /// Frames that found no room in it.
    pub(super) lost: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct MarkerRecord {
    pub(super) time: Option<String>,
    pub(super) after_frames: u64,
    pub(super) text: String,
}

/// A file that says to whom addresses are assigned.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RegisterRecord {
    pub(super) tells: String,
    pub(super) file: String,
    pub(super) kind: String,
    pub(super) date: String,
    pub(super) damaged: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct CopiesRecord {
    /// Frames that were compared with the ones before them.
    pub(super) looked: u64,
    pub(super) copies: u64,
}

/// How often each bound of memory was hit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct BoundsRecord {
    pub(super) reassembly: u64,
    pub(super) fragments: u64,
    pub(super) overlaps: u64,
    pub(super) dns_answers: u64,
    pub(super) flows: u64,
    pub(super) names: u64,
    pub(super) scopes: u64,
    pub(super) resumed: u64,
    pub(super) rows: u64,
}

impl Record {
    /// Of a bundle.
    pub(super) fn of(
        material: &Material<'_>,
        case: &Case,
        used: Vec<String>,
        tables: Vec<TableSummary>,
        digits: u8,
    ) -> serde_json::Result<Self> {
        let snapshot = material.snapshot;
        let captures = snapshot.captures.iter().zip(0..).map(|(capture, id)| {
            let mut line = Vec::new();
            write_capture(&mut line, id, capture).map_err(serde_json::Error::io)?;
            serde_json::from_slice(&line)
        });
        let options = material.options.iter().map(|option| OptionRecord {
            name: option.name.to_owned(),
            value: option.value.clone(),
        });
        let bundle = material.captures.iter().map(|capture| BundleCapture {
            file: capture.file_name.clone(),
            stream: capture.stream as u64,
            lost: capture.lost,
        });
        let registers = snapshot.assignments.iter().map(|file| RegisterRecord {
            tells: tells(file.assigns).to_owned(),
            file: file.path.rsplit('/').next().unwrap_or_default().to_owned(),
            kind: file.kind.clone(),
            date: file.date.clone(),
            damaged: file.damaged,
        });
        Ok(Self {
            schema: SCHEMA.to_owned(),
            vigie: material.version.to_owned(),
            case: CaseRecord::of(case),
            signatures: SignaturesRecord {
                date: material.in_force.1.to_owned(),
                in_force: material.in_force.0,
                used,
            },
            options: options.collect(),
            counting: material.counting.clone(),
            privacy: PrivacyRecord {
                pseudonymized: material.privacy.pseudonymized,
                tenants_masked: material.privacy.tenants_masked,
                domains_masked: material.privacy.domains_masked,
            },
            host: material.host.map(HostRecord::of),
            captures: captures.collect::<Result<_, _>>()?,
            bundle_captures: bundle.collect(),
            markers: MarkerRecord::of(&snapshot.markers, digits),
            registers: registers.collect(),
            copies: CopiesRecord {
                looked: snapshot.sampled.looked,
                copies: snapshot.sampled.copies,
            },
            bounds: BoundsRecord::of(&snapshot.bounds),
            digits,
            tables,
            stale_days: material.stale_days,
            interrupted: material.interrupted,
        })
    }

    /// The value of an option, where it is stated.
    pub(super) fn option(&self, name: &str) -> Option<&str> {
        let found = self.options.iter().find(|option| option.name == name);
        found.map(|option| option.value.as_str())
    }

    /// The markers that it states.
    pub(super) fn markers(&self) -> Vec<Marker> {
        let marker = |of: &MarkerRecord| Marker {
            time: of.time.as_deref().and_then(moment),
            after_frames: of.after_frames,
            text: of.text.as_str().into(),
        };
        self.markers.iter().map(marker).collect()
    }

    /// Whether these are the markers that it states.
    pub(super) fn has_markers(&self, markers: &[Marker]) -> bool {
        let stated = MarkerRecord::of(markers, self.digits);
        serde_json::to_value(stated).ok() == serde_json::to_value(&self.markers).ok()
    }

    /// Whether so often was each bound hit as it states.
    pub(super) fn has_bounds(&self, bounds: &BoundHits) -> bool {
        let stated = BoundsRecord::of(bounds);
        serde_json::to_value(stated).ok() == serde_json::to_value(&self.bounds).ok()
    }

    /// As it stands in the file.
    pub(super) fn text(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// A time as records state it (RFC 3339).
pub(super) fn moment(text: &str) -> Option<CaptureTime> {
    let time: Timestamp = text.parse().ok()?;
    i64::try_from(time.as_nanosecond()).ok().map(CaptureTime)
}

fn tells(assigns: Assigns) -> &'static str {
    match assigns {
        Assigns::Country => "country",
        Assigns::Network => "network",
        Assigns::Hardware => "hardware",
    }
}

impl HostRecord {
    /// The machine; none where the time of its clock cannot be read.
    pub(super) fn host(&self) -> Option<Host> {
        let clock = match &self.clock {
            Some(ClockRecord::Synchronized { last, .. }) => {
                ClockState::Synchronized { last: moment(last)? }
            }
            Some(ClockRecord::Unknown) | None => ClockState::Unknown,
        };
        Some(Host { name: self.name.clone(), kernel: self.kernel.clone(), clock })
    }

    fn of(host: &Host) -> Self {
        Self {
            name: host.name.clone(),
            kernel: host.kernel.clone(),
            clock: Some(match host.clock {
                ClockState::Synchronized { last } => ClockRecord::Synchronized {
                    by: "systemd-timesyncd".to_owned(),
                    last: rfc3339(last, 0).to_string(),
                },
                ClockState::Unknown => ClockRecord::Unknown,
            }),
        }
    }
}

impl CaseRecord {
    /// The case, with the option `tz` where its zone has no name; none where the words are no
    /// date, language or zone that is known here.
    pub(super) fn case(&self, tz: Option<&str>) -> Option<Case> {
        let zone = match (self.zone.as_str(), tz) {
            // So is a zone called that has neither a name nor one offset.
            ("fixed", None | Some("UTC")) => None,
            ("fixed", Some(offset)) => DateTimeParser::new().parse_time_zone(offset).ok(),
            ("UTC", _) => Some(TimeZone::UTC),
            (name, _) => TimeZone::get(name).ok(),
        };
        Some(Case {
            title: self.title.clone(),
            author: self.author.clone(),
            case: self.case.clone(),
            question: self.question.clone(),
            date: self.date.parse().ok()?,
            language: Language::from_word(&self.language)?,
            zone: zone?,
        })
    }

    fn of(case: &Case) -> Self {
        Self {
            title: case.title.clone(),
            author: case.author.clone(),
            case: case.case.clone(),
            question: case.question.clone(),
            date: case.date.to_string(),
            language: case.language.word().to_owned(),
            zone: case.zone.iana_name().unwrap_or("fixed").to_owned(),
        }
    }
}

impl MarkerRecord {
    fn of(markers: &[Marker], digits: u8) -> Vec<Self> {
        let of = |marker: &Marker| Self {
            time: marker.time.map(|time| rfc3339(time, digits).to_string()),
            after_frames: marker.after_frames,
            text: marker.text.to_string(),
        };
        markers.iter().map(of).collect()
    }
}

impl BoundsRecord {
    fn of(bounds: &BoundHits) -> Self {
        Self {
            reassembly: bounds.reassembly,
            fragments: bounds.fragments,
            overlaps: bounds.overlaps,
            dns_answers: bounds.dns_answers,
            flows: bounds.flows,
            names: bounds.names,
            scopes: bounds.scopes,
            resumed: bounds.resumed,
            rows: bounds.rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_machine_knows_of_its_clock_is_recorded_and_older_records_are_read() {
        let last = CaptureTime(1_767_600_000_000_000_000);
        for (clock, expected) in [
            (ClockState::Unknown, json!({ "state": "unknown" })),
            (
                ClockState::Synchronized { last },
                json!({
                    "state": "synchronized",
                    "by": "systemd-timesyncd",
                    "last": "2026-01-05T08:00:00Z"
                }),
            ),
        ] {
            let host = Host { name: "a".to_owned(), kernel: "b".to_owned(), clock };
            let written = serde_json::to_value(HostRecord::of(&host)).unwrap();
            assert_eq!(written, json!({ "name": "a", "kernel": "b", "clock": expected }));
            let read: HostRecord = serde_json::from_value(written).unwrap();
            assert_eq!(read.clock, HostRecord::of(&host).clock);
        }
        let older = json!({ "name": "a", "kernel": "b" });
        assert_eq!(serde_json::from_value::<HostRecord>(older).unwrap().clock, None);
    }
}
