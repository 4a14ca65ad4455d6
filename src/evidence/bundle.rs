//! Puts a bundle together.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::Relaxed;

use jiff::civil::Date;

use super::archive;
use super::bag::{Bag, BagError, DECLARATION};
use super::check::{self, Checked};
use super::record::Record;
use super::recount::{RecountError, Recounted, Recounting};
use super::screens::{self, ScreenFault, ScreensWanted};
use super::seal::{KeyError, SIGNATURE, SIGNERS, Sealer};
use super::tables::{self, FLOWS, Facts, Kind, Known, TableSummary};
use super::{Case, Material, Recount, figure, report};
use crate::export::escape;
use crate::pipeline::Run;
use crate::signature::{Database, LoadError};

/// How a bundle is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct BundleOptions<'a> {
    /// Who seals it.
    pub sealer: Option<&'a Sealer>,
    /// Whether a `.zip` is made beside the folder.
    pub zip: bool,
    /// Until when it may be kept, as somebody decided.
    pub retention: Option<Date>,
    /// Screens of the terminal.
    pub screens: Option<&'a ScreensWanted>,
    /// Captures that are counted again side by side; one after the other where it is 0.
    pub jobs: usize,
    /// Who sees how far the counting is, and may end the work.
    pub run: Option<&'a Run>,
}

impl BundleOptions<'_> {
    /// Whether nobody has ended the work.
    fn go_on(&self) -> Result<(), BundleError> {
        let stopped = self.run.is_some_and(|run| run.stop.load(Relaxed));
        if stopped { Err(BundleError::Stopped) } else { Ok(()) }
    }
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The folder.
    pub folder: PathBuf,
    /// The same as one file.
    pub zip: Option<PathBuf>,
    /// Octets of the payload.
    pub octets: u64,
    /// Rows on tagged flows that the bundle's captures do not give: they are marked `original`,
    /// and the record lists them.
    pub differing: u64,
    /// Frames that should be in the captures and are not.
    pub lost: u64,
}

