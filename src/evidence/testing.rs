//! Material for tests: both passes over one of the captures of `pcaps/`.

use std::fs;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::pseudonym::{MaskedNames, PseudonymFault, PseudonymKey};
use super::recount::{Recounted, Recounting};
use super::{Case, Counting, FirstPass, Gathered, Material};
use crate::language::Language;
use crate::pipeline::{Options, Run};
use crate::signature::Database;
use crate::source;

/// What a [`Material`] borrows, and the capture files.
pub(super) struct Sample {
    pub(super) gathered: Gathered,
    pub(super) case: Case,
    database: Database,
    original: PathBuf,
    folder: TempDir,
}

/// Of a capture in `pcaps/`.
pub(super) fn sample(name: &str) -> Sample {
    sample_with(name, Database::shipped())
}

/// The same, tagged with other signatures.
pub(super) fn sample_with(name: &str, database: Database) -> Sample {
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps").join(name);
    let home_nets = ["10.23.0.0/16", "fd23::/64"].map(|net| net.parse::<IpNet>().unwrap());
    let counting = Counting { home_nets: home_nets.to_vec(), ..Counting::default() };
    let options = Options { hash: true, ..counting.options(&Material::ROLLUPS).unwrap() };
    let streams = source::plan_streams(std::slice::from_ref(&original), false).streams;
    let folder = tempfile::tempdir().unwrap();
    let run = Run::default();
    let first = FirstPass::read(&streams, &options, &database, &run).unwrap();
    let gathered = first.again(&streams, &options, &database, &run, folder.path()).unwrap();
    let case = Case {
        title: None,
        author: Some("Anne Example".to_owned()),
        case: None,
        question: None,
        date: jiff::civil::date(2026, 1, 2),
        language: Language::English,
        zone: TimeZone::UTC,
    };
    let options = counting.stated(&case.zone);
    let gathered = Gathered { counting, options, ..gathered };
    Sample { gathered, case, database, original, folder }
}

/// Counts the captures of these names in a folder again, two at a time.
pub(super) fn recount(
    folder: &Path,
    names: &[String],
    counting: &Counting,
    database: &Database,
    flows: &Path,
) -> Recounted {
    // Of an earlier count; files are never overwritten.
    let _ = fs::remove_file(flows);
    let run = &Run::default();
    let recounting = Recounting { folder, names, counting, database, digits: 6, jobs: 2, run };
    recounting.count(flows).unwrap()
}

impl Sample {
    /// What a bundle is made of.
    pub(super) fn material(&self) -> Material<'_> {
        Material { version: "0.0.0-test", ..self.gathered.material(&self.database) }
    }

    /// Gives pseudonyms, in the captures in `captures`, too.
    pub(super) fn pseudonymize(
        &mut self,
        key: &PseudonymKey,
        masked: &MaskedNames,
        captures: &Path,
    ) -> Result<(), PseudonymFault> {
        self.gathered.pseudonymize(key, masked, &self.database, captures)
    }

    /// A folder in `around` with the bundle's captures in it.
    pub(super) fn captures(&self, around: &Path) -> PathBuf {
        let folder = around.join("captures");
        fs::create_dir_all(&folder).unwrap();
        for capture in &self.gathered.captures {
            let name = &capture.file_name;
            fs::copy(self.folder.path().join(name), folder.join(name)).unwrap();
        }
        folder
    }

    /// The capture that was read.
    pub(super) fn original(&self) -> &Path {
        &self.original
    }
}
