//! `vigie live` over pipes and FIFOs: what it counts, what it writes, and how it ends.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// `vigie` in a folder, without anybody's configuration, with a runtime directory of its own.
fn vigie(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command
        .arg("--no-config")
        .args(arguments)
        .current_dir(folder)
        .env("XDG_RUNTIME_DIR", folder)
        .env("XDG_STATE_HOME", folder.join("state"))
        .env("HOME", folder)
        .env_remove("RUNTIME_DIRECTORY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// `vigie live -r - --headless` with more arguments.
fn live(folder: &Path, arguments: &[&str]) -> Command {
    vigie(folder, &[&["live", "-r", "-", "--headless", "-f", "ndjson"], arguments].concat())
}

/// Runs it over `input` to its end.
fn run(mut command: Command, input: &[u8]) -> Output {
    let mut child = command.spawn().expect("vigie starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    std::thread::scope(|scope| {
        // It may end before it has read everything.
        scope.spawn(move || _ = stdin.write_all(input));
        child.wait_with_output().expect("it ends")
    })
}

/// A vigie that runs until its input is closed, or somebody ends it.
struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("vigie starts");
        let stdin = child.stdin.take();
        Self { child, stdin }
    }

    fn feed(&mut self, octets: &[u8]) {
        self.stdin.as_mut().expect("it is open").write_all(octets).expect("vigie reads");
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).expect("a small number"));
        kill_process(pid.expect("not 0"), signal).expect("it runs");
    }

    /// Waits for the end; the input stays open until then.
    fn end(self) -> Output {
        let Self { child, stdin } = self;
        let pid = Pid::from_raw(i32::try_from(child.id()).expect("a small number"));
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || tell.send(child.wait_with_output()));
        let output = told.recv_timeout(PATIENCE);
        if output.is_err() {
            kill_process(pid.expect("not 0"), Signal::KILL).expect("it runs");
        }
        drop(stdin);
        output.expect("vigie ends").expect("it was waited for")
    }
}

/// Waits until something is so.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

const SECOND: i64 = 1_000_000_000;
const START: i64 = 1_767_600_000 * SECOND;

/// The header of a pcap file, Ethernet, nanoseconds.
fn header() -> Vec<u8> {
    let mut file = 0xa1b2_3c4d_u32.to_le_bytes().to_vec();
    file.extend([2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend(262_144_u32.to_le_bytes());
    file.extend(1_u32.to_le_bytes());
    file
}

/// A record of that file.
fn record(time: i64, frame: &[u8]) -> Vec<u8> {
    let number = |n: i64| u32::try_from(n).expect("it fits").to_le_bytes();
    let length = u32::try_from(frame.len()).expect("a short frame").to_le_bytes();
    let mut record = number(time / SECOND).to_vec();
    record.extend(number(time % SECOND));
    record.extend(length);
    record.extend(length);
    record.extend(frame);
    record
}

/// A UDP datagram from client number `client`, port `port`.
fn datagram(client: u16, port: u16, payload: &[u8]) -> Vec<u8> {
    let length = |n: usize| u16::try_from(n).expect("a short frame").to_be_bytes();
    let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0];
    frame.extend(length(28 + payload.len()));
    frame.extend([0, 0, 0, 0, 64, 17, 0, 0, 10, 0]);
    frame.extend(client.to_be_bytes());
    frame.extend([198, 51, 100, 9]);
    frame.extend(port.to_be_bytes());
    frame.extend(9_999_u16.to_be_bytes());
    frame.extend(length(8 + payload.len()));
    frame.extend([0, 0]);
    frame.extend(payload);
    frame
}

/// `count` datagrams of one client, a second apart.
fn seconds(count: i64) -> Vec<u8> {
    let records = (0..count).map(|n| record(START + n * SECOND, &datagram(7, 5000, b"hello")));
    records.collect::<Vec<_>>().concat()
}

fn rows(output: &[u8]) -> Vec<Value> {
    let text = str::from_utf8(output).expect("NDJSON is UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
}

fn of_type<'r>(rows: &'r [Value], kind: &str) -> Vec<&'r Value> {
    rows.iter().filter(|row| row["type"] == kind).collect()
}

