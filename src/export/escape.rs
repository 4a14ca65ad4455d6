//! Text from the wire and from paths, made safe to look at.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` with every character that a terminal might act on, or that hides or reorders what
/// stands beside it, written as an escape: `\t`, `\n`, `\r`, else `\u{…}`.
///
/// These are the control characters (C0, DEL, C1), line and paragraph separators, and the
/// invisible and bidirectional format characters (Unicode Standard Annex #9).
pub fn escape(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| !is_unsafe(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        push(&mut out, c);
    }
    Cow::Owned(out)
}

/// The same for octets; what is not UTF-8 is written as `\x` and two digits an octet.
pub fn escape_octets(octets: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(octets) {
        return escape(text);
    }
    let mut out = String::with_capacity(octets.len() + 8);
    for chunk in octets.utf8_chunks() {
        chunk.valid().chars().for_each(|c| push(&mut out, c));
        for octet in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\x{octet:02x}");
        }
    }
    Cow::Owned(out)
}

/// Appends `c`, escaped if need be.
fn push(out: &mut String, c: char) {
    match c {
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        c if is_unsafe(c) => {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
        c => out.push(c),
    }
}

/// Whether the character must not reach a terminal as it is.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_terminal_acts_on_is_spelt_out() {
        assert_eq!(escape("a\x1b[31mb"), "a\\u{1b}[31mb");
        assert_eq!(escape("tab\tline\r\n"), "tab\\tline\\r\\n");
        assert_eq!(escape("\u{9b}2J"), "\\u{9b}2J");
        assert_eq!(escape("exe\u{202e}fdp"), "exe\\u{202e}fdp");
        assert!(matches!(escape("Bücher, 本, C:\\dir"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_is_not_utf8_is_spelt_octet_by_octet() {
        assert_eq!(escape_octets(b"a\xff\xfeb\x07"), "a\\xff\\xfeb\\u{7}");
        assert_eq!(escape_octets(b"caf\xc3\xa9 \xc3"), "caf\u{e9} \\xc3");
    }

    proptest! {
        #[test]
        fn nothing_unsafe_is_left(octets in any::<Vec<u8>>(), text in any::<String>()) {
            prop_assert!(!escape_octets(&octets).chars().any(is_unsafe));
            prop_assert!(!escape(&text).chars().any(is_unsafe));
        }
    }
}
