//! JSON that is safe to look at: the same values, with `\u` for what a terminal might act on.

use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::escape::is_unsafe;

/// Writes `value` on one line, without a line break at the end.
pub(super) fn write<W: io::Write, T: Serialize>(writer: W, value: &T) -> io::Result<()> {
    // An error of the writer comes back as it was, with its kind: a closed pipe stays one.
    value.serialize(&mut Serializer::with_formatter(writer, Safe)).map_err(io::Error::from)
}

/// Compact JSON, with escapes for what [`is_unsafe`] names beside those that JSON requires.
struct Safe;

impl Formatter for Safe {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        // C0 controls never come here: JSON escapes them itself.
        if fragment.bytes().all(|octet| octet < 0x7f) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_unsafe(*c)) {
            let (plain, tail) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = tail.get(c.len_utf8()..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn json(text: &str) -> String {
        let mut out = Vec::new();
        write(&mut out, &text).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn controls_and_reordering_are_escaped() {
        assert_eq!(json("a\u{1b}\u{9b}\u{202e}b\u{7f}é"), r#""a\u001b\u009b\u202eb\u007fé""#);
        assert_eq!(json("\u{e0001}"), r#""\udb40\udc01""#);
    }

    proptest! {
        #[test]
        fn the_value_stays_the_same(text in any::<String>()) {
            prop_assert_eq!(serde_json::from_str::<String>(&json(&text)).unwrap(), text);
        }
    }
}
