//! AMQP without TLS, and its turn to TLS (AMQP 1.0, ISO/IEC 19464, part 5).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::cursor::{Cursor, Stop, ensure};
use crate::name::opening::Opening;
use crate::name::{HostName, Via};

/// Reads a protocol header (part 2 §2.2), and what its client says next.
pub(in crate::name) fn read(octets: &[u8]) -> Result<Opening, Stop> {
    let mut cursor = Cursor::new(octets);
    cursor.expect(AMQP)?;
    match cursor.array()? {
        [0, 1, 0, 0] => {
            let host = frame(&mut cursor, Frame::Amqp)?;
            Ok(with_host(Opening::alone(cursor.at()), host))
        }
        [3, 1, 0, 0] => {
            let host = frame(&mut cursor, Frame::Sasl)?;
            Ok(with_host(Opening::before_another(cursor.at()), host))
        }
        [2, 1, 0, 0] => Ok(Opening::before_another(cursor.at())),
        // AMQP 0-8 to 0-10 state a virtual host, which is no host.
        [0, 0, 9, 1] | [1, 1, 0 | 8, 0 | 9 | 10] => Ok(Opening::alone(cursor.at())),
        _ => Err(Stop::Foreign),
    }
}

/// A kind of frame, by what stands in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    Amqp,
    Sasl,
}

fn with_host(opening: Opening, host: Option<&[u8]>) -> Opening {
    match host {
        Some(host) => opening.named(HostName::with_port(host), Via::Amqp),
        None => opening,
    }
}

/// The `hostname` of the first frame (part 2 §2.3, §2.7.1; part 5 §5.3.3.2): the second field of
/// `open`, the third of `sasl-init`.
fn frame<'a>(cursor: &mut Cursor<'a>, kind: Frame) -> Result<Option<&'a [u8]>, Stop> {
    let size = usize::try_from(cursor.u32()?).map_err(|_| Stop::Foreign)?;
    ensure((8..=LONGEST).contains(&size))?;
    let [offset, frame_type, _, _] = cursor.array()?;
    let (wanted_type, descriptor, before) = match kind {
        Frame::Amqp => (0, OPEN, 1),
        Frame::Sasl => (1, SASL_INIT, 2),
    };
    ensure(frame_type == wanted_type && offset >= 2)?;
    let mut content = Cursor::new(cursor.take(size - 8)?);
    content.take(usize::from(offset) * 4 - 8).map_err(|_| Stop::Foreign)?;
    hostname(content, descriptor, before).map_err(|_| Stop::Foreign)
}

/// The field after `before` others of a described list (part 1 §1.2, §1.4).
fn hostname(mut content: Cursor<'_>, descriptor: u8, before: usize) -> Result<Option<&[u8]>, Stop> {
    content.expect(&[0])?;
    match content.u8()? {
        SMALL_ULONG => content.expect(&[descriptor])?,
        ULONG => content.expect(&[0, 0, 0, 0, 0, 0, 0, descriptor])?,
        _ => return Err(Stop::Foreign),
    }
    let count = match content.u8()? {
        LIST_0 => 0,
        LIST_8 => {
            content.u8()?;
            usize::from(content.u8()?)
        }
        LIST_32 => {
            content.u32()?;
            usize::try_from(content.u32()?).map_err(|_| Stop::Foreign)?
        }
        _ => return Err(Stop::Foreign),
    };
    if count <= before {
        return Ok(None);
    }
    for _ in 0..before {
        text(&mut content)?;
    }
    text(&mut content)
}

/// Text or octets; none for null.
fn text<'a>(content: &mut Cursor<'a>) -> Result<Option<&'a [u8]>, Stop> {
    match content.u8()? {
        NULL => Ok(None),
        BINARY_8 | STRING_8 | SYMBOL_8 => content.counted8().map(Some),
        BINARY_32 | STRING_32 | SYMBOL_32 => {
            let len = usize::try_from(content.u32()?).map_err(|_| Stop::Foreign)?;
            content.take(len).map(Some)
        }
        _ => Err(Stop::Foreign),
    }
}

