//! `docs/messages.md`, line by line: command → exit status and message.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// One line of the page.
#[derive(Debug)]
struct Promise {
    command: String,
    status: i32,
    message: String,
}

/// The lines of tables with a command, a status and a message.
fn promises(page: &str) -> Vec<Promise> {
    page.lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.strip_prefix("| ")?.split(" | ").collect();
            let [command, status, message] = cells.as_slice() else { return None };
            let message = message.strip_suffix(" |")?;
            Some(Promise {
                command: code(command)?,
                status: status.parse().ok()?,
                message: code(message)?,
            })
        })
        .collect()
}

/// What stands between the back quotes of a cell (`CommonMark` §6.1: one or two of them).
fn code(cell: &str) -> Option<String> {
    let quote = if cell.starts_with("``") { "``" } else { "`" };
    let inside = cell.trim().strip_prefix(quote)?.strip_suffix(quote)?;
    Some(inside.trim_end().to_owned())
}

/// The files that the page names.
fn furnish(folder: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let good = fs::read(root.join("pcaps/nothing-tagged.pcap")).expect("the capture is there");
    let put = |name: &str, octets: &[u8]| fs::write(folder.join(name), octets).expect("written");
    put("good.pcap", &good);
    put("cut.pcap", &good[..30_000]);
    put("short.pcap", &good[..10]);
    put("none.pcap", &good[..24]);
    put("empty.pcap", b"");
    put("notes.txt", b"a line of notes\n");
    put("noise.bin", &[0x00, 0xdd, 0xbb, 0x99, 0x77].repeat(1000));
    let with = |at: usize, octets: &[u8]| {
        let mut changed = good.clone();
        changed[at..at + octets.len()].copy_from_slice(octets);
        changed
    };
    put("usb.pcap", &with(20, &[189]));
    put("long.pcap", &with(32, &0x7fff_ffff_u32.to_le_bytes()));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, &good).expect("memory can be written");
    let gzip = gzip.finish().expect("memory can be written");
    put("cut.pcap.gz", &gzip[..gzip.len() / 2]);
    for name in ["folder", "wrong"] {
        fs::create_dir(folder.join(name)).expect("a folder is made");
    }
    put("folder/notes.txt", b"a line of notes\n");
    put("wrong/acme.toml", b"[[signature]]\nid = \"acme\"\nvendr = \"Acme\"\n");
    put("config.toml", b"hom-net = \"10.0.0.0/8\"\n");
    put("devices.toml", b"[[device]]\nadresses = []\n");
}

#[test]
fn every_message_of_the_page_is_said_with_its_status() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    furnish(folder.path());
    let program = Path::new(env!("CARGO_BIN_EXE_vigie"));
    let path = std::env::join_paths(
        program
            .parent()
            .map(Path::to_path_buf)
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )
    .expect("a search path");
    let page = include_str!("../docs/messages.md");
    let promises = promises(page);
    let lines = page.lines().filter(|line| line.starts_with("| `vigie")).count();
    assert_eq!(promises.len(), lines, "a line of the page cannot be read");
    assert!(lines > 40, "only {lines} lines were found");
    let mut broken = Vec::new();
    for Promise { command, status, message } in promises {
        if command.contains("/dev/full") && !Path::new("/dev/full").exists() {
            eprintln!("skipped, no /dev/full here: {command}");
            continue;
        }
        let run = Command::new("sh")
            .args(["-c", &command])
            .current_dir(folder.path())
            .env("PATH", &path)
            .env("HOME", folder.path())
            .env("XDG_CONFIG_HOME", folder.path().join("nowhere"))
            .stdin(Stdio::null())
            .output()
            .expect("the shell runs");
        let said = String::from_utf8_lossy(&run.stderr);
        if run.status.code() != Some(status) || !said.contains(&message) {
            broken.push(format!(
                "{command}\n  promised {status}: {message}\n  {}: {said}",
                run.status
            ));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_capture_without_the_right_to_read_it_is_said_so() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let allow = |path: &Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    // A copy, since others may not enter the folder of the original. By cp: a program that this
    // process wrote could be "busy" as long as a child of another test has inherited the file.
    let program = folder.path().join("vigie");
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_vigie")).arg(&program).status();
    assert!(copied.expect("cp runs").success());
    let secret = folder.path().join("secret.pcap");
    fs::write(&secret, b"").expect("written");
    allow(folder.path(), 0o755);
    allow(&program, 0o755);
    allow(&secret, 0o000);
    let mut vigie = Command::new(program);
    vigie.args(["--no-config", "analyze", "secret.pcap"]).current_dir(folder.path());
    if rustix::process::geteuid().is_root() {
        vigie.uid(65_534); // root may read everything; nobody may not
    }
    let run = vigie.output().expect("vigie runs");
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(said.starts_with("vigie: secret.pcap: no permission to read it; "), "{said}");
}
