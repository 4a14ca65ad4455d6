//! One request: its line, its Host, the length of its body.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use httparse::{EMPTY_HEADER, Header, ParserConfig, Request, Status};

use crate::name::uri;

/// What the head of a request says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RequestHead<'a> {
    /// The host that is asked for, as sent: that of the target, where it states one, else the
    /// value of the first Host header (RFC 9112 §3.2.2).
    pub(super) host: Option<&'a [u8]>,
    /// What follows the head.
    pub(super) body: Body,
    /// CONNECT or Upgrade: another protocol may follow.
    pub(super) leaves: Leaves,
}

/// The octets after the head of a request (RFC 9112 §6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// So many octets, perhaps none.
    Octets(u64),
    /// Chunks.
    Chunked,
    /// The headers do not agree.
    Unknown,
}

/// Whether a request can be the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaves {
    /// Further requests follow.
    No,
    /// The server may switch to another protocol (RFC 9110 §7.8).
    Perhaps,
    /// A tunnel follows (RFC 9110 §9.3.6).
    Tunnel,
}

/// Whether octets from the start of a segment start a request: `Some(true)` with a whole
/// request line, `Some(false)` if they cannot, `None` if more is needed to say.
pub(super) fn starts_request(octets: &[u8]) -> Option<bool> {
    let octets = skip_empty_lines(octets);
    let line = octets.get(..LONGEST_LINE).unwrap_or(octets);
    if let Some(end) = memchr::memchr(b'\n', line) {
        return octets.get(..end).map(is_request_line);
    }
    (octets.len() >= LONGEST_LINE || !may_start(octets)).then_some(false)
}

/// Whether a line, without its LF, is a request line of HTTP/1 (RFC 9112 §3), whatever the
/// method.
pub(in crate::name) fn is_request_line(line: &[u8]) -> bool {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let Some((rest, version)) = line.rsplit_once_space() else { return false };
    let end = rest.iter().position(|octet| *octet == b' ').unwrap_or(rest.len());
    is_version(version) && rest.get(..end).is_some_and(is_method)
}

fn is_version(octets: &[u8]) -> bool {
    matches!(octets, [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor] if minor.is_ascii_digit())
}

/// Whether octets can be the beginning of a request line: a token, a space, more.
pub(in crate::name) fn may_start(octets: &[u8]) -> bool {
    let octets = skip_empty_lines(octets);
    match octets.iter().take(LONGEST_METHOD + 1).position(|octet| *octet == b' ') {
        Some(space) => octets.get(..space).is_some_and(is_method),
        None => octets.len() <= LONGEST_METHOD && octets.iter().all(|octet| is_tchar(*octet)),
    }
}

/// Octets without the empty lines before a request, which a server ignores (RFC 9112 §2.2).
pub(in crate::name) fn skip_empty_lines(octets: &[u8]) -> &[u8] {
    let start = octets.iter().position(|octet| !matches!(octet, b'\r' | b'\n'));
    start.and_then(|start| octets.get(start..)).unwrap_or_default()
}

fn is_method(octets: &[u8]) -> bool {
    (1..=LONGEST_METHOD).contains(&octets.len()) && octets.iter().all(|octet| is_tchar(*octet))
}

/// `tchar` of RFC 9110 §5.6.2.
fn is_tchar(octet: u8) -> bool {
    TCHARS.get(usize::from(octet)).is_some_and(|is_tchar| *is_tchar)
}

#[expect(clippy::indexing_slicing, reason = "what lies outside does not compile")]
const TCHARS: [bool; 256] = {
    let mut tchars = [false; 256];
    let (mut octet, others) = (0_u8, b"!#$%&'*+-.^_`|~");
    while octet < 128 {
        tchars[octet as usize] = octet.is_ascii_alphanumeric();
        octet += 1;
    }
    let mut at = 0;
    while at < others.len() {
        tchars[others[at] as usize] = true;
        at += 1;
    }
    tchars
};

/// Splits at the last space.
trait RsplitOnceSpace {
    fn rsplit_once_space(&self) -> Option<(&[u8], &[u8])>;
}

