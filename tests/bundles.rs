//! Bundles of several captures through the built program.

mod program;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use program::vigie;

/// Every file of a folder, by its path in it.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut left, mut found) = (vec![folder.to_owned()], BTreeMap::new());
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("inside").to_owned();
                found.insert(name, fs::read(&path).expect("read"));
            }
        }
    }
    found
}

#[test]
fn several_captures_give_the_same_bundle_on_any_number_of_jobs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pcaps = Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps");
    // The longest first: on several threads, the others are done before it.
    let captures = ["office-hour.pcapng", "car-hotspot.pcap", "hard-cases.pcapng"];
    let captures = captures.map(|name| pcaps.join(name).to_str().expect("text").to_owned());
    let captures: Vec<&str> = captures.iter().map(String::as_str).collect();
    let report = |jobs: &str| {
        let more = ["-q", "--date", "2026-01-31", "--lang", "en", "--jobs", jobs, "-o", jobs];
        let typed = [&["report"][..], &captures, &more].concat();
        let (status, out, err) = vigie(folder.path(), &typed);
        assert_eq!((status, err.as_str()), (0, ""), "{out}");
        files(&folder.path().join(jobs))
    };
    let alone = report("1");
    let flows = String::from_utf8(alone[Path::new("data/tables/flows.csv")].clone()).expect("text");
    let mut of: Vec<&str> = flows.lines().skip(1).filter_map(|row| row.split(',').next()).collect();
    of.dedup();
    assert_eq!(of, ["tagged-1.pcapng", "tagged-2.pcapng", "tagged-3.pcapng"], "one by one");
    for jobs in ["2", "3"] {
        for (name, octets) in report(jobs) {
            assert!(alone.get(&name) == Some(&octets), "{}, --jobs {jobs}", name.display());
        }
    }
    let verify = [&["verify", "3", "--lang", "en", "--original"][..], &captures].concat();
    let (status, out, err) = vigie(folder.path(), &verify);
    assert_eq!(status, 0, "{out}{err}");
    assert!(out.contains("Everything that was checked holds."), "{out}");
}
