//! Warnings and what `-v` says, on standard error.

use std::fmt;

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
        .with_writer(std::io::stderr)
        .event_format(OneLine)
        .finish();
    // Only a second call fails, and then the first subscriber serves.
    let _ = tracing::subscriber::set_global_default(subscriber);
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
