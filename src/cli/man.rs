//! `vigie man [COMMAND]`.

use std::io::Write;

use anyhow::anyhow;
use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::args::{Arguments, ManArguments};
use super::outcome::Refusal;
use super::suggestion::hint;

/// Writes the page of the program, or of one command.
pub(super) fn write(arguments: &ManArguments, out: &mut dyn Write) -> Result<(), Refusal> {
    let mut program = Arguments::command();
    program.build();
    let page = match &arguments.command {
        None => program,
        Some(name) => page_of(&program, name)?,
    };
    Man::new(page).render(out)?;
    Ok(())
}

/// The definition of one command, under the name of its page: `vigie-analyze`.
fn page_of(program: &Command, name: &str) -> Result<Command, Refusal> {
    let command = program.find_subcommand(name).ok_or_else(|| {
        let hint = hint(name, program.get_subcommands().map(Command::get_name));
        Refusal::usage(anyhow!("man: unknown command `{name}`{hint}"))
    })?;
    let page: &'static str = format!("vigie-{}", command.get_name()).leak();
    Ok(command.clone().name(page).version(env!("CARGO_PKG_VERSION")))
}
