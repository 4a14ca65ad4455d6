//! How clients of databases ask for TLS.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::cursor::{Cursor, Stop, ensure};
use crate::name::opening::Opening;

/// Reads PostgreSQL's `SSLRequest` or `GSSENCRequest` (PostgreSQL 17 documentation, §53.7): a length
/// of 8 and a number that no version has. A server that lacks the latter leads to the former.
pub(in crate::name) fn read_postgres(octets: &[u8]) -> Result<Opening, Stop> {
    let mut cursor = Cursor::new(octets);
    cursor.expect(POSTGRES)?;
    ensure(matches!(cursor.u8()?, SSL_CODE | GSS_CODE))?;
    Ok(Opening::before_another(cursor.at()))
}

/// Reads MySQL's `SSLRequest` (MySQL internals, `Protocol::SSLRequest`): a packet of 32 octets, the
/// second of the connection, with capabilities that have TLS in them, and zeros.
pub(in crate::name) fn read_mysql(octets: &[u8]) -> Result<Opening, Stop> {
    let mut cursor = Cursor::new(octets);
    cursor.expect(SSL_REQUEST)?;
    let capabilities = u32::from_le_bytes(cursor.array()?);
    ensure(capabilities & PROTOCOL_41 != 0 && capabilities & SSL != 0)?;
    // The longest packet, and the character set.
    cursor.take(5)?;
    // MariaDB has further capabilities in the four octets after these zeros.
    ensure(cursor.take(19)?.iter().all(|octet| *octet == 0))?;
    cursor.take(4)?;
    Ok(Opening::before_another(cursor.at()))
}

/// The first octets of both requests to PostgreSQL.
const POSTGRES: &[u8] = &[0, 0, 0, 8, 4, 0xd2, 0x16];
/// The last one.
const SSL_CODE: u8 = 0x2f;
const GSS_CODE: u8 = 0x30;
/// Length, in three octets from the last, and number of the packet.
const SSL_REQUEST: &[u8] = &[32, 0, 0, 1];
/// Capabilities.
const PROTOCOL_41: u32 = 1 << 9;
const SSL: u32 = 1 << 11;

#[cfg(test)]
mod tests {
    use super::{read_mysql, read_postgres};
    use crate::name::cursor::Stop;

    fn mysql(capabilities: u32) -> Vec<u8> {
        let mut packet = vec![32, 0, 0, 1];
        packet.extend(capabilities.to_le_bytes());
        packet.extend([0, 0, 0, 1, 45]);
        packet.extend([0; 23]);
        packet
    }

    #[test]
    fn postgres_asks_with_a_number_that_is_no_version() {
        for last in [0x2f, 0x30] {
            let request = [0, 0, 0, 8, 4, 0xd2, 0x16, last];
            for len in 0..request.len() {
                assert_eq!(read_postgres(&request[..len]), Err(Stop::NeedMore));
            }
            assert_eq!(read_postgres(&request).unwrap().len, 8);
        }
        for other in [[0, 0, 0, 8, 4, 0xd2, 0x16, 0x2e], [0, 0, 0, 9, 0, 3, 0, 0]] {
            assert_eq!(read_postgres(&other), Err(Stop::Foreign));
        }
    }

    #[test]
    fn mysql_asks_with_a_capability() {
        let request = mysql(0x0020_8a85);
        for len in 0..request.len() {
            assert_eq!(read_mysql(&request[..len]), Err(Stop::NeedMore));
        }
        assert_eq!(read_mysql(&request).unwrap().len, 36);
        assert_eq!(read_mysql(&mysql(0x0000_0285)), Err(Stop::Foreign));
        let mut wrong = mysql(0x0020_8a85);
        wrong[20] = 1;
        assert_eq!(read_mysql(&wrong), Err(Stop::Foreign));
    }
}
