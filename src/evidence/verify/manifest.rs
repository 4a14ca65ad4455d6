//! Manifests (RFC 8493 §2.1.3), read without trust.

use std::collections::BTreeMap;

/// Hashes by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) hashes: BTreeMap<String, String>,
    /// Numbers of lines that are none, from 1.
    pub(super) unreadable: Vec<usize>,
}

impl Manifest {
    /// Reads a manifest. Each line is 64 lower-case digits, two spaces and a path, as vigie and
    /// sha256sum write it.
    pub(super) fn of(text: &str) -> Self {
        let mut manifest = Self::default();
        if !text.is_empty() && !text.ends_with('\n') {
            manifest.unreadable.push(text.lines().count());
        }
        for (number, line) in (1..).zip(text.split_terminator('\n')) {
            let entry = line.split_once("  ").filter(|(hash, path)| {
                let digit = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
                hash.len() == 64 && hash.bytes().all(digit) && is_inside(path)
            });
            let new = entry.map(|(hash, path)| {
                manifest.hashes.insert(path.to_owned(), hash.to_owned()).is_none()
            });
            if new != Some(true) {
                manifest.unreadable.push(number);
            }
        }
        manifest
    }
}

/// Whether a path stays inside the bag: relative, no part of it empty or made of dots, no
/// backslash, no drive, no control character.
pub(super) fn is_inside(path: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part != "." && part != "..";
    path.len() <= 4_096
        && path.split('/').all(part)
        && !path.contains(['\\', ':'])
        && !path.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_read_line_by_line_and_what_is_none_is_named() {
        let hash = "0".repeat(64);
        let text = format!("{hash}  data/a\n{hash} data/b\n{hash}  ../c\n{hash}  data/a\n");
        let manifest = Manifest::of(&text);
        assert_eq!(manifest.hashes.len(), 1);
        assert_eq!(manifest.unreadable, [2, 3, 4]);
        assert_eq!(Manifest::of(&format!("{hash}  a")).unreadable, [1]);
        assert_eq!(Manifest::of(""), Manifest::default());
    }

    #[test]
    fn paths_that_lead_out_are_no_paths() {
        for path in
            ["/etc/passwd", "../a", "a/../b", "a//b", "", "a/", "C:\\x", "a\\b", "a\nb", "."]
        {
            assert!(!is_inside(path), "{path}");
        }
        assert!(is_inside("data/tables/flows.csv") && is_inside("..a/b.."));
    }
}
