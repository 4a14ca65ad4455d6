//! Warnings and what `-v` says, on standard error.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use super::args::CommonArguments;
use crate::export::escape;

/// Sends messages to standard error, as many as was asked for.
pub(super) fn start(arguments: &CommonArguments) {
    let level = match (arguments.quiet, arguments.verbose) {
        (true, _) => Level::ERROR,
        (false, 0) => Level::WARN,
        (false, 1) => Level::INFO,
        (false, _) => Level::DEBUG,
    };
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(|| Lines)
        .event_format(OneLine)
        .finish();
    // Only a second call fails, and then the first subscriber serves.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Where lines go: standard error, or what is held while a screen is on.
struct Lines;

/// Lines that wait for the end of the screen, and how many found no room.
static HELD: Mutex<Option<(Vec<u8>, u64)>> = Mutex::new(None);

/// Octets that wait at most.
const HELD_MOST: usize = 256 * 1024;

/// Holds back all lines while it is there: a screen is on. They are written when it is dropped.
pub(super) struct Hold(());

impl Hold {
    /// Holds lines back from now on.
    pub(super) fn new() -> Self {
        *held() = Some((Vec::new(), 0));
        Self(())
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let Some((lines, lost)) = held().take() else { return };
        // Standard error may be gone, which is nobody's fault.
        let _ = io::stderr().write_all(&lines);
        if lost > 0 {
            let _ = writeln!(io::stderr(), "vigie: {lost} further messages found no room to wait");
        }
    }
}

fn held() -> MutexGuard<'static, Option<(Vec<u8>, u64)>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match &mut *held() {
            None => return io::stderr().write(line),
            Some((lines, _)) if lines.len() + line.len() <= HELD_MOST => {
                lines.extend_from_slice(line);
            }
            Some((_, lost)) => *lost += 1,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// `vigie: message`, without time and colour; the level only below a warning.
struct OneLine;

impl<S, N> FormatEvent<S, N> for OneLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut message = String::new();
        context.format_fields(Writer::new(&mut message), event)?;
        let level = match *event.metadata().level() {
            Level::ERROR | Level::WARN => "",
            Level::INFO => "info: ",
            Level::DEBUG => "debug: ",
            Level::TRACE => "trace: ",
        };
        // Paths and names in a message may hold control characters.
        writeln!(writer, "vigie: {level}{}", escape(&message))
    }
}
