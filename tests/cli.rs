//! The built program: arguments → standard output, standard error, exit status.

use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::*;

/// `vigie` in a folder of its own, without anybody's configuration.
fn vigie(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command
        .current_dir(folder)
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env("HOME", folder)
        .env("LC_ALL", "C")
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS");
    command
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A pcap file with these frames, Ethernet, one a second from 2026-01-05T08:00:00Z.
fn pcap(frames: &[&[u8]]) -> Vec<u8> {
    pcap_of(1, frames)
}

/// The same with another link type.
fn pcap_of(link: u32, frames: &[&[u8]]) -> Vec<u8> {
    let mut file = Vec::new();
    file.extend(0xa1b2_c3d4_u32.to_le_bytes());
    file.extend([2, 0, 4, 0]);
    file.extend([0; 8]);
    file.extend(65_535_u32.to_le_bytes());
    file.extend(link.to_le_bytes());
    for (second, frame) in (0_u32..).zip(frames) {
        let length = u32::try_from(frame.len()).expect("a short frame").to_le_bytes();
        file.extend((1_767_600_000 + second).to_le_bytes());
        file.extend([0; 4]);
        file.extend(length);
        file.extend(length);
        file.extend(*frame);
    }
    file
}

/// An Ethernet frame with a UDP datagram from 192.0.2.7:50000 to 198.51.100.9:9999.
fn datagram(payload: &[u8]) -> Vec<u8> {
    let length = |n: usize| u16::try_from(n).expect("a short frame").to_be_bytes();
    let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0];
    frame.extend(length(28 + payload.len()));
    frame.extend([0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 7, 198, 51, 100, 9]);
    frame.extend(50_000_u16.to_be_bytes());
    frame.extend(9_999_u16.to_be_bytes());
    frame.extend(length(8 + payload.len()));
    frame.extend([0, 0]);
    frame.extend(payload);
    frame
}

