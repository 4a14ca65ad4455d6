//! `vigie signatures`: the built program over the shipped database and files of a user's.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

/// `vigie signatures …` in a folder of its own, without anybody's configuration.
fn vigie(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .current_dir(folder)
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env("HOME", folder)
        .arg("signatures")
        .args(arguments)
        .output()
        .expect("vigie runs");
    let text = |octets| String::from_utf8(octets).expect("UTF-8");
    (output.status.code().expect("a status"), text(output.stdout), text(output.stderr))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

const SOUND: &str = r#"[[signature]]
id = "acme-car"
vendor = "Acme"
product = "Acme Connect"
category = "connected-car"
purpose = "position of the vehicle"
exclusivity = "dedicated"
confidence = "measured"
status = "active"
hosts = ["car.acme-example.com"]
sources = [
  { title = "t", publisher = "p", ref = "r", as_of = "2026-03", says = "names the host" },
]
"#;

#[test]
fn the_shipped_database_is_clean() {
    let (status, out, err) = vigie(folder().path(), &["check"]);
    assert_eq!(status, 0, "{out}");
    // It says nothing else than, one day, that it is old.
    assert!(err.lines().all(|line| line.contains("days old")), "{err}");
    assert!(out.contains(": all holds; the database is of 20"), "{out}");
    assert_eq!(out.lines().count(), 1, "{out}");
    let (status, out, _) = vigie(folder().path(), &["check", "-f", "ndjson"]);
    let record: serde_json::Value = serde_json::from_str(out.trim()).expect("one record");
    assert_eq!((status, &record["type"], &record["findings"]), (0, &"check".into(), &0.into()));
    assert!(record["signatures_date"].as_str().is_some_and(|date| date.starts_with("20")));
}

#[test]
fn a_finding_has_its_place_and_what_to_do_and_status_4() {
    let folder = folder();
    let text = SOUND.replace("car.acme-example.com", "*.acme-example.com") + SOUND;
    fs::create_dir(folder.path().join("own")).expect("a folder");
    fs::write(folder.path().join("own/acme.toml"), text).expect("a file");
    let (status, out, _) = vigie(folder.path(), &["check", "own"]);
    assert_eq!(status, 4, "{out}");
    let lines: Vec<_> = out.lines().collect();
    assert!(
        lines[0].starts_with("own/acme.toml:10:10: wildcard: acme-car: \"*.acme-example.com\"")
    );
    assert!(lines[1].starts_with("    name the hosts instead"), "{out}");
    assert!(
        lines[2].starts_with("own/acme.toml:15:6: schema: field `id`: \"acme-car\" is already")
    );
    assert!(lines[4].starts_with("1 file, 1 signature, 1 host pattern: 2 findings; the database"));

    let (status, out, _) = vigie(folder.path(), &["check", "own", "--format", "ndjson"]);
    assert_eq!((status, out.lines().count()), (4, 3));
    let record: serde_json::Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    assert_eq!(record["rule"], "wildcard");
    assert_eq!((&record["line"], &record["column"]), (&10.into(), &10.into()));
}

#[test]
fn sound_signatures_of_a_users_hold() {
    let folder = folder();
    fs::write(folder.path().join("acme.toml"), SOUND).expect("a file");
    let (status, out, _) = vigie(folder.path(), &["check", "acme.toml"]);
    assert_eq!(status, 0, "{out}");
    assert!(
        out.starts_with("1 file, 1 signature, 1 host pattern: all holds; the database"),
        "{out}"
    );
    let (status, _, err) = vigie(folder.path(), &["check", "absent"]);
    assert_eq!(status, 1);
    assert!(err.starts_with("vigie: absent: cannot be read: "), "{err}");
}

#[test]
fn what_is_shown_can_be_kept_as_a_file() {
    let folder = folder();
    fs::write(folder.path().join("acme.toml"), SOUND).expect("a file");
    let own = ["--signatures", "acme.toml", "--only-signatures", "-q"];
    let show = |id: &'static str| vigie(folder.path(), &[&["show", id], &own[..]].concat());
    let (status, out, _) = show("acme-car");
    assert_eq!(status, 0);
    assert!(
        out.starts_with("# database of 2026-03; grades: name B, certificate B, dns C,"),
        "{out}"
    );
    let again = folder.path().join("again.toml");
    fs::write(&again, &out).expect("a file");
    let (status, listed, _) = vigie(
        folder.path(),
        &["list", "--signatures", "again.toml", "--only-signatures", "-q", "-f", "ndjson"],
    );
    let record: serde_json::Value = serde_json::from_str(listed.trim()).expect("one record");
    assert_eq!((status, &record["id"]), (0, &"acme-car".into()));
    assert_eq!(record["sources"][0]["says"], "names the host");
    let (status, _, err) = show("acme-cat");
    assert_eq!(status, 2);
    assert!(err.contains("no signature `acme-cat`; did you mean `acme-car`?"), "{err}");
}

#[test]
fn a_list_is_limited_by_what_is_asked_and_states_the_date() {
    let folder = folder();
    let (_, all, _) = vigie(folder.path(), &["list"]);
    let (_, cars, _) = vigie(folder.path(), &["list", "--category", "connected-car"]);
    let (_, tesla, _) =
        vigie(folder.path(), &["list", "--category", "connected-car", "--vendor", "tesla"]);
    let count = |text: &str| text.lines().count() - 1;
    assert!(count(&all) > count(&cars) && count(&cars) > count(&tesla) && count(&tesla) > 0);
    assert!(tesla.lines().rev().skip(1).all(|line| line.contains("connected-car")), "{tesla}");
    assert!(all.lines().last().is_some_and(|line| line.contains("; the database is of 20")));
    let (status, _, err) = vigie(folder.path(), &["list", "--category", "telemetri"]);
    assert_eq!(status, 2);
    assert!(err.contains("did you mean `telemetry`?"), "{err}");
}

#[test]
fn an_imported_list_tags_and_says_what_was_left_out() {
    let folder = folder();
    let list =
        "! Last modified: 2026-02-03\n||ads.acme-example.com^\n||github.io^\nexample.org##.ad\n";
    fs::write(folder.path().join("ads.txt"), list).expect("a file");
    let import = ["import", "ads.txt", "--category", "advertising", "-o", "lists"];
    let (status, out, err) = vigie(folder.path(), &import);
    assert_eq!((status, out.as_str()), (0, ""), "{err}");
    let lines: Vec<_> = err.lines().collect();
    assert_eq!(
        lines,
        [
            "vigie: ads.txt: list of hosts: 1 of 3 entries taken over, into 1 signature",
            "vigie: ads.txt: 1 left out: covers a public suffix; the first: line 3, ||github.io^",
            "vigie: ads.txt: 1 left out: is about parts of pages or paths, not hosts; the first: \
             line 4, example.org##.ad",
        ]
    );
    let (_, shown, _) = vigie(
        folder.path(),
        &["show", "ads-advertising", "--signatures", "lists/ads.toml", "--only-signatures", "-q"],
    );
    assert!(
        shown.contains("\"*.ads.acme-example.com\"") && shown.contains("as_of = \"2026-02-03\"")
    );
    let (status, _, err) = vigie(folder.path(), &import);
    assert_eq!(status, 1, "a file that is there is kept");
    assert!(err.contains("lists/ads.toml cannot be written"), "{err}");
    let (status, _, err) = vigie(folder.path(), &["import", "ads.txt"]);
    assert_eq!(status, 1);
    assert!(err.ends_with("a list of names does not say what they are for; give --category\n"));
}

#[test]
fn an_export_says_what_its_form_cannot_say() {
    let folder = folder();
    let (status, out, err) = vigie(folder.path(), &["export", "hosts", "--accusing"]);
    assert_eq!(status, 0);
    assert!(
        out.lines().skip(2).all(|line| line.starts_with("0.0.0.0 ")) && out.lines().count() > 100
    );
    assert!(err.starts_with("vigie: hosts cannot say ") && err.contains("host patterns"), "{err}");
    let (status, out, _) = vigie(folder.path(), &["export", "nftables", "-q"]);
    assert!(status == 0 && out.contains("set ms_teams_media_v4 {"), "{out}");
    let (status, _, err) = vigie(folder.path(), &["export", "snort"]);
    assert_eq!(status, 2);
    assert!(err.contains("there are: names, hosts, adblock, pihole"), "{err}");
}

#[test]
fn the_coverage_page_is_what_the_program_says() {
    let (status, out, _) = vigie(folder().path(), &["coverage"]);
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/coverage.md");
    assert_eq!(status, 0);
    assert!(out == fs::read_to_string(page).expect("the page"), "docs/coverage.md is stale");
}
