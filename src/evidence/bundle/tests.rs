use std::collections::BTreeMap;
use std::path::Path;

use super::super::testing::sample;
use super::*;

/// Every file of a folder, by its path in it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, root: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

fn rows(octets: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(octets);
    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn a_bundle_holds_what_its_manifests_say_and_every_table_says_how_to_count_again() {
    let around = tempfile::tempdir().unwrap();
    let sample = sample("office-hour.pcapng");
    let out = around.path().join("bundle");
    let options = BundleOptions { zip: true, ..BundleOptions::default() };
    let bundle =
        write(&sample.material(), &sample.case, &sample.captures(around.path()), &out, &options);
    let bundle = bundle.unwrap();
    assert_eq!((bundle.differing, bundle.lost), (0, 0));
    let files = files(&out);
    for (manifest, payload) in [("manifest-sha256.txt", true), ("tagmanifest-sha256.txt", false)] {
        let text = std::str::from_utf8(&files[manifest]).unwrap();
        let listed: Vec<_> = text.lines().map(|l| l.split_once("  ").unwrap()).collect();
        for (hash, name) in &listed {
            let (real, _) = crate::evidence::hash::of_reader(&mut &*files[*name]).unwrap();
            assert_eq!(*hash, real, "{name}");
        }
        let names: Vec<_> = listed.iter().map(|(_, name)| name.to_string()).collect();
        let of_this = |name: &&String| {
            name.starts_with("data/") == payload && **name != "tagmanifest-sha256.txt"
        };
        assert_eq!(names, files.keys().filter(of_this).cloned().collect::<Vec<_>>());
    }
    #[cfg(unix)]
    for path in files.keys().map(|name| out.join(name)).chain(bundle.zip.clone()) {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        if path.starts_with(&out) {
            assert_eq!(mode(path.parent().unwrap()), 0o700, "{}", path.display());
        }
    }
    let mut counts = [0, 0];
    for (name, octets) in files.iter().filter(|(name, _)| name.starts_with("data/tables/")) {
        let rows = rows(octets);
        assert_eq!(rows[0].last().unwrap(), "recount", "{name}");
        for row in &rows[1..] {
            let recount = row.last().unwrap();
            assert!(["tagged", "original"].contains(&recount.as_str()), "{name}: {row:?}");
            counts[usize::from(recount == "original")] += 1;
        }
    }
    assert!(counts.iter().all(|count| *count > 10), "{counts:?}");
    let systems = rows(&files["data/tables/systems.csv"]);
    let untagged = systems.iter().filter(|row| row[0] == "(untagged)");
    assert!(
        untagged.clone().count() == 1 && untagged.clone().all(|r| r.last().unwrap() == "original")
    );
    let record: serde_json::Value = serde_json::from_slice(&files["data/record.json"]).unwrap();
    assert_eq!(record["schema"], "vigie-evidence/1");
    let tables = record["tables"].as_array().unwrap();
    assert_eq!(tables.len(), Kind::ALL.len() + 1);
    for table in tables {
        let name = format!("data/tables/{}", table["file"].as_str().unwrap());
        let stated = table["tagged"].as_u64().unwrap() + table["original"].as_u64().unwrap();
        assert_eq!(stated + 1, rows(&files[&name]).len() as u64, "{name}");
    }
    assert!(bundle.zip.is_some_and(|zip| zip.is_file()));
}

#[test]
fn the_same_material_gives_the_same_octets_and_nothing_is_overwritten() {
    let around = tempfile::tempdir().unwrap();
    let make = |name: &str| {
        let sample = sample("office-hour.pcapng");
        let out = around.path().join(name).join("bundle");
        fs::create_dir(out.parent().unwrap()).unwrap();
        let options = BundleOptions { zip: true, ..BundleOptions::default() };
        let captures = sample.captures(around.path());
        write(&sample.material(), &sample.case, &captures, &out, &options).unwrap()
    };
    let (one, other) = (make("one"), make("other"));
    assert!(files(&one.folder) == files(&other.folder));
    let [one_zip, other_zip] = [&one, &other].map(|b| fs::read(b.zip.as_ref().unwrap()).unwrap());
    assert!(one_zip == other_zip);

    let before = files(&one.folder);
    let sample = sample("office-hour.pcapng");
    let captures = sample.captures(around.path());
    let again = |out: &Path| {
        let options = BundleOptions::default();
        write(&sample.material(), &sample.case, &captures, out, &options)
    };
    assert!(matches!(again(&one.folder), Err(BundleError::Exists(_))));
    assert!(before == files(&one.folder));
}

#[test]
fn a_row_that_the_bundles_captures_do_not_give_is_original_and_listed() {
    let around = tempfile::tempdir().unwrap();
    let mut sample = sample("office-hour.pcapng");
    let systems = sample.gathered.snapshot.rollups.iter_mut();
    let systems = systems.filter(|rollup| rollup.dimensions == Material::SYSTEMS);
    let tagged = |row: &&mut (Vec<_>, crate::ledger::RollupRow)| {
        !row.0.contains(&crate::ledger::DimensionValue::Untagged)
    };
    systems.flat_map(crate::ledger::Rollup::rows_mut).find(tagged).unwrap().1.counts.up.octets += 1;
    let out = around.path().join("bundle");
    let captures = sample.captures(around.path());
    let bundle =
        write(&sample.material(), &sample.case, &captures, &out, &BundleOptions::default());
    // The row, and the sum over all of them in the balance.
    assert_eq!(bundle.unwrap().differing, 2);
    let record = fs::read_to_string(out.join("data/record.json")).unwrap();
    assert_eq!(record.matches("\"differ\"").count(), 2, "{record}");
}

#[test]
fn whoever_ends_the_work_finds_nothing_of_it() {
    let around = tempfile::tempdir().unwrap();
    let sample = sample("office-hour.pcapng");
    let out = around.path().join("bundle");
    let run = Run::default();
    run.stop.store(true, Relaxed);
    let options = BundleOptions { zip: true, run: Some(&run), ..BundleOptions::default() };
    let captures = sample.captures(around.path());
    let ended = write(&sample.material(), &sample.case, &captures, &out, &options);
    assert!(matches!(ended, Err(BundleError::Stopped)), "{ended:?}");
    let left: Vec<_> = fs::read_dir(around.path()).unwrap().map(|e| e.unwrap().path()).collect();
    assert_eq!(left, std::slice::from_ref(&captures));
    // The captures were taken in already, and went with the rest.
    assert_eq!(fs::read_dir(captures).unwrap().count(), 0);
}

#[test]
fn a_capture_without_tags_gives_a_bundle_without_captures() {
    let around = tempfile::tempdir().unwrap();
    let sample = sample("nothing-tagged.pcap");
    let out = around.path().join("bundle");
    let options = BundleOptions::default();
    write(&sample.material(), &sample.case, around.path(), &out, &options).unwrap();
    let files = files(&out);
    assert!(!files.keys().any(|name| name.starts_with("data/capture/")));
    assert_eq!(rows(&files["data/tables/flows.csv"]).len(), 1);
}
