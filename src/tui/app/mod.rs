//! What the user does with the screen: keys become orders for the desk, moves and wishes.

mod keys;
mod moment;
mod state;
mod typing;
mod way;

use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::Rect;

use super::bundle::BundleWish;
use super::feed::Marker;
use super::line::TypedLine;
use super::order::{Order, RowKey};
use super::settings::Settings;
use super::sheet::Sheet;
use crate::ledger::{FlowPlace, Mask};
use crate::signature::Database;

/// What is to happen outside of the screen.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wish {
    Quit,
    Suspend,
    /// Text for the clipboard.
    Copy(String),
    Mark(Marker),
    /// Keep a marker before anything came.
    MarkEarly(String),
    /// This view as CSV.
    Export,
    /// This screen as picture and text.
    Picture,
    /// The frames of a flow as a capture.
    Frames(FlowPlace),
    /// A bundle of evidence.
    Bundle(BundleWish),
}

/// A page over the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Page {
    Help,
    Settings,
    /// What is behind a row: a flow or a signature.
    Detail(RowKey),
}

/// The state of the screen.
#[derive(Clone, Debug)]
pub(super) struct App<'a> {
    pub(super) settings: Settings,
    pub(super) database: &'a Database,
    pub(super) order: Order,
    pub(super) sheet: Arc<Sheet>,
    pub(super) chosen: Option<RowKey>,
    pub(super) at: usize,
    pub(super) top: usize,
    pub(super) page: Option<Page>,
    /// First line of the page, and how many there were when it was drawn.
    pub(super) page_top: usize,
    pub(super) page_lines: usize,
    pub(super) line: Option<TypedLine>,
    pub(super) paused: bool,
    pub(super) filter_text: Option<String>,
    /// What was looked for last.
    pub(super) search: Option<String>,
    notice: Option<(String, Duration)>,
    /// Orders that one goes back to.
    back: Vec<(Order, Option<RowKey>)>,
    armed: bool,
    /// The mask that the switch turns on.
    mask: Mask,
    /// Capture seconds a second, and when the replay last moved.
    pub(super) replay: Option<(f64, Duration)>,
    pub(super) area: Rect,
    pub(super) now: Duration,
    started: Settings,
}