/// The summary, which must be the last record, and whose balance must hold.
fn summary(output: &[u8]) -> Value {
    let last = rows(output).pop().expect("a record");
    assert_eq!(last["type"], "summary");
    holds(&last);
    last
}

fn holds(summary: &Value) {
    for field in ["frames", "bytes"] {
        let parts = ["in_flows", "not_ip", "undecodable", "outside", "duplicates"];
        let sum: u64 = parts.iter().map(|part| summary[part][field].as_u64().unwrap()).sum();
        assert_eq!(summary[field], sum, "{summary}");
    }
}

/// `vigie analyze` of a file: its NDJSON and status.
fn analyze(folder: &Path, file: &Path) -> Output {
    let command = ["analyze", "-f", "ndjson", file.to_str().expect("a plain name")];
    run(vigie(folder, &command), b"")
}

fn pcaps() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps");
    let files = fs::read_dir(folder).expect("the folder is there");
    let files = files.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|e| e == "pcap" || e == "pcapng"))
        .collect();
    files.sort();
    assert!(files.len() > 3);
    files
}

/// What an output holds but capture records.
fn but_captures(output: &[u8]) -> String {
    let text = str::from_utf8(output).expect("NDJSON is UTF-8");
    let is_capture = |line: &&str| line.starts_with("{\"type\":\"capture\"");
    text.split_inclusive('\n').filter(|line| !is_capture(line)).collect()
}

#[test]
fn what_came_through_a_pipe_is_what_an_analysis_finds() {
    let folder = folder();
    for file in pcaps() {
        let came = run(live(folder.path(), &[]), &fs::read(&file).unwrap());
        let read = analyze(folder.path(), &file);
        assert_eq!(but_captures(&came.stdout), but_captures(&read.stdout), "{}", file.display());
        assert_eq!(came.status.code(), read.status.code());
    }
}

#[test]
fn snapshots_stand_at_steps_of_the_capture_clock_and_each_adds_up() {
    let folder = folder();
    let input = [header(), seconds(35)].concat();
    let came = run(live(folder.path(), &["--every", "10s"]), &input);
    let rows = rows(&came.stdout);
    let snapshots = of_type(&rows, "snapshot");
    let said: Vec<_> =
        snapshots.iter().map(|s| (s["time"].as_str().unwrap(), &s["frames"])).collect();
    let expected = [("08:00:10", 10), ("08:00:20", 20), ("08:00:30", 30)];
    for ((time, frames), (expected_time, expected_frames)) in said.iter().zip(expected) {
        assert_eq!(*time, format!("2026-01-05T{expected_time}.000000000Z"));
        assert_eq!(**frames, expected_frames);
    }
    assert_eq!(said.len(), 3);
    for snapshot in &snapshots {
        holds(snapshot);
    }
    assert_eq!(summary(&came.stdout)["frames"], 35);
}

#[test]
fn each_limit_ends_it_before_the_frame_that_is_too_many() {
    let folder = folder();
    let input = [header(), seconds(200)].concat();
    for (limit, frames) in [
        (["--count", "70"], 70),
        (["--duration", "1m30s"], 90),
        (["--until", "2026-01-05T08:00:05Z"], 5),
    ] {
        let mut vigie = Running::start(live(folder.path(), &limit));
        vigie.feed(&input);
        let came = vigie.end();
        assert_eq!(came.status.code(), Some(0), "{}", String::from_utf8_lossy(&came.stderr));
        assert_eq!(summary(&came.stdout)["frames"], frames, "{limit:?}");
        let rows = rows(&came.stdout);
        assert_eq!(of_type(&rows, "capture")[0]["frames"], frames);
    }
}

