//! The documents say what the source says.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The files of a folder, in its folders too, with this ending.
fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
}

/// What stands between single back quotes in a text, outside fenced blocks.
fn quoted(text: &str) -> Vec<&str> {
    let outside = text.split("```").step_by(2);
    outside.flat_map(|part| part.split('`').skip(1).step_by(2)).collect()
}

/// The rows of all tables as cells.
fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
        .map(|line| line.split(" | ").collect())
        .collect()
}

#[test]
fn the_rooms_of_the_architecture_page_are_those_of_the_source() {
    let page = read("docs/architecture.md");
    let listed: BTreeSet<String> = rows(&page)
        .iter()
        .skip_while(|cells| cells[0] != "room")
        .skip(1)
        .take_while(|cells| cells.len() == 3)
        .map(|cells| cells[0].trim_matches('`').to_owned())
        .collect();
    let lib = read("src/lib.rs");
    let declared: BTreeSet<String> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect();
    assert_eq!(listed, declared);
}

/// A constant that bounds something: its file, its name and its value as written.
type Bound = (String, String, String);

/// The bounds in the source: constants with a name that says so, outside tests.
fn bounds_of_the_source() -> BTreeSet<Bound> {
    let mut found = Vec::new();
    files(&root().join("src"), "rs", &mut found);
    let mut bounds = BTreeSet::new();
    for path in found {
        let file = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        for line in text.split("#[cfg(test)]\nmod tests {").next().unwrap().lines() {
            let Some((before, rest)) = line.split_once("const ") else { continue };
            let is_item = before.trim().is_empty() || before.trim_start().starts_with("pub");
            let Some((name, rest)) = rest.split_once(": ").filter(|_| is_item) else { continue };
            let Some((_, value)) = rest.split_once(" = ") else { continue };
            let value = value.split(';').next().unwrap().trim();
            bounds.insert((file.clone(), name.to_owned(), value.to_owned()));
        }
    }
    bounds
}

/// Parts of names that bounds have.
const WORDS: [&str; 8] =
    ["LIMIT", "MOST", "MAX_", "LONGEST", "LARGEST", "DEEPEST", "KEPT", "BUFFERED"];

/// Constants with such a name that bound no buffer, table or work on input.
const NO_BOUNDS: [(&str, &str); 10] = [
    ("src/decode/fragment.rs", "MAX_AGE_NS"),
    ("src/decode/ethernet.rs", "LONGEST_LLC"),
    ("src/decode/walk.rs", "LONGEST_FRAME"),
    ("src/decode/tunnel/inside.rs", "LOW_BITS"),
    ("src/filter/suggest.rs", "LONGEST"),
    ("src/pipeline/resumed.rs", "LONGEST"),
    ("src/signature/distance.rs", "LONGEST"),
    ("src/signature/explain/mod.rs", "MOST_NEAREST"),
    ("src/signature/matcher/suffix.rs", "LONGEST_NAME"),
    ("src/signature/matcher/suffix.rs", "MOST_LABELS"),
];

#[test]
fn every_bound_of_the_source_is_on_the_architecture_page_with_its_value() {
    let page = read("docs/architecture.md");
    let listed: BTreeSet<Bound> = rows(&page)
        .iter()
        .filter_map(|cells| {
            let place = cells.iter().position(|cell| cell.starts_with("`src/"))?;
            let [file, name] = *quoted(cells[place]).as_slice() else { return None };
            let value = *quoted(cells.get(place + 1)?).first()?;
            Some((file.to_owned(), name.to_owned(), value.to_owned()))
        })
        .collect();
    assert!(listed.len() > 40, "only {} bounds were found on the page", listed.len());
    let source = bounds_of_the_source();
    let wrong: Vec<&Bound> = listed.difference(&source).collect();
    assert!(wrong.is_empty(), "on the page, not so in the source: {wrong:#?}");
    let missing: Vec<&Bound> = source
        .difference(&listed)
        .filter(|(_, name, _)| WORDS.iter().any(|word| name.contains(word)))
        .filter(|(file, name, _)| !NO_BOUNDS.contains(&(file, name)))
        .collect();
    assert!(missing.is_empty(), "in the source, not on the page: {missing:#?}");
}

#[test]
fn every_counter_of_bounds_is_on_the_architecture_page() {
    let page = read("docs/architecture.md");
    let output = read("docs/output.md");
    for field in quoted(&output).into_iter().filter_map(|word| word.strip_prefix("bounds.")) {
        assert!(page.contains(&format!("| `{field}` |")), "{field}");
    }
}

/// Folders and files at the top, of which documents speak.
const TOP: [&str; 9] =
    ["src/", "tests/", "docs/", "benches/", "fuzz/", "pcaps/", "signatures/", ".ci/", "README.md"];

#[test]
fn every_path_that_a_document_names_is_there() {
    let mut documents = vec![root().join("README.md"), root().join("CHANGELOG.md")];
    files(&root().join("docs"), "md", &mut documents);
    let mut looked_at = 0;
    let mut missing = Vec::new();
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        let words = quoted(&text).into_iter().flat_map(str::split_whitespace);
        let named = words.filter(|word| TOP.iter().any(|top| word.starts_with(top)));
        let named = named.map(|word| root().join(word.trim_end_matches([',', ';', ':'])));
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let links = links.filter(|link| !link.contains("://") && !link.starts_with('#'));
        let folder = document.parent().unwrap();
        let linked = links.map(|link| folder.join(link.split('#').next().unwrap()));
        for path in named.chain(linked) {
            looked_at += 1;
            let is_pattern = path.to_str().unwrap().contains(['*', '<', '…']);
            if !is_pattern && !path.exists() {
                missing.push(format!("{} names {}", document.display(), path.display()));
            }
        }
    }
    assert!(looked_at > 100, "only {looked_at} paths were found");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The names of all tests, those of properties among them.
