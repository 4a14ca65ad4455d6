//! The word that may have been meant.

use crate::filter::nearest;

/// `; did you mean …?`, or nothing: to be put at the end of a message.
pub(super) fn hint<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map(|c| format!("; did you mean `{c}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_word_is_suggested_and_a_far_one_is_not() {
        let words = ["category", "client", "server"];
        assert_eq!(hint("clent", words), "; did you mean `client`?");
        assert_eq!(hint("zzz", words), "");
    }
}
