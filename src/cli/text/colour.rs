//! Colour and weight. Nothing is said by colour alone.

use std::borrow::Cow;
use std::env;
use std::io::{self, IsTerminal};

use crate::cli::args::ColorChoice;

/// How a piece of text stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::cli) enum Style {
    /// It does not.
    #[default]
    Plain,
    /// Headings of sections.
    Heading,
    /// Names of lines, and sums.
    Bold,
    /// What most readers skip.
    Dim,
    /// What must not be overlooked.
    Alarm,
}

/// Whether and how styles are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Palette {
    on: bool,
}

impl Palette {
    /// No colours.
    #[cfg(test)]
    pub(in crate::cli) const PLAIN: Self = Self { on: false };

    /// What was chosen, for standard output. A `NO_COLOR` that is not empty turns colours off
    /// unless `--color always` was typed (<https://no-color.org>).
    pub(in crate::cli) fn of(choice: ColorChoice) -> Self {
        let on = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                io::stdout().is_terminal()
                    && env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
                    && env::var_os("TERM").is_none_or(|v| v != "dumb")
            }
        };
        Self { on }
    }

    /// `text` in `style`.
    pub(in crate::cli) fn paint(self, style: Style, text: &str) -> Cow<'_, str> {
        let code = match style {
            _ if !self.on || text.is_empty() => return Cow::Borrowed(text),
            Style::Plain => return Cow::Borrowed(text),
            Style::Heading => "1;4",
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Alarm => "1;31",
        };
        Cow::Owned(format!("\u{1b}[{code}m{text}\u{1b}[0m"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_shown_only_where_colours_are_on() {
        let on = Palette::of(ColorChoice::Always);
        assert_eq!(on.paint(Style::Bold, "sum"), "\u{1b}[1msum\u{1b}[0m");
        assert_eq!(on.paint(Style::Plain, "sum"), "sum");
        assert_eq!(Palette::of(ColorChoice::Never).paint(Style::Alarm, "sum"), "sum");
    }
}