#[test]
fn vigie_alone_says_what_it_is_and_where_to_start() {
    let folder = folder();
    let run = vigie(folder.path()).assert().success().stderr("");
    let said = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    assert!(said.lines().all(|line| line.len() <= 80), "{said}");
    insta::assert_snapshot!(said.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn help_lists_commands_and_options() {
    let folder = folder();
    let cases = [
        ("help", &["--help"][..]),
        ("help_analyze", &["analyze", "--help"]),
        ("help_live", &["live", "--help"]),
        ("help_mark", &["mark", "--help"]),
    ];
    for (name, arguments) in cases.into_iter().chain([("help_explain", &["explain", "--help"][..])])
    {
        let run = vigie(folder.path()).args(arguments).assert().success();
        let said = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
        insta::assert_snapshot!(name, said);
    }
}

#[test]
fn the_help_of_report_does_not_offer_standard_input_which_it_refuses() {
    let folder = folder();
    let run = vigie(folder.path()).args(["report", "--help"]).assert().success();
    let said = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    let argument = said.split("[CAPTURE]...\n").nth(1).and_then(|rest| rest.split("\n\n").next());
    let argument = argument.unwrap_or_else(|| panic!("no CAPTURE in {said}"));
    let words = argument.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("read twice") && !words.contains("or - for"), "{words}");
}

#[test]
fn wrong_usage_is_status_2_with_the_place_and_a_suggestion() {
    let folder = folder();
    let cases: &[(&[&str], &str)] = &[
        (&["analise"], "analyze"),
        (&["analyze"], "use -"),
        (&["report", "-o", "x"], "name files or folders"),
        (&["report", "-", "-o", "x"], "read only once"),
        (&["analyze", "x", "--frmat", "json"], "--format"),
        (&["analyze", "x", "--by", "catgory"], "did you mean `category`?"),
        (&["analyze", "x", "--filter", "nmae = a.example"], "did you mean `name`?"),
        (&["analyze", "x", "--filter", "up > "], "character"),
        (&["analyze", "x", "--home-net", "office"], "192.0.2.0/24"),
        (&["analyze", "x", "--idle", "5"], "5m"),
        (&["analyze", "x", "--from", "soon"], "2026-01-31"),
        (&["analyze", "x", "--tz", "Mars/Olympus"], "not a time zone"),
        (&["analyze", "x", "--jobs", "0"], "--jobs"),
        (&["analyze", "x", "--only-signatures"], "--signatures DIR"),
        (&["man", "analise"], "did you mean `analyze`?"),
        (&["completions", "cmd"], "bash"),
    ];
    for (arguments, said) in cases {
        let run = vigie(folder.path()).args(*arguments).write_stdin("").assert();
        run.code(2).stdout("").stderr(predicate::str::contains(*said));
    }
}

#[test]
fn what_cannot_be_done_is_status_1_and_says_what_to_do() {
    let folder = folder();
    let file = |name: &str, octets: &[u8]| {
        std::fs::write(folder.path().join(name), octets).expect("a file is written");
    };
    file("empty.pcap", b"");
    file("notes.txt", b"these are notes, not a capture\n");
    file("short.pcap", &pcap(&[])[..10]);
    file("config.toml", b"jobs = 1\nhom-net = \"10.0.0.0/8\"\n");
    file("devices.toml", b"[[device]]\nadresses = []\n");
    std::fs::create_dir(folder.path().join("nothing")).expect("a folder is made");
    let cases: &[(&[&str], &str)] = &[
        (&["analyze", "missing.pcap"], "vigie: missing.pcap: no such file"),
        (&["analyze", "empty.pcap"], "vigie: empty.pcap: empty"),
        (&["analyze", "notes.txt"], "vigie: notes.txt: a text file"),
        (&["analyze", "short.pcap"], "vigie: short.pcap: file header of 24 octets"),
        (&["analyze", "nothing"], "vigie: nothing: no capture in this directory"),
        (&["--config", "config.toml", "analyze", "x"], "line 2, field `hom-net`"),
        (&["--config", "none.toml", "analyze", "x"], "none.toml"),
        (&["analyze", "x", "--devices", "devices.toml"], "did you mean `addresses`?"),
        (&["analyze", "x", "--signatures", "nothing"], "nothing"),
    ];
    for (arguments, said) in cases {
        let run = vigie(folder.path()).args(*arguments).assert();
        run.code(1).stdout("").stderr(predicate::str::contains(*said));
    }
}

#[test]
fn a_capture_is_summed_and_every_frame_stands_in_the_balance() {
    let folder = folder();
    let frame = datagram(b"hello there");
    std::fs::write(folder.path().join("a.pcap"), pcap(&[&frame, &frame])).expect("written");
    vigie(folder.path())
        .args(["analyze", "a.pcap"])
        .assert()
        .success()
        .stderr("")
        .stdout(predicate::str::contains("a.pcap: 2 frames, 106 B"))
        .stdout(predicate::str::contains("192.0.2.7"))
        .stdout(predicate::str::contains("198.51.100.9 (unknown protocol)"))
        .stdout(predicate::str::contains("It adds up"));
}

/// An Ethernet frame with a TCP segment without payload from 192.0.2.7:50000 to 198.51.100.9:443.
fn segment(flags: u8) -> Vec<u8> {
    let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 40];
    frame.extend([0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2, 7, 198, 51, 100, 9]);
    frame.extend(50_000_u16.to_be_bytes());
    frame.extend(443_u16.to_be_bytes());
    frame.extend([0, 0, 0, 1, 0, 0, 0, 1, 0x50, flags, 4, 0, 0, 0, 0, 0]);
    frame
}

#[test]
fn a_silent_connection_says_whether_it_began_before_the_capture() {
    const SYN: u8 = 0x02;
    const ACK: u8 = 0x10;
    let folder = folder();
    for (frames, cause) in
        [(vec![segment(ACK)], "midstream"), (vec![segment(SYN), segment(ACK)], "no-payload")]
    {
        let frames: Vec<&[u8]> = frames.iter().map(Vec::as_slice).collect();
        std::fs::write(folder.path().join("a.pcap"), pcap(&frames)).expect("a capture is written");
        let run = vigie(folder.path()).args(["analyze", "a.pcap", "--format", "ndjson"]).assert();
        run.success().stdout(predicate::str::contains(format!("\"unnamed\":\"{cause}\"")));
    }
}

