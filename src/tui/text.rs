//! Text that fits into cells.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::export::escape;

/// `text`, made safe to show, in exactly `width` cells: cut with an ellipsis or filled up.
pub(super) fn fit(text: &str, width: usize, right: bool) -> String {
    let safe = escape(text);
    let mut out = String::with_capacity(width + 4);
    let whole = safe.width();
    if whole <= width {
        let fill = " ".repeat(width - whole);
        return if right { fill + &safe } else { safe.into_owned() + &fill };
    }
    let mut used = 0;
    for character in safe.chars() {
        let cells = character.width().unwrap_or(0);
        if used + cells + 1 > width {
            break;
        }
        out.push(character);
        used += cells;
    }
    if used < width {
        out.push('…');
        used += 1;
    }
    out + &" ".repeat(width.saturating_sub(used))
}

/// Cells that `text` takes once it is safe.
pub(super) fn cells(text: &str) -> usize {
    escape(text).width()
}

/// `text` in lines of at most `width` cells, broken at spaces where it can be.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let mut word = escape(word).into_owned();
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        while word.width() > width {
            let (mut head, mut used) = (0, 0);
            for (at, character) in word.char_indices() {
                used += character.width().unwrap_or(0);
                if used > width && at > 0 {
                    break;
                }
                head = at + character.len_utf8();
            }
            let tail = word.split_off(head);
            lines.push(std::mem::replace(&mut word, tail));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    lines.push(line);
    lines
}

/// A bar of `part` of `whole` in `width` cells, to an eighth of a cell; what is not nothing is
/// seen.
pub(super) fn bar(part: u64, whole: u64, width: usize) -> String {
    const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    let whole = u128::from(whole.max(1));
    let eighths = u128::from(part) * (width as u128) * 8 / whole;
    let eighths = usize::try_from(eighths).unwrap_or(usize::MAX).min(width * 8);
    let eighths = if part > 0 { eighths.max(1) } else { 0 };
    let mut text = "█".repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        text.push(EIGHTHS[eighths % 8]);
    }
    text
}

/// One character for `part` of `most`: its height in eighths of a cell, a space for nothing.
pub(super) fn height(part: u64, most: u64) -> char {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    if part == 0 {
        return ' ';
    }
    let step = u128::from(part) * 8 / u128::from(most.max(1));
    HEIGHTS[usize::try_from(step).unwrap_or(8).clamp(1, 8) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_takes_the_cells_that_it_is_given_and_none_of_it_acts() {
        assert_eq!(fit("abc", 5, false), "abc  ");
        assert_eq!(fit("abc", 5, true), "  abc");
        assert_eq!(fit("abcdef", 4, false), "abc…");
        assert_eq!(fit("日本語", 4, false), "日… ");
        for text in ["\u{1b}[31mred", "a\u{202e}b", "שלום", "e\u{301}e\u{301}", "日本語日本語"]
        {
            for width in 1..12 {
                let cell = fit(text, width, false);
                assert_eq!(UnicodeWidthStr::width(&*cell), width, "{text:?} in {width}");
                assert!(!cell.contains(['\u{1b}', '\u{202e}']));
            }
        }
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_anywhere() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
    }

    #[test]
    fn what_is_not_nothing_is_seen() {
        assert_eq!(bar(1, 1_000_000, 4), "▏");
        assert_eq!(bar(1, 1, 4), "████");
        assert_eq!(bar(0, 1, 4), "");
        assert_eq!((height(1, 1_000), height(0, 5), height(5, 5)), ('▁', ' ', '█'));
    }
}
