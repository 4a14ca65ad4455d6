//! How many letters tell two words apart.

/// Letters to insert, remove or replace to turn `a` into `b` (Levenshtein); words of more than
/// 64 octets are not compared and count as far apart.
pub(super) fn letters(a: &str, b: &str) -> usize {
    if a.len() > LONGEST || b.len() > LONGEST {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b.bytes()) {
            let replaced = diagonal + usize::from(x != y);
            diagonal = *cell;
            left = replaced.min(*cell + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Keeps the work small whatever is typed.
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_as_they_are_changed() {
        for (a, b, n) in [("", "", 0), ("a", "", 1), ("", "ab", 2), ("host", "hosts", 1)] {
            assert_eq!(letters(a, b), n, "{a} {b}");
        }
        assert_eq!(letters("kitten", "sitting"), 3);
        assert_eq!(letters(&"a".repeat(65), "a"), usize::MAX);
    }
}
