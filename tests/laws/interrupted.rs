//! An input that ends too early, or a user who ends it, loses nothing that was read.
#![cfg(unix)]

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::program::{analyze, but_captures, run_piped, summary};
use crate::record::{pcap, pcapng, pcaps, read};

/// Wherever a pipe breaks off: the frames that were whole are analysed as if there were no more.
#[test]
fn a_pipe_that_breaks_off_keeps_the_frames_before() {
    let folder = tempfile::tempdir().unwrap();
    let records = read(&std::fs::read(pcaps().join("hard-cases.pcapng")).unwrap());
    for write in [pcap, pcapng] {
        let file = write(&records);
        for (kept, short_by) in [(1, 1), (100, 7), (317, 17), (549, 40)] {
            let whole = write(&records[..kept]);
            let one_more = write(&records[..=kept]).len();
            let analyzed = |octets: &[u8]| {
                let mut command = analyze(folder.path());
                command.arg("-");
                run_piped(command, octets, 1000)
            };
            let cut = analyzed(&file[..one_more - short_by]);
            assert_eq!(cut.status.code(), Some(3), "{kept} frames kept");
            assert_eq!(summary(&cut.stdout)["frames"], kept);
            let expected = analyzed(&whole);
            assert_eq!(expected.status.code(), Some(0));
            assert_eq!(but_captures(&cut.stdout), but_captures(&expected.stdout));
        }
    }
}

/// Ctrl-C while a pipe is open: what came through it is counted, the status is 3.
#[test]
fn an_interrupt_keeps_every_frame_that_came_through_the_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let records = read(&std::fs::read(pcaps().join("car-hotspot.pcap")).unwrap());
    let file = pcap(&records);
    let mut command = analyze(folder.path());
    command.arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&file).unwrap();
    // The pipe is empty once everything has been read.
    let deadline = Instant::now() + Duration::from_secs(20);
    while rustix::io::ioctl_fionread(&stdin).unwrap() > 0 {
        assert!(Instant::now() < deadline, "vigie does not read its input");
        std::thread::sleep(Duration::from_millis(5));
    }
    // And counted, a moment later: nothing outside can see when.
    std::thread::sleep(Duration::from_millis(300));
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    // The pipe stays open: nobody writes any more.
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    let ended = receiver.recv_timeout(Duration::from_secs(10));
    if ended.is_err() {
        kill_process(pid, Signal::KILL).unwrap();
    }
    drop(stdin);
    let output = ended.expect("an interrupt ends the reading of a silent pipe").unwrap();
    assert_eq!(output.status.code(), Some(3));
    let summary = summary(&output.stdout);
    assert_eq!(summary["frames"], records.len());
    let octets: u64 = records.iter().map(|r| u64::from(r.wire_len)).sum();
    assert_eq!(summary["bytes"], octets);
    let accounted: u64 = ["in_flows", "not_ip", "undecodable", "outside", "duplicates"]
        .iter()
        .filter_map(|part| summary[part]["frames"].as_u64())
        .sum();
    assert_eq!(Value::from(accounted), summary["frames"]);
}