#[test]
fn standard_input_is_read_where_a_dash_says_so() {
    let folder = folder();
    vigie(folder.path())
        .args(["analyze", "-", "--format", "json"])
        .write_stdin(pcap(&[&datagram(b"x")]))
        .assert()
        .success()
        .stdout(predicate::str::contains("\"frames\":1"));
}

#[test]
fn a_valid_capture_without_frames_is_a_summary_and_a_warning() {
    let folder = folder();
    std::fs::write(folder.path().join("none.pcap"), pcap(&[])).expect("written");
    let analyze = |more: &[&str]| {
        vigie(folder.path()).args(["analyze", "none.pcap"]).args(more).assert().success()
    };
    analyze(&[])
        .stdout(predicate::str::contains("It adds up"))
        .stderr("vigie: none.pcap: a valid capture without frames\n");
    analyze(&["-q"]).stderr("");
}

#[test]
fn a_cut_record_keeps_the_frames_before_it_and_is_status_3() {
    let folder = folder();
    let whole = pcap(&[&datagram(b"first"), &datagram(b"second")]);
    std::fs::write(folder.path().join("cut.pcap"), &whole[..whole.len() - 4]).expect("written");
    vigie(folder.path())
        .args(["analyze", "cut.pcap"])
        .assert()
        .code(3)
        .stdout(predicate::str::contains("cut.pcap: 1 frame,"))
        .stdout(predicate::str::contains("cut.pcap: frame 2, octet"))
        .stderr(predicate::str::contains("vigie: cut.pcap: frame 2, octet"))
        .stderr(predicate::str::contains("; 1 frame of this capture counted"));
}

#[test]
fn a_block_of_an_unknown_type_is_a_warning_with_its_place() {
    let folder = folder();
    let block = |kind: u32, contents: &[u8]| {
        let len = u32::try_from(contents.len() + 12).expect("a short block").to_le_bytes();
        [&kind.to_le_bytes(), &len, contents, &len].concat()
    };
    let section = [&0x1a2b_3c4d_u32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat();
    let (section, interface) = (block(0x0a0d_0d0a, &section), block(1, &[1, 0, 0, 0, 0, 0, 0, 0]));
    let unknown = block(0x7777, b"whatever");
    let octet = section.len() + interface.len();
    let capture = [section, interface, unknown.clone(), unknown].concat();
    std::fs::write(folder.path().join("a.pcapng"), capture).expect("a capture is written");
    let said = format!(
        "a.pcapng: frame 1, octet {octet}: block type 0x00007777 is not known; \
         2 such blocks passed over"
    );
    let run = vigie(folder.path()).args(["analyze", "a.pcapng"]).assert();
    run.success().stderr(predicate::str::contains(said));
}

#[test]
fn one_missing_input_of_two_is_status_3() {
    let folder = folder();
    std::fs::write(folder.path().join("a.pcap"), pcap(&[&datagram(b"x")])).expect("written");
    vigie(folder.path())
        .args(["analyze", "a.pcap", "missing.pcap"])
        .assert()
        .code(3)
        .stdout(predicate::str::contains("1 frame,"))
        .stderr(predicate::str::contains("vigie: missing.pcap: no such file"));
}

#[test]
fn frames_of_a_link_type_that_vigie_lacks_are_undecodable_with_a_warning() {
    let folder = folder();
    std::fs::write(folder.path().join("a.pcap"), pcap_of(147, &[b"abc"])).expect("written");
    vigie(folder.path())
        .args(["analyze", "a.pcap"])
        .assert()
        .success()
        .stderr(predicate::str::contains("147"));
}

#[test]
fn the_configuration_gives_defaults_and_the_command_line_wins() {
    let folder = folder();
    let place = folder.path().join("config/vigie");
    std::fs::create_dir_all(&place).expect("a folder is made");
    std::fs::write(place.join("config.toml"), "by = \"client\"\n").expect("written");
    std::fs::write(folder.path().join("a.pcap"), pcap(&[&datagram(b"x")])).expect("written");
    let analyze = |more: &[&str]| {
        let run = vigie(folder.path()).args(["analyze", "a.pcap"]).args(more).assert().success();
        String::from_utf8_lossy(&run.get_output().stdout).into_owned()
    };
    assert!(analyze(&[]).contains("By client"));
    assert!(analyze(&["--by", "server"]).contains("By server"));
    assert!(!analyze(&["--no-config"]).contains("By client"));
}

#[test]
fn devices_and_exact_amounts_are_shown_where_they_are_asked_for() {
    let folder = folder();
    let devices = "[[device]]\nname = \"Windows VM\"\naddresses = [\"192.0.2.7\"]\n";
    std::fs::write(folder.path().join("devices.toml"), devices).expect("written");
    let frame = datagram(&[b'x'; 1200]);
    std::fs::write(folder.path().join("a.pcap"), pcap(&[&frame])).expect("written");
    let analyze = |more: &[&str]| {
        let arguments = ["analyze", "a.pcap", "--devices", "devices.toml"];
        vigie(folder.path()).args(arguments).args(more).assert().success()
    };
    analyze(&[])
        .stdout(predicate::str::contains("192.0.2.7 (Windows VM)"))
        .stdout(predicate::str::contains("1 frame, 1.24 kB"));
    analyze(&["--exact", "--tz", "+01:00"])
        .stdout(predicate::str::contains("1 frame, 1,242 B"))
        .stdout(predicate::str::contains("2026-01-05 09:00:00 +01"));
    analyze(&["--by", "device", "--format", "csv"])
        .stdout(predicate::str::contains("\r\nWindows VM,"));
    analyze(&["--from", "2026-01-06"]).stdout(
        predicate::str::is_match("outside --from and --to +1 +1.24 kB").expect("a pattern"),
    );
}

#[test]
fn completions_are_made_for_every_shell() {
    let folder = folder();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        vigie(folder.path())
            .args(["completions", shell])
            .assert()
            .success()
            .stdout(predicate::str::contains("analyze").and(predicate::str::contains("explain")));
    }
}