#[test]
fn a_silent_fifo_does_not_hold_up_the_end() {
    let folder = folder();
    let fifo = folder.path().join("fifo");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &fifo,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .expect("a FIFO is made");
    let arguments = ["live", "-r", "fifo", "-f", "ndjson", "--duration", "1s", "--every", "300ms"];
    let silent = Running::start(vigie(folder.path(), &arguments)).end();
    assert!(!of_type(&rows(&silent.stdout), "snapshot").is_empty());
    // With a writer that falls silent after three frames.
    let vigie = Running::start(vigie(folder.path(), &arguments));
    let mut writer = fs::OpenOptions::new().write(true).open(&fifo).expect("vigie reads it");
    let one = [header(), record(START, &datagram(1, 1, b"a"))].concat();
    writer.write_all(&one).unwrap();
    let came = vigie.end();
    assert_eq!(summary(&came.stdout)["frames"], 1);
    assert_eq!(came.status.code(), Some(0));
}

#[test]
fn an_interrupt_ends_it_with_everything_that_had_come() {
    for signal in [Signal::INT, Signal::TERM] {
        let folder = folder();
        let mut vigie =
            Running::start(live(folder.path(), &["--write", "a.pcapng", "--full-payload"]));
        vigie.feed(&[header(), seconds(500)].concat());
        let file = folder.path().join("a.pcapng");
        // Frames stand in the file as soon as nothing more comes.
        until("500 frames are written", || fs::metadata(&file).is_ok_and(|m| m.len() > 500 * 60));
        vigie.signal(signal);
        let came = vigie.end();
        assert_eq!(came.status.code(), Some(3));
        assert_eq!(summary(&came.stdout)["frames"], 500);
        let read = analyze(folder.path(), &file);
        assert_eq!(read.status.code(), Some(0));
        assert_eq!(summary(&read.stdout)["frames"], 500);
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_summary_is_printed_when_it_is_asked_for() {
    let folder = folder();
    let mut vigie = Running::start(live(folder.path(), &["--count", "21"]));
    vigie.feed(&[header(), seconds(20)].concat());
    let mut stderr = BufReader::new(vigie.child.stderr.take().unwrap());
    // The first line is about duties: by then signals are taken over.
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    assert!(line.contains("legal ground"), "{line}");
    std::thread::sleep(Duration::from_millis(500));
    vigie.signal(Signal::USR1);
    let mut said = String::new();
    while !said.contains("How to read this") {
        assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "{said}");
    }
    assert!(said.contains("-: 20 frames"), "{said}");
    vigie.feed(&record(START + 30 * SECOND, &datagram(7, 5000, b"x")));
    assert_eq!(vigie.end().status.code(), Some(0));
}

#[test]
fn a_reader_that_goes_ends_it_quietly_and_the_file_is_whole() {
    let folder = folder();
    let mut vigie = Running::start(live(
        folder.path(),
        &["--write", "a.pcapng", "--full-payload", "--every", "1s", "-q"],
    ));
    let mut stdout = BufReader::new(vigie.child.stdout.take().unwrap());
    vigie.feed(&[header(), seconds(50)].concat());
    for _ in 1..50 {
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert!(line.contains("snapshot"), "{line}");
    }
    drop(stdout);
    let more: Vec<u8> =
        (50..400).flat_map(|n| record(START + n * SECOND, &datagram(7, 5000, b"hello"))).collect();
    // It may be gone before it has read that.
    let _ = vigie.stdin.as_mut().unwrap().write_all(&more);
    let came = vigie.end();
    assert_eq!(came.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&came.stderr), "");
    let read = analyze(folder.path(), &folder.path().join("a.pcapng"));
    assert_eq!(read.status.code(), Some(0), "the file is whole");
    assert!(summary(&read.stdout)["frames"].as_u64().unwrap() >= 49);
}

