//! What `PCAPdroid` writes behind the packets of a phone: the app that sent or got them.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::link;
use crate::source::Frame;

/// Octets of the trailer: magic, user id, name, checksum.
const TRAILER: usize = 32;
const MAGIC: [u8; 4] = 0x0107_2021_u32.to_be_bytes();
/// Octets of the name, filled up with zeros; a longer name is cut there by the app.
const NAME: usize = 20;

/// The app that a frame's trailer names (`PCAPdroid`'s dump format with metadata: an Ethernet
/// header in front of the packet, this behind it). None where there is no trailer, the name is
/// empty or no UTF-8, or the end of the frame was cut off.
pub fn app_name<'a>(frame: &Frame<'a>) -> Option<&'a str> {
    let whole = usize::try_from(frame.wire_len).is_ok_and(|len| len <= frame.captured.len());
    if frame.link != link::ETHERNET || !whole {
        return None;
    }
    let trailer: &[u8; TRAILER] = frame.captured.last_chunk()?;
    let (magic, rest) = trailer.split_first_chunk::<4>()?;
    if *magic != MAGIC {
        return None;
    }
    let name = rest.get(4..4 + NAME)?;
    let name = name.split(|octet| *octet == 0).next()?;
    // Cut within a character: what is whole of it counts.
    let name = match std::str::from_utf8(name) {
        Ok(name) => name,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(name.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return None,
    };
    Some(name.trim()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::tests::frames::{eth, frame, inner};
    use super::*;

    fn with_trailer(name: &[u8]) -> Vec<u8> {
        let mut padded = [0; NAME];
        padded[..name.len()].copy_from_slice(name);
        [&eth(0x800, &inner())[..], &MAGIC, &[0, 0, 0x27, 0x10], &padded, &[1, 2, 3, 4]].concat()
    }

    #[test]
    fn a_trailer_names_the_app() {
        for (name, expected) in [
            (&b"WhatsApp"[..], Some("WhatsApp")),
            (b"exactly twenty octet", Some("exactly twenty octet")),
            ("seventeen letters \u{20ac}".as_bytes().get(..20).unwrap(), Some("seventeen letters")),
            (b"bad\xffname", None),
            (b"", None),
        ] {
            assert_eq!(app_name(&frame(1, &with_trailer(name))), expected);
        }
    }

    #[test]
    fn what_is_no_trailer_names_none() {
        let octets = with_trailer(b"App");
        for end in 0..octets.len() {
            let mut cut = frame(1, &octets[..end]);
            assert_eq!(app_name(&cut), None);
            cut.wire_len = u32::try_from(octets.len()).unwrap();
            assert_eq!(app_name(&cut), None);
        }
        assert_eq!(app_name(&frame(101, &octets)), None);
    }
}