#[test]
fn manual_pages_are_made_for_the_program_and_its_commands() {
    let folder = folder();
    let page = |arguments: &[&str]| {
        let run = vigie(folder.path()).args(arguments).assert().success();
        String::from_utf8_lossy(&run.get_output().stdout).into_owned()
    };
    assert!(page(&["man"]).contains(".TH vigie 1"));
    let analyze = page(&["man", "analyze"]);
    assert!(analyze.contains(".TH vigie-analyze 1"), "{analyze}");
    assert!(analyze.contains("home\\-net"));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    use std::io::Read;
    use std::process::{Command, Stdio};
    let folder = folder();
    std::fs::write(folder.path().join("a.pcap"), pcap(&[&datagram(b"x")])).expect("written");
    for arguments in [&["completions", "bash"][..], &["analyze", "a.pcap"], &["man"], &[]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vigie"))
            .current_dir(folder.path())
            .arg("--no-config")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("vigie starts");
        drop(child.stdout.take());
        let mut said = String::new();
        let mut stderr = child.stderr.take().expect("it is piped");
        stderr.read_to_string(&mut said).expect("it is text");
        assert!(child.wait().expect("it ends").success(), "{arguments:?}");
        assert_eq!(said, "", "{arguments:?}");
    }
}

#[test]
fn colours_are_used_where_they_are_asked_for_and_nowhere_else() {
    let folder = folder();
    std::fs::write(folder.path().join("a.pcap"), pcap(&[&datagram(b"x")])).expect("written");
    let escapes = |arguments: &[&str], no_color: &str| {
        let mut command = vigie(folder.path());
        let run = command.args(["analyze", "a.pcap"]).args(arguments).env("NO_COLOR", no_color);
        run.assert().success().get_output().stdout.contains(&0x1b)
    };
    assert!(!escapes(&[], ""), "a pipe is no terminal");
    assert!(escapes(&["--color", "always"], ""));
    assert!(escapes(&["--color", "always"], "1"), "what was typed wins");
    assert!(!escapes(&["--color", "never"], ""));
}

