//! XMPP's `<starttls/>` (RFC 6120 §5.4.2.1).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::cursor::{Cursor, Stop, ensure};
use crate::name::opening::Opening;

/// Reads the stream's header and the element, with the white space after it.
pub(in crate::name) fn read(octets: &[u8]) -> Result<Opening, Stop> {
    if let Err(stop) = Cursor::new(octets).expect(XML) {
        let other = Cursor::new(octets).expect(STREAM);
        other.map_err(|other| if other == Stop::Foreign { stop } else { other })?;
    }
    let start = find(octets, ELEMENT)?;
    // A server lists it among what it can do.
    ensure(find(octets.get(..start).unwrap_or_default(), FEATURES).is_err())?;
    let element = octets.get(start..).ok_or(Stop::Foreign)?;
    let tag = find(element, b">")?;
    let is_empty = element.get(..tag).is_some_and(|tag| tag.ends_with(b"/"));
    ensure(element.get(..tag).is_some_and(|tag| find(tag, NAMESPACE).is_ok()))?;
    let end = if is_empty { tag + 1 } else { find(element, END)? + END.len() };
    let after = element.get(end..).unwrap_or_default();
    let white = after.iter().take_while(|octet| octet.is_ascii_whitespace()).count();
    // White space may still come: wait for what is none.
    after.get(white).ok_or(Stop::NeedMore)?;
    Ok(Opening::before_another(start + end + white))
}

/// Where a stretch of text starts.
fn find(octets: &[u8], text: &[u8]) -> Result<usize, Stop> {
    octets.windows(text.len()).position(|window| window == text).ok_or(Stop::NeedMore)
}

/// How a stream begins.
const XML: &[u8] = b"<?xml ";
const STREAM: &[u8] = b"<stream:stream ";
const ELEMENT: &[u8] = b"<starttls";
const FEATURES: &[u8] = b"features";
const END: &[u8] = b"</starttls>";
const NAMESPACE: &[u8] = b"urn:ietf:params:xml:ns:xmpp-tls";

#[cfg(test)]
mod tests {
    use super::read;
    use crate::name::cursor::Stop;

    const HEADER: &str = "<?xml version='1.0'?><stream:stream to='im.example' version='1.0'>";

    #[test]
    fn tls_follows_the_element() {
        for element in [
            "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
            "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>\n",
        ] {
            let octets = format!("{HEADER}{element}\u{16}");
            let len = octets.len() - 1;
            assert_eq!(read(octets.as_bytes()).unwrap().len, len);
            for len in 0..=len {
                assert_eq!(read(&octets.as_bytes()[..len]), Err(Stop::NeedMore), "{len}");
            }
        }
    }

    #[test]
    fn other_elements_and_other_markup_are_none() {
        let other = format!("{HEADER}<starttls xmlns='urn:example'/>\u{16}");
        assert_eq!(read(other.as_bytes()), Err(Stop::Foreign));
        assert_eq!(read(b"<html><starttls/>"), Err(Stop::Foreign));
    }
}
