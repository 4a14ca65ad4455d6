//! SVG in the making.

use std::fmt::Write as _;

use crate::evidence::report::markup::push_escaped;

/// Width of a figure in px: that of a page's text.
pub(super) const WIDTH: u32 = 720;
/// What accuses: filled.
pub(super) const ACCUSING: &str = "#9a5200";
/// Operation: hatched.
pub(super) const OPERATION: &str = "#005a94";
/// Letters, axes.
pub(super) const INK: &str = "#1a1a1a";
/// Letters of less weight.
pub(super) const FAINT: &str = "#4a4a4a";

/// Fonts that measure alike; no text's place depends on another's width.
const FONT: &str = "DejaVu Sans, Liberation Sans, Arial, Helvetica, sans-serif";

/// A picture in the making.
#[derive(Debug)]
pub(super) struct Svg {
    out: String,
    name: &'static str,
}

/// Where a text stands on its place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Svg {
    /// A picture of this height. `name` makes its identifiers unique in a page.
    pub(super) fn new(name: &'static str, height: u32, title: &str, description: &str) -> Self {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
             viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
             aria-labelledby=\"{name}-title {name}-description\" font-family=\"{FONT}\">\n\
             <title id=\"{name}-title\">"
        );
        push_escaped(&mut out, title);
        let _ = write!(out, "</title>\n<desc id=\"{name}-description\">");
        push_escaped(&mut out, description);
        let _ = write!(
            out,
            "</desc>\n<defs><pattern id=\"{name}-hatch\" width=\"6\" height=\"6\" \
             patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <rect width=\"6\" height=\"6\" fill=\"#ffffff\"/>\
             <rect width=\"2.5\" height=\"6\" fill=\"{OPERATION}\"/></pattern></defs>\n\
             <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
        );
        Self { out, name }
    }

    /// The picture.
    pub(super) fn finish(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }

    /// A bar: filled where it accuses, else hatched.
    pub(super) fn bar(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), accuses: bool) {
        let (fill, edge) = if accuses {
            (ACCUSING.to_owned(), ACCUSING)
        } else {
            (format!("url(#{}-hatch)", self.name), OPERATION)
        };
        let _ = writeln!(
            self.out,
            "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{width:.2}\" height=\"{height:.2}\" \
             fill=\"{fill}\" stroke=\"{edge}\" stroke-width=\"1\"/>"
        );
    }

    /// A shape of one colour.
    pub(super) fn shape(&mut self, path: &str, fill: &str) {
        let _ = writeln!(self.out, "<path d=\"{path}\" fill=\"{fill}\"/>");
    }

    /// A line; dashed where it marks something.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), dashed: bool) {
        let style = if dashed { " stroke-dasharray=\"4 3\"" } else { "" };
        let _ = writeln!(
            self.out,
            "<line x1=\"{:.2}\" y1=\"{:.2}\" x2=\"{:.2}\" y2=\"{:.2}\" stroke=\"{INK}\"{style}/>",
            from.0, from.1, to.0, to.1
        );
    }

    /// A text of `size` px.
    pub(super) fn text(
        &mut self,
        (x, y): (f64, f64),
        anchor: Anchor,
        (size, colour): (u32, &str),
        text: &str,
    ) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let _ = write!(
            self.out,
            "<text x=\"{x:.2}\" y=\"{y:.2}\" text-anchor=\"{anchor}\" font-size=\"{size}\" \
             fill=\"{colour}\">"
        );
        push_escaped(&mut self.out, text);
        self.out.push_str("</text>\n");
    }
}

/// `text` with at most `most` characters: what is cut is shown by `…`.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// A part of `room`, by number alone.
#[expect(clippy::cast_precision_loss, reason = "a fraction of a pixel is not seen")]
pub(super) fn part(amount: u64, whole: u64, room: f64) -> f64 {
    if whole == 0 { 0.0 } else { amount as f64 / whole as f64 * room }
}
