//! How wide text may be.

/// Characters of a line where standard output is no terminal.
const USUAL: usize = 80;

/// The terminal's width, within what tables can use.
pub(super) fn of_stdout() -> usize {
    columns().map_or(USUAL, |columns| columns.clamp(40, 160))
}

/// Columns of the terminal that standard output is.
#[cfg(unix)]
fn columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// Elsewhere nobody is asked.
#[cfg(not(unix))]
fn columns() -> Option<usize> {
    None
}
