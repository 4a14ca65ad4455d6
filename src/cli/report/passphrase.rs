//! The passphrase of a key: from a file, or asked for on the terminal.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use crate::evidence::seal::Unlock;
use crate::export::escape;

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

/// Asks for it where there is a terminal, without showing what is typed. Keys come one by one: so
/// that the interrupt's, too, is read here, and the terminal shows again what is typed.
#[cfg(unix)]
pub(super) fn ask(key: &Path) -> Unlock {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

    let Ok(mut terminal) = File::options().read(true).write(true).open("/dev/tty") else {
        return Unlock::Nothing;
    };
    let Ok(before) = tcgetattr(&terminal) else { return Unlock::Nothing };
    let mut hidden = before.clone();
    hidden.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
    let asked = write!(terminal, "Passphrase of {}: ", escape(&key.to_string_lossy()))
        .and_then(|()| Ok(tcsetattr(&terminal, OptionalActions::Flush, &hidden)?))
        .and_then(|()| typed(&terminal));
    // What was typed must be seen again, whatever went wrong.
    let _ = tcsetattr(&terminal, OptionalActions::Flush, &before);
    let _ = writeln!(terminal);
    asked.ok().flatten().map_or(Unlock::GivenUp, Unlock::With)
}

/// What is typed up to the end of the line; none where somebody ends it (Ctrl-C, Ctrl-D, Escape).
#[cfg(unix)]
fn typed(mut keys: impl Read) -> io::Result<Option<String>> {
    const BACKSPACE: u8 = 8;
    const DELETE: u8 = 127;
    const LINE: u8 = 21;
    let mut line = Vec::new();
    let mut key = [0];
    loop {
        keys.read_exact(&mut key)?;
        match key[0] {
            b'\n' | b'\r' => break,
            3 | 4 | 27 => return Ok(None),
            // The last character, whatever octets it has.
            BACKSPACE | DELETE => while line.pop().is_some_and(|octet: u8| octet & 0xc0 == 0x80) {},
            LINE => line.clear(),
            octet if (line.len() as u64) < LONGEST => line.push(octet),
            _ => {}
        }
    }
    String::from_utf8(line).map(Some).map_err(io::Error::other)
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

    #[cfg(unix)]
    #[test]
    fn keys_are_a_line_that_can_be_mended_and_given_up() {
        for (keys, expected) in [
            ("abc\r", Some("abc")),
            ("ab\u{7f}c\n", Some("ac")),
            ("a\u{e9}\u{20ac}\u{8}\u{8}b\n", Some("ab")),
            ("\u{7f}\u{7f}x\n", Some("x")),
            ("wrong\u{15}right\n", Some("right")),
            ("abc\u{3}\n", None),
            ("\u{4}", None),
        ] {
            assert_eq!(typed(keys.as_bytes()).unwrap().as_deref(), expected, "{keys:?}");
        }
        assert!(typed(&b"no end"[..]).is_err());
        assert!(typed(&b"\xff\n"[..]).is_err());
        let long = [&[b'x'; 5000][..], b"\n"].concat();
        assert_eq!(typed(&long[..]).unwrap().unwrap().len(), 4096);
    }
}
