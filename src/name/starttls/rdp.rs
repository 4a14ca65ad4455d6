//! RDP: a connection request (RFC 905 §13.3, in RFC 1006 packets), after which client and server
//! turn to TLS (`[MS-RDPBCGR]` §5.4.2).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::cursor::{Cursor, Stop, ensure};
use crate::name::opening::Opening;

/// Reads the connection request.
pub(in crate::name) fn read(octets: &[u8]) -> Result<Opening, Stop> {
    let mut cursor = Cursor::new(octets);
    cursor.expect(&[3, 0])?;
    let len = usize::from(cursor.u16()?);
    ensure((11..=LONGEST).contains(&len))?;
    let indicator = usize::from(cursor.u8()?);
    ensure(indicator + 5 == len)?;
    ensure(cursor.u8()? == CONNECTION_REQUEST)?;
    let [_, _, _, _, class] = cursor.array()?;
    ensure(class == 0)?;
    cursor.take(len - cursor.at())?;
    Ok(Opening::before_another(cursor.at()))
}

const CONNECTION_REQUEST: u8 = 0xe0;
/// Octets of the longest request: its own length is one octet.
const LONGEST: usize = 259;

#[cfg(test)]
mod tests {
    use super::read;
    use crate::name::cursor::Stop;

    #[test]
    fn a_connection_request_states_its_length_twice() {
        let mut request = b"\x03\x00\x00\x13\x0e\xe0\0\0\0\0\0\x01\0\x08\0\x03\0\0\0".to_vec();
        for len in 0..request.len() {
            assert_eq!(read(&request[..len]), Err(Stop::NeedMore), "{len}");
        }
        assert_eq!(read(&request).unwrap().len, 19);
        for (at, value) in [(0, 2), (3, 0x14), (4, 0x0d), (5, 0xd0)] {
            let before = request[at];
            request[at] = value;
            assert_eq!(read(&request), Err(Stop::Foreign), "{at}");
            request[at] = before;
        }
    }
}