/// A pipe holds 64 KiB: everything that is counted and written goes on while nobody reads.
#[test]
fn a_reader_that_takes_its_time_holds_up_no_frame() {
    let folder = folder();
    let client = |n: i64| u16::try_from(n % 1_000).unwrap();
    let frame = |n: i64| record(START + n * SECOND, &datagram(client(n), 5_000, b"hello"));
    let input: Vec<u8> = std::iter::once(header()).chain((0..4_000).map(frame)).flatten().collect();
    let mut running = Running::start(live(folder.path(), &["--write", "w.pcapng", "-q"]));
    let mut stdin = running.stdin.take().unwrap();
    // Beside the test, which must end where vigie reads no more.
    let fed = std::thread::spawn(move || stdin.write_all(&input));
    let written = folder.path().join("w.pcapng");
    // A packet block has 32 octets beside the frame's, which is cut to 42 and filled up to 44.
    let whole = 4_000 * (32 + 44);
    until("every frame is written", || {
        fs::metadata(&written).is_ok_and(|file| file.len() >= whole)
    });
    fed.join().unwrap().expect("vigie reads all");
    let output = running.end();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.len() > 1 << 20, "{} octets", output.stdout.len());
    let rows = rows(&output.stdout);
    assert_eq!(of_type(&rows, "flow").len(), 4_000);
    assert_eq!(summary(&output.stdout)["frames"], 4_000);
}

#[test]
fn whoever_kills_it_leaves_files_that_can_be_read() {
    let folder = folder();
    for kill_after in [1_u64, 7, 20, 60] {
        let name = format!("k{kill_after}.pcapng");
        let arguments = ["--write", &name, "--full-payload", "--rotate", "20kB", "-q"];
        let mut vigie = Running::start(live(folder.path(), &arguments));
        let mut stdin = vigie.stdin.take().unwrap();
        let feeder = std::thread::spawn(move || {
            let _ = stdin.write_all(&header());
            for n in 0..20_000 {
                let frame = record(START + n * SECOND, &datagram(7, 5000, &[b'x'; 100]));
                if stdin.write_all(&frame).is_err() {
                    return;
                }
            }
        });
        let first = format!("k{kill_after}_00001");
        let stands = || {
            fs::read_dir(folder.path())
                .unwrap()
                .any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with(&first))
        };
        until("the first file is there", stands);
        std::thread::sleep(Duration::from_millis(kill_after));
        vigie.signal(Signal::KILL);
        let _ = vigie.end();
        feeder.join().unwrap();
        let mut next = 0;
        let mut files: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|p| {
                p.file_name().unwrap().to_string_lossy().starts_with(&format!("k{kill_after}_"))
            })
            .collect();
        files.sort();
        let (last, whole) = files.split_last().unwrap();
        for file in whole {
            let read = analyze(folder.path(), file);
            assert_eq!(read.status.code(), Some(0), "{}", String::from_utf8_lossy(&read.stderr));
            next += summary(&read.stdout)["frames"].as_u64().unwrap();
        }
        // Of the last, whatever stands in it but for at most one block.
        let octets = fs::read(last).unwrap();
        if octets.is_empty() {
            continue;
        }
        let read = analyze(folder.path(), last);
        assert!(matches!(read.status.code(), Some(0 | 3)), "{:?}", read.status);
        let frames = summary(&read.stdout)["frames"].as_u64().unwrap();
        assert!(
            frames + 1 >= (octets.len() as u64).saturating_sub(400) / 176,
            "{frames} of {}",
            octets.len()
        );
        assert!(next + frames <= 20_000);
    }
}

#[test]
fn files_rotate_and_the_newest_are_kept() {
    let folder = folder();
    let write = ["--write", "r.pcapng", "--full-payload"];
    let by_size = [&write[..], &["--rotate", "4kB"]].concat();
    let came = run(live(folder.path(), &by_size), &[header(), seconds(300)].concat());
    assert_eq!(came.status.code(), Some(0));
    let parts = || {
        let mut parts: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().path()).collect();
        parts.retain(|path| path.extension().is_some_and(|e| e == "pcapng"));
        parts.sort();
        parts
    };
    let all = parts();
    assert!(all.len() > 5, "{all:?}");
    assert!(all.iter().all(|path| fs::metadata(path).unwrap().len() < 4_300));
    // vigie takes them for one stream.
    let read = analyze(folder.path(), folder.path());
    assert_eq!(summary(&read.stdout)["frames"], 300);
    assert_eq!(but_captures(&read.stdout).lines().count(), 2, "one flow and the summary");
    // The next run goes on counting, and keeps three of all.
    let by_time = [&write[..], &["--rotate", "1m", "--keep", "3"]].concat();
    let came = run(live(folder.path(), &by_time), &[header(), seconds(300)].concat());
    assert_eq!(came.status.code(), Some(0));
    let kept = parts();
    assert_eq!(kept.len(), 3, "{kept:?}");
    let name = kept[2].file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(name, format!("r_{:05}_20260105080400.pcapng", all.len() + 5));
    let frames: u64 = kept
        .iter()
        .map(|path| summary(&analyze(folder.path(), path).stdout)["frames"].as_u64().unwrap())
        .sum();
    assert_eq!(frames, 180);
}

