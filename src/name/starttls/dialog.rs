//! The client's lines in protocols of lines: SMTP, IMAP, POP3, FTP, NNTP, Sieve.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::{HostName, NotAHostName};

/// Reads a client's commands until TLS follows one that asks for it.
#[derive(Debug, Default)]
pub(in crate::name) struct Dialog {
    /// A line whose end is to come.
    held: Vec<u8>,
    lines: u8,
    asked: Asked,
}

/// Whether the latest command asked for TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Asked {
    #[default]
    No,
    Yes,
}

/// What the octets told.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::name) enum Spoken {
    /// What an SMTP client calls itself.
    Hello(Result<HostName, NotAHostName>),
    /// Nothing more so far.
    NeedMore,
    /// The octets that are left are TLS.
    Tls,
    /// Nothing that follows is read.
    Over,
}

impl Dialog {
    /// Takes octets in order from the front of `octets`, until something is told. To be called
    /// again with the rest after [`Spoken::Hello`].
    pub(in crate::name) fn read(&mut self, octets: &mut &[u8]) -> Spoken {
        while let Some(first) = octets.first() {
            if self.held.is_empty() && self.asked == Asked::Yes {
                if *first == RECORD {
                    return Spoken::Tls;
                }
                self.asked = Asked::No;
            }
            let end = octets.iter().position(|octet| *octet == b'\n');
            let taken = end.map_or(octets.len(), |end| end + 1);
            let (part, rest) = octets.split_at(taken);
            *octets = rest;
            if self.held.len() + part.len() > LONGEST_LINE {
                return Spoken::Over;
            }
            self.held.extend_from_slice(part);
            if end.is_none() {
                return Spoken::NeedMore;
            }
            let line = std::mem::take(&mut self.held);
            match self.line(&line) {
                Spoken::NeedMore => {}
                told => return told,
            }
        }
        Spoken::NeedMore
    }

    /// Octets in use.
    pub(in crate::name) fn held(&self) -> usize {
        self.held.capacity()
    }

    fn line(&mut self, line: &[u8]) -> Spoken {
        self.lines += 1;
        if self.lines > MOST_LINES {
            return Spoken::Over;
        }
        match command(line) {
            Command::Hello(name) => Spoken::Hello(HostName::from_wire(name)),
            Command::StartTls => {
                self.asked = Asked::Yes;
                Spoken::NeedMore
            }
            Command::Data => Spoken::Over,
            Command::First | Command::Other => Spoken::NeedMore,
        }
    }
}

/// What a line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command<'a> {
    /// HELO, EHLO or LHLO and the name.
    Hello(&'a [u8]),
    StartTls,
    /// One that a session begins with.
    First,
    /// What follows is the user's: a mail, an article, a script.
    Data,
    Other,
}

/// Whether a client's first line, without its LF, is one of a protocol that is read here.
pub(in crate::name) fn starts_dialog(line: &[u8]) -> bool {
    matches!(command(line), Command::Hello(_) | Command::StartTls | Command::First)
}

fn command(line: &[u8]) -> Command<'_> {
    let line = line.trim_ascii_end();
    let (word, rest) = split(line);
    let is = |other: &str| word.eq_ignore_ascii_case(other.as_bytes());
    let rest_is = |other: &str| rest.eq_ignore_ascii_case(other.as_bytes());
    if is("EHLO") || is("HELO") || is("LHLO") {
        return if rest.is_empty() { Command::Other } else { Command::Hello(split(rest).0) };
    }
    let alone = rest.is_empty();
    // TLS-P and TLS-C are of the drafts before RFC 4217.
    let secures = ["TLS", "SSL", "TLS-C", "TLS-P"].into_iter().any(rest_is);
    if (alone && (is("STARTTLS") || is("STLS"))) || (is("AUTH") && secures) {
        return Command::StartTls;
    }
    if alone && ["CAPA", "CAPABILITY", "CAPABILITIES", "FEAT"].into_iter().any(is) {
        return Command::First;
    }
    if is("USER") && !alone {
        return Command::First;
    }
    if ["DATA", "BDAT", "PASS", "POST", "IHAVE", "PUTSCRIPT"].into_iter().any(is) {
        return Command::Data;
    }
    imap(word, rest)
}

/// IMAP sets a tag before each command (RFC 9051 §2.2.1): any characters but these (§9, `tag`).
fn imap<'a>(tag: &[u8], rest: &[u8]) -> Command<'a> {
    let suits = |octet: &u8| octet.is_ascii_graphic() && !b"(){%*\"\\+".contains(octet);
    let is_tag = !tag.is_empty() && tag.len() <= 16 && tag.iter().all(suits);
    let (word, rest) = split(rest);
    let is = |other: &str| word.eq_ignore_ascii_case(other.as_bytes());
    match is_tag {
        true if is("STARTTLS") && rest.is_empty() => Command::StartTls,
        true if is("CAPABILITY") && rest.is_empty() => Command::First,
        true if (is("LOGIN") || is("ID")) && !rest.is_empty() => Command::First,
        true if is("APPEND") || is("SELECT") => Command::Data,
        _ => Command::Other,
    }
}

