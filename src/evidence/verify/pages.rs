//! What people read, against what was counted: figures, report and CHECK.txt are written again, by
//! the same vigie, and have to be the same octet for octet.

use std::collections::BTreeSet;

use csv::ReaderBuilder;

use super::super::check::{self, Checked};
use super::super::record::{Record, moment};
use super::super::recount::Recounted;
use super::super::report::{self, of_tagged, parts, title_of};
use super::super::seal::Sealed;
use super::super::tables::Kind;
use super::super::{
    Case, Material, Privacy, Remarks, ResolvedOption, Screen, TaggedCapture, figure,
};
use super::finding::{Verification, finding};
use super::original::Counted;
use super::structure::Bag;
use crate::ledger::DimensionValue;
use crate::signature::Database;
use crate::source::CaptureAccount;

/// What pages are written again from.
#[derive(Clone, Copy)]
pub(super) struct Pages<'a> {
    pub(super) bag: &'a Bag,
    pub(super) record: &'a Record,
    pub(super) case: &'a Case,
    /// The signatures in the bundle.
    pub(super) database: &'a Database,
    pub(super) recounted: &'a Recounted,
    /// What the captures that were read give, where that was counted, too.
    pub(super) original: Option<&'a Counted>,
    /// Who is to have sealed it.
    pub(super) signer: Option<&'a Sealed>,
}

/// Octets of a page at most.
const LARGEST: u64 = 256 << 20;

