//! Every output states the date of the signatures, and warns where they are old.

use std::fs;
use std::path::Path;
use std::process::Command;

const OLD: &str = r#"[[signature]]
id = "acme-usage"
vendor = "Acme"
product = "Acme"
category = "telemetry"
purpose = "usage"
exclusivity = "dedicated"
confidence = "documented"
status = "active"
hosts = ["usage.acme-example.com"]
sources = [{ title = "t", publisher = "p", ref = "r", as_of = "2019-03", says = "names the host" }]
"#;

/// Standard output and standard error, in one line each.
fn vigie(folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .current_dir(folder)
        .arg("--no-config")
        .args(arguments)
        .args(["--signatures", "old.toml", "--only-signatures"])
        .output()
        .expect("vigie runs");
    let flat = |octets: &[u8]| {
        String::from_utf8_lossy(octets).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(output.status.success(), "{arguments:?}: {}", flat(&output.stderr));
    (flat(&output.stdout), flat(&output.stderr))
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("old.toml"), OLD).expect("written");
    let capture = Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps/nothing-tagged.pcap");
    fs::copy(capture, folder.path().join("c.pcap")).expect("copied");
    folder
}

#[test]
fn every_form_of_the_analysis_says_that_the_signatures_are_old() {
    let folder = folder();
    for (form, dated) in [
        ("text", "1, of 2019-03: "),
        ("json", r#""signatures_date":"2019-03""#),
        ("ndjson", r#""signatures_date":"2019-03""#),
        ("csv", ",2019-03"),
    ] {
        let (out, err) = vigie(folder.path(), &["analyze", "c.pcap", "-f", form]);
        assert!(out.contains(dated), "{form}: {out}");
        assert!(err.contains("days old"), "{form}: {err}");
    }
    let (text, _) = vigie(folder.path(), &["analyze", "c.pcap"]);
    assert!(text.contains("days old: newer hosts are not in them"), "{text}");
}

#[test]
fn what_is_said_of_the_database_itself_does_too() {
    let folder = folder();
    for command in [
        &["explain", "usage.acme-example.com"][..],
        &["explain", "usage.acme-example.com", "-f", "ndjson"],
        &["signatures", "list"],
        &["signatures", "list", "-f", "ndjson"],
        &["signatures", "show", "acme-usage"],
        &["signatures", "show", "acme-usage", "-f", "ndjson"],
        &["signatures", "coverage"],
        &["signatures", "export", "names"],
        &["signatures", "export", "hosts"],
        &["signatures", "export", "adblock"],
        &["signatures", "export", "pihole"],
        &["signatures", "export", "dnsmasq"],
        &["signatures", "export", "suricata"],
        &["signatures", "export", "zeek"],
        &["signatures", "export", "wireshark"],
        &["signatures", "export", "nftables"],
    ] {
        let (out, err) = vigie(folder.path(), command);
        assert!(format!("{out} {err}").contains("2019-03"), "{command:?}: {out} {err}");
        assert!(err.contains("days old"), "{command:?}: {err}");
    }
}
