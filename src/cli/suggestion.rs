//! The word that may have been meant.

/// The candidate nearest to `word` in single-letter changes, if it is near enough to be meant.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let near = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (changes(word, candidate), candidate))
        .filter(|(changes, _)| *changes <= near)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `; did you mean …?`, or nothing: to be put at the end of a message.
pub(super) fn hint<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map(|c| format!("; did you mean `{c}`?")).unwrap_or_default()
}

/// Words longer than this, in octets, are nobody's typing error.
const LONGEST: usize = 64;

/// Letters to insert, delete or replace until `a` is `b` (Levenshtein distance).
fn changes(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(&b) {
            let next = (diagonal + usize::from(from != *to)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = next;
            left = next;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_inserted_deleted_and_replaced_letters() {
        assert_eq!(changes("kitten", "sitting"), 3);
        assert_eq!(changes("", "abc"), 3);
        assert_eq!(changes("abc", ""), 3);
        assert_eq!(changes("same", "same"), 0);
    }

    #[test]
    fn a_near_word_is_suggested_and_a_far_one_is_not() {
        let words = ["category", "client", "server"];
        assert_eq!(nearest("catgory", words), Some("category"));
        assert_eq!(nearest("zzz", words), None);
        assert_eq!(hint("clent", words), "; did you mean `client`?");
        assert_eq!(hint("zzz", words), "");
    }
}