impl RsplitOnceSpace for [u8] {
    fn rsplit_once_space(&self) -> Option<(&[u8], &[u8])> {
        let space = self.iter().rposition(|octet| *octet == b' ')?;
        let (before, [_, after @ ..]) = self.split_at_checked(space)? else { return None };
        Some((before, after))
    }
}

/// Reads a whole head, from the request line to the empty line. None where it is broken.
pub(super) fn read(head: &[u8]) -> Option<RequestHead<'_>> {
    let mut few = [EMPTY_HEADER; FEW_HEADERS];
    match read_into(head, &mut few) {
        Err(httparse::Error::TooManyHeaders) => {
            let mut many = vec![EMPTY_HEADER; MOST_HEADERS];
            read_into(head, &mut many).ok().flatten()
        }
        Ok(read) => read,
        Err(_) => sloppy_connect(head).or_else(|| without_target(head)),
    }
}

/// A request whose line has no target (`GET HTTP/1.1`): careless programs send it, and its Host
/// says whom they mean as that of any other. Read as if it asked for `/`.
fn without_target(head: &[u8]) -> Option<RequestHead<'_>> {
    let head = skip_empty_lines(head);
    let (line, fields) = head.split_at_checked(memchr::memchr(b'\n', head)? + 1)?;
    let (method, version) = line.trim_ascii_end().rsplit_once_space()?;
    if !is_method(method) || method == b"CONNECT" || !is_version(version) {
        return None;
    }
    let mut headers = vec![EMPTY_HEADER; MOST_HEADERS];
    let (_, headers) = match httparse::parse_headers(fields, &mut headers).ok()? {
        Status::Complete(parsed) => parsed,
        Status::Partial => return None,
    };
    let (host, leaves) = (values(headers, "host").next(), upgrade(headers));
    Some(RequestHead { host, body: body(headers), leaves })
}

/// A CONNECT request whose line has more after the target than it should: scanners write
/// `CONNECT mail.example:25 / HTTP/1.0`, and proxies obey. The target is the first word.
fn sloppy_connect(head: &[u8]) -> Option<RequestHead<'_>> {
    let rest = head.strip_prefix(b"CONNECT ")?;
    let line = rest.get(..memchr::memchr(b'\n', rest)?)?;
    let target = line.split(u8::is_ascii_whitespace).find(|word| !word.is_empty())?;
    let has_port = target.iter().rposition(|octet| *octet == b':').is_some_and(|colon| {
        let port = target.get(colon + 1..).unwrap_or_default();
        !port.is_empty() && port.iter().all(u8::is_ascii_digit)
    });
    let (body, leaves) = (Body::Octets(0), Leaves::Tunnel);
    has_port.then_some(RequestHead { host: Some(target), body, leaves })
}

fn read_into<'a>(
    head: &'a [u8],
    headers: &mut [Header<'a>],
) -> Result<Option<RequestHead<'a>>, httparse::Error> {
    let mut request = Request::new(headers);
    let status = ParserConfig::default()
        .allow_multiple_spaces_in_request_line_delimiters(true)
        .ignore_invalid_headers_in_requests(true)
        .parse_request(&mut request, head)?;
    let (Status::Complete(_), Some(method)) = (status, request.method) else { return Ok(None) };
    let leaves = match method {
        "CONNECT" => Leaves::Tunnel,
        _ => upgrade(request.headers),
    };
    let target = request.path.unwrap_or_default().as_bytes();
    let host = match leaves {
        Leaves::Tunnel => Some(target),
        _ => authority(target).or_else(|| values(request.headers, "host").next()),
    };
    Ok(Some(RequestHead { host, body: body(request.headers), leaves }))
}

/// Host and port of a target in absolute form (RFC 9112 §3.2.2).
fn authority(target: &[u8]) -> Option<&[u8]> {
    let colon = target.iter().position(|octet| *octet == b':')?;
    let (scheme, rest) = target.split_at_checked(colon)?;
    let is_scheme = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(octet));
    let authority = uri::authority(rest.strip_prefix(b"://")?)?;
    (is_scheme && !authority.is_empty()).then_some(authority)
}

