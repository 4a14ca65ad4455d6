//! `vigie completions SHELL`.

use std::io::{self, Write};

use clap::CommandFactory;

use super::args::{Arguments, CompletionArguments};

/// Writes the completion script.
pub(super) fn write(arguments: &CompletionArguments, out: &mut dyn Write) -> io::Result<()> {
    // The generator panics on a writer that fails, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "vigie", &mut script);
    out.write_all(&script)
}
