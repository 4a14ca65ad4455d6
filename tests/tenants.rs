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

/// Everything that this signature tags is tagged by its address: names stay whosever they are.
const BY_NETWORK: &str = r#"
    [[signature]]
    id = "office-servers"
    vendor = "Example"
    product = "Example"
    category = "telemetry"
    purpose = "every server of the test capture"
    exclusivity = "dedicated"
    confidence = "documented"
    status = "active"
    networks = ["10.23.0.0/16"]
    ports = ["tcp/443"]
    sources = [{ title = "T", publisher = "P", ref = "R", as_of = "2026-01", says = "S" }]
"#;

#[test]
fn no_file_of_the_bundle_names_a_domain_of_ones_own_and_the_key_undoes_it() {
    let folder = folder();
    fs::write(folder.path().join("own.toml"), BY_NETWORK).expect("written");
    // One's own for this test, with all that stands below it.
    let own = b"glint";
    let says_own = |octets: &[u8]| octets.windows(own.len()).any(|w| w.eq_ignore_ascii_case(own));
    let screens = ["--screens", "hosts,detail:app.eu1.glint.cloud.microsoft", "--mask", "none"];
    // Servers keep their addresses, by which they are tagged.
    let clients = ["--home-net", "10.23.0.11/32", "--home-net", "fd23::11/128"];
    let only = [&clients[..], &["--signatures", "own.toml", "--only-signatures"]].concat();
    let made = [&REPORT[..], &only, &screens].concat();
    let (status, out, err) = vigie(folder.path(), &[&made[..], &["-o", "plain"]].concat());
    assert_eq!(status, 0, "{out}{err}");
    let named = files(&folder.path().join("plain"));
    let named = named.iter().filter(|path| says_own(&fs::read(path).expect("read"))).count();
    assert!(named > 5, "nothing to hide, so that the search proves nothing");

    let masked = ["--mask-domain", "cloud.microsoft", "--zip", "-o", "bag"];
    let (status, out, err) = vigie(folder.path(), &[&made[..], &masked].concat());
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    for path in [files(&folder.path().join("bag")), vec![folder.path().join("bag.zip")]].concat() {
        assert!(!says_own(&fs::read(&path).expect("read")), "{}", path.display());
    }
    let (status, out, err) = vigie(folder.path(), &["verify", "bag.zip", "--lang", "en"]);
    assert_eq!(status, 0, "{out}{err}");
    let original = ["verify", "bag", "--lang", "en", "--original", CAPTURE];
    let (status, out, err) = vigie(folder.path(), &original);
    assert_eq!(status, 0, "{out}{err}");
    let read =
        |name: &str| fs::read_to_string(folder.path().join("bag/data").join(name)).expect("read");
    assert!(read("record.json").contains("\"domains_masked\": true"));
    assert!(read("report.html").contains("domains of one’s own"));
    let table = read("tables/names.csv");
    let hidden = table.lines().filter_map(|line| line.split(',').nth(1));
    let hidden: Vec<_> = hidden.filter(|name| name.ends_with(".microsoft")).collect();
    assert_eq!(hidden.len(), 2, "{table}");
    let (status, out, err) =
        vigie(folder.path(), &[&["reveal", "--key", "key"], &hidden[..]].concat());
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("taken for a name of a domain that --mask-domain named"), "{err}");
    for name in ["app.eu1.glint.cloud.microsoft", "feedback.eu1.glint.cloud.microsoft"] {
        assert!(out.contains(&format!("\t{name}\n")), "{out}");
        let hide = ["reveal", "--key", "key", "--hide", name];
        let (_, out, _) = vigie(folder.path(), &hide);
        assert!(hidden.iter().any(|hidden| out.contains(hidden)), "{out}");
    }
}

#[test]
fn what_is_nobodys_own_domain_and_a_domain_without_a_key_are_refused() {
    let folder = folder();
    for (domain, why) in [
        ("co.uk", "is nobody's own; name the domain below it"),
        ("www.contoso.com", "is a part of contoso.com; name that"),
        ("a b", "is not a host name"),
    ] {
        let typed =
            ["report", CAPTURE, "-o", "bag", "--pseudonymize", "key", "--mask-domain", domain];
        let (status, _, err) = vigie(folder.path(), &typed);
        assert_eq!(status, 2, "{err}");
        assert!(err.contains(why), "{err}");
    }
    let typed = ["report", CAPTURE, "-o", "bag", "--mask-domain", "contoso.com"];
    let (status, _, err) = vigie(folder.path(), &typed);
    assert_eq!(status, 2, "{err}");
    assert!(err.contains("--mask-domain") && err.contains("add --pseudonymize KEYFILE"), "{err}");
    assert_eq!(files(folder.path()).len(), 1);
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