/// Whether the headers ask for another protocol.
fn upgrade(headers: &[Header<'_>]) -> Leaves {
    if values(headers, "upgrade").next().is_some() { Leaves::Perhaps } else { Leaves::No }
}

/// The values of all headers of a name.
fn values<'a, 'h>(
    headers: &'h [Header<'a>],
    name: &'static str,
) -> impl Iterator<Item = &'a [u8]> + use<'a, 'h> {
    headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name)).map(|h| h.value)
}

/// Transfer-Encoding overrides Content-Length (RFC 9112 §6.3); several lengths must agree.
fn body(headers: &[Header<'_>]) -> Body {
    if let Some(coding) = values(headers, "transfer-encoding").last() {
        let last = coding.rsplit(|octet| *octet == b',').next().unwrap_or(coding);
        let chunked = last.trim_ascii().eq_ignore_ascii_case(b"chunked");
        return if chunked { Body::Chunked } else { Body::Unknown };
    }
    let mut lengths = values(headers, "content-length").map(length);
    match lengths.next() {
        None => Body::Octets(0),
        Some(Some(first)) if lengths.all(|other| other == Some(first)) => Body::Octets(first),
        Some(_) => Body::Unknown,
    }
}

fn length(value: &[u8]) -> Option<u64> {
    str::from_utf8(value.trim_ascii()).ok()?.parse().ok()
}

/// Octets of a method; the longest registered one has 17 (IANA "HTTP Method Registry").
const LONGEST_METHOD: usize = 32;
/// Octets of a request line. Servers take some 8,000 (RFC 9112 §3 asks for that at least).
pub(in crate::name) const LONGEST_LINE: usize = 16 * 1024;
/// Headers that are read without an allocation.
const FEW_HEADERS: usize = 64;
/// Headers that are read; a request with more gives no name.
const MOST_HEADERS: usize = 4096;

#[cfg(test)]
mod tests {
    use super::{Body, Leaves, read, starts_request};

    #[test]
    fn a_request_without_target_still_names_its_host() {
        let head = b"GET HTTP/1.1\r\nAgent: a\r\nHost: a.example\r\nContent-Length: 3\r\n\r\n";
        let read_head = read(head).unwrap();
        assert_eq!(read_head.host, Some(&b"a.example"[..]));
        assert_eq!((read_head.body, read_head.leaves), (Body::Octets(3), Leaves::No));
        assert_eq!(read(b"CONNECT HTTP/1.1\r\nHost: a.example\r\n\r\n"), None);
        assert_eq!(read(b"GET HTTP/2.0\r\nHost: a.example\r\n\r\n"), None);
    }

    #[test]
    fn a_request_line_has_a_method_a_target_and_a_version() {
        for line in [
            "GET / HTTP/1.1\r\n",
            "\r\n\r\nPOST /a?b=c HTTP/1.0\r\nHost",
            "QUERY http://example.com/ HTTP/1.1\n",
            "M-SEARCH * HTTP/1.1\r\n",
            "GET /with space HTTP/1.1\r\n",
            "GET HTTP/1.1\r\n",
        ] {
            assert_eq!(starts_request(line.as_bytes()), Some(true), "{line:?}");
        }
        for line in [
            "HTTP/1.1 200 OK\r\n",
            "PRI * HTTP/2.0\r\n",
            "EHLO mail.example\r\n",
            "GET /\r\n",
            "HTTP/1.1\r\n",
            " HTTP/1.1\r\n",
            "\u{16}\u{3}\u{1} / HTTP/1.1\r\n",
            "OPTIONS rtsp://192.0.2.1/ RTSP/1.0\r\n",
        ] {
            assert_eq!(starts_request(line.as_bytes()), Some(false), "{line:?}");
        }
        for start in ["", "GE", "GET ", "GET /very/long", "\r\n"] {
            assert_eq!(starts_request(start.as_bytes()), None, "{start:?}");
        }
        assert_eq!(starts_request(&[b'A'; 40]), Some(false));
        assert_eq!(starts_request(&[b"GET ".as_slice(), &[b'a'; 1 << 14]].concat()), Some(false));
    }

    #[test]
    fn the_head_tells_the_host_and_the_length_of_the_body() {
        let head = read(b"POST / HTTP/1.1\r\nHOST:  a.example:80\r\nContent-Length: 12\r\n\r\n");
        let head = head.unwrap();
        assert_eq!(head.host, Some(&b"a.example:80"[..]));
        assert_eq!((head.body, head.leaves), (Body::Octets(12), Leaves::No));
    }

    #[test]
    fn a_sloppy_connect_states_its_target() {
        let head = b"CONNECT mail.example:25 / HTTP/1.0\r\nMozilla 4.0 (compatible)\r\n\r\n";
        let head = read(head).unwrap();
        assert_eq!((head.host, head.leaves), (Some(&b"mail.example:25"[..]), Leaves::Tunnel));
        assert!(read(b"CONNECT mail.example / HTTP/1.0\r\n\r\n").is_none());
        assert!(read(b"GET a.example:80 / HTTP/1.0\r\n\r\n").is_none());
    }

    #[test]
    fn a_target_in_absolute_form_or_of_connect_states_the_host() {
        let host = |head: &str| {
            let head = format!("{head} HTTP/1.1\r\nHost: other.example\r\n\r\n");
            read(head.as_bytes())
                .unwrap()
                .host
                .map(|host| String::from_utf8(host.to_vec()).unwrap())
        };
        for (head, expected) in [
            ("GET http://a.example:8080/b?c=http://d.example", "a.example:8080"),
            ("GET ftp://u:p@a.example", "a.example"),
            ("CONNECT a.example:443", "a.example:443"),
            ("GET /go?to=http://a.example/", "other.example"),
            ("GET http:///a", "other.example"),
            ("OPTIONS *", "other.example"),
        ] {
            assert_eq!(host(head).as_deref(), Some(expected), "{head}");
        }
    }

    #[test]
    fn transfer_encoding_overrides_content_length_rfc_9112_6_3() {
        let body = |headers: &str| {
            read(format!("POST / HTTP/1.1\r\n{headers}\r\n\r\n").as_bytes()).unwrap().body
        };
        assert_eq!(body("Content-Length: 3\r\nTransfer-Encoding: gzip, Chunked"), Body::Chunked);
        assert_eq!(body("Transfer-Encoding: gzip"), Body::Unknown);
        assert_eq!(body("Content-Length: 3\r\nContent-Length: 3"), Body::Octets(3));
        assert_eq!(body("Content-Length: 3\r\nContent-Length: 4"), Body::Unknown);
        assert_eq!(body("Content-Length: -3"), Body::Unknown);
        assert_eq!(body("A: b"), Body::Octets(0));
    }

    #[test]
    fn a_broken_header_line_does_not_hide_the_host() {
        let head = read(b"GET / HTTP/1.1\r\nbad line\r\n: x\r\nHost: a.example\r\n\r\n").unwrap();
        assert_eq!(head.host, Some(&b"a.example"[..]));
    }

    #[test]
    fn many_headers_are_read() {
        let many = "X-A: b\r\n".repeat(1000);
        let head = format!("GET / HTTP/1.1\r\n{many}Host: a.example\r\n\r\n");
        assert_eq!(read(head.as_bytes()).unwrap().host, Some(&b"a.example"[..]));
    }

    #[test]
    fn connect_and_upgrade_leave_http() {
        let leaves = |head: &str| read(head.as_bytes()).unwrap().leaves;
        assert_eq!(leaves("CONNECT a.example:443 HTTP/1.1\r\n\r\n"), Leaves::Tunnel);
        let upgrade = "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";
        assert_eq!(leaves(upgrade), Leaves::Perhaps);
        assert_eq!(leaves("GET / HTTP/1.1\r\n\r\n"), Leaves::No);
    }
}