/// Why there is no bundle: nothing is left of it.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// Something stands where it is to be.
    #[error("{}: exists already; vigie overwrites no bundle: name another folder, or remove it", .0.display())]
    Exists(PathBuf),
    /// A file cannot be written.
    #[error(transparent)]
    Bag(#[from] BagError),
    /// The signatures used cannot be read back.
    #[error("the signatures used cannot be read back: {0}")]
    Signatures(#[from] LoadError),
    /// The bundle's captures could not be counted.
    #[error(transparent)]
    Recount(RecountError),
    /// Somebody ended it.
    #[error("ended before the bundle was there")]
    Stopped,
    /// A screen that was asked for could not be drawn.
    #[error(transparent)]
    Screens(#[from] ScreenFault),
    /// The record cannot be written.
    #[error("the record cannot be written: {0}")]
    Record(#[from] serde_json::Error),
    /// It could not be sealed.
    #[error(transparent)]
    Seal(#[from] KeyError),
}

impl From<RecountError> for BundleError {
    fn from(error: RecountError) -> Self {
        match error {
            RecountError::Stopped => Self::Stopped,
            error => Self::Recount(error),
        }
    }
}

/// Makes the bundle of `material` at `out`, with the capture files that lie in `captures`, a folder
/// on the same file system, which are taken from there; what is not ready lies there, too. The same material, case and options give the same octets.
pub fn write(
    material: &Material<'_>,
    case: &Case,
    captures: &Path,
    out: &Path,
    options: &BundleOptions<'_>,
) -> Result<Bundle, BundleError> {
    check_free(out, options.zip)?;
    let zip = options.zip.then(|| zip_path(out));
    let bag = Bag::begin(out, captures)?;
    for capture in material.captures {
        let name = &capture.file_name;
        bag.take(&captures.join(name), &format!("data/capture/{name}"))?;
    }
    let (used, database) = put_signatures(&bag, material)?;
    let digits = digits(material);
    let recounted = recount_bag(&bag, material, &database, digits, options)?;
    options.go_on()?;
    let facts = Facts {
        snapshot: material.snapshot,
        database: material.database,
        all: Some(material.all),
        tagged: material.tagged,
        timeline: Some(material.timeline),
        bundle: &recounted.snapshot.captures,
        captures: material.captures,
        server_names: &recounted.server_names,
        digits,
    };
    let summaries = put_tables(&bag, &facts, &recounted, &database)?;
    let differing = summaries.iter().map(TableSummary::differing).sum();
    put_pages(&bag, material, case, options.screens)?;
    options.go_on()?;
    let record = Record::of(material, case, used, summaries, digits)?;
    bag.put("data/record.json", record.text()?.as_bytes())?;
    let fingerprint = options.sealer.map(Sealer::fingerprint);
    let sealed = options.sealer.map(Sealer::identity).zip(fingerprint.as_deref());
    let checked = Checked { material, case, facts: &facts, sealed };
    bag.put("data/CHECK.txt", check::text(&checked).as_bytes())?;
    let octets = close(&bag, material, case, options)?;
    options.go_on()?;
    if let Some(zip) = &zip {
        archive::write(&bag.path(""), &bag.files("")?, captures, zip)?;
    }
    let folder = bag.publish().inspect_err(|_| {
        // A file without its folder would be half a bundle.
        let _ = zip.as_ref().map(fs::remove_file);
    })?;
    let lost = material.captures.iter().map(|capture| capture.lost).sum();
    Ok(Bundle { folder, zip, octets, differing, lost })
}

/// Refuses a place where something stands already: nothing is ever overwritten.
pub fn check_free(out: &Path, zip: bool) -> Result<(), BundleError> {
    let zip = zip.then(|| zip_path(out));
    for place in [Some(out), zip.as_deref()].into_iter().flatten() {
        if fs::symlink_metadata(place).is_ok() {
            return Err(BundleError::Exists(place.to_owned()));
        }
    }
    Ok(())
}

/// `DIR.zip` beside `DIR`.
fn zip_path(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".zip");
    out.with_file_name(name)
}

/// Decimal digits of a second that the captures' clocks resolve.
fn digits(material: &Material<'_>) -> u8 {
    let captures = material.snapshot.captures.iter();
    captures.flat_map(|c| &c.interfaces).map(|i| i.digits).max().unwrap_or(6)
}

/// Writes every signature that a tag names, and gives their names and a database of them alone.
fn put_signatures(
    bag: &Bag,
    material: &Material<'_>,
) -> Result<(Vec<String>, Database), BundleError> {
    let (mut names, mut texts) = (Vec::new(), Vec::new());
    for id in &material.tagged.signatures {
        let signature = material.database.signature(*id);
        let (name, text) = (format!("{}.toml", signature.id), signature.to_string());
        bag.put(&format!("data/signatures/{name}"), text.as_bytes())?;
        names.push(signature.id.clone());
        texts.push((name, text));
    }
    let texts: Vec<_> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Ok((names, Database::of_texts(&texts)?))
}

/// Counts the bag's captures, and writes the table of their flows.
fn recount_bag(
    bag: &Bag,
    material: &Material<'_>,
    database: &Database,
    digits: u8,
    options: &BundleOptions<'_>,
) -> Result<Recounted, BundleError> {
    let names: Vec<_> = material.captures.iter().map(|c| c.file_name.clone()).collect();
    let flows = bag.room_for(&format!("data/tables/{FLOWS}"))?;
    let folder = bag.path("data/capture");
    let alone = Run::default();
    let recounting = Recounting {
        folder: &folder,
        names: &names,
        counting: material.counting,
        database,
        digits,
        jobs: options.jobs,
        run: options.run.unwrap_or(&alone),
    };
    Ok(recounting.count(&flows)?)
}

/// Writes every table, and says what of it can be recounted.
fn put_tables(
    bag: &Bag,
    facts: &Facts<'_>,
    recounted: &Recounted,
    database: &Database,
) -> Result<Vec<TableSummary>, BundleError> {
    let again = recounted.facts(database, facts.digits);
    let mut summaries = vec![TableSummary {
        file: FLOWS.to_owned(),
        tagged: recounted.flows,
        original: 0,
        ..TableSummary::default()
    }];
    for kind in Kind::ALL {
        let name = format!("data/tables/{}", kind.file_name());
        let file = bag.create(&name)?;
        let known = Known::of(kind, &again, |recount| recount == Recount::Tagged);
        let written = tables::write(file, kind, facts, &known);
        let fault = |source: io::Error| BagError { path: bag.path(&name), source };
        summaries.push(written.map_err(fault)?);
    }
    Ok(summaries)
}

/// Writes the report with its figures and screens.
fn put_pages(
    bag: &Bag,
    material: &Material<'_>,
    case: &Case,
    wanted: Option<&ScreensWanted>,
) -> Result<(), BundleError> {
    let figures = figure::figures(material, case);
    for figure in &figures {
        bag.put(&format!("data/figures/{}", figure.file_name), figure.svg.as_bytes())?;
    }
    let screens = wanted.map(|wanted| screens::screens(material, case, wanted)).transpose()?;
    let screens = screens.unwrap_or_default();
    for screen in &screens {
        let place = format!("data/screens/{}", screen.file_name);
        bag.put(&format!("{place}.svg"), screen.svg.as_bytes())?;
        bag.put(&format!("{place}.png"), &screen.png)?;
    }
    let page = report::html(material, case, &figures, &screens);
    bag.put("data/report.html", page.as_bytes())?;
    Ok(())
}

/// Writes what makes a bag of it; gives the payload's octets.
fn close(
    bag: &Bag,
    material: &Material<'_>,
    case: &Case,
    options: &BundleOptions<'_>,
) -> Result<u64, BundleError> {
    let (octets, files) = bag.close_payload()?;
    bag.put("bagit.txt", DECLARATION.as_bytes())?;
    let retention = options.retention.map(|date| date.to_string());
    let retention = retention.unwrap_or_else(|| case.language.say("bag-retention-open"));
    let info = info(material.version, case, (octets, files), &retention);
    bag.put("bag-info.txt", info.as_bytes())?;
    if let Some(sealer) = options.sealer {
        bag.put(SIGNERS, sealer.allowed_signers()?.as_bytes())?;
    }
    let manifest = bag.close_tags()?;
    if let Some(sealer) = options.sealer {
        bag.put(SIGNATURE, sealer.seal(manifest.as_bytes())?.as_bytes())?;
    }
    Ok(octets)
}

/// `bag-info.txt` (RFC 8493 §2.2.2) of a payload of so many octets and files.
pub(super) fn info(version: &str, case: &Case, payload: (u64, usize), retention: &str) -> String {
    let (octets, files) = payload;
    let kind = case.language.say("report-kind");
    let mut lines = vec![
        ("Bag-Software-Agent", format!("vigie {version}")),
        ("Bagging-Date", case.date.to_string()),
        ("Payload-Oxum", format!("{octets}.{files}")),
        ("External-Description", case.title.clone().unwrap_or(kind)),
    ];
    lines.extend(case.author.clone().map(|author| ("Contact-Name", author)));
    lines.extend(case.case.clone().map(|case| ("External-Identifier", case)));
    lines.push(("Retention-Until", retention.to_owned()));
    let line = |(label, value): &(&str, String)| format!("{label}: {}\n", escape(value.trim()));
    lines.iter().map(line).collect()
}

#[cfg(test)]
#[path = "bundle/tests.rs"]
mod tests;
