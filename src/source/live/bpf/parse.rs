//! An expression, as typed, becomes an [`Expression`].
#![warn(clippy::indexing_slicing)]

use std::net::IpAddr;

use ipnet::IpNet;

use super::expression::{ARP, Expression, ICMP, ICMP6, IPV4, IPV6, Protocol, SCTP, Side, TCP, UDP};

/// Why an expression is not a capture filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("octet {at}: {why}")]
pub struct FilterError {
    /// Where in the expression, in octets from 0.
    pub at: usize,
    /// What is wrong there.
    pub why: String,
}

/// Reads a whole expression.
pub(super) fn parse(text: &str) -> Result<Expression, FilterError> {
    let mut parser = Parser { tokens: tokens(text), next: 0, end: text.len(), depth: 0 };
    let expression = parser.terms()?;
    match parser.peek() {
        None => Ok(expression),
        Some(token) => Err(token.refuse("only and, or or the end can stand here")),
    }
}

/// A word or a parenthesis, and where it stands.
#[derive(Clone, Copy, Debug)]
struct Token<'a> {
    at: usize,
    text: &'a str,
}

impl Token<'_> {
    fn refuse(self, why: &str) -> FilterError {
        FilterError { at: self.at, why: format!("{:?}: {why}", self.text) }
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = None;
    let end_of = |start: &mut Option<usize>, end, tokens: &mut Vec<_>| {
        let word = start.take().and_then(|at| text.get(at..end).map(|text| Token { at, text }));
        tokens.extend(word);
    };
    for (at, c) in text.char_indices() {
        let is_mark = matches!(c, '(' | ')' | '!');
        if c.is_whitespace() || is_mark {
            end_of(&mut start, at, &mut tokens);
        } else if start.is_none() {
            start = Some(at);
        }
        if is_mark {
            tokens.extend(text.get(at..=at).map(|text| Token { at, text }));
        }
    }
    end_of(&mut start, text.len(), &mut tokens);
    tokens
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    next: usize,
    end: usize,
    depth: usize,
}

