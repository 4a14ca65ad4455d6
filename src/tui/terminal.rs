//! The terminal: taken over, and given back in every case.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::time::Duration;
use std::{panic, thread};

use base64::Engine as _;
use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
use crossterm::style::ResetColor;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};

/// Opens what waits for keys and for a new size: to be called before rights are given up, after
/// which it cannot be.
pub fn prepare() -> io::Result<()> {
    IS_KEPT.get_or_init(is_kept);
    crossterm::event::poll(Duration::ZERO).map(drop)
}

/// Whether somebody would bring vigie back after it has stopped.
static IS_KEPT: OnceLock<bool> = OnceLock::new();

/// Whether vigie may stop: not where nobody could bring it back, so that terminal and capture
/// would hang for good.
pub(super) fn may_stop() -> bool {
    *IS_KEPT.get_or_init(is_kept)
}

/// Whether a shell keeps vigie as a job: the process group has a parent in the same session
/// (POSIX.1, "orphaned process group"). `ssh -t HOST vigie …` and `screen vigie …` have none.
/// Looks into /proc, so it is asked before rights are given up.
#[cfg(target_os = "linux")]
fn is_kept() -> bool {
    let Some(own) = Relatives::of("self") else { return true };
    let mut parent = own.parent;
    // Zero is a process outside of this PID namespace: nothing is known of it.
    while parent != 0 {
        let Some(above) = Relatives::of(&parent.to_string()) else { return false };
        if above.group != own.group {
            return above.session == own.session;
        }
        parent = above.parent;
    }
    false
}

/// Where a process stands among others. Each number may be zero: in a container group and session
/// often come from outside, and have no number in its PID namespace (`pid_namespaces(7)`).
#[cfg(target_os = "linux")]
#[derive(Debug, PartialEq, Eq)]
struct Relatives {
    parent: u32,
    group: u32,
    session: u32,
}

#[cfg(target_os = "linux")]
impl Relatives {
    fn of(process: &str) -> Option<Self> {
        Self::parse(&std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
    }

    /// `proc_pid_stat(5)`: the name, in parentheses, may hold anything; state, parent, group and
    /// session come after it.
    fn parse(stat: &str) -> Option<Self> {
        let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(1).map(str::parse);
        let mut next = || fields.next()?.ok();
        Some(Self { parent: next()?, group: next()?, session: next()? })
    }
}

#[cfg(not(target_os = "linux"))]
fn is_kept() -> bool {
    true
}

/// Whether the terminal is taken over, so that a panic knows.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while it is taken over. Given back when dropped.
#[derive(Debug)]
pub(super) struct Taken {
    mouse: bool,
}

impl Taken {
    /// Takes over the terminal. A panic of any thread, too, gives it back before it says anything.
    pub(super) fn take(mouse: bool) -> io::Result<Self> {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            let was_taken = give_back_unless_drawing();
            before(panic);
            if was_taken {
                // Standard error may be gone; the status says it, too.
                let _ = writeln!(io::stderr(), "{OF_VIGIE}");
            }
        }));
        let taken = Self { mouse };
        taken.again()?;
        Ok(taken)
    }

    /// Takes it over once more, after it was given back.
    pub(super) fn again(&self) -> io::Result<()> {
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::Relaxed);
        // Where there is no other screen (GNU screen as it comes), what stands there must go.
        execute!(io::stdout(), EnterAlternateScreen, Clear(ClearType::All), cursor::Hide)?;
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

/// What is said below a panic.
const OF_VIGIE: &str = "vigie: this is a fault of vigie, not of the capture: the screen was ended, \
    what it showed is no result; files that were written are kept; please report the lines above";

/// Gives the terminal back, once. Whether it was taken over.
pub(super) fn give_back() -> bool {
    let was_taken = TAKEN.swap(false, Ordering::Relaxed);
    if was_taken {
        // Nothing can be done where even this fails. What is said next begins on a clear line,
        // also where there is no other screen.
        let _ = execute!(
            io::stdout(),
            DisableMouseCapture,
            ResetColor,
            Clear(ClearType::All),
            cursor::MoveTo(0, 0),
            LeaveAlternateScreen,
            cursor::Show
        );
        let _ = disable_raw_mode();
    }
    was_taken
}

/// Held while a frame is drawn.
static DRAWING: Mutex<()> = Mutex::new(());

/// The right to draw; none once the terminal was given back: what would be drawn then would stand
/// among the lines of the normal screen.
pub(super) fn drawing() -> Option<MutexGuard<'static, ()>> {
    let drawing = DRAWING.lock().unwrap_or_else(PoisonError::into_inner);
    TAKEN.load(Ordering::Relaxed).then_some(drawing)
}

/// Gives it back between two frames, so that none is drawn half. If the thread that draws is the
/// one that panics, its frame never ends: it is waited for a moment alone.
fn give_back_unless_drawing() -> bool {
    let mut drawing = DRAWING.try_lock();
    for _ in 0..20 {
        if !matches!(drawing, Err(TryLockError::WouldBlock)) {
            break;
        }
        thread::sleep(Duration::from_millis(5));
        drawing = DRAWING.try_lock();
    }
    give_back()
}

/// Does something when the thread in which it stands panics: what feeds the screen takes it away
/// so, since it would show a ledger that no longer counts.
#[derive(Debug)]
pub struct OnPanic<F: FnMut()>(pub F);

impl<F: FnMut()> Drop for OnPanic<F> {
    fn drop(&mut self) {
        if thread::panicking() {
            (self.0)();
        }
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::Relatives;

    #[test]
    fn relatives_are_read_after_any_name() {
        let stat = "7 (a) S 1 (b) R 3 7 2 34816 7 4194304";
        assert_eq!(Relatives::parse(stat), Some(Relatives { parent: 3, group: 7, session: 2 }));
    }

    #[test]
    fn a_leader_outside_of_the_namespace_is_zero() {
        let stat = "1 (vigie) S 0 0 0 0 -1 4194560";
        assert_eq!(Relatives::parse(stat), Some(Relatives { parent: 0, group: 0, session: 0 }));
    }

    #[test]
    fn a_line_that_ends_early_is_none() {
        assert_eq!(Relatives::parse("7 (vigie) S 3 7"), None);
        assert_eq!(Relatives::parse(""), None);
    }
}
