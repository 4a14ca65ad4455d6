//! HTTP/1 requests (RFC 9112 §3): method and host stay, every other octet becomes `x`.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

/// Where in a request the next octet stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Method,
    /// The target; kept where the method is CONNECT, whose target is the host.
    Target {
        kept: bool,
    },
    /// So many octets of the version; it stays as far as it is one.
    Version(u8),
    /// The start of a header line, or the empty line.
    Line,
    /// A header's name, not that of the host; then its value.
    Name,
    Value {
        kept: bool,
    },
    /// The rest of the host's name, `ost:`, before its value.
    HostName,
    Body,
}

/// Overwrites the requests of one direction, as they come in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Requests {
    at: At,
    /// What is known of the body's length.
    body: Body,
}

/// How long a request's body is (RFC 9112 §6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Body {
    /// So many octets, or so many more.
    Octets(u64),
    /// Nobody here can tell: nothing that follows is taken for a request.
    Unknown,
}

impl Requests {
    /// Whether a request may start like this: a registered method and a space. Commands of other
    /// protocols (`AUTH PLAIN …`, `USER anna`) look alike, and what follows them is a secret.
    pub(super) fn may_start(octets: &[u8]) -> bool {
        METHODS.iter().any(|method| {
            octets.strip_prefix(*method).is_some_and(|rest| rest.first() == Some(&b' '))
        })
    }

    pub(super) fn start() -> Self {
        Self { at: At::Method, body: Body::Octets(0) }
    }

    /// Overwrites `octets`, the next of the direction; gives how many of them are of a head: what
    /// follows is a body, and is cut off. Of several requests in one piece, the first is kept.
    pub(super) fn overwrite(&mut self, octets: &mut [u8]) -> usize {
        if self.at == At::Body {
            match self.body {
                Body::Octets(0) if Self::may_start(octets) => *self = Self::start(),
                _ => {
                    self.pass_body(octets.len());
                    return 0;
                }
            }
        }
        let is_connect = octets.starts_with(b"CONNECT ");
        let mut at = 0;
        while self.at != At::Body {
            let Some((octet, after)) = octets.get_mut(at..).and_then(<[u8]>::split_first_mut)
            else {
                break;
            };
            if self.at == At::Line {
                self.note_length(*octet, after);
            }
            let (next, keep) = self.at.after(*octet, after, is_connect);
            self.at = next;
            if !keep {
                *octet = b'x';
            }
            at += 1;
        }
        match self.at {
            At::Body => self.pass_body(octets.len().saturating_sub(at)),
            // A header that is cut in two may be the one that tells the length.
            At::Name | At::Value { kept: false } => self.body = Body::Unknown,
            _ => {}
        }
        at
    }

    /// Counts octets of the body; more than it has are a request that is not looked for.
    fn pass_body(&mut self, octets: usize) {
        if let Body::Octets(left) = self.body {
            let rest = left.checked_sub(octets as u64);
            self.body = rest.map_or(Body::Unknown, Body::Octets);
        }
    }

    /// What a header line tells of the body's length.
    fn note_length(&mut self, first: u8, after: &[u8]) {
        let is = |rest: &[u8]| {
            after.get(..rest.len()).is_some_and(|name| name.eq_ignore_ascii_case(rest))
        };
        match first {
            b't' | b'T' if is(b"ransfer-encoding:") => self.body = Body::Unknown,
            b'c' | b'C' if is(b"ontent-length:") => {
                let value = after.get(b"ontent-length:".len()..).unwrap_or_default();
                let line = value.split(|o| *o == b'\r' || *o == b'\n').next().unwrap_or_default();
                let text = str::from_utf8(line).unwrap_or_default().trim();
                // A line that is cut tells less than it should.
                let whole = line.len() < value.len();
                let length = text.parse().ok().filter(|_| whole && self.body != Body::Unknown);
                self.body = length.map_or(Body::Unknown, Body::Octets);
            }
            _ => {}
        }
    }
}

