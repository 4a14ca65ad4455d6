//! The key `E`: a bundle of evidence from the screen, checked by `vigie verify`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::pty::{Options, Terminal};

const WIDE: Options =
    Options { size: (200, 40), config: None, arguments: &[], through_pipe: false };

fn capture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps/office-hour.pcapng")
}

/// Another command of vigie: its status, and what it said.
pub(super) fn vigie(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    let done = command.arg("--no-config").args(arguments).output().expect("vigie runs");
    let said = [done.stdout, done.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    (done.status.code(), said.concat())
}

/// Names in a folder, those that begin with a dot too.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

/// The bundles in a folder, in which nothing half made may be.
pub(super) fn bundles(folder: &Path) -> Vec<PathBuf> {
    let names = names(folder);
    assert!(names.iter().all(|name| !name.starts_with('.')), "{names:?}");
    let bundles = names.iter().filter(|name| name.starts_with("vigie-evidence"));
    bundles.map(|name| folder.join(name)).filter(|path| path.is_dir()).collect()
}

/// Every file of a bundle with its path in it.
pub(super) fn files(bundle: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let (mut left, mut found) = (vec![bundle.to_owned()], Vec::new());
    while let Some(folder) = left.pop() {
        for name in names(&folder) {
            let path = folder.join(name);
            if path.is_dir() {
                left.push(path);
            } else {
                let inside = path.strip_prefix(bundle).unwrap().to_owned();
                found.push((inside, fs::read(&path).unwrap()));
            }
        }
    }
    found.sort_unstable();
    found
}

pub(super) fn holds(bundle: &Path) {
    let (status, said) = vigie(&["verify", bundle.to_str().unwrap()]);
    assert_eq!(status, Some(0), "{said}");
}

#[test]
fn it_is_the_bundle_that_report_makes_and_none_is_overwritten() {
    let mut terminal = Terminal::open(&Options { arguments: &["--require-sandbox"], ..WIDE });
    terminal.wait_until_ready();
    // The second key comes while the first one's work goes on.
    terminal.press("EE");
    terminal.wait_for("one bundle is being made already");
    terminal.wait_for("bundle: ./vigie-evidence-");
    let made = bundles(terminal.folder());
    assert_eq!(made.len(), 1, "{made:?}");
    holds(&made[0]);
    let (status, said) =
        vigie(&["verify", made[0].to_str().unwrap(), "--original", capture().to_str().unwrap()]);
    assert_eq!(status, Some(0), "{said}");

    let info = fs::read_to_string(made[0].join("bag-info.txt")).unwrap();
    let date = info.lines().find_map(|line| line.strip_prefix("Bagging-Date: ")).unwrap();
    let other = terminal.folder().join("by-report");
    let (capture, out) = (capture(), other.to_str().unwrap());
    let (status, said) =
        vigie(&["report", capture.to_str().unwrap(), "-o", out, "--lang", "en", "--date", date]);
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(files(&made[0]), files(&other));

    terminal.press("E");
    terminal.wait_for("-2, ");
    assert_eq!(bundles(terminal.folder()).len(), 2);
    terminal.press("q");
    assert_eq!(terminal.end().0, Some(0));
}

#[test]
fn the_filter_and_the_language_of_the_screen_are_the_bundles() {
    let mut terminal = Terminal::open(&WIDE);
    terminal.wait_until_ready();
    terminal.press("/vendor = Microsoft\r");
    terminal.wait_for("filter vendor = Microsoft");
    terminal.press(":lang de\r");
    terminal.wait_for("Filter vendor = Microsoft");
    terminal.press("E");
    terminal.wait_for("Beweismappe: ./vigie-evidence-");
    let made = bundles(terminal.folder());
    holds(&made[0]);
    let record = fs::read_to_string(made[0].join("data/record.json")).unwrap();
    assert!(record.contains("\"filter\": \"vendor = Microsoft\""), "{record}");
    let report = fs::read_to_string(made[0].join("data/report.html")).unwrap();
    assert!(report.contains("lang=\"de\"") && report.contains("Beweisgrad"));
}

#[test]
fn the_moment_of_the_screen_is_the_bundles_end() {
    let mut terminal = Terminal::open(&WIDE);
    terminal.wait_until_ready();
    terminal.press("[[[[");
    terminal.wait_for("ledger at");
    terminal.press("E");
    terminal.wait_for("bundle: ./vigie-evidence-");
    let made = bundles(terminal.folder());
    holds(&made[0]);
    let record = fs::read(made[0].join("data/record.json")).unwrap();
    let record: serde_json::Value = serde_json::from_slice(&record).unwrap();
    assert!(record["counting"]["to"].as_i64().is_some(), "{}", record["counting"]);
    let balance = fs::read_to_string(made[0].join("data/tables/balance.csv")).unwrap();
    let outside = balance.lines().find(|line| line.contains("outside")).unwrap();
    assert!(!outside.contains(",0,"), "{balance}");
}

#[test]
fn under_a_mask_clients_have_pseudonyms_and_the_key_stays_outside() {
    let mut terminal = Terminal::open(&WIDE);
    terminal.wait_until_ready();
    terminal.press("pE");
    terminal.wait_for("it names hosts");
    terminal.wait_for("clients under pseudonyms; their key is ./vigie-evidence-");
    let made = bundles(terminal.folder());
    assert_eq!(made.len(), 1, "{made:?}");
    holds(&made[0]);
    let key = made[0].with_extension("key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let digits = fs::read_to_string(&key).unwrap();
    let clients = client_addresses(&made[0]);
    assert!(!clients.is_empty());
    for (name, octets) in files(&made[0]) {
        for secret in [b"10.23.0.1".as_slice(), &[10, 23, 0, 11], digits.trim().as_bytes()] {
            let at = octets.windows(secret.len()).position(|window| window == secret);
            let around = at.map(|at| &octets[at.saturating_sub(60)..(at + 20).min(octets.len())]);
            assert_eq!(around, None, "{} holds {secret:?}, key {digits}", name.display());
        }
    }
    for pseudonym in clients {
        let (status, said) = vigie(&["reveal", "--key", key.to_str().unwrap(), &pseudonym]);
        assert_eq!(status, Some(0), "{said}");
        let revealed = said.trim().rsplit('\t').next().unwrap().to_owned();
        assert!(revealed.starts_with("10.23.0.") || revealed.contains(':'), "{said}");
    }
}

/// Addresses of the first column of the table of clients that has some.
fn client_addresses(bundle: &Path) -> Vec<String> {
    let table = fs::read_to_string(bundle.join("data/tables/clients.csv")).unwrap();
    let cells = table.lines().skip(1).flat_map(|line| line.split(','));
    let mut found: Vec<_> =
        cells.filter(|cell| cell.parse::<std::net::IpAddr>().is_ok()).map(str::to_owned).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn what_came_through_a_pipe_is_refused_with_what_to_do() {
    let mut terminal = Terminal::open(&Options { through_pipe: true, ..WIDE });
    terminal.wait_until_ready();
    terminal.press("E");
    terminal.wait_for("came through a pipe and cannot be read again; save it to a file first");
    assert!(bundles(terminal.folder()).is_empty());
}

#[test]
fn whoever_leaves_before_it_is_there_is_told_and_nothing_is_left() {
    let mut terminal = Terminal::open(&WIDE);
    terminal.wait_until_ready();
    terminal.press("Eq");
    let (status, left) = terminal.end();
    assert_eq!(status, Some(0), "{left}");
    let made = bundles(terminal.folder());
    // A quick machine was ready before.
    match made.first() {
        None => assert!(left.contains("no bundle, and nothing of it is left"), "{left}"),
        Some(made) => holds(made),
    }
}

/// The car's frames over and over: long enough that nobody is done before the next key.
fn long(folder: &Path) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let capture = fs::read(root.join("pcaps/car-hotspot.pcap")).expect("the capture");
    let long = folder.join("long.pcap");
    fs::write(&long, [&capture[..24], &capture[24..].repeat(200)].concat()).expect("written");
    long
}

#[test]
fn whoever_leaves_as_it_is_made_does_not_wait_and_nothing_is_left() {
    for percent in ["1", "5"] {
        let (captures, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut terminal = Terminal::view(&long(captures.path()), &WIDE, folder);
        terminal.wait_until_ready();
        terminal.press("E");
        terminal.wait_for(&format!("bundle {percent}"));
        terminal.press("q");
        let (status, left) = terminal.end();
        assert_eq!(status, Some(0), "{left}");
        assert!(left.contains("no bundle, and nothing of it is left"), "{percent} %: {left}");
        assert!(bundles(terminal.folder()).is_empty(), "{percent} %");
    }
}

/// `vigie view` with its present folder on a file system of its own.
fn on_a_mount(options: &str) -> Terminal {
    let line = format!(
        "mount -t tmpfs -o {options} tmpfs . && cd \"$PWD\" && exec {} --no-config view --lang en \
         --jobs 1 {}",
        env!("CARGO_BIN_EXE_vigie"),
        capture().display()
    );
    Terminal::run(Path::new("unshare"), &["-m", "sh", "-c", &line], WIDE.size)
}

#[test]
#[ignore = "needs root and mount namespaces: tests/live.sh"]
fn a_full_disk_is_said_and_nothing_is_left() {
    for size in ["64k", "192k"] {
        let mut terminal = on_a_mount(&format!("size={size}"));
        terminal.wait_until_ready();
        terminal.press("E");
        terminal.wait_for("no bundle, and nothing of it is left");
        terminal.wait_for("o space left on device");
        assert_eq!(names(&terminal.present_folder()), Vec::<String>::new(), "{size}");
        // The screen goes on.
        terminal.press("2");
        terminal.wait_for("contoso-my");
        terminal.press("q");
        assert_eq!(terminal.end().0, Some(0));
    }
}

#[test]
#[ignore = "needs root and mount namespaces: tests/live.sh"]
fn a_folder_that_cannot_be_written_to_is_said_at_once() {
    let mut terminal = on_a_mount("ro");
    terminal.wait_until_ready();
    terminal.press("E");
    terminal.wait_for("nothing can be written in the folder where vigie was started");
    assert!(names(&terminal.present_folder()).is_empty());
}
