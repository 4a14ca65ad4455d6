//! Colours by what they mean. Every meaning also has a sign, a word or a weight of its own, so
//! that nothing is said by colour alone.

use ratatui::style::{Color, Modifier, Style};

/// How many colours a terminal shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// None: weight and inversion alone.
    None,
    /// The sixteen named ones.
    #[default]
    Sixteen,
    /// The 256 of xterm.
    Indexed,
    /// Red, green and blue, eight bits each.
    True,
}

/// What is behind the letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// A dark background.
    #[default]
    Dark,
    /// A light background.
    Light,
}

impl Depth {
    /// The key of its name.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::None => "colours-none",
            Self::Sixteen => "colours-sixteen",
            Self::Indexed => "colours-indexed",
            Self::True => "colours-true",
        }
    }
}

impl Ground {
    /// The key of its name.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Dark => "theme-dark",
            Self::Light => "theme-light",
        }
    }
}

/// Colours of a screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    /// How many colours.
    pub depth: Depth,
    /// On what.
    pub ground: Ground,
}

/// What a piece of the screen means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Ordinary text.
    Plain,
    /// Titles and sums.
    Strong,
    /// What most readers skip.
    Faint,
    /// Categories that accuse.
    Accusing,
    /// Categories of operation.
    Operation,
    /// The row that is chosen.
    Chosen,
    /// Bars of head and foot.
    Bar,
    /// What must not be overlooked.
    Alarm,
}

/// The colour of a role: named, of xterm's 256, and red, green, blue; on a dark ground and on a
/// light one. The hues are those of Okabe and Ito ("Color Universal Design", 2008), which stay
/// apart for colour-blind eyes; darkened for a light ground.
type Hue = [(Color, u8, (u8, u8, u8)); 2];

const ORANGE: Hue =
    [(Color::Yellow, 214, (0xe6, 0x9f, 0x00)), (Color::Red, 130, (0x9a, 0x52, 0x00))];
const BLUE: Hue = [(Color::Cyan, 74, (0x56, 0xb4, 0xe9)), (Color::Blue, 25, (0x00, 0x5a, 0x94))];
const VERMILION: Hue =
    [(Color::LightRed, 202, (0xff, 0x7a, 0x33)), (Color::Red, 160, (0xb8, 0x30, 0x00))];
const GREY: Hue =
    [(Color::Gray, 248, (0xa8, 0xa8, 0xa8)), (Color::DarkGray, 240, (0x58, 0x58, 0x58))];

impl Theme {
    fn hue(self, hue: Hue) -> Option<Color> {
        let (named, index, (r, g, b)) = hue[usize::from(self.ground == Ground::Light)];
        match self.depth {
            Depth::None => None,
            Depth::Sixteen => Some(named),
            Depth::Indexed => Some(Color::Indexed(index)),
            Depth::True => Some(Color::Rgb(r, g, b)),
        }
    }

    /// The style of a role.
    pub(super) fn style(self, role: Role) -> Style {
        let plain = Style::default();
        let hued = |hue: Hue| self.hue(hue).map_or(plain, |colour| plain.fg(colour));
        match role {
            Role::Plain => plain,
            Role::Strong => plain.add_modifier(Modifier::BOLD),
            Role::Faint => hued(GREY),
            Role::Accusing => hued(ORANGE),
            Role::Operation => hued(BLUE),
            // The row as a whole: colours of its parts would become grounds.
            Role::Chosen | Role::Bar => plain.fg(Color::Reset).add_modifier(Modifier::REVERSED),
            Role::Alarm => hued(VERMILION).add_modifier(Modifier::BOLD),
        }
    }

    /// The next one: dark, light, without colours.
    #[must_use]
    pub(super) fn next(self, most: Depth) -> Self {
        match (self.depth, self.ground) {
            (Depth::None, _) if most != Depth::None => Self { depth: most, ground: Ground::Dark },
            (_, Ground::Dark) => Self { ground: Ground::Light, ..self },
            (_, Ground::Light) => Self { depth: Depth::None, ground: Ground::Dark },
        }
    }
}
