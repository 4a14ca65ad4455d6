//! `vigie` alone: what it is and where to start.

use std::io::{self, Write};

/// Writes the few lines.
pub(super) fn write(out: &mut dyn Write) -> io::Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    write!(
        out,
        "\
vigie {version}: who is this machine talking to, for what purpose, and how much does
it send? vigie answers from packet captures, and sends nothing itself.

  vigie analyze CAPTURE...    who, for what purpose, how much: from captures,
                              folders of them, or - for standard input
  vigie view CAPTURE...       the same on the screen: ? is help, q leaves
  vigie live -i INTERFACE     what an interface carries now, on the same screen
  vigie explain HOST...       which signature applies to a host, and why
  vigie help [COMMAND]        all commands and options
  vigie man [COMMAND]         the manual page: vigie man | man -l -

"
    )
}