#[test]
fn a_file_that_is_there_is_never_overwritten() {
    let folder = folder();
    fs::write(folder.path().join("a.pcapng"), b"mine").unwrap();
    let came = run(live(folder.path(), &["--write", "a.pcapng"]), &header());
    assert_eq!(came.status.code(), Some(1));
    let said = String::from_utf8_lossy(&came.stderr);
    assert!(said.contains("vigie: a.pcapng: there is such a file already"), "{said}");
    assert_eq!(fs::read(folder.path().join("a.pcapng")).unwrap(), b"mine");
}

#[test]
fn hangup_opens_a_file_again_where_somebody_moved_it() {
    let folder = folder();
    let mut vigie = Running::start(live(
        folder.path(),
        &["--write", "a.pcapng", "--full-payload", "--count", "30", "-q"],
    ));
    let (file, moved) = (folder.path().join("a.pcapng"), folder.path().join("b.pcapng"));
    vigie.feed(&[header(), seconds(10)].concat());
    let len = |path: &Path| fs::metadata(path).map_or(0, |m| m.len());
    until("ten frames are written", || len(&file) > 10 * 70);
    // In place: a new section of the same file.
    let before = len(&file);
    vigie.signal(Signal::HUP);
    until("a section is added", || len(&file) > before);
    let more = |from: i64| -> Vec<u8> {
        (from..from + 10)
            .flat_map(|n| record(START + n * SECOND, &datagram(7, 5000, b"hello")))
            .collect()
    };
    vigie.feed(&more(10));
    until("twenty frames are written", || len(&file) > before + 10 * 70);
    fs::rename(&file, &moved).unwrap();
    vigie.signal(Signal::HUP);
    until("there is a new file", || file.exists());
    vigie.feed(&more(20));
    assert_eq!(vigie.end().status.code(), Some(0));
    let frames = |path: &Path| {
        let read = analyze(folder.path(), path);
        assert_eq!(read.status.code(), Some(0));
        summary(&read.stdout)["frames"].as_u64().unwrap()
    };
    assert_eq!((frames(&moved), frames(&file)), (20, 10));
}