impl Pages<'_> {
    /// Compares them.
    pub(super) fn check(&self, verification: &mut Verification) {
        let Self { bag, record, recounted, original, .. } = *self;
        let none = Remarks::default();
        let mut snapshot = original.map_or(&recounted.snapshot, |o| &o.snapshot).clone();
        if original.is_none() {
            snapshot.captures = record.captures.iter().map(as_stated).collect();
            snapshot.markers = record.markers();
        }
        let host = record.host.as_ref().and_then(super::super::record::HostRecord::host);
        let (captures, options) = (self.captures(), self.options());
        let material = Material {
            snapshot: &snapshot,
            all: original.map_or(&none, |o| &o.all),
            tagged: original.map_or(&recounted.tagged, |o| &o.tagged),
            timeline: &recounted.timeline,
            captures: &captures,
            database: self.database,
            in_force: (record.signatures.in_force, &record.signatures.date),
            counting: &record.counting,
            options: &options,
            privacy: Privacy {
                pseudonymized: record.privacy.pseudonymized,
                tenants_masked: record.privacy.tenants_masked,
                domains_masked: record.privacy.domains_masked,
            },
            host: host.as_ref(),
            version: &record.vigie,
            stale_days: record.stale_days,
            interrupted: record.interrupted,
        };
        let differs = record.tables.iter().any(|table| table.differing() > 0);
        let figures = figure::figures(&material, self.case);
        if differs {
            verification.unchecked(finding("verify-figures-unlike"));
        } else {
            self.figures(&figures, verification);
        }
        self.check_txt(&material, verification);
        self.report(&material, &figures, differs, verification);
        let screens = bag.files.keys().filter(|name| name.starts_with("data/screens/")).count();
        if screens > 0 {
            verification.unchecked(finding("verify-screens").count("files", screens as u64));
        }
    }

    /// What was put into the captures of the bundle, as the table states it.
    fn captures(&self) -> Vec<TaggedCapture> {
        let file = format!("data/tables/{}", Kind::TaggedCaptures.file_name());
        let Ok(opened) = self.bag.open(&file) else { return Vec::new() };
        let most = self.record.bundle_captures.len();
        let rows = ReaderBuilder::new().from_reader(opened).into_records();
        let capture = |row: csv::StringRecord| {
            let number = |at| row.get(at)?.parse().ok();
            Some(TaggedCapture {
                file_name: row.get(0)?.to_owned(),
                stream: usize::try_from(number(1)?).ok()?,
                frames: number(2)?,
                octets: number(3)?,
                answers: number(4)?,
                captured: number(5)?,
                overwritten: number(6)?,
                lost: number(7)?,
                kept: number(10)?,
            })
        };
        rows.map_while(Result::ok).take(most).filter_map(capture).collect()
    }

    /// The options as the record states them; those that vigie does not have are told elsewhere.
    fn options(&self) -> Vec<ResolvedOption> {
        let known = self.record.counting.stated(&self.case.zone).into_iter().map(|o| o.name);
        let known: Vec<_> = known.chain(super::stated::OF_FILES).collect();
        let resolved = |option: &super::super::record::OptionRecord| {
            let name = known.iter().find(|name| **name == option.name)?;
            Some(ResolvedOption { name, value: option.value.clone() })
        };
        self.record.options.iter().filter_map(resolved).collect()
    }

    fn figures(&self, figures: &[figure::Figure], verification: &mut Verification) {
        let mut wrong = Vec::new();
        for figure in figures {
            let file = format!("data/figures/{}", figure.file_name);
            if self.bag.text(&file, LARGEST).as_deref() != Ok(&*figure.svg) {
                wrong.push(file);
            }
        }
        let is_one = |name: &str| figures.iter().any(|figure| figure.file_name == name);
        let there = self.bag.files.keys().filter_map(|file| file.strip_prefix("data/figures/"));
        let more = there.filter(|name| !is_one(name)).map(|name| format!("data/figures/{name}"));
        wrong.extend(more);
        if wrong.is_empty() && !figures.is_empty() {
            let said = finding("verify-figures-hold").count("files", figures.len() as u64);
            verification.holds_that(said);
        }
        verification.wrong_ones("verify-figure", "file", wrong);
    }

    fn check_txt(&self, material: &Material<'_>, verification: &mut Verification) {
        let facts = self.recounted.facts(self.database, self.record.digits);
        let sealed = self
            .signer
            .and_then(|signer| Some((signer.identity.as_deref()?, signer.fingerprint.as_str())));
        let checked = Checked { material, case: self.case, facts: &facts, sealed };
        let written = self.bag.text("data/CHECK.txt", LARGEST);
        if written.as_deref() == Ok(&*check::text(&checked)) {
            verification.holds_that(finding("verify-check-holds"));
        } else {
            verification.wrong(finding("verify-check"));
        }
    }

    /// Every part of the report that follows from what was counted.
    fn report(
        &self,
        material: &Material<'_>,
        figures: &[figure::Figure],
        differs: bool,
        verification: &mut Verification,
    ) {
        let language = self.case.language;
        let Ok(page) = self.bag.text("data/report.html", LARGEST) else {
            verification.wrong(finding("verify-page").with("part", "report.html"));
            return;
        };
        let written = [true, false].map(|hides_clients| {
            let screens = self.screens(hides_clients);
            report::html(material, self.case, figures, &screens)
        });
        let there = parts(&page);
        let [again, other] = written.each_ref().map(|page| parts(page));
        if there.iter().map(|(name, _)| name).ne(again.iter().map(|(name, _)| name)) {
            verification.wrong(finding("verify-page-parts"));
            return;
        }
        let (mut held, mut left, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
        for ((name, part), (one, other)) in there.iter().zip(again.iter().zip(&other)) {
            let title = title_of(name, language).unwrap_or_else(|| "<head>".to_owned());
            let follows = self.follows(name, differs);
            let same = match follows {
                Follows::Wholly => *part == one.1 || *part == other.1,
                Follows::ForTagged => of_tagged(part, language) == of_tagged(one.1, language),
                Follows::ForNamed => self.same_where_named(part, one.1),
                Follows::Not => true,
            };
            if !same {
                wrong.push(title);
                continue;
            }
            if follows != Follows::Not {
                held.push(title.clone());
            }
            if follows != Follows::Wholly {
                left.push(title);
            }
        }
        if wrong.is_empty() && !held.is_empty() {
            verification.holds_that(finding("verify-page-holds").with("parts", held.join(", ")));
        }
        verification.wrong_ones("verify-page", "part", wrong);
        if !left.is_empty() {
            let key =
                if self.original.is_some() { "verify-page-left" } else { "verify-page-original" };
            verification.unchecked(finding(key).with("parts", left.join(", ")));
        }
    }

    /// How much of a part follows from what is known here. `differs`: of some tagged rows, the
    /// bundle's captures give others.
    fn follows(&self, part: &str, differs: bool) -> Follows {
        let has_all = self.original.is_some();
        let wholly = |follows| if follows { Follows::Wholly } else { Follows::Not };
        match part {
            "" | "question" | "glossary" | "check" => Follows::Wholly,
            "sources" => wholly(has_all || !differs),
            "hosts" if has_all => Follows::Wholly,
            "hosts" if differs => Follows::Not,
            "hosts" if self.unnamed().is_empty() => Follows::Wholly,
            "hosts" => Follows::ForNamed,
            // What registers say of places is not in the bundle.
            "systems" if !self.record.registers.is_empty() || (differs && !has_all) => Follows::Not,
            "systems" if !has_all => Follows::ForTagged,
            // The tables of the originals, and the figures of the bundle's captures.
            "systems" | "timeline" => wholly(!differs),
            "answer" | "limits" | "method" | "protection" => wholly(has_all),
            _ => Follows::Not,
        }
    }

    /// Signatures with flows without a name: why a flow has none is another question where payload
    /// was cut off.
    fn unnamed(&self) -> BTreeSet<&str> {
        let signature = |value: &DimensionValue| match value {
            DimensionValue::Signature(id) => Some(&*self.database.signature(*id).id),
            _ => None,
        };
        let mut found = BTreeSet::new();
        let rollups = self.recounted.snapshot.rollups.iter();
        for rollup in rollups.filter(|rollup| rollup.dimensions == Material::NAMES) {
            rollup.each(|values, _| {
                if values.iter().any(|value| matches!(value, DimensionValue::Unnamed(_))) {
                    found.extend(values.iter().find_map(signature));
                }
            });
        }
        found
    }

    /// Whether the tables by host are the same, save for those of systems with unnamed flows.
    fn same_where_named(&self, part: &str, again: &str) -> bool {
        const BEGINS: &str = "<h3 id=\"system-";
        let unnamed = self.unnamed();
        let (there, again): (Vec<_>, Vec<_>) =
            (part.split(BEGINS).collect(), again.split(BEGINS).collect());
        let id = |table: &str| table.split('"').next().unwrap_or_default().to_owned();
        there.len() == again.len()
            && there.iter().zip(&again).all(|(one, other)| {
                let same_system = id(one) == id(other);
                same_system && (one == other || unnamed.contains(&*id(one)))
            })
    }

    /// So many screens as there are: their number and what they hide say what stands beside them.
    fn screens(&self, hides_clients: bool) -> Vec<Screen> {
        let files = self.bag.files.keys();
        // Each is there twice: as SVG and as PNG.
        let pictures = files.filter(|name| name.starts_with("data/screens/")).step_by(2);
        pictures.map(|_| Screen { hides_clients, ..Screen::default() }).collect()
    }
}

/// How much of a part of the report follows from what was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Follows {
    Wholly,
    /// What it says of tagged flows.
    ForTagged,
    /// What it says of systems all of whose flows have names.
    ForNamed,
    Not,
}

/// As much of a capture as the record states of it and pages say without having read it.
fn as_stated(capture: &serde_json::Value) -> CaptureAccount {
    let text = |field: &str| capture.get(field).and_then(serde_json::Value::as_str);
    let hash = text("sha256").and_then(|digits| {
        let mut hash = [0; 32];
        for (at, octet) in hash.iter_mut().enumerate() {
            *octet = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(hash)
    });
    CaptureAccount {
        path: text("path").unwrap_or_default().to_owned(),
        first: text("first").and_then(moment),
        last: text("last").and_then(moment),
        sha256: hash,
        ..CaptureAccount::default()
    }
}
