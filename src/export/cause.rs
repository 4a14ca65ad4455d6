//! What the system says, in the form of vigie's messages.

use std::io;

/// Why the system refused: lower case, without its number.
pub fn in_words(error: &io::Error) -> String {
    let text = without_code(&error.to_string());
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// `text` without the numbers of system errors: ` (os error 2)`.
pub fn without_code(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once(MARK) {
        kept.push_str(before);
        match after.split_once(')') {
            Some((number, after)) if number.bytes().all(|b| b.is_ascii_digit()) => rest = after,
            _ => {
                kept.push_str(MARK);
                rest = after;
            }
        }
    }
    kept + rest
}

/// What the standard library puts before the number.
const MARK: &str = " (os error ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_error_reads_like_the_other_messages() {
        let error = io::Error::from_raw_os_error(2);
        assert!(!in_words(&error).contains("os error"));
        assert!(in_words(&error).starts_with(char::is_lowercase), "{}", in_words(&error));
    }

    #[test]
    fn the_number_of_a_system_error_is_left_out_and_nothing_else() {
        assert_eq!(without_code("a: no such file (os error 2): b"), "a: no such file: b");
        assert_eq!(without_code("a (os error x) b (os error "), "a (os error x) b (os error ");
    }
}
