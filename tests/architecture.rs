//! The data flows one way: no room names one to its right.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from left to right (`docs/architecture.md`).
const ROOMS: [&str; 13] = [
    "source",
    "decode",
    "flow",
    "name",
    "signature",
    "language",
    "ledger",
    "filter",
    "pipeline",
    "export",
    "tui",
    "evidence",
    "cli",
];

/// The room that stands aside: it names no other, and only the last one names it.
const ASIDE: &str = "privilege";

/// Files that belong to no room: they join or start the others.
const OUTSIDE: [&str; 3] = ["allocator.rs", "lib.rs", "main.rs"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The folder of `src/` that a file is in.
fn folder_of(path: &Path) -> Option<String> {
    let first = path.strip_prefix(root()).ok()?.components().next()?;
    Some(Path::new(first.as_os_str()).file_stem()?.to_str()?.to_owned())
}

fn room_of(path: &Path) -> Option<usize> {
    let first = folder_of(path)?;
    ROOMS.iter().position(|room| *room == first)
}

/// The code of a file without comments, so that a page may speak of other rooms.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The rooms that `code` names, by their place in [`ROOMS`].
fn named(code: &str) -> Vec<usize> {
    heads(code).iter().filter_map(|h| ROOMS.iter().position(|r| r == h)).collect()
}

/// What `code` names as `crate::head` or in `crate::{head…, head…}`.
fn heads(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let heads: Vec<&str> = match rest.strip_prefix('{') {
            Some(list) => list.split(['{', '}', ',', ':', ' ', '\n']).collect(),
            None => rest.split(|c: char| !c.is_alphanumeric() && c != '_').take(1).collect(),
        };
        found.extend(heads);
    }
    found
}

#[test]
fn no_room_names_one_to_its_right() {
    let mut found = Vec::new();
    sources(&root(), &mut found);
    let mut offences = Vec::new();
    let mut looked_at = 0;
    for path in &found {
        if folder_of(path).as_deref() == Some(ASIDE) {
            continue;
        }
        let Some(mine) = room_of(path) else {
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(OUTSIDE.contains(&name), "{} is in no room", path.display());
            continue;
        };
        looked_at += 1;
        for other in named(&code(path)).into_iter().filter(|other| *other > mine) {
            offences.push(format!("{} names {}", path.display(), ROOMS[other]));
        }
    }
    assert!(looked_at > 30, "only {looked_at} files were found");
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn the_check_sees_a_room_in_a_path_and_in_a_list() {
    assert_eq!(named("use crate::ledger::Snapshot;"), [6]);
    assert_eq!(named("use crate::{flow::FlowKey, source::Frame};"), [2, 0]);
    assert!(named("use super::decode;").is_empty());
}

#[test]
fn the_room_aside_names_no_other_and_only_the_command_line_names_it() {
    let mut found = Vec::new();
    sources(&root(), &mut found);
    let last = ROOMS[ROOMS.len() - 1];
    let (mut inside, mut callers) = (0, 0);
    for path in &found {
        let (folder, code) = (folder_of(path), code(path));
        match folder.as_deref() {
            Some(ASIDE) => {
                inside += 1;
                assert!(named(&code).is_empty(), "{} names a room", path.display());
            }
            room if heads(&code).contains(&ASIDE) => {
                callers += 1;
                assert_eq!(room, Some(last), "{} names {ASIDE}", path.display());
            }
            _ => {}
        }
    }
    assert!(inside > 5 && callers > 0, "{inside} files, {callers} callers");
}

#[test]
fn a_rooms_page_holds_no_logic() {
    let mut found = Vec::new();
    sources(&root(), &mut found);
    for room in ROOMS.into_iter().chain([ASIDE]) {
        let page = root().join(room).join("mod.rs");
        let text = code(&page);
        assert!(!text.contains("fn "), "{} holds logic", page.display());
    }
}

#[test]
fn no_room_is_named_after_nothing() {
    let mut found = Vec::new();
    sources(&root(), &mut found);
    for path in found {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        assert!(
            !["util", "utils", "helper", "helpers", "common", "misc", "types", "traits", "manager"]
                .contains(&stem),
            "{} has a name that says nothing",
            path.display()
        );
    }
}

#[test]
fn time_below_the_source_is_an_argument() {
    let mut found = Vec::new();
    sources(&root(), &mut found);
    let cli = ROOMS.iter().position(|r| *r == "cli").unwrap();
    let is_test = |path: &Path| {
        path.components().any(|c| c.as_os_str().to_string_lossy().starts_with("tests"))
    };
    // Who takes frames from the kernel without its time dates them.
    let dates_frames = root().join("source/live/pnet.rs");
    let inside = found.iter().filter(|path| room_of(path).is_some_and(|room| room != cli));
    let inside = inside.filter(|path| **path != dates_frames);
    for path in inside.filter(|path| !is_test(path.strip_prefix(root()).unwrap())) {
        for clock in ["Instant::now", "SystemTime::now", "Timestamp::now", "Zoned::now"] {
            assert!(!code(path).contains(clock), "{} reads the wall clock", path.display());
        }
    }
}