#[test]
fn a_marker_stands_in_the_records_the_summary_and_the_file() {
    let folder = folder();
    let mut live = Running::start(live(
        folder.path(),
        &["--write", "a.pcapng", "--count", "11", "--every", "1h"],
    ));
    let mark =
        |arguments: &[&str]| run(vigie(folder.path(), &[&["mark"], arguments].concat()), b"");
    let file = folder.path().join("a.pcapng");
    until("it runs", || file.exists());
    let socket = folder.path().join("vigie").join(format!("{}.sock", live.child.id()));
    until("it listens", || socket.exists());
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    live.feed(&[header(), seconds(10)].concat());
    until("ten frames are written", || fs::metadata(&file).unwrap().len() > 10 * 70);
    let said = mark(&["diagnostic data set to required"]);
    assert_eq!(said.status.code(), Some(0), "{}", String::from_utf8_lossy(&said.stderr));
    assert_eq!(
        String::from_utf8_lossy(&said.stdout),
        "marker set at 2026-01-05T08:00:09.000000000Z, after 10 frames\n"
    );
    let refused = mark(&["one\u{1b}[2J"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("control characters"));
    let pid = live.child.id().to_string();
    assert_eq!(mark(&["by number", "--pid", &pid]).status.code(), Some(0));
    let wrong = mark(&["nobody", "--pid", "1"]);
    assert!(String::from_utf8_lossy(&wrong.stderr).contains(&pid), "it names those there are");
    live.feed(&record(START + 30 * SECOND, &datagram(7, 5000, b"last")));
    let came = live.end();
    let rows = rows(&came.stdout);
    let markers = of_type(&rows, "marker");
    assert_eq!(markers.len(), 2);
    assert_eq!(markers[0]["text"], "diagnostic data set to required");
    assert_eq!(markers[0]["time"], "2026-01-05T08:00:09.000000000Z");
    assert_eq!(markers[0]["after_frames"], 10);
    assert_eq!(summary(&came.stdout)["markers"][1]["text"], "by number");
    let later = analyze(folder.path(), &file).stdout;
    assert_eq!(summary(&later)["markers"], summary(&came.stdout)["markers"]);
    let page = run(vigie(folder.path(), &["analyze", file.to_str().unwrap()]), b"").stdout;
    let said = "\nMarkers\n 2026-01-05 08:00:09 UTC  diagnostic data set to required\n";
    assert!(String::from_utf8_lossy(&page).contains(said), "{}", String::from_utf8_lossy(&page));
    let read = self::rows(&later);
    let comments = of_type(&read, "capture")[0]["comments"].as_array().unwrap().clone();
    let of_marker: Vec<_> = comments
        .iter()
        .filter(|c| c["text"].as_str().unwrap().starts_with("marker "))
        .map(|c| (c["frame"].as_u64().unwrap(), c["text"].as_str().unwrap()))
        .collect();
    assert_eq!(
        of_marker,
        [
            (11, "marker 2026-01-05T08:00:09.000000000Z: diagnostic data set to required"),
            (11, "marker 2026-01-05T08:00:09.000000000Z: by number"),
        ]
    );
    assert!(!socket.exists(), "the socket goes with the capture");
    let nobody = mark(&["too late"]);
    assert_eq!(nobody.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("no live capture of yours"));
}

#[test]
fn the_duties_are_said_once_and_the_configuration_can_forbid_it() {
    let folder = folder();
    let said = |configured: bool| {
        let mut command = live(folder.path(), &[]);
        if configured {
            let config = folder.path().join("config.toml");
            fs::write(&config, "duties-notice = false\n").unwrap();
            command = vigie(folder.path(), &[]);
            command = {
                let mut plain = Command::new(command.get_program());
                plain.args(["--config", "config.toml", "live", "-r", "-", "-f", "ndjson"]);
                plain.current_dir(folder.path()).env("XDG_RUNTIME_DIR", folder.path());
                plain.env("XDG_STATE_HOME", folder.path().join("other"));
                plain.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
                plain
            };
        }
        let came = run(command, &[header(), seconds(1)].concat());
        String::from_utf8_lossy(&came.stderr).contains("legal ground")
    };
    assert!(said(false));
    assert!(!said(false));
    assert!(!said(true));
}

#[test]
fn what_is_minimised_says_the_same_of_tags_and_holds_no_payload() {
    let folder = folder();
    for file in pcaps() {
        let input = fs::read(&file).unwrap();
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        let whole = summary(&analyze(folder.path(), &file).stdout);
        let tagged = |summary: &Value| -> Vec<Value> {
            let rows = summary["by_signature"].as_array().unwrap();
            rows.iter().filter(|row| !row["signature"].is_null()).cloned().collect()
        };
        for (mode, name) in [(&["--minimise"][..], "m"), (&[], "h")] {
            let written = format!("{stem}-{name}.pcapng");
            let arguments = [&["--write", &written, "-q"], mode].concat();
            let came = run(live(folder.path(), &arguments), &input);
            assert_eq!(came.status.code(), Some(0));
            let path = folder.path().join(&written);
            let again = summary(&analyze(folder.path(), &path).stdout);
            assert_eq!(tagged(&again), tagged(&whole), "{written}");
            if mode.is_empty() {
                assert_eq!(again["bytes"], whole["bytes"]);
                assert_eq!(again["named_bytes"], whole["named_bytes"]);
            } else {
                // Beside tagged flows, DNS answers that their tags rest on.
                let dns = again["unnamed"]["dns"].as_u64().unwrap();
                let rest = again["in_flows"]["bytes"].as_u64().unwrap() - dns;
                assert_eq!(again["tagged_bytes"], rest);
            }
            let octets = fs::read(&path).unwrap();
            for secret in [&b"HTTP/1.1 200"[..], b"User-Agent", b"Cookie:"] {
                assert!(!octets.windows(secret.len()).any(|w| w == secret), "{written}");
            }
        }
    }
}

/// An IPv4 packet over Ethernet between two hosts; `place` is flags and offset of a fragment.
fn packet(hosts: [[u8; 4]; 2], protocol: u8, place: u16, payload: &[u8]) -> Vec<u8> {
    let len = u16::try_from(20 + payload.len()).unwrap().to_be_bytes();
    let head = [&[2; 12][..], &[8, 0, 0x45, 0], &len, &[0, 9], &place.to_be_bytes()].concat();
    [&head[..], &[64, protocol, 0, 0], hosts.as_flattened(), payload].concat()
}

fn segment(ports: [u16; 2], seq: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    let ports = ports.map(u16::to_be_bytes);
    let numbers = [seq.to_be_bytes(), [0; 4]];
    let rest = [0x50, flags, 4, 0, 0, 0, 0, 0];
    [ports.as_flattened(), numbers.as_flattened(), &rest, payload].concat()
}

/// A tag that rests on an answer which came over TCP in several segments; the tagged flow's
/// datagram comes in fragments.
#[test]
fn a_minimised_file_keeps_answers_over_tcp_and_the_ports_of_fragments() {
    let folder = folder();
    let (client, resolver, server) = ([10, 0, 0, 1], [10, 0, 0, 53], [192, 0, 2, 77]);
    let name = b"\x04self\x06events\x04data\x09microsoft\x03com\0";
    let message = |flags: [u8; 2], answer: &[u8]| {
        let counts = [0, 1, 0, u8::from(!answer.is_empty()), 0, 0, 0, 0];
        let message = [&[7, 7][..], &flags, &counts, name, &[0, 1, 0, 1], answer].concat();
        [&u16::try_from(message.len()).unwrap().to_be_bytes()[..], &message].concat()
    };
    let question = message([1, 0], b"");
    let record_of_it = [&[0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 0, 0, 4][..], &server].concat();
    let answer = message([0x81, 0x80], &record_of_it);
    let up = |seq, flags, payload: &[u8]| {
        packet([client, resolver], 6, 0, &segment([40_000, 53], seq, flags, payload))
    };
    let down = |seq, flags, payload: &[u8]| {
        packet([resolver, client], 6, 0, &segment([53, 40_000], seq, flags, payload))
    };
    let udp =
        [&[0x9c, 0x41, 0x0f, 0xa0, 0, 48, 0, 0][..], b"CANARY in the first part CANARY in the 2"]
            .concat();
    let part = |place, octets: &[u8]| packet([client, server], 17, place, octets);
    let frames = [
        up(0, 2, b""),
        down(0, 18, b""),
        up(1, 24, &question),
        down(1, 24, &answer[..2]),
        down(3, 24, &answer[2..50]),
        down(51, 24, &answer[50..]),
        part(0x2000, &udp[..24]),
        part(3, &udp[24..]),
        part(0, &[&[0x9c, 0x41, 0x0f, 0xa0, 0, 14, 0, 0][..], b"CANARY"].concat()),
    ];
    let input: Vec<u8> = std::iter::once(header())
        .chain(std::iter::zip(0.., &frames).map(|(n, frame)| record(START + n * SECOND, frame)))
        .flatten()
        .collect();
    let original = folder.path().join("original.pcap");
    fs::write(&original, &input).unwrap();
    let flows = |file: &Path| -> Vec<Value> {
        let rows = rows(&analyze(folder.path(), file).stdout);
        let mut flows: Vec<Value> = of_type(&rows, "flow")
            .into_iter()
            .filter(|flow| flow["tags"].as_array().is_some_and(|tags| !tags.is_empty()))
            .cloned()
            .collect();
        for flow in &mut flows {
            for of_the_file in ["id", "first_frame"] {
                flow.as_object_mut().unwrap().remove(of_the_file);
            }
        }
        flows
    };
    let expected = flows(&original);
    assert_eq!(expected.len(), 1, "{expected:#?}");
    assert_eq!(expected[0]["server"]["port"], 4_000, "{expected:#?}");
    for (mode, name) in [(&["--minimise"][..], "m.pcapng"), (&[], "h.pcapng")] {
        let came = run(live(folder.path(), &[&["--write", name, "-q"], mode].concat()), &input);
        assert_eq!(came.status.code(), Some(0));
        let written = folder.path().join(name);
        assert_eq!(flows(&written), expected, "{name}");
        let octets = fs::read(&written).unwrap();
        assert!(!octets.windows(6).any(|octets| octets == b"CANARY"), "{name}");
    }
}

#[test]
fn a_clock_that_is_set_by_an_hour_loses_nothing() {
    const HOUR: i64 = 3600 * SECOND;
    let folder = folder();
    let at = |from: i64, count: i64| -> Vec<u8> {
        (0..count)
            .flat_map(|n| {
                let port = u16::try_from(1000 + n % 200).unwrap();
                record(from + n * SECOND, &datagram(7, port, b"hello"))
            })
            .collect()
    };
    for step in [HOUR, -HOUR] {
        let late = START + 400 * SECOND + step;
        let input = [header(), at(START, 400), at(late, 1200)].concat();
        let came = run(live(folder.path(), &["--every", "1m", "--idle", "other=2m"]), &input);
        assert_eq!(came.status.code(), Some(0));
        assert_eq!(summary(&came.stdout)["frames"], 1600);
        let rows = rows(&came.stdout);
        let snapshots = of_type(&rows, "snapshot");
        for snapshot in &snapshots {
            holds(snapshot);
        }
        // Nothing stands still: snapshots go on, and flows go on ending.
        assert!(snapshots.len() >= 24, "{} snapshots", snapshots.len());
        let last = rows.iter().rposition(|row| row["type"] == "snapshot").unwrap();
        let ended = rows[..last].iter().filter(|row| row["type"] == "flow").count();
        assert!(ended > 600, "{ended} flows ended before the last snapshot");
    }
}

/// Memory of a running process, in octets.
fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("the field");
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib * 1024
}

