//! Long sentences over several lines.

/// `text` in lines of at most `width` characters, broken at spaces; lines after the first are
/// indented by `indent`. A word that is longer still is not broken.
pub(in crate::cli) fn wrap(text: &str, width: usize, indent: usize) -> String {
    let mut wrapped = String::with_capacity(text.len() + 16);
    let mut column = 0;
    for (i, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            wrapped.push('\n');
            wrapped.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        } else if i > 0 {
            wrapped.push(' ');
            column += 1;
        }
        wrapped.push_str(word);
        column += length;
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_go_on_indented() {
        assert_eq!(wrap("one two three", 80, 2), "one two three");
        assert_eq!(wrap("one two three four", 8, 2), "one two\n  three\n  four");
        assert_eq!(wrap("a-word-longer-than-that b", 8, 2), "a-word-longer-than-that\n  b");
        assert_eq!(wrap(" indented", 80, 2), " indented");
    }
}
