//! Pictures and tables of the screen, worked out and written beside it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::app::App;
use super::caption::caption;
use super::feed::Status;
use super::file::{self, NotWritten};
use super::order::Order;
use super::picture::{Caption, Paper, png, svg, text};
use super::sheet::Sheet;
use super::theme::Ground;
use crate::export::in_words;
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
    ) -> Result<PathBuf, NotWritten> {
        let name = self.app.order.view.word();
        // Before there is a file.
        let unmade = |cause| NotWritten { path: name.into(), cause, is_gone: true };
        match self.kind {
            FileKind::Table => {
                let octets = self.app.csv().map_err(|why| unmade(io::Error::other(why)))?;
                file::write(Path::new("."), name, &[("csv", &octets)])
            }
            FileKind::Picture => {
                let paper = match self.app.settings.theme.ground {
                    Ground::Dark => Paper::Dark,
                    Ground::Light => Paper::Light,
                };
                let (buffer, caption) = self.pictured(at_desk);
                let drawn = svg(&buffer, paper, &caption);
                let pixels = png(&drawn, 2.0).map_err(|why| unmade(io::Error::other(why)))?;
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
        let caption = caption(app, &self.status, app.order.mask, app.settings.language);
        (buffer, caption)
    }
}

/// Where it was written, or why not.
pub(super) fn said(language: Language, written: Result<PathBuf, NotWritten>) -> String {
    let path = |path: &Path| path.display().to_string().into();
    match written {
        Ok(there) => {
            // A picture has its text and its drawing beside it.
            let is_picture = there.extension().is_some_and(|ending| ending == "png");
            let key = if is_picture { "written-picture" } else { "written" };
            language.say_with(key, &[("path", path(&there))])
        }
        Err(NotWritten { path: fallen, cause, is_gone }) => {
            let key = if is_gone { "file-not-written" } else { "file-not-whole" };
            let why = in_words(&cause).into();
            language.say_with(key, &[("path", path(&fallen)), ("why", why)])
        }
    }
}