/// The first octets of every header.
const AMQP: &[u8] = b"AMQP";
/// Octets of the longest first frame.
const LONGEST: usize = 3072;
/// Descriptors.
const OPEN: u8 = 0x10;
const SASL_INIT: u8 = 0x41;
/// Constructors (part 1 §1.6).
const NULL: u8 = 0x40;
const LIST_0: u8 = 0x45;
const SMALL_ULONG: u8 = 0x53;
const ULONG: u8 = 0x80;
const BINARY_8: u8 = 0xa0;
const STRING_8: u8 = 0xa1;
const SYMBOL_8: u8 = 0xa3;
const BINARY_32: u8 = 0xb0;
const STRING_32: u8 = 0xb1;
const SYMBOL_32: u8 = 0xb3;
const LIST_8: u8 = 0xc0;
const LIST_32: u8 = 0xd0;

#[cfg(test)]
mod tests {
    use super::read;
    use crate::name::Via;
    use crate::name::cursor::Stop;
    use crate::name::opening::{Opening, Then};

    fn frame(kind: u8, content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len() + 8).unwrap();
        [&size.to_be_bytes()[..], &[2, kind, 0, 0], content].concat()
    }

    fn whole(octets: &[u8]) -> Opening {
        for len in 0..octets.len() {
            assert_eq!(read(&octets[..len]), Err(Stop::NeedMore), "{len}");
        }
        let opening = read(&[octets, b"AM"].concat()).unwrap();
        assert_eq!(opening.len, octets.len());
        opening
    }

    fn name(opening: &Opening) -> &str {
        let Some((Ok(name), Via::Amqp)) = &opening.name else { panic!("{opening:?}") };
        name.as_str()
    }

    #[test]
    fn open_states_the_host() {
        let open = b"\0\x53\x10\xc0\x16\x02\xa1\x02id\xa1\x0fns.example.test";
        let octets = [b"AMQP\0\x01\0\0".as_slice(), &frame(0, open)].concat();
        let opening = whole(&octets);
        assert_eq!((name(&opening), opening.then), ("ns.example.test", Then::Nothing));
        let none = [b"AMQP\0\x01\0\0".as_slice(), &frame(0, b"\0\x53\x10\xc0\x05\x01\xa1\x02id")];
        assert_eq!(whole(&none.concat()).name, None);
    }

    #[test]
    fn sasl_init_states_the_host_and_more_follows() {
        let init = b"\0\x80\0\0\0\0\0\0\0\x41\xd0\0\0\0\x22\0\0\0\x03\xa3\x05PLAIN\xb0\0\0\0\x04\0u\0p\xa1\x0fns.example.test";
        let octets = [b"AMQP\x03\x01\0\0".as_slice(), &frame(1, init)].concat();
        let opening = whole(&octets);
        assert_eq!((name(&opening), opening.then), ("ns.example.test", Then::Another));
    }

    #[test]
    fn tls_follows_its_header() {
        assert_eq!(whole(b"AMQP\x02\x01\0\0").then, Then::Another);
        assert_eq!(whole(b"AMQP\0\0\x09\x01").then, Then::Nothing);
    }

    #[test]
    fn other_frames_are_none() {
        for octets in [
            b"AMQP\x04\x01\0\0".to_vec(),
            b"AMQ/".to_vec(),
            [b"AMQP\0\x01\0\0".as_slice(), &frame(1, b"\0\x53\x10\x45")].concat(),
            [b"AMQP\0\x01\0\0".as_slice(), &frame(0, b"\0\x53\x11\x45")].concat(),
            [b"AMQP\0\x01\0\0".as_slice(), &frame(0, b"\0\x53\x10\xc0\x05\x02\xa1\x02id\xa1\x50")]
                .concat(),
            b"AMQP\0\x01\0\0\0\0\0\x07".to_vec(),
            b"AMQP\0\x01\0\0\xff\0\0\0".to_vec(),
        ] {
            assert_eq!(read(&octets), Err(Stop::Foreign), "{}", octets.escape_ascii());
        }
    }
}
