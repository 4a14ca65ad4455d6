//! The terminal: taken over, and given back in every case.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};

/// Opens what waits for keys and for a new size: to be called before rights are given up, after
/// which it cannot be.
pub fn prepare() -> io::Result<()> {
    crossterm::event::poll(std::time::Duration::ZERO).map(drop)
}

/// Whether the terminal is taken over, so that a panic knows.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while it is taken over. Given back when dropped.
#[derive(Debug)]
pub(super) struct Taken {
    mouse: bool,
}

impl Taken {
    /// Takes over the terminal. A panic, too, gives it back before it says anything.
    pub(super) fn take(mouse: bool) -> io::Result<Self> {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            before(panic);
        }));
        let taken = Self { mouse };
        taken.again()?;
        Ok(taken)
    }

    /// Takes it over once more, after it was given back.
    pub(super) fn again(&self) -> io::Result<()> {
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::Relaxed);
        execute!(io::stdout(), EnterAlternateScreen, cursor::Hide)?;
        if self.mouse {
            execute!(io::stdout(), EnableMouseCapture)?;
        }
        Ok(())
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back, once.
pub(super) fn give_back() {
    if TAKEN.swap(false, Ordering::Relaxed) {
        // Nothing can be done where even this fails.
        let _ = execute!(io::stdout(), DisableMouseCapture, LeaveAlternateScreen, cursor::Show);
        let _ = disable_raw_mode();
    }
}

/// Octets of text that are copied at most: what terminals take.
const COPIED_MOST: usize = 64 * 1024;

/// Asks the terminal to put `text` on its clipboard (OSC 52).
pub(super) fn copy(text: &str) -> io::Result<()> {
    let end = text.len().min(COPIED_MOST);
    let end = (0..=end).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let coded = base64::engine::general_purpose::STANDARD.encode(&text[..end]);
    let mut out = io::stdout();
    write!(out, "\u{1b}]52;c;{coded}\u{7}")?;
    out.flush()
}
