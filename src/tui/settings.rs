//! What the screen starts with.

use jiff::tz::TimeZone;

use super::{KeyMap, Theme};
use crate::filter::Filter;
use crate::language::Language;
use crate::ledger::Mask;

/// What the screen starts with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The language of the screen.
    pub language: Language,
    /// Colours.
    pub theme: Theme,
    /// Which keys do what.
    pub keys: KeyMap,
    /// What is hidden.
    pub mask: Mask,
    /// What is hidden in pictures at least, besides what the screen hides.
    pub picture_mask: Mask,
    /// The filter as written, and parsed.
    pub filter: Option<(String, Filter)>,
    /// The zone of times.
    pub zone: TimeZone,
    /// Capture seconds for each second of a replay; none: the whole ledger at once.
    pub speed: Option<f64>,
    /// Whether the mouse is taken over.
    pub mouse: bool,
    /// Whether `--hash` would give hashes for captions: not of what is still coming.
    pub can_hash: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::English,
            theme: Theme::default(),
            keys: KeyMap::default(),
            mask: Mask::None,
            picture_mask: Mask::Clients,
            filter: None,
            zone: TimeZone::UTC,
            speed: None,
            mouse: true,
            can_hash: true,
        }
    }
}
