//! One view of a finished ledger, drawn by the same widgets as the live screen, without a
//! terminal: what a report shows.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::app::{App, Page};
use super::caption::caption;
use super::desk::Desk;
use super::feed::{CaptureState, Marker, Status};
use super::order::{RowKey, View};
use super::picture::Caption;
use super::settings::Settings;
use crate::ledger::{Dimension, FlowPlace, Snapshot};
use crate::signature::Database;

/// What a still shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StillView {
    /// A view that has a number on the screen, by its word: `overview`, `flows`, `hosts`,
    /// `products`, `clients`, `devices`, `timeline`, `signatures`.
    View(&'static str),
    /// Everything about the largest flow to this host: its name, or its address where it has
    /// none.
    Detail(String),
}

/// A view as cells.
#[derive(Clone, Debug)]
pub struct Still {
    /// The cells.
    pub buffer: Buffer,
    /// What stands below it.
    pub caption: Caption,
    /// The title of the view, in the language of the screen.
    pub title: String,
}

/// Columns of a still.
const WIDTH: u16 = 120;
/// Lines of a still: as many as its rows need, between these.
const HEIGHT: (u16, u16) = (24, 60);
/// Lines that are no rows: head, titles, foot.
const AROUND: u16 = 6;

impl StillView {
    /// The view that `word` stands for: a view's word, or `detail:HOST`.
    pub fn from_word(word: &str) -> Option<Self> {
        if let Some(host) = word.strip_prefix("detail:") {
            let host = host.trim().trim_end_matches('.').to_ascii_lowercase();
            return (!host.is_empty()).then_some(Self::Detail(host));
        }
        Self::words().find(|known| *known == word).map(Self::View)
    }

    /// Every view's word.
    pub fn words() -> impl Iterator<Item = &'static str> {
        View::ALL.into_iter().map(View::word)
    }
}

/// Draws a view of the ledger; none where no flow leads to the host that was asked for.
/// `settings` tell language, colours, mask, filter and zone.
pub fn still(
    snapshot: &Arc<Snapshot>,
    database: &Database,
    settings: &Settings,
    wanted: &StillView,
) -> Option<Still> {
    let (mut drawing, title) = Drawing::of(snapshot, database, settings, wanted)?;
    // The first drawing tells how many columns a timeline has, the second how many lines there
    // are to show.
    let mut buffer = drawing.draw(WIDTH, HEIGHT.0);
    drawing.work(snapshot);
    let lines = if drawing.app.page.is_some() {
        buffer = drawing.draw(WIDTH, HEIGHT.1);
        drawing.app.page_lines
    } else {
        drawing.app.sheet.rows.len()
    };
    let wanted = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(AROUND);
    let height = wanted.clamp(HEIGHT.0, HEIGHT.1);
    if buffer.area.height != height || drawing.app.page.is_none() {
        buffer = drawing.draw(WIDTH, height);
    }
    let caption = caption(&drawing.app, &drawing.status, settings.mask, settings.language);
    Some(Still { buffer, caption, title })
}

/// A view and what it is drawn from: the two steps of a frame, apart.
#[derive(Debug)]
pub struct Drawing<'a> {
    app: App<'a>,
    desk: Desk<'a>,
    status: Status,
}

impl<'a> Drawing<'a> {
    /// A view of the ledger, not yet worked out, and its title; none where no flow leads to the
    /// host that was asked for.
    pub fn of(
        snapshot: &Snapshot,
        database: &'a Database,
        settings: &Settings,
        wanted: &StillView,
    ) -> Option<(Self, String)> {
        let mut app = App::new(settings.clone(), database);
        let title = match wanted {
            StillView::View(word) => {
                app.order.view = View::ALL.into_iter().find(|view| view.word() == *word)?;
                settings.language.say(app.order.view.title())
            }
            StillView::Detail(host) => {
                // The mask changes neither places nor which flow is meant.
                app.page = Some(Page::Detail(RowKey::Flow(largest(snapshot, database, host)?)));
                app.order.view = View::Flows;
                settings.language.say("report-view-detail")
            }
        };
        Some((Self { app, desk: Desk::new(database), status: status(snapshot) }, title))
    }

    /// Works out what the view shows: what the terminal does on a thread of its own.
    pub fn work(&mut self, snapshot: &Snapshot) {
        self.app.take(Arc::new(self.desk.work(snapshot, &self.app.order)));
    }

    /// Draws what was worked out: what stands in the terminal's way.
    pub fn draw(&mut self, width: u16, height: u16) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        self.app.draw(&self.status, &mut buffer);
        buffer
    }
}

/// The flow with the most octets to a host; of equal ones the first.
fn largest(snapshot: &Snapshot, database: &Database, host: &str) -> Option<FlowPlace> {
    let watched = snapshot.watched.as_ref()?;
    let labels = crate::export::Labels { database, captures: &[] };
    let leads_there = |flow: &&crate::ledger::WatchedFlow| {
        let value = Dimension::Host.value(&flow.record, flow.record.first, database);
        *labels.text(&value) == *host
    };
    let flows = watched.flows.iter().filter(leads_there);
    flows
        .map(|flow| (std::cmp::Reverse(flow.record.counts.octets()), flow.place()))
        .min()
        .map(|(_, place)| place)
}

/// How the capture is doing: it has ended.
fn status(snapshot: &Snapshot) -> Status {
    let names: Vec<_> = snapshot
        .captures
        .iter()
        .map(|capture| capture.path.rsplit('/').next().unwrap_or(&capture.path).to_owned())
        .collect();
    let markers = snapshot
        .markers
        .iter()
        .filter_map(|marker| Some(Marker { time: marker.time?, label: marker.text.to_string() }));
    Status {
        source: crate::export::escape(&names.join(", ")).into_owned(),
        state: CaptureState::Ended,
        drops: snapshot.dropped(),
        markers: markers.collect(),
        ..Status::default()
    }
}
