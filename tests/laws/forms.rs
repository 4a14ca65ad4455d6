//! The same input gives the same octets out: in every form, through a pipe, on any number of
//! threads.

use std::io::Write;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::program::{analyze, but_captures, run, run_piped, summary};
use crate::record::{Record, pcap, pcapng, pcaps, read};
use crate::traffic::{Mixture, conversations, records};

/// A file's octets in every form of compression that is read.
fn compressed(octets: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(octets).unwrap();
    let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
    lz4.write_all(octets).unwrap();
    vec![
        ("gzip", gzip.finish().unwrap()),
        ("lz4", lz4.finish().unwrap()),
        #[cfg(feature = "zstd")]
        ("zstd", zstd::encode_all(octets, 1).unwrap()),
    ]
}

fn generated() -> Vec<Record> {
    let conversations = conversations(Mixture::Ethernet, 40);
    let mut runner = TestRunner::deterministic();
    let tree = prop::collection::vec(conversations, 12).new_tree(&mut runner).unwrap();
    records(&tree.current().concat())
}

fn own(name: &str) -> Vec<Record> {
    read(&std::fs::read(pcaps().join(name)).unwrap())
}

#[test]
fn the_same_frames_in_any_form_give_the_same_octets() {
    let captures = [("own", own("hard-cases.pcapng")), ("generated", generated())];
    for (what, records) in captures {
        let folder = tempfile::tempdir().unwrap();
        let of_file = |octets: &[u8]| {
            std::fs::write(folder.path().join("capture"), octets).unwrap();
            let mut command = analyze(folder.path());
            command.arg("capture");
            run(command)
        };
        let plain = of_file(&pcap(&records));
        assert_eq!(plain.status.code(), Some(0), "{what}");
        let expected = but_captures(&plain.stdout);
        assert_eq!(summary(&plain.stdout)["frames"], records.len(), "{what}");
        assert!(expected.lines().count() > 50, "{what}: {} records", expected.lines().count());
        for form in [pcap(&records), pcapng(&records)] {
            let mut forms = compressed(&form);
            forms.push(("plain", form));
            for (name, octets) in forms {
                assert_eq!(but_captures(&of_file(&octets).stdout), expected, "{what}, {name}");
                for piece in [octets.len(), 4093] {
                    let mut command = analyze(folder.path());
                    command.arg("-");
                    let piped = run_piped(command, &octets, piece);
                    assert_eq!(piped.status.code(), Some(0));
                    let piped = but_captures(&piped.stdout);
                    assert_eq!(piped, expected, "{what}, {name}, piped by {piece}");
                }
            }
        }
    }
}

/// Several captures of very different sizes, so that the short ones wait for the long ones.
#[test]
fn any_number_of_threads_gives_the_same_octets() {
    let folder = tempfile::tempdir().unwrap();
    let generated = generated();
    let mut captures: Vec<PathBuf> =
        ["office-hour.pcapng", "nothing-tagged.pcap", "hard-cases.pcapng", "car-hotspot.pcap"]
            .map(|name| pcaps().join(name))
            .to_vec();
    for (number, part) in generated.chunks(generated.len() / 6 + 1).enumerate() {
        let path = folder.path().join(format!("part-{number}"));
        std::fs::write(&path, pcap(part)).unwrap();
        captures.push(path);
    }
    let with = |jobs: &str, format: &[&str]| {
        let mut command = analyze(folder.path());
        command.args(["--jobs", jobs]).args(format).args(&captures);
        let output = run(command);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let alone = with("1", &[]);
    assert_eq!(
        alone.split(|o| *o == b'\n').filter(|l| l.starts_with(b"{\"type\":\"capture\"")).count(),
        captures.len()
    );
    for jobs in ["1", "2", "3", "4"] {
        assert!(with(jobs, &[]) == alone, "--jobs {jobs}");
    }
}

/// What is written does not depend on where the file lies or which command line named it first.
#[test]
fn joined_parts_of_a_capture_give_the_flows_of_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let records = own("office-hour.pcapng");
    let write = |name: &str, records: &[Record]| {
        std::fs::write(folder.path().join(name), pcap(records)).unwrap();
    };
    write("whole", &records);
    let parts: [Vec<Record>; 2] = [0, 1].map(|rest| {
        records
            .iter()
            .enumerate()
            .filter(|(n, _)| n % 7 / 4 == rest)
            .map(|(_, r)| r.clone())
            .collect()
    });
    write("a", &parts[0]);
    write("b", &parts[1]);
    let flows = |folder: &Path, arguments: &[&str]| {
        let mut command = analyze(folder);
        command.args(arguments);
        let text = but_captures(&run(command).stdout);
        let records = text.lines().map(|line| {
            let mut record: serde_json::Value = serde_json::from_str(line).unwrap();
            // Where a frame stands differs; what was in it does not.
            for place in ["capture", "first_frame"] {
                record.as_object_mut().unwrap().remove(place);
            }
            record
        });
        records.collect::<Vec<_>>()
    };
    let whole = flows(folder.path(), &["whole"]);
    assert!(whole.len() > 200);
    assert_eq!(flows(folder.path(), &["--join", "a", "b"]), whole);
}
