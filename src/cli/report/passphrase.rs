//! The passphrase of a key: from a file, or asked for on the terminal.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use crate::evidence::seal::Unlock;

/// Octets of a passphrase at most.
const LONGEST: u64 = 4096;

/// The first line of a file, without its line end.
pub(super) fn of_file(path: &Path) -> io::Result<String> {
    first_line(File::open(path)?)
}

fn first_line(source: impl Read) -> io::Result<String> {
    let mut line = String::new();
    BufReader::new(source.take(LONGEST)).read_line(&mut line)?;
    let end = line.trim_end_matches(['\n', '\r']).len();
    line.truncate(end);
    Ok(line)
}

/// Asks for it where there is a terminal, without showing what is typed.
#[cfg(unix)]
pub(super) fn ask(key: &Path) -> Unlock {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

    let Ok(mut terminal) = File::options().read(true).write(true).open("/dev/tty") else {
        return Unlock::Nothing;
    };
    let Ok(before) = tcgetattr(&terminal) else { return Unlock::Nothing };
    let mut hidden = before.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    let asked = write!(terminal, "Passphrase of {}: ", key.display())
        .and_then(|()| Ok(tcsetattr(&terminal, OptionalActions::Flush, &hidden)?))
        .and_then(|()| first_line(&terminal));
    // What was typed must be seen again, whatever went wrong.
    let _ = tcsetattr(&terminal, OptionalActions::Flush, &before);
    let _ = writeln!(terminal);
    asked.map_or(Unlock::Nothing, Unlock::With)
}

/// Nobody is asked where vigie knows no terminal.
#[cfg(not(unix))]
pub(super) fn ask(_key: &Path) -> Unlock {
    Unlock::Nothing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_is_the_first_line_without_its_end() {
        for (text, expected) in [("a b\r\nc", "a b"), ("x", "x"), ("\n", ""), ("", "")] {
            assert_eq!(first_line(text.as_bytes()).unwrap(), expected);
        }
    }
}
