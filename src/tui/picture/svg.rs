//! Cells as SVG 1.1: the same cells give the same octets.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// What the picture is drawn on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// Light letters on a dark ground, as on most terminals.
    #[default]
    Dark,
    /// Dark letters on a light ground: for paper and projectors.
    Light,
}

/// What stands below the picture, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caption(pub Vec<String>);

/// Width of a cell in px: the advance of `DejaVu` Sans Mono, 1233 of 2048 units, at [`FONT`].
const CELL: f64 = 1233.0 / 2048.0 * FONT;
/// Size of letters in px.
const FONT: f64 = 16.0;
/// Height of a cell in px; `DejaVu`'s line drawings join up to 1.164 of the size.
const LINE: f64 = 18.0;
/// Where letters stand in a cell: its height above the baseline in px.
const BASE: f64 = 14.0;
/// Room around the cells in px.
const MARGIN: f64 = 12.0;
/// Height of a caption's line in px, and its letters' size.
const CAPTION: (f64, f64) = (17.0, 12.0);

struct Shades {
    ground: &'static str,
    letter: &'static str,
    caption: &'static str,
}

impl Paper {
    fn shades(self) -> Shades {
        match self {
            Self::Dark => Shades { ground: "#12161c", letter: "#e6e6e6", caption: "#b8bcc2" },
            Self::Light => Shades { ground: "#ffffff", letter: "#1a1a1a", caption: "#4a4a4a" },
        }
    }

    /// A colour of a cell as SVG writes it; none for the terminal's own.
    fn colour(self, colour: Color) -> Option<String> {
        let dark = self == Self::Dark;
        let named = match colour {
            Color::Reset => return None,
            Color::Rgb(r, g, b) => return Some(format!("#{r:02x}{g:02x}{b:02x}")),
            Color::Indexed(index) => return Some(indexed(index)),
            Color::Black => "#000000",
            Color::Red | Color::LightRed if dark => "#ff7a33",
            Color::Red | Color::LightRed => "#b83000",
            Color::Green | Color::LightGreen if dark => "#2ec495",
            Color::Green | Color::LightGreen => "#007050",
            Color::Yellow | Color::LightYellow if dark => "#e69f00",
            Color::Yellow | Color::LightYellow => "#9a5200",
            Color::Blue | Color::LightBlue | Color::Cyan | Color::LightCyan if dark => "#56b4e9",
            Color::Blue | Color::LightBlue | Color::Cyan | Color::LightCyan => "#005a94",
            Color::Magenta | Color::LightMagenta if dark => "#d98cb8",
            Color::Magenta | Color::LightMagenta => "#8a3a68",
            Color::Gray | Color::DarkGray if dark => "#a8a8a8",
            Color::Gray | Color::DarkGray => "#585858",
            Color::White => "#ffffff",
        };
        Some(named.to_owned())
    }
}

/// A colour of xterm's cube of 6 × 6 × 6 or of its greys; the first sixteen as greys.
fn indexed(index: u8) -> String {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let (r, g, b) = match index {
        0..16 => (index * 16, index * 16, index * 16),
        16..232 => {
            let place = usize::from(index - 16);
            (STEPS[place / 36], STEPS[place / 6 % 6], STEPS[place % 6])
        }
        232.. => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
    };
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// How a run of cells looks.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Look {
    letter: String,
    ground: Option<String>,
    bold: bool,
}

fn look(cell: &Cell, paper: Paper) -> Look {
    let shades = paper.shades();
    let letter = paper.colour(cell.fg).unwrap_or_else(|| shades.letter.to_owned());
    let ground = paper.colour(cell.bg);
    let bold = cell.modifier.contains(Modifier::BOLD);
    if cell.modifier.contains(Modifier::REVERSED) {
        let behind = ground.unwrap_or_else(|| shades.ground.to_owned());
        return Look { letter: behind, ground: Some(letter), bold };
    }
    Look { letter, ground, bold }
}

/// The picture of `buffer` with its caption below. Cells of one look and one row are one piece
/// of text; every character has its own place, so that none depends on the reader's font.
pub fn svg(buffer: &Buffer, paper: Paper, caption: &Caption) -> String {
    let area = buffer.area;
    let shades = paper.shades();
    let width = f64::from(area.width) * CELL + 2.0 * MARGIN;
    let lines = f64::from(u32::try_from(caption.0.len()).unwrap_or(u32::MAX));
    let below = if caption.0.is_empty() { 0.0 } else { lines * CAPTION.0 + MARGIN / 2.0 };
    let height = f64::from(area.height) * LINE + 2.0 * MARGIN + below;
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.2} {height:.2}\" font-family=\"DejaVu Sans Mono, monospace\" \
         font-size=\"{FONT}\">\n<rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\n",
        shades.ground
    );
    for y in 0..area.height {
        row(buffer, paper, y, &mut out);
    }
    for (line, number) in caption.0.iter().zip(1_u32..) {
        let y = f64::from(area.height) * LINE + 2.0 * MARGIN + f64::from(number) * CAPTION.0
            - MARGIN / 2.0;
        let _ = writeln!(
            out,
            "<text x=\"{MARGIN}\" y=\"{y:.1}\" font-size=\"{}\" fill=\"{}\" \
             xml:space=\"preserve\">{}</text>",
            CAPTION.1,
            shades.caption,
            escaped(line)
        );
    }
    out.push_str("</svg>\n");
    out
}

fn row(buffer: &Buffer, paper: Paper, y: u16, out: &mut String) {
    let area = buffer.area;
    let mut x = 0;
    let top = f64::from(y) * LINE + MARGIN;
    while x < area.width {
        let first = &buffer[(area.x + x, area.y + y)];
        let mine = look(first, paper);
        let start = x;
        let (mut text, mut places) = (String::new(), String::new());
        let mut last_seen = None;
        while x < area.width {
            let cell = &buffer[(area.x + x, area.y + y)];
            if look(cell, paper) != mine {
                break;
            }
            let symbol = cell.symbol();
            if symbol.trim().is_empty() {
                x += 1;
                continue;
            }
            for character in symbol.chars() {
                let _ = write!(places, "{:.2} ", f64::from(x) * CELL + MARGIN);
                text.push(character);
            }
            last_seen = Some(x);
            x += u16::try_from(symbol.width()).unwrap_or(1).max(1);
        }
        let left = f64::from(start) * CELL + MARGIN;
        if let Some(ground) = &mine.ground {
            let width = f64::from(x - start) * CELL;
            let _ = writeln!(
                out,
                "<rect x=\"{left:.2}\" y=\"{top:.1}\" width=\"{width:.2}\" height=\"{LINE}\" \
                 fill=\"{ground}\" shape-rendering=\"crispEdges\"/>"
            );
        }
        if last_seen.is_some() {
            let weight = if mine.bold { " font-weight=\"bold\"" } else { "" };
            let _ = writeln!(
                out,
                "<text x=\"{}\" y=\"{:.1}\" fill=\"{}\"{weight}>{}</text>",
                places.trim_end(),
                top + BASE,
                mine.letter,
                escaped(&text)
            );
        }
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// The cells as lines of text, without blanks at their ends.
pub fn text(buffer: &Buffer) -> String {
    let area = buffer.area;
    let mut out = String::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        let mut x = area.left();
        while x < area.right() {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(symbol.width()).unwrap_or(1).max(1);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