/// Two weeks, by the capture's clock, of flows that all differ: bounded by the limits.
#[test]
#[cfg(target_os = "linux")]
fn two_weeks_of_traffic_keep_the_memory_flat() {
    let folder = folder();
    let arguments = [
        "live",
        "-r",
        "-",
        "--by",
        "client,port,hour",
        "--max-rows",
        "2000",
        "--max-flows",
        "3000",
    ];
    let mut vigie = Running::start(vigie(folder.path(), &arguments));
    let mut stdout = vigie.child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        stdout.read_to_string(&mut text).map(|_| text)
    });
    vigie.feed(&header());
    let mut after = Vec::new();
    for day in 0..14_i64 {
        let mut octets = Vec::new();
        // A new flow every two seconds.
        for n in 0..43_200_i64 {
            let number = day * 43_200 + n;
            let client = u16::try_from(number % 60_000).unwrap();
            let port = u16::try_from(1024 + number / 60_000).unwrap();
            let time = START + day * 86_400 * SECOND + n * 2 * SECOND;
            octets.extend(record(time, &datagram(client, port, b"hello")));
        }
        vigie.feed(&octets);
        after.push(resident(vigie.child.id()));
    }
    drop(vigie.stdin.take());
    let came = vigie.end();
    assert_eq!(came.status.code(), Some(0), "{}", String::from_utf8_lossy(&came.stderr));
    let text = reader.join().unwrap().unwrap();
    assert!(text.contains("604,800 frames"), "{text}");
    assert!(text.contains("(other)"));
    assert!(text.contains("stand under (other)"));
    eprintln!("resident after each day: {after:?}");
    assert!(after[13] < after[3] + (4 << 20), "{after:?}");
    assert!(after[13] < 96 << 20, "{after:?}");
}
