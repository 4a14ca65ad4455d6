//! `--mask-tenants` through the built program: no tenant's name is left, and all is counted again.

mod program;

use std::fs;
use std::path::{Path, PathBuf};

use program::vigie;

const CAPTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pcaps/office-hour.pcapng");
/// The tenant of that capture.
const TENANT: &[u8] = b"contoso";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let key = "8f3c1d0b5a7e92644d1ff0a3c2b5968770e1d2c3b4a5968778695a4b3c2d1e0f";
    fs::write(folder.path().join("key"), key).expect("written");
    folder
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn names_tenant(octets: &[u8]) -> bool {
    octets.windows(TENANT.len()).any(|window| window.eq_ignore_ascii_case(TENANT))
}

const REPORT: [&str; 9] =
    ["report", CAPTURE, "-q", "--date", "2026-01-31", "--lang", "en", "--pseudonymize", "key"];

#[test]
fn no_file_of_the_bundle_names_the_tenant_and_it_is_counted_again() {
    let folder = folder();
    let screens =
        ["--screens", "overview,flows,hosts,detail:contoso-my.sharepoint.com", "--mask", "none"];
    let made = [&REPORT[..], &screens, &["-o", "plain"]].concat();
    let (status, out, err) = vigie(folder.path(), &made);
    assert_eq!(status, 0, "{out}{err}");
    assert!(
        files(&folder.path().join("plain"))
            .iter()
            .filter(|p| names_tenant(&fs::read(p).unwrap()))
            .count()
            > 5,
        "nothing to hide, so that the search proves nothing"
    );

    let made = [&REPORT[..], &screens, &["--mask-tenants", "--zip", "-o", "bag"]].concat();
    let (status, out, err) = vigie(folder.path(), &made);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    for path in [files(&folder.path().join("bag")), vec![folder.path().join("bag.zip")]].concat() {
        assert!(!names_tenant(&fs::read(&path).expect("read")), "{}", path.display());
        assert!(!names_tenant(path.as_os_str().as_encoded_bytes()), "{}", path.display());
    }
    let read = |bag: &str, name: &str| {
        fs::read_to_string(folder.path().join(bag).join("data").join(name)).expect("read")
    };
    assert!(read("bag", "record.json").contains("\"tenants_masked\": true"));
    assert!(read("bag", "report.html").contains("have pseudonyms of the same length"));

    // The same rows, all of them to be counted again.
    let rows = |bag: &str, name: &str| {
        let table = read(bag, name);
        (table.lines().count(), table.matches(",tagged").count())
    };
    for table in ["names.csv", "endpoints.csv", "flows.csv", "server_names.csv", "systems.csv"] {
        assert_eq!(
            rows("bag", &format!("tables/{table}")),
            rows("plain", &format!("tables/{table}"))
        );
    }
    for place in ["bag", "bag.zip"] {
        let (status, out, err) = vigie(folder.path(), &["verify", place, "--lang", "en"]);
        assert_eq!(status, 0, "{out}{err}");
        let original = ["verify", place, "--lang", "en", "--original", CAPTURE];
        let (status, out, err) = vigie(folder.path(), &original);
        assert_eq!(status, 0, "{out}{err}");
        assert!(out.contains("tables by name"), "{out}");
    }

    // Who holds the key learns the names again, and nobody else's key does.
    let table = read("bag", "tables/server_names.csv");
    let masked: Vec<&str> = table
        .lines()
        .filter_map(|line| line.split(',').next())
        .filter(|name| name.ends_with(".sharepoint.com"))
        .collect();
    assert_eq!(masked.len(), 2, "{table}");
    let (status, out, err) =
        vigie(folder.path(), &[&["reveal", "--key", "key"], &masked[..]].concat());
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(
        out.contains("\tcontoso.sharepoint.com\n") && out.contains("\tcontoso-my.sharepoint.com\n"),
        "{out}"
    );
    fs::write(folder.path().join("other"), "0123456789abcdef".repeat(4)).expect("written");
    let (_, out, _) = vigie(folder.path(), &[&["reveal", "--key", "other"], &masked[..]].concat());
    assert!(!names_tenant(out.as_bytes()), "{out}");
}

#[test]
fn without_a_key_no_tenant_can_be_masked_and_nothing_is_written() {
    let folder = folder();
    let (status, _, err) =
        vigie(folder.path(), &["report", CAPTURE, "-o", "bag", "--mask-tenants"]);
    assert_eq!(status, 2, "{err}");
    assert!(err.contains("--mask-tenants") && err.contains("add --pseudonymize KEYFILE"), "{err}");
    assert_eq!(files(folder.path()).len(), 1);
}
