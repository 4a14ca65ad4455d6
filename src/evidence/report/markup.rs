//! HTML that cannot be broken by what stands in it: text comes in through [`Page::text`] alone.

use std::fmt::Write as _;

use crate::export::escape;

/// An attribute.
pub(super) type Attribute<'a> = (&'static str, &'a str);

/// A page that is being written. Elements are closed where they were opened, since they are
/// written by [`Page::within`].
#[derive(Debug, Default)]
pub(super) struct Page {
    out: String,
}

impl Page {
    /// What was written.
    pub(super) fn finish(self) -> String {
        self.out
    }

    /// An element with what `write` puts into it.
    pub(super) fn within(
        &mut self,
        tag: &'static str,
        attributes: &[Attribute<'_>],
        write: impl FnOnce(&mut Self),
    ) {
        self.open(tag, attributes);
        write(self);
        // Writing to a String cannot fail.
        let _ = write!(self.out, "</{tag}>");
        if !is_inline(tag) {
            self.out.push('\n');
        }
    }

    /// An element with text in it.
    pub(super) fn element(
        &mut self,
        tag: &'static str,
        attributes: &[Attribute<'_>],
        text: impl AsRef<str>,
    ) {
        self.within(tag, attributes, |page| page.text(text.as_ref()));
    }

    /// An element that has no end: `meta`, `img`, `br`.
    pub(super) fn open(&mut self, tag: &'static str, attributes: &[Attribute<'_>]) {
        let _ = write!(self.out, "<{tag}");
        for (name, value) in attributes {
            let _ = write!(self.out, " {name}=\"");
            push_escaped(&mut self.out, value);
            self.out.push('"');
        }
        self.out.push('>');
    }

    /// A paragraph.
    pub(super) fn paragraph(&mut self, text: impl AsRef<str>) {
        self.element("p", &[], text);
    }

    /// Text, escaped.
    pub(super) fn text(&mut self, text: &str) {
        push_escaped(&mut self.out, text);
    }

    /// Markup of vigie's own: the page's head, its style, a figure.
    pub(super) fn own_markup(&mut self, markup: &str) {
        self.out.push_str(markup);
    }
}

fn is_inline(tag: &str) -> bool {
    matches!(tag, "span" | "a" | "code" | "strong" | "abbr" | "cite" | "q" | "time" | "small")
}

/// Appends `text` so that it is text in an element and in a quoted attribute; characters that act
/// or hide ([`escape`]) become visible. Line breaks of vigie's own text stay.
pub(in crate::evidence) fn push_escaped(out: &mut String, text: &str) {
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        for character in escape(line).chars() {
            match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                other => out.push(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_text_and_attributes_is_neither_markup_nor_hidden() {
        let mut page = Page::default();
        page.element("p", &[("title", "a\"b'&")], "<script>\u{202e}x\u{1b}</script>");
        assert_eq!(
            page.finish(),
            "<p title=\"a&quot;b&#39;&amp;\">&lt;script&gt;\\u{202e}x\\u{1b}&lt;/script&gt;</p>\n"
        );
    }
}
