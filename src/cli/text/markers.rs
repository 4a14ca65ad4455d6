//! What somebody noted while the captures were made.

use std::io::{self, Write};

use super::balance::heading;
use super::number::count;
use super::view::View;
use super::wrap;
use crate::export::escape;
use crate::ledger::Marker;

/// Markers shown; the rest are counted.
const SHOWN: usize = 20;

/// One line a marker, by time.
pub(super) fn markers(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let markers = &view.snapshot.markers;
    if markers.is_empty() {
        return Ok(());
    }
    heading(view, out, "Markers")?;
    for Marker { time, text, .. } in markers.iter().take(SHOWN) {
        let when = time.map_or_else(|| "before the first frame".to_owned(), |t| view.moment(t));
        writeln!(out, "{}", wrap(&format!(" {when}  {}", escape(text)), view.width, 3))?;
    }
    let more: u64 = view.snapshot.captures.iter().map(|capture| capture.more_markers).sum();
    let more = more + markers.len().saturating_sub(SHOWN) as u64;
    if more > 0 {
        writeln!(out, " + {} more", count(more))?;
    }
    Ok(())
}
