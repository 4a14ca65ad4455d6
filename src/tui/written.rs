//! Pictures and tables of the screen, worked out and written beside it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::app::App;
use super::feed::Status;
use super::file;
use super::order::Order;
use super::picture::{Caption, Paper, png, svg, text};
use super::sheet::Sheet;
use super::theme::Ground;
use crate::language::Language;
use crate::ledger::Snapshot;

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    /// The screen as SVG, PNG and text.
    Picture,
    /// The view as CSV.
    Table,
}

/// A file that is to be written, and the screen as it was when it was asked for.
#[derive(Debug)]
pub(super) struct Work<'a> {
    pub(super) kind: FileKind,
    pub(super) app: App<'a>,
    pub(super) status: Status,
    pub(super) snapshot: Arc<Snapshot>,
}

impl Work<'_> {
    /// Writes it into the present folder; gives its name. `at_desk` works out a sheet.
    pub(super) fn write(
        self,
        at_desk: impl FnOnce(&Snapshot, &Order) -> Arc<Sheet>,
    ) -> io::Result<PathBuf> {
        let name = self.app.order.view.word();
        match self.kind {
            FileKind::Table => {
                let octets = self.app.csv().map_err(io::Error::other)?;
                file::write(Path::new("."), name, &[("csv", &octets)])
            }
            FileKind::Picture => {
                let paper = match self.app.settings.theme.ground {
                    Ground::Dark => Paper::Dark,
                    Ground::Light => Paper::Light,
                };
                let (buffer, caption) = self.pictured(at_desk);
                let drawn = svg(&buffer, paper, &caption);
                let pixels = png(&drawn, 2.0).map_err(io::Error::other)?;
                let lines = text(&buffer) + &caption.0.join("\n") + "\n";
                let parts: [(&str, &[u8]); 3] =
                    [("png", &pixels), ("svg", drawn.as_bytes()), ("txt", lines.as_bytes())];
                file::write(Path::new("."), name, &parts)
            }
        }
    }

    /// The screen as the picture shows it, worked out anew: so it is of one moment. What the
    /// screen hides is hidden, and what pictures are to hide: they are shown around.
    fn pictured(
        mut self,
        at_desk: impl FnOnce(&Snapshot, &Order) -> Arc<Sheet>,
    ) -> (Buffer, Caption) {
        let app = &mut self.app;
        app.order.mask = app.order.mask.and(app.settings.picture_mask);
        let sheet = at_desk(&self.snapshot, &app.order);
        app.take(sheet);
        let area = Rect::new(0, 0, app.area.width, app.area.height);
        let mut buffer = Buffer::empty(area);
        app.draw(&self.status, &mut buffer);
        let caption = caption(app, &self.status);
        (buffer, caption)
    }
}

/// Where it was written, or why not.
pub(super) fn said(language: Language, written: io::Result<PathBuf>) -> String {
    match written {
        Ok(path) => language.say_with("written", &[("path", path.display().to_string().into())]),
        Err(why) => language.say_with("not-written", &[("why", why.to_string().into())]),
    }
}

/// What stands below a picture.
fn caption(app: &App<'_>, status: &Status) -> Caption {
    let language = app.settings.language;
    let at = app.order.moment.or_else(|| app.sheet.span.map(|(_, last)| last)).unwrap_or_default();
    let captures = &app.sheet.snapshot.captures;
    let hashes: Vec<String> = captures
        .iter()
        .filter_map(|capture| capture.sha256)
        .map(|hash| hash.iter().fold(String::new(), |text, octet| text + &format!("{octet:02x}")))
        .collect();
    let hash = if hashes.is_empty() { language.say("caption-no-hash") } else { hashes.join(" ") };
    let first = language.say_with(
        "caption",
        &[
            ("capture", status.source.as_str().into()),
            ("time", crate::export::rfc3339(at, 0).to_string().into()),
            ("filter", app.filter_text.clone().unwrap_or_else(|| "–".to_owned()).into()),
            ("mask", app.order.mask.word().into()),
        ],
    );
    let second = language.say_with(
        "caption-made",
        &[
            ("version", env!("CARGO_PKG_VERSION").into()),
            ("date", app.database.date().into()),
            ("hash", hash.into()),
        ],
    );
    Caption(vec![first, second])
}