impl At {
    /// Where the next octet stands, and whether this one stays: what says how the request is
    /// built does, the rest says nothing.
    fn after(self, octet: u8, after: &[u8], is_connect: bool) -> (Self, bool) {
        match (self, octet) {
            (Self::Method, b' ') => {
                (Self::Target { kept: is_connect && is_endpoint(after, b' ') }, true)
            }
            (Self::Target { .. }, b' ') => (Self::Version(0), true),
            (Self::Line, b'\n') => (Self::Body, true),
            (Self::Method | Self::Body, _) => (self, self == Self::Method),
            (_, b'\n') => (Self::Line, true),
            (_, b'\r') => (self, true),
            (Self::Version(place), _) => {
                let is_version = match VERSION.get(usize::from(place)) {
                    Some(b'0') => octet.is_ascii_digit(),
                    expected => expected == Some(&octet),
                };
                // Past the first octet that is of no version, nothing of the line stays.
                let next = if is_version { place + 1 } else { NO_VERSION };
                (Self::Version(next), is_version)
            }
            (Self::HostName, b':') => (Self::Value { kept: is_endpoint(after, b'\r') }, true),
            (Self::HostName, _) => (self, true),
            (Self::Target { kept } | Self::Value { kept }, _) => (self, kept),
            (Self::Line, b'h' | b'H') if is_host(after) => (Self::HostName, true),
            (Self::Name, b':') => (Self::Value { kept: false }, true),
            (Self::Line | Self::Name, _) => (Self::Name, false),
        }
    }
}

/// Whether what comes up to `end` is a host with or without a port (RFC 9110 §4.3): a user's name
/// and password before it are none, nor is a path after it. What ends in a later piece is not
/// known to be a host.
fn is_endpoint(after: &[u8], end: u8) -> bool {
    let Some(len) = after.iter().position(|o| *o == end || *o == b'\n') else { return false };
    let value = after.get(..len).unwrap_or_default().trim_ascii();
    let colon = value.iter().rposition(|o| *o == b':').filter(|_| value.last() != Some(&b']'));
    let (host, port) = value.split_at(colon.unwrap_or(value.len()));
    let is_host = match host {
        [b'[', address @ .., b']'] => {
            address.iter().all(|o| o.is_ascii_hexdigit() || matches!(o, b':' | b'.'))
        }
        _ => host.iter().all(|o| o.is_ascii_alphanumeric() || matches!(o, b'-' | b'.' | b'_')),
    };
    is_host && port.iter().skip(1).all(u8::is_ascii_digit)
}

/// Whether what follows an `h` makes it the host's header.
fn is_host(after: &[u8]) -> bool {
    after.get(..4).is_some_and(|rest| rest.eq_ignore_ascii_case(b"ost:"))
}

/// Methods whose requests are kept: those of RFC 9110 §9.3 and PATCH (RFC 5789), and of
/// `WebDAV` (RFC 4918 §9, RFC 3253 §3), which storage in the cloud speaks.
const METHODS: [&[u8]; 17] = [
    b"GET",
    b"HEAD",
    b"POST",
    b"PUT",
    b"DELETE",
    b"CONNECT",
    b"OPTIONS",
    b"TRACE",
    b"PATCH",
    b"PROPFIND",
    b"PROPPATCH",
    b"MKCOL",
    b"COPY",
    b"MOVE",
    b"LOCK",
    b"UNLOCK",
    b"REPORT",
];

/// The version (RFC 9112 §2.3), with 0 for any digit.
const VERSION: &[u8] = b"HTTP/0.0";

/// The place behind every version.
const NO_VERSION: u8 = u8::MAX;

#[cfg(test)]
mod tests {
    use super::*;

    fn overwritten(pieces: &[&[u8]]) -> Vec<String> {
        let mut requests = Requests::start();
        pieces
            .iter()
            .map(|piece| {
                let mut octets = piece.to_vec();
                let kept = requests.overwrite(&mut octets);
                octets.truncate(kept);
                String::from_utf8(octets).unwrap()
            })
            .collect()
    }

    #[test]
    fn method_and_host_stay_and_all_else_becomes_x() {
        let request =
            b"POST /secret?a=b HTTP/1.1\r\nHost: a.example:80\r\nCookie: id=7\r\n\r\nbody";
        assert_eq!(
            overwritten(&[request]),
            ["POST xxxxxxxxxxx HTTP/1.1\r\nHost: a.example:80\r\nxxxxxx:xxxxx\r\n\r\n"]
        );
    }