fn tests_of_the_source() -> BTreeSet<String> {
    let mut found = Vec::new();
    for folder in ["src", "tests"] {
        files(&root().join(folder), "rs", &mut found);
    }
    let mut tests = BTreeSet::new();
    for path in found {
        let text = fs::read_to_string(path).unwrap();
        for after in text.split("#[test]").skip(1) {
            let name = after.split_once("fn ").and_then(|(_, rest)| rest.split_once('('));
            tests.extend(name.map(|(name, _)| name.to_owned()));
        }
    }
    tests
}

/// Promises of a page whose tests, files or steps are not there; gives how many there are.
fn unshown(page: &str) -> (usize, Vec<String>) {
    let (tests, steps) = (tests_of_the_source(), read(".ci/run"));
    let (mut shown, mut missing) = (0, Vec::new());
    for cells in rows(page).into_iter().filter(|cells| cells[1] != "shown by") {
        let [promise, by] = *cells.as_slice() else { panic!("{cells:?}") };
        let words = quoted(by);
        assert!(!words.is_empty() || by.contains("not read"), "{promise}: shown by nothing");
        for word in words {
            shown += 1;
            let is_there = if let Some(step) = word.strip_prefix(".ci/run ") {
                steps.contains(&format!("\n{step}() {{"))
            } else if word.contains('/') {
                root().join(word).exists()
            } else {
                tests.contains(word)
            };
            if !is_there {
                missing.push(format!("{promise}: {word}"));
            }
        }
    }
    (shown, missing)
}

#[test]
fn every_promise_about_names_and_bundles_is_shown_by_tests_that_are_there() {
    for (page, least) in [("docs/names-shown.md", 100), ("docs/evidence-shown.md", 70)] {
        let (shown, missing) = unshown(&read(page));
        assert!(shown > least, "{page}: only {shown} tests were found");
        assert!(missing.is_empty(), "{page}: {}", missing.join("\n"));
    }
}

/// Headings as the anchors that GitHub makes of them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |line: &str| {
        let heading = line.trim_start_matches('#').trim().to_lowercase();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.collect::<String>().replace(' ', "-")
    };
    headings.map(anchor).collect()
}

#[test]
fn every_link_to_a_heading_leads_to_one() {
    let mut documents = vec![root().join("README.md")];
    files(&root().join("docs"), "md", &mut documents);
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        let folder = document.parent().unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let Some((file, anchor)) = link.split_once('#') else { continue };
            if file.contains("://") {
                continue;
            }
            let target = if file.is_empty() { document.clone() } else { folder.join(file) };
            let there = anchors(&fs::read_to_string(&target).unwrap());
            assert!(there.contains(anchor), "{}: {link}", document.display());
        }
    }
}

/// The blocks of a text that show a command and its output.
fn sessions(text: &str) -> Vec<(&str, Vec<&str>)> {
    let blocks = text.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks
        .filter_map(|block| {
            let mut lines = block.lines();
            Some((lines.next()?.strip_prefix("$ ")?, lines.collect()))
        })
        .collect()
}

/// The first line that is shown and is not in the output where it should be. `…` stands for any
/// lines.
fn first_untrue<'a>(shown: &[&'a str], output: &str) -> Option<&'a str> {
    let mut rest = output.lines();
    let mut skipping = false;
    for line in shown {
        if *line == "…" {
            skipping = true;
            continue;
        }
        // How old the signatures are depends on the day.
        let is_it =
            |said: &str| said == *line || (line.starts_with("Sign") && said.starts_with(line));
        let found = if skipping { rest.any(is_it) } else { rest.next().is_some_and(is_it) };
        if !found {
            return Some(line);
        }
        skipping = false;
    }
    None
}

#[test]
fn the_readme_shows_the_real_output() {
    let readme = read("README.md");
    let sessions = sessions(&readme);
    let mut compared = 0;
    for (command, shown) in &sessions {
        let Some((_, arguments)) = command.split_once(" -- ") else { continue };
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_vigie"))
            .arg("--no-config")
            .args(arguments.split(' '))
            .current_dir(root())
            .output()
            .expect("vigie runs");
        assert!(run.status.success(), "{command}");
        let output = String::from_utf8_lossy(&run.stdout);
        assert_eq!(first_untrue(shown, &output), None, "{command} says:\n{output}");
        compared += shown.len();
    }
    assert!(compared > 50, "only {compared} lines were compared");
}

#[test]
fn an_output_that_is_not_the_one_shown_is_noticed() {
    assert_eq!(first_untrue(&["a", "…", "c"], "a\nb\nc\n"), None);
    assert_eq!(first_untrue(&["a", "c"], "a\nb\nc\n"), Some("c"));
    assert_eq!(first_untrue(&["…", "c", "b"], "a\nb\nc\n"), Some("b"));
}