/// The first word, and what follows the blanks after it.
fn split(line: &[u8]) -> (&[u8], &[u8]) {
    let end = line.iter().position(|octet| *octet == b' ').unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    (word, rest.trim_ascii())
}

/// The first octet of TLS: a handshake record (RFC 8446 §5.1).
const RECORD: u8 = 22;
/// Octets of a line; RFC 5321 §4.5.3.1.4 asks for 512.
const LONGEST_LINE: usize = 2048;
/// Lines until TLS.
const MOST_LINES: u8 = 64;

#[cfg(test)]
mod tests {
    use super::{Dialog, MOST_LINES, Spoken, starts_dialog};

    /// What a client's octets tell, read in parts of `step` octets: names, and whether TLS follows.
    fn spoken(octets: &[u8], step: usize) -> (Vec<String>, bool) {
        let (mut dialog, mut names) = (Dialog::default(), Vec::new());
        for part in octets.chunks(step) {
            let mut rest = part;
            loop {
                match dialog.read(&mut rest) {
                    Spoken::Hello(name) => names.extend(name.map(|name| name.to_string())),
                    Spoken::NeedMore => break,
                    Spoken::Tls => {
                        assert_eq!(rest.first(), Some(&22));
                        return (names, true);
                    }
                    Spoken::Over => return (names, false),
                }
            }
        }
        (names, false)
    }

    #[test]
    fn tls_follows_the_word_of_each_protocol() {
        for lines in [
            "EHLO client.example\r\nSTARTTLS\r\n\u{16}",
            "EHLO client.example\r\nMAIL FROM:<a@b.example>\r\nstarttls\r\n\u{16}",
            "CAPA\r\nSTLS\r\n\u{16}",
            "a001 CAPABILITY\r\na002 STARTTLS\r\n\u{16}",
            "1 starttls\r\n\u{16}",
            // As openssl s_client has it.
            ". CAPABILITY\r\n. STARTTLS\r\n\u{16}",
            "FEAT\r\nAUTH TLS\r\n\u{16}",
            "AUTH SSL\r\n\u{16}",
            "CAPABILITIES\r\nSTARTTLS\r\n\u{16}",
            "CAPABILITY\r\nSTARTTLS\r\n\u{16}",
            // The first was refused.
            "STARTTLS\r\nNOOP\r\nSTARTTLS\r\n\u{16}",
        ] {
            assert!(starts_dialog(lines.lines().next().unwrap().as_bytes()), "{lines:?}");
            for step in 1..=lines.len() {
                assert!(spoken(lines.as_bytes(), step).1, "{lines:?} {step}");
            }
        }
    }

    #[test]
    fn a_client_of_smtp_says_its_name() {
        let (names, tls) = spoken(b"HELO Client.Example.\r\nEHLO [192.0.2.1]\r\nQUIT\r\n", 7);
        assert_eq!((names, tls), (vec!["client.example".to_owned()], false));
    }

    #[test]
    fn what_a_user_wrote_is_not_read() {
        for lines in [
            "EHLO a.example\r\nDATA\r\nSTARTTLS\r\n\u{16}",
            "EHLO a.example\r\nBDAT 90 LAST\r\nSTARTTLS\r\n\u{16}",
            "EHLO a.example\r\nSTARTTLS now\r\n\u{16}",
            "EHLO a.example\r\nSTARTTLS\r\n \u{16}",
        ] {
            assert!(!spoken(lines.as_bytes(), lines.len()).1, "{lines:?}");
        }
    }

    #[test]
    fn other_lines_begin_no_dialog() {
        for line in [
            "EHLO",
            "GET / HTTP/1.1",
            "220 mail.example ESMTP",
            "NICK a",
            "SSH-2.0-x",
            "",
            "* STARTTLS",
        ] {
            assert!(!starts_dialog(line.as_bytes()), "{line:?}");
        }
    }

    #[test]
    fn lines_are_bounded_in_length_and_number() {
        assert_eq!(Dialog::default().read(&mut &[b'a'; 4000][..]), Spoken::Over);
        let many = "NOOP\r\n".repeat(usize::from(MOST_LINES) + 1);
        assert_eq!(Dialog::default().read(&mut many.as_bytes()), Spoken::Over);
    }
}
