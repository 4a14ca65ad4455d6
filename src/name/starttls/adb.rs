//! The Android Debug Bridge: `CNXN`, then `STLS` (Android sources, `adb/protocol.txt`).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::cursor::{Cursor, Stop, ensure};
use crate::name::opening::Opening;

/// Reads the messages up to `STLS`.
pub(in crate::name) fn read(octets: &[u8]) -> Result<Opening, Stop> {
    let mut cursor = Cursor::new(octets);
    message(&mut cursor, CNXN)?;
    // Older versions of the bridge say this to themselves; some clients send it.
    if cursor.rest().starts_with(b"SY") {
        message(&mut cursor, SYNC)?;
    }
    message(&mut cursor, STLS)?;
    Ok(Opening::before_another(cursor.at()))
}

/// A command, two arguments, length and sum of what follows, and the command with its bits turned.
fn message(cursor: &mut Cursor<'_>, command: [u8; 4]) -> Result<(), Stop> {
    cursor.expect(&command)?;
    let [_, _, len, _] = [number(cursor)?, number(cursor)?, number(cursor)?, number(cursor)?];
    cursor.expect(&command.map(|octet| !octet))?;
    let len = usize::try_from(len).map_err(|_| Stop::Foreign)?;
    ensure(len <= LONGEST)?;
    cursor.take(len).map(drop)
}

fn number(cursor: &mut Cursor<'_>) -> Result<u32, Stop> {
    cursor.array().map(u32::from_le_bytes)
}

/// The first message.
const CNXN: [u8; 4] = *b"CNXN";
const SYNC: [u8; 4] = *b"SYNC";
const STLS: [u8; 4] = *b"STLS";
/// Octets after a message's head: the banner lists the device's features.
const LONGEST: usize = 2048;

#[cfg(test)]
mod tests {
    use super::{CNXN, STLS, SYNC, read};
    use crate::name::cursor::Stop;

    fn message(command: [u8; 4], data: &[u8]) -> Vec<u8> {
        let mut message = command.to_vec();
        message.extend([1, 0, 0, 1, 0, 0, 16, 0]);
        message.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        message.extend([0; 4]);
        message.extend(command.map(|octet| !octet));
        message.extend(data);
        message
    }

    #[test]
    fn stls_follows_cnxn() {
        let cnxn = message(CNXN, b"host::features=shell_v2");
        for between in [vec![], message(SYNC, b"")] {
            let octets = [&cnxn[..], &between, &message(STLS, b"")].concat();
            for len in 0..octets.len() {
                assert_eq!(read(&octets[..len]), Err(Stop::NeedMore), "{len}");
            }
            assert_eq!(read(&[&octets[..], b"\x16"].concat()).unwrap().len, octets.len());
        }
        let opens = [message(CNXN, b"host::"), message(*b"OPEN", b"")].concat();
        assert_eq!(read(&opens), Err(Stop::Foreign));
        assert_eq!(read(b"CNXN plus sixteen octetsXXXX"), Err(Stop::Foreign));
    }
}