/// How terms are joined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    And,
    Or,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.next).copied()
    }

    fn take(&mut self, missing: &str) -> Result<Token<'a>, FilterError> {
        let token = self.peek();
        self.next += 1;
        token.ok_or_else(|| FilterError { at: self.end, why: format!("{missing} is missing") })
    }

    fn take_if(&mut self, words: &[&str]) -> Option<Token<'a>> {
        let token = self.peek().filter(|token| words.contains(&token.text))?;
        self.next += 1;
        Some(token)
    }

    /// Terms, all joined by the same word.
    fn terms(&mut self) -> Result<Expression, FilterError> {
        let first = self.term()?;
        let mut joined = None;
        let mut terms = vec![first];
        while let Some(word) = self.take_if(&["and", "&&", "or", "||"]) {
            let joint = if matches!(word.text, "and" | "&&") { Joint::And } else { Joint::Or };
            if joined.is_some_and(|before| before != joint) {
                // Programs differ in which of the two binds closer.
                return Err(word.refuse("write parentheses where and meets or"));
            }
            joined = Some(joint);
            terms.push(self.term()?);
        }
        Ok(match joined {
            None => terms.remove(0),
            Some(Joint::And) => Expression::All(terms),
            Some(Joint::Or) => Expression::Any(terms),
        })
    }

    fn term(&mut self) -> Result<Expression, FilterError> {
        let token = self.take("a term")?;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(token.refuse("too many levels of not and parentheses"));
        }
        let term = match token.text {
            "not" | "!" => Expression::Not(Box::new(self.term()?)),
            "(" => {
                let inner = self.terms()?;
                let close = self.take("a closing parenthesis")?;
                if close.text != ")" {
                    return Err(close.refuse("a closing parenthesis is missing"));
                }
                inner
            }
            _ => self.primitive(token)?,
        };
        self.depth -= 1;
        Ok(term)
    }

    fn primitive(&mut self, token: Token<'a>) -> Result<Expression, FilterError> {
        let protocol = |number| Ok(Expression::Protocol(number));
        match token.text {
            "ip" => protocol(Protocol::Link(IPV4)),
            "ip6" => protocol(Protocol::Link(IPV6)),
            "arp" => protocol(Protocol::Link(ARP)),
            "icmp" => protocol(Protocol::Ipv4(ICMP)),
            "icmp6" => protocol(Protocol::Ipv6(ICMP6)),
            "tcp" => self.transport(TCP),
            "udp" => self.transport(UDP),
            "sctp" => self.transport(SCTP),
            "vlan" => self.vlan(),
            "ether" => {
                let side = self.side();
                self.take_if(&["host"]);
                let value = self.take("a station's address")?;
                let mac = mac(value.text)
                    .ok_or_else(|| value.refuse("not an Ethernet address, as 00:00:5e:00:53:01"))?;
                Ok(Expression::Station(side, mac))
            }
            "src" | "dst" => {
                self.next -= 1;
                let side = self.side();
                self.sided(None, side)
            }
            "host" | "net" | "port" | "portrange" => {
                self.next -= 1;
                self.sided(None, Side::Either)
            }
            _ => Err(token.refuse("no such word; docs/capture-filter.md has the list")),
        }
    }

    fn side(&mut self) -> Side {
        match self.take_if(&["src", "dst"]) {
            Some(token) if token.text == "src" => Side::Source,
            Some(_) => Side::Destination,
            None => Side::Either,
        }
    }

    /// `tcp` alone, or with ports.
    fn transport(&mut self, number: u8) -> Result<Expression, FilterError> {
        match self.peek().map(|token| token.text) {
            Some("src" | "dst" | "port" | "portrange") => {
                let side = self.side();
                self.sided(Some(number), side)
            }
            _ => Ok(Expression::Protocol(Protocol::Ip(number))),
        }
    }

    fn vlan(&mut self) -> Result<Expression, FilterError> {
        let Some(token) = self.peek().filter(|t| t.text.starts_with(|c: char| c.is_ascii_digit()))
        else {
            return Ok(Expression::Vlan(None));
        };
        self.next += 1;
        let id = number(token.text).filter(|id| *id < 4096);
        id.map(|id| Expression::Vlan(Some(id)))
            .ok_or_else(|| token.refuse("not a VLAN id, 0 to 4095"))
    }

    /// What comes after `src`, `dst` or neither.
    fn sided(&mut self, transport: Option<u8>, side: Side) -> Result<Expression, FilterError> {
        let kind = self.take("host, net, port or portrange")?;
        match (kind.text, transport) {
            ("port", _) => {
                let value = self.take("a port")?;
                let port =
                    number(value.text).ok_or_else(|| value.refuse("not a port, 0 to 65535"))?;
                Ok(Expression::Port(transport, side, port, port))
            }
            ("portrange", _) => {
                let value = self.take("a range of ports")?;
                let range = value.text.split_once('-');
                let range = range.and_then(|(a, b)| Some((number(a)?, number(b)?)));
                let (low, high) = range
                    .filter(|(low, high)| low <= high)
                    .ok_or_else(|| value.refuse("not a range of ports, as 8000-8080"))?;
                Ok(Expression::Port(transport, side, low, high))
            }
            ("host", None) => {
                let value = self.take("an address")?;
                host(value, side)
            }
            ("net", None) => {
                let value = self.take("a network")?;
                let network: Option<IpNet> = value.text.parse().ok();
                let network = network.filter(|n| n.addr() == n.network());
                let why = "not a network, as 192.0.2.0/24: the octets behind the prefix are 0";
                network.map(|n| Expression::Address(side, n)).ok_or_else(|| value.refuse(why))
            }
            (_, None) => host(kind, side),
            (_, Some(_)) => Err(kind.refuse("port or portrange is missing")),
        }
    }
}

/// An address: names are never looked up.
fn host(value: Token<'_>, side: Side) -> Result<Expression, FilterError> {
    let address = value.text.parse::<IpAddr>().map(IpNet::from);
    let why = "not an IP address; names are not looked up";
    address.map(|net| Expression::Address(side, net)).map_err(|_| value.refuse(why))
}

/// Digits alone: no sign.
fn number(text: &str) -> Option<u16> {
    text.bytes().all(|c| c.is_ascii_digit()).then(|| text.parse().ok())?
}

fn mac(text: &str) -> Option<[u8; 6]> {
    let mut octets = [0; 6];
    let mut parts = text.split(':');
    for octet in &mut octets {
        let part = parts.next().filter(|p| (1..=2).contains(&p.len()))?;
        let is_hex = part.bytes().all(|c| c.is_ascii_hexdigit());
        *octet = is_hex.then(|| u8::from_str_radix(part, 16).ok())??;
    }
    parts.next().is_none().then_some(octets)
}

/// Levels of `not` and parentheses.
const DEEPEST: usize = 64;