    #[test]
    fn nothing_stays_that_is_not_a_version_or_a_host() {
        for (request, kept) in [
            ("GET /a CANARY HTTP/1.1\r\n\r\n", "GET xx xxxxxxxxxxxxxxx\r\n\r\n"),
            ("GET /a HTTP/1.1CANARY\r\n\r\n", "GET xx HTTP/1.1xxxxxx\r\n\r\n"),
            (
                "GET / HTTP/1.1\r\nHost: anna:CANARY@a.example\r\n\r\n",
                "GET x HTTP/1.1\r\nHost:xxxxxxxxxxxxxxxxxxxxxx\r\n\r\n",
            ),
            (
                "GET / HTTP/1.1\r\nHost: anna:CANARY\r\n\r\n",
                "GET x HTTP/1.1\r\nHost:xxxxxxxxxxxx\r\n\r\n",
            ),
            ("GET / HTTP/1.1\r\nHost: anna", "GET x HTTP/1.1\r\nHost:xxxxx"),
            (
                "GET / HTTP/1.1\nHost: [2001:db8::1]:80\n\n",
                "GET x HTTP/1.1\nHost: [2001:db8::1]:80\n\n",
            ),
            (
                "CONNECT a.example/CANARY HTTP/1.1\r\n\r\n",
                "CONNECT xxxxxxxxxxxxxxxx HTTP/1.1\r\n\r\n",
            ),
        ] {
            assert_eq!(overwritten(&[request.as_bytes()]), [kept], "{request}");
        }
    }

    #[test]
    fn commands_of_other_protocols_are_no_requests() {
        for command in ["AUTH PLAIN AGFubmEA", "USER anna pw", "PASS secret", "EHLO a", "LOGIN x"] {
            assert!(!Requests::may_start(command.as_bytes()), "{command}");
        }
        for method in METHODS {
            assert!(Requests::may_start(&[method, b" /"].concat()));
            assert!(!Requests::may_start(method));
        }
    }

    #[test]
    fn the_target_of_connect_is_the_host() {
        assert_eq!(
            overwritten(&[b"CONNECT a.example:443 HTTP/1.1\r\nX: y\r\n\r\n"]),
            ["CONNECT a.example:443 HTTP/1.1\r\nx:xx\r\n\r\n"]
        );
    }

    #[test]
    fn bodies_are_cut_and_the_next_request_is_overwritten_again() {
        let pieces: [&[u8]; 4] = [
            b"POST /a HTTP/1.1\r\nContent-Length: 18\r\nhOST: b.example\r\n\r\nsecret",
            b"GET / HTTP/1",
            b"",
            b"GET /c HTTP/1.1\r\nHost: c.example\r\n\r\n",
        ];
        assert_eq!(
            overwritten(&pieces),
            [
                "POST xx HTTP/1.1\r\nxxxxxxxxxxxxxx:xxx\r\nhOST: b.example\r\n\r\n",
                "",
                "",
                "GET xx HTTP/1.1\r\nHost: c.example\r\n\r\n",
            ]
        );
    }

    #[test]
    fn where_the_end_of_a_body_is_not_known_nothing_more_is_taken_for_a_request() {
        for head in [
            &b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"[..],
            b"POST /a HTTP/1.1\r\nContent-Length: 1x\r\n\r\n",
            b"POST /a HTTP/1.1\r\nHost: a.example\r\n\r\nmore than nothing",
        ] {
            let said = overwritten(&[head, b"GET /secret HTTP/1.1\r\nHost: s\r\n\r\n"]);
            assert_eq!(said[1], "", "{}", said[0]);
        }
        let cut = overwritten(&[
            b"POST /a HTTP/1.1\r\nContent-Le",
            b"ngth: 40\r\n\r\n",
            b"GET /secret HTTP/1.1\r\nHost: s\r\n\r\n",
        ]);
        assert_eq!(cut[1..], ["xxxx:xxx\r\n\r\n", ""]);
    }

    #[test]
    fn what_is_overwritten_never_grows_and_keeps_its_length() {
        for len in 0..60 {
            let octets = b"GET /secret HTTP/1.1\r\nHost: a.example\r\nSecret: 1\r\n\r\nsecret body";
            let said = overwritten(&[&octets[..len]]).concat();
            assert!(said.len() <= len);
            assert!(!said.contains("secret") && !said.contains("Secret"), "{said}");
        }
    }
}