#[test]
fn an_explanation_says_which_signature_applies_and_cites_its_sources() {
    let folder = folder();
    let explain = |arguments: &[&str]| {
        let run = vigie(folder.path()).arg("explain").args(arguments).assert().success();
        String::from_utf8_lossy(&run.get_output().stdout).into_owned()
    };
    let signatures = folder.path().join("mine");
    std::fs::create_dir(&signatures).expect("a folder is made");
    let text = r#"[[signature]]
id = "acme-diagnostics"
vendor = "Acme"
product = "Office"
category = "telemetry"
purpose = "diagnostic events"
exclusivity = "shared"
confidence = "documented"
status = "active"
hosts = ["*.events.acme.example", "*.acme.example"]
networks = ["192.0.2.0/24"]
ports = ["udp/3478"]
[[signature.sources]]
title = "Endpoints"
publisher = "Acme"
ref = "https://docs.acme.example/endpoints"
as_of = "2026-10"
says = "The hosts collect diagnostic events."
"#;
    std::fs::write(signatures.join("acme.toml"), text).expect("written");
    let mine = ["--signatures", "mine", "--only-signatures"];
    let host = ["https://a.events.acme.example/x", "192.0.2.7:3478", "www.example.org"];
    insta::assert_snapshot!("explain", explain(&[&mine[..], &host].concat()));
    let ndjson = [&mine[..], &["--format", "ndjson"], &host].concat();
    insta::assert_snapshot!("explain_ndjson", explain(&ndjson));
    vigie(folder.path())
        .args(["explain", "not a host"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("give a host name"));
}

/// `vigie analyze -vv` with these arguments, once it reads.
#[cfg(unix)]
fn reading(folder: &Path, arguments: &[&str]) -> std::process::Child {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .current_dir(folder)
        .args(["-vv", "--no-config", "analyze"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("vigie starts");
    let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let reading = lines.by_ref().map_while(Result::ok).find(|line| line.contains("reading 1"));
    assert!(reading.is_some(), "vigie never said that it reads");
    // Somebody has to read what else it says.
    std::thread::spawn(move || lines.map_while(Result::ok).count());
    child
}

/// Interrupts a program once and gives its exit status and what it wrote.
#[cfg(unix)]
fn interrupt(mut child: std::process::Child) -> (Option<i32>, String) {
    use std::io::Read;
    let pid = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    let pid = pid.expect("a process has an id");
    // Kept open: the program must not end because its input does.
    let stdin = child.stdin.take();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("it is running");
    let mut said = String::new();
    child.stdout.take().expect("it is piped").read_to_string(&mut said).expect("it is text");
    let status = child.wait().expect("it ends").code();
    drop(stdin);
    (status, said)
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_was_read_and_is_status_3() {
    use std::io::Write;
    let (folder, capture) = (folder(), pcap(&[&datagram(b"x"), &datagram(b"y")]));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&capture).expect("memory takes it");
    packed.flush().expect("memory takes it");
    for octets in [&[][..], &capture, &capture[..capture.len() - 7], packed.get_ref()] {
        let mut child = reading(folder.path(), &["-", "--hash"]);
        child.stdin.as_mut().expect("it is piped").write_all(octets).expect("vigie reads");
        std::thread::sleep(std::time::Duration::from_millis(300));
        let (status, said) = interrupt(child);
        assert_eq!(status, Some(3), "{said}");
        assert!(said.contains("interrupted: only what was read until then is counted"), "{said}");
        assert!(!said.contains("damaged"), "{said}");
        assert_eq!(said.contains("198.51.100.9"), !octets.is_empty(), "{said}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_ends_the_wait_for_somebody_who_writes_to_a_fifo() {
    let folder = folder();
    let (fifo, mode) = (folder.path().join("fifo"), rustix::fs::Mode::RWXU);
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, mode, 0)
        .expect("a FIFO");
    let (status, said) = interrupt(reading(folder.path(), &["fifo"]));
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("interrupted: only what was read until then is counted"), "{said}");
    // A writer that comes later is read to its end.
    let child = reading(folder.path(), &["fifo"]);
    std::thread::sleep(std::time::Duration::from_millis(300));
    std::fs::write(&fifo, pcap(&[&datagram(b"x")])).expect("vigie reads");
    let run = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert_eq!(run.status.code(), Some(0), "{said}");
    assert!(said.contains("198.51.100.9"), "{said}");
}

#[cfg(unix)]
#[test]
fn output_to_a_full_disk_is_status_1_with_the_cause() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let Ok(full) = full else { return eprintln!("skipped: no /dev/full here") };
    let folder = folder();
    for arguments in [&["completions", "bash"][..], &["--help"], &["man"], &[]] {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_vigie"))
            .current_dir(folder.path())
            .arg("--no-config")
            .args(arguments)
            .stdout(full.try_clone().expect("a file can be shared"))
            .output()
            .expect("vigie runs");
        assert_eq!(run.status.code(), Some(1), "{arguments:?}");
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(said.starts_with("vigie: the output cannot be written: no space"), "{said}");
    }
}

#[test]
fn an_explanation_speaks_the_language_that_is_asked_for() {
    let folder = folder();
    let say = |arguments: &[&str]| {
        let run = vigie(folder.path()).arg("explain").args(arguments).assert().success();
        String::from_utf8(run.get_output().stdout.clone()).expect("UTF-8")
    };
    let of = |lang| say(&["login.microsoftonline.com", "--lang", lang]);
    let (english, french, german) = (of("en"), of("fr"), of("de"));
    for (text, parts) in [
        (&english, ["signature    ", "category     identity: operation", "the service is active"]),
        (
            &french,
            [
                " catégorie    authentification (identity)",
                "connexion de comptes",
                "le service est en activité",
            ],
        ),
        (&german, [" Kategorie    Anmeldung (identity): Betrieb", "Organisationskonten", "Quelle"]),
    ] {
        for part in parts {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
    // The locale decides where nothing else does, and never the data format.
    let ndjson = |lang: &str| say(&["login.microsoftonline.com", "-f", "ndjson", "--lang", lang]);
    assert_eq!(ndjson("fr"), ndjson("en"));
    let run = vigie(folder.path())
        .env("LC_ALL", "de_CH.UTF-8")
        .args(["explain", "login.microsoftonline.com"])
        .assert()
        .success();
    assert_eq!(String::from_utf8_lossy(&run.get_output().stdout), german);
    let refused = vigie(folder.path()).args(["explain", "a.example", "--lang", "it"]).assert();
    refused.code(2).stderr(predicate::str::contains("is not one of en, fr, de"));
}

#[test]
fn a_file_of_hosts_is_explained_line_by_line() {
    let folder = folder();
    let text = "# hosts\nself.events.data.microsoft.com\n\nwww.example.org # nothing\n192.0.2.1\n";
    std::fs::write(folder.path().join("hosts.txt"), text).expect("written");
    for arguments in [["explain", "@hosts.txt"].as_slice(), &["explain", "--file", "hosts.txt"]] {
        let output =
            vigie(folder.path()).args(arguments).args(["-f", "ndjson"]).output().expect("runs");
        let lines = String::from_utf8(output.stdout).expect("UTF-8");
        let queries: Vec<String> = lines
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
            .map(|record| {
                format!("{} {}", record["query"].as_str().unwrap(), record["tag"].is_null())
            })
            .collect();
        let expected =
            ["self.events.data.microsoft.com false", "www.example.org true", "192.0.2.1 true"];
        assert_eq!(queries, expected);
    }
    std::fs::write(folder.path().join("bad.txt"), "a.org\nnot a host\n").expect("written");
    vigie(folder.path())
        .args(["explain", "@bad.txt"])
        .assert()
        .code(1)
        .stderr(predicate::str::starts_with("vigie: bad.txt: line 2: `not a host`: "));
}
