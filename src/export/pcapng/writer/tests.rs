//! What whoever reads a session's file back is told of it.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicU64;

use super::*;
use crate::source::{Dated, Input, Interface, ReadOptions, Reading, StreamPlan, StreamReader};

const BEGUN: CaptureTime = CaptureTime(1_767_600_000_123_456_789);

fn source(dropped: u64) -> CaptureAccount {
    let interface = Interface {
        name: Some("eth0".to_owned()),
        link: LinkType(1),
        snaplen: 2000,
        digits: 9,
        fcs_len: None,
        dropped: Some(dropped),
        filter: None,
    };
    CaptureAccount { interfaces: vec![interface], ..CaptureAccount::default() }
}

fn writer(path: PathBuf, rotation: Option<Rotation>) -> CaptureWriter {
    let written = CaptureWriter::open(WriteOptions {
        path,
        keeping: Keeping::Full,
        rotation,
        keep: NonZeroUsize::new(2).map(Keep),
        filter: Some("port 53".to_owned()),
        started: BEGUN,
        is_session: true,
    });
    let mut writer = written.unwrap();
    writer.sources(&[source(0)]);
    writer
}

fn put(writer: &mut CaptureWriter, number: u64) {
    let frame = Frame {
        capture: 0,
        number,
        time: CaptureTime(BEGUN.0 + i64::try_from(number).unwrap()),
        dated: Dated::Recorded,
        link: LinkType(1),
        interface: 0,
        wire_len: 60,
        digits: 9,
        captured: &[0; 60],
        copy: false,
    };
    writer.frame(&frame, FramePlace::NoFlow);
}

fn mark(writer: &mut CaptureWriter, text: &str) {
    writer.marker(&Marker { time: Some(BEGUN), after_frames: 0, text: text.into() });
}

/// The files read back, in one stream.
fn read(kept: Vec<KeptFile>) -> Vec<CaptureAccount> {
    let input = |kept: KeptFile| match kept.octets {
        Some(octets) => Input::Part(kept.path, kept.file, octets),
        None => Input::Open(kept.path, kept.file),
    };
    let captures = kept.into_iter().map(input).collect();
    let plan = StreamPlan { captures, reading: Reading::InTurn };
    let octets = AtomicU64::new(0);
    let mut reader = StreamReader::open(&plan, 0, ReadOptions::default(), &octets);
    while reader.next_batch().is_some() {}
    reader.into_accounts()
}

fn only(mut accounts: Vec<CaptureAccount>) -> CaptureAccount {
    assert_eq!(accounts.len(), 1);
    let account = accounts.remove(0);
    assert_eq!((account.failed.clone(), account.damage.clone()), (None, vec![]));
    account
}

#[test]
fn a_file_that_goes_on_tells_what_is_known_so_far_and_later_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path().join("s.pcapng"), None);
    put(&mut writer, 1);
    mark(&mut writer, "one");
    writer.sources(&[source(5)]);
    let so_far = writer.kept().unwrap();
    // What comes now is not in it, though the file holds it when it is read.
    put(&mut writer, 2);
    mark(&mut writer, "two");
    put(&mut writer, 3);
    writer.finish(&[source(7)]);

    let octets = so_far[0].octets;
    let account = only(read(so_far));
    let texts = |account: &CaptureAccount| -> Vec<(u64, String)> {
        account.markers.iter().map(|m| (m.after_frames, m.text.clone())).collect()
    };
    assert_eq!((account.frames, account.dropped(), account.part), (1, Some(5), octets));
    assert!(octets.is_some());
    assert_eq!(texts(&account), [(1, "one".to_owned())]);
    assert_eq!(account.session, Some(SessionFile { begun: BEGUN, number: 1, first: 1 }));
    assert_eq!(account.interfaces[0].filter.as_deref(), Some("port 53"));

    let whole = only(read(writer.kept().unwrap()));
    // Losses are those since the file began, however often they were stated.
    assert_eq!((whole.frames, whole.dropped(), whole.part), (3, Some(7), None));
    assert_eq!(texts(&whole), [(1, "one".to_owned()), (2, "two".to_owned())]);
}

#[test]
fn of_several_files_those_that_are_kept_are_given_with_their_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path().join("s.pcapng"), Some(Rotation::Octets(1)));
    for number in 1..=4 {
        put(&mut writer, number);
        writer.sources(&[source(number)]);
        writer.kept().unwrap();
    }
    writer.finish(&[source(9)]);
    let accounts = read(writer.kept().unwrap());
    let numbers: Vec<_> = accounts.iter().map(|a| a.session.map(|s| (s.number, s.first))).collect();
    assert_eq!(numbers, [Some((3, 1)), Some((4, 1))]);
    // A loss is stated once: three before the last file, six in it.
    let dropped: Vec<_> = accounts.iter().map(CaptureAccount::dropped).collect();
    assert_eq!(dropped, [Some(1), Some(6)]);
}

#[test]
fn what_cannot_be_read_again_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.pcapng");
    let mut writer = writer(path.clone(), None);
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(writer.kept().unwrap_err().contains("no regular file"));
}
