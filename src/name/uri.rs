//! Requests of SIP (RFC 3261 §7.1) and RTSP (RFC 2326 §6, RFC 7826 §7), which look like those of HTTP:
//! whose host their URI states.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::{HostName, NotAHostName, Via};

/// What a first line says.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::name) enum UriLine {
    /// A request, with the host of its URI where there is one.
    Request(Via, Option<Result<HostName, NotAHostName>>),
    /// A response.
    Response,
}

/// Reads a first line without its LF; none where it is of another protocol.
pub(in crate::name) fn read(line: &[u8]) -> Option<UriLine> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if VERSIONS.iter().any(|(version, _)| is_status(line, version)) {
        return Some(UriLine::Response);
    }
    // The end first: nearly every line is of HTTP, which this is not.
    let (_, via) = VERSIONS.iter().find(|(known, _)| line.ends_with(known))?;
    let mut words = line.split(|octet| *octet == b' ');
    let (method, uri, version) = (words.next()?, words.next()?, words.next()?);
    if !VERSIONS.iter().any(|(known, _)| *known == version) {
        return None;
    }
    let is_method =
        (1..=24).contains(&method.len()) && method.iter().all(|octet| is_method_octet(*octet));
    if words.next().is_some() || !is_method {
        return None;
    }
    let host = match via {
        Via::Sip => sip_host(uri),
        _ => rtsp_host(uri),
    }?;
    let host = (!host.is_empty()).then(|| HostName::with_port(host));
    Some(UriLine::Request(*via, host))
}

/// Methods are upper case; RTSP has `SET_PARAMETER`.
fn is_method_octet(octet: u8) -> bool {
    octet.is_ascii_uppercase() || octet == b'_'
}

/// Whether octets can be the beginning of a response.
pub(in crate::name) fn may_be_response(octets: &[u8]) -> bool {
    VERSIONS.iter().any(|(version, _)| {
        let len = octets.len().min(version.len());
        len > 0 && octets.get(..len) == version.get(..len)
    })
}

/// Whether a line is a status line of this version: three digits after a space.
fn is_status(line: &[u8], version: &[u8]) -> bool {
    let Some([b' ', a, b, c, b' ', ..]) = line.strip_prefix(version) else { return false };
    [a, b, c].into_iter().all(u8::is_ascii_digit)
}

/// The host of `sip:user:password@host:port;parameters?headers` (RFC 3261 §19.1.1): empty where
/// the URI is of a kind that has none (`tel:`, RFC 3966).
fn sip_host(uri: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = split_once(uri, b':')?;
    let is = |other: &str| scheme.eq_ignore_ascii_case(other.as_bytes());
    if is("tel") || is("urn") {
        return Some(&[]);
    }
    if !is("sip") && !is("sips") {
        return None;
    }
    // No `@` may stand in parameters, and users may hold `;` and `?`.
    let at = rest.iter().rposition(|octet| *octet == b'@');
    let host = at.and_then(|at| rest.get(at + 1..)).unwrap_or(rest);
    host.split(|octet| matches!(octet, b';' | b'?')).next()
}

/// The host of `rtsp://user@host:port/path`; empty for `*`.
fn rtsp_host(uri: &[u8]) -> Option<&[u8]> {
    if uri == b"*" {
        return Some(&[]);
    }
    let (scheme, rest) = split_once(uri, b':')?;
    let known = ["rtsp", "rtsps", "rtspu"];
    if !known.into_iter().any(|known| scheme.eq_ignore_ascii_case(known.as_bytes())) {
        return None;
    }
    authority(rest.strip_prefix(b"//")?)
}

/// The host and port at the beginning of what follows `//` in a URI (RFC 3986 §3.2).
pub(in crate::name) fn authority(rest: &[u8]) -> Option<&[u8]> {
    let authority = rest.split(|octet| matches!(octet, b'/' | b'?' | b'#')).next()?;
    authority.rsplit(|octet| *octet == b'@').next()
}

fn split_once(octets: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let place = octets.iter().position(|octet| *octet == at)?;
    let (before, [_, after @ ..]) = octets.split_at_checked(place)? else { return None };
    Some((before, after))
}

/// Versions at the end of a request line, and what their hosts are.
const VERSIONS: [(&[u8], Via); 3] =
    [(b"SIP/2.0", Via::Sip), (b"RTSP/1.0", Via::Rtsp), (b"RTSP/2.0", Via::Rtsp)];

#[cfg(test)]
mod tests {
    use super::{UriLine, authority, read};
    use crate::name::{NotAHostName, Via};

    fn host(line: &str) -> Option<(String, Via)> {
        match read(line.as_bytes())? {
            UriLine::Request(via, Some(Ok(name))) => Some((name.to_string(), via)),
            _ => None,
        }
    }

    #[test]
    fn a_request_states_the_host_of_its_uri() {
        for (line, name, via) in [
            ("INVITE sip:bob@biloxi.example.com SIP/2.0\r", "biloxi.example.com", Via::Sip),
            ("REGISTER sips:Registrar.Example SIP/2.0\r", "registrar.example", Via::Sip),
            ("ACK sip:a;b?c@host.example:5061;transport=udp?x=y SIP/2.0", "host.example", Via::Sip),
            ("DESCRIBE rtsp://cam.example/live RTSP/1.0\r", "cam.example", Via::Rtsp),
            ("PLAY rtsps://u:p@cam.example:322 RTSP/2.0\r", "cam.example", Via::Rtsp),
            ("SET_PARAMETER rtsp://cam.example/ RTSP/1.0\r", "cam.example", Via::Rtsp),
        ] {
            assert_eq!(host(line), Some((name.to_owned(), via)), "{line}");
        }
    }

    #[test]
    fn a_request_may_state_none() {
        let address = UriLine::Request(Via::Sip, Some(Err(NotAHostName::AddressLiteral)));
        assert_eq!(read(b"OPTIONS sip:192.0.2.1:5060 SIP/2.0\r"), Some(address));
        assert_eq!(read(b"INVITE tel:+123 SIP/2.0\r"), Some(UriLine::Request(Via::Sip, None)));
        assert_eq!(read(b"OPTIONS * RTSP/1.0\r"), Some(UriLine::Request(Via::Rtsp, None)));
        assert_eq!(read(b"SIP/2.0 180 Ringing\r"), Some(UriLine::Response));
        assert_eq!(read(b"RTSP/1.0 200 OK\r"), Some(UriLine::Response));
    }

    #[test]
    fn other_lines_are_none() {
        for line in [
            "GET / HTTP/1.1",
            "INVITE bob SIP/2.0",
            "INVITE http://a.example/ SIP/2.0",
            "INVITE sip:a.example  SIP/2.0",
            "INVITE sip:a.example SIP/2.0 x",
            "invite sip:a.example SIP/2.0",
            "PLAY rtsp:cam.example RTSP/1.0",
            "INVITE sip:a.example SIP/3.0",
            "SIP/2.0 2x0 OK",
            "",
        ] {
            assert_eq!(read(line.as_bytes()), None, "{line:?}");
        }
    }

    #[test]
    fn an_authority_ends_with_the_path() {
        assert_eq!(authority(b"u@a.example:80/b@c"), Some(&b"a.example:80"[..]));
        assert_eq!(authority(b"a.example"), Some(&b"a.example"[..]));
    }
}
