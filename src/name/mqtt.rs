//! MQTT without TLS (MQTT 3.1.1 and 5.0, OASIS): the CONNECT packet.
//!
//! It has no field for the server's name. Azure's IoT hubs ask for it at the beginning of the user
//! name (`hub.azure-devices.net/device/…`).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::cursor::{Cursor, Stop, ensure};
use crate::name::opening::Opening;
use crate::name::{HostName, Via};

/// Reads CONNECT (MQTT 5.0 §3.1), after which nothing is read.
pub(in crate::name) fn read(octets: &[u8]) -> Result<Opening, Stop> {
    let mut cursor = Cursor::new(octets);
    cursor.expect(&[CONNECT])?;
    let len = number(&mut cursor)?;
    ensure(len <= LONGEST)?;
    protocol(&mut cursor.clone())?;
    let mut content = Cursor::new(cursor.take(len)?);
    let opening = Opening::alone(cursor.at());
    let user = user(&mut content).map_err(|_| Stop::Foreign)?;
    Ok(match user.and_then(host) {
        Some(name) => opening.named(Ok(name), Via::Mqtt),
        None => opening,
    })
}

/// Name and level of the protocol.
fn protocol(cursor: &mut Cursor<'_>) -> Result<u8, Stop> {
    match cursor.u16()? {
        4 => cursor.expect(b"MQTT")?,
        6 => cursor.expect(b"MQIsdp")?,
        _ => return Err(Stop::Foreign),
    }
    let level = cursor.u8()?;
    // Bridges set the highest bit.
    ensure(matches!(level & 0x7f, 3..=5))?;
    Ok(level & 0x7f)
}

/// The user name (§3.1.3).
fn user<'a>(content: &mut Cursor<'a>) -> Result<Option<&'a [u8]>, Stop> {
    let level = protocol(content)?;
    let flags = content.u8()?;
    ensure(flags & RESERVED == 0)?;
    content.u16()?;
    properties(content, level)?;
    content.counted16()?;
    if flags & WILL != 0 {
        properties(content, level)?;
        content.counted16()?;
        content.counted16()?;
    }
    if flags & USER == 0 { Ok(None) } else { content.counted16().map(Some) }
}

fn properties(content: &mut Cursor<'_>, level: u8) -> Result<(), Stop> {
    if level == 5 {
        let len = number(content)?;
        content.take(len)?;
    }
    Ok(())
}

/// A variable byte integer (§1.5.5).
fn number(cursor: &mut Cursor<'_>) -> Result<usize, Stop> {
    let mut number = 0;
    for shift in [0, 7, 14, 21] {
        let octet = cursor.u8()?;
        number |= usize::from(octet & 0x7f) << shift;
        if octet & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(Stop::Foreign)
}

/// The host name before a user name's first slash, if it is one of at least three labels.
fn host(user: &[u8]) -> Option<HostName> {
    let slash = user.iter().position(|octet| *octet == b'/')?;
    let name = HostName::from_wire(user.get(..slash)?).ok()?;
    (name.as_str().split('.').count() >= 3).then_some(name)
}

/// Type CONNECT, no flags.
const CONNECT: u8 = 0x10;
/// Connect flags.
const RESERVED: u8 = 1;
const WILL: u8 = 1 << 2;
const USER: u8 = 1 << 7;
/// Octets of the longest CONNECT that is read: an identifier, a will and a token.
const LONGEST: usize = 3072;

#[cfg(test)]
mod tests {
    use super::read;
    use crate::name::Via;
    use crate::name::cursor::Stop;

    fn counted(text: &[u8]) -> Vec<u8> {
        [u16::try_from(text.len()).unwrap().to_be_bytes().to_vec(), text.to_vec()].concat()
    }

    fn connect(level: u8, flags: u8, fields: &[&[u8]]) -> Vec<u8> {
        let properties = if level == 5 { &[3, 0x21, 0, 20][..] } else { &[] };
        let mut content = [&counted(b"MQTT")[..], &[level, flags, 0, 60], properties].concat();
        for (at, field) in fields.iter().enumerate() {
            if level == 5 && at == 1 && flags & 4 != 0 {
                content.push(0);
            }
            content.extend(counted(field));
        }
        [&[0x10, u8::try_from(content.len()).unwrap()], &content[..]].concat()
    }

    #[test]
    fn a_user_name_may_state_the_hub() {
        let user = b"hub.azure-devices.net/dev1/?api-version=2021-04-12";
        for level in [4, 5] {
            for (flags, fields) in [
                (0xc2, &[&b"dev1"[..], user, b"secret"][..]),
                (0x86, &[b"dev1", b"topic", b"message", user]),
            ] {
                let octets = connect(level, flags, fields);
                for len in 0..octets.len() {
                    assert_eq!(read(&octets[..len]), Err(Stop::NeedMore), "{len}");
                }
                let Some((Ok(name), Via::Mqtt)) = read(&octets).unwrap().name else { panic!() };
                assert_eq!(name.as_str(), "hub.azure-devices.net");
            }
        }
    }

    #[test]
    fn other_user_names_are_none() {
        for user in [&b"alice"[..], b"a.example", b"a.example/b", b"192.0.2.1/x", b"a b.c.d/e"] {
            assert_eq!(read(&connect(4, 0x82, &[b"id", user])).unwrap().name, None);
        }
        assert_eq!(read(&connect(4, 0x02, &[b"id"])).unwrap().name, None);
    }

    #[test]
    fn what_only_looks_like_connect_is_none() {
        let mut octets = connect(4, 2, &[b"id"]);
        octets[4] = b'N';
        assert_eq!(read(&octets), Err(Stop::Foreign));
        assert_eq!(read(&connect(4, 3, &[b"id"])), Err(Stop::Foreign));
        assert_eq!(read(&connect(6, 2, &[b"id"])), Err(Stop::Foreign));
        assert_eq!(read(&connect(4, 0x82, &[b"id"])), Err(Stop::Foreign));
        assert_eq!(read(&[0x10, 0xff, 0xff, 0xff, 0xff, 0]), Err(Stop::Foreign));
    }
}
