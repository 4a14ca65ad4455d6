//! An [`Expression`] becomes a program.
//!
//! The program begins with finding the network header, behind VLAN tags if there are any, so that
//! one program fits interfaces of every link type and both places where the kernel keeps a tag: in
//! the frame, or apart from it. Then each term loads what it needs: nothing is carried from one to
//! the next.

use ipnet::IpNet;

use super::expression::{
    ARP, Expression, FRAGMENT, IPV4, IPV6, Protocol, RARP, SCTP, Side, TCP, UDP,
};
use super::machine::{
    A_TO_X, ADD_X, AND, GIVE, HARDWARE, IF_ANY_BIT, IF_AT_LEAST, IF_EQUAL, IF_GREATER, JUMP,
    LOAD_HALF, LOAD_HALF_AT, LOAD_NUMBER, LOAD_OCTET_AT, LOAD_SAVED, LOAD_WORD, LOAD_WORD_AT,
    NETWORK_HEADER, PROTOCOL, SAVE, SHIFT_LEFT, TAG_APART, TAG_CONTROL, X_SAVED, straight,
};
use super::parse::parse;
use super::{BpfProgram, FilterError, Instruction};

impl BpfProgram {
    /// Compiles a capture filter.
    pub fn compile(expression: &str) -> Result<Self, FilterError> {
        let question = parse(expression)?;
        let mut code = Code::default();
        let keep = code.push(GIVE, u32::MAX);
        let leave_out = code.push(GIVE, 0);
        let start = code.question(&question, keep, leave_out);
        code.beginning(start);
        let instructions: Vec<_> = code.0.into_iter().rev().collect();
        // The socket's own test of the interface comes on top.
        if instructions.len() + 3 > Self::LONGEST {
            let why = format!("too long: {} instructions", instructions.len());
            return Err(FilterError { at: 0, why });
        }
        Ok(Self::new(expression.to_owned(), instructions))
    }
}

/// A program, written from its end: so all places that an instruction can lead to are known.
#[derive(Debug, Default)]
struct Code(Vec<Instruction>);

/// A place in the program: instructions from its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place(usize);

impl Code {
    fn push(&mut self, code: u16, k: u32) -> Place {
        self.0.push(straight(code, k));
        Place(self.0.len())
    }

    /// Instructions between the one that comes next and `place`.
    fn distance(&self, place: Place) -> usize {
        self.0.len() - place.0
    }

    fn jump(&mut self, to: Place) -> Place {
        let distance = u32::try_from(self.distance(to)).unwrap_or(u32::MAX);
        self.push(JUMP, distance)
    }

    /// A test of A. Where a place is too far for a test's 8 bits, a jump goes between.
    fn test(&mut self, code: u16, k: u32, yes: Place, no: Place) -> Place {
        let mut near = |place| if self.distance(place) > 253 { self.jump(place) } else { place };
        let (yes, no) = (near(yes), near(no));
        let short = |distance| u8::try_from(distance).unwrap_or(u8::MAX);
        let (yes, no) = (short(self.distance(yes)), short(self.distance(no)));
        self.0.push(Instruction { code, yes, no, k });
        Place(self.0.len())
    }

    fn question(&mut self, question: &Expression, yes: Place, no: Place) -> Place {
        match question {
            Expression::Not(inner) => self.question(inner, no, yes),
            Expression::All(terms) => {
                terms.iter().rev().fold(yes, |next, term| self.question(term, next, no))
            }
            Expression::Any(terms) => {
                terms.iter().rev().fold(no, |next, term| self.question(term, yes, next))
            }
            Expression::Protocol(protocol) => self.protocol(*protocol, yes, no),
            Expression::Address(side, IpNet::V4(net)) => {
                let (mask, value) = (net.netmask().to_bits(), net.network().to_bits());
                let arp = self.sides(*side, [14, 24], yes, no, |code, at, yes, no| {
                    code.word(at, mask, value, yes, no)
                });
                let ip = self.sides(*side, [12, 16], yes, no, |code, at, yes, no| {
                    code.word(at, mask, value, yes, no)
                });
                let rarp = self.link_is(RARP, arp, no);
                let arp = self.link_is(ARP, arp, rarp);
                self.link_is(IPV4, ip, arp)
            }
            Expression::Address(side, IpNet::V6(net)) => {
                let (mask, value) = (net.netmask().to_bits(), net.network().to_bits());
                let ip = self.sides(*side, [8, 24], yes, no, |code, at, yes, no| {
                    (0..4_u32).rev().fold(yes, |next, word| {
                        let shifted = |bits: u128| bits >> (96 - 32 * word) & 0xffff_ffff;
                        let part = |bits| u32::try_from(shifted(bits)).unwrap_or(u32::MAX);
                        match part(mask) {
                            0 => next,
                            mask => code.word(at + 4 * word, mask, part(value), next, no),
                        }
                    })
                });
                self.link_is(IPV6, ip, no)
            }
            Expression::Port(transport, side, low, high) => {
                self.port(*transport, *side, (*low).into(), (*high).into(), yes, no)
            }
            Expression::Station(side, mac) => self.station(*side, *mac, yes, no),
            Expression::Vlan(id) => self.vlan(*id, yes, no),
        }
    }

    /// Asks of one or both of two places.
    fn sides(
        &mut self,
        side: Side,
        [source, destination]: [u32; 2],
        yes: Place,
        no: Place,
        ask: impl Fn(&mut Self, u32, Place, Place) -> Place,
    ) -> Place {
        match side {
            Side::Source => ask(self, source, yes, no),
            Side::Destination => ask(self, destination, yes, no),
            Side::Either => {
                let second = ask(self, destination, yes, no);
                ask(self, source, yes, second)
            }
        }
    }

    fn link_is(&mut self, kind: u16, yes: Place, no: Place) -> Place {
        self.test(IF_EQUAL, kind.into(), yes, no);
        self.push(LOAD_SAVED, KIND)
    }

    /// Whether the masked word at an offset of the network header has this value.
    fn word(&mut self, at: u32, mask: u32, value: u32, yes: Place, no: Place) -> Place {
        self.test(IF_EQUAL, value, yes, no);
        if mask != u32::MAX {
            self.push(AND, mask);
        }
        self.push(LOAD_WORD_AT, at);
        self.push(X_SAVED, NETWORK)
    }

    fn protocol(&mut self, protocol: Protocol, yes: Place, no: Place) -> Place {
        match protocol {
            Protocol::Link(kind) => self.link_is(kind, yes, no),
            Protocol::Ipv4(number) => {
                let next = self.next_is(9, &[number], yes, no);
                self.link_is(IPV4, next, no)
            }
            Protocol::Ipv6(number) => {
                let next = self.next_or_behind_fragment(number, yes, no);
                self.link_is(IPV6, next, no)
            }
            Protocol::Ip(number) => {
                let v6 = self.protocol(Protocol::Ipv6(number), yes, no);
                let next = self.next_is(9, &[number], yes, no);
                self.link_is(IPV4, next, v6)
            }
        }
    }

    /// Whether the octet at an offset of the network header is one of these numbers.
    fn next_is(&mut self, at: u32, numbers: &[u8], yes: Place, no: Place) -> Place {
        numbers
            .iter()
            .rev()
            .fold(no, |next, number| self.test(IF_EQUAL, (*number).into(), yes, next));
        self.push(LOAD_OCTET_AT, at);
        self.push(X_SAVED, NETWORK)
    }

    fn next_or_behind_fragment(&mut self, number: u8, yes: Place, no: Place) -> Place {
        let behind = self.next_is(40, &[number], yes, no);
        let fragment = self.test(IF_EQUAL, FRAGMENT.into(), behind, no);
        self.test(IF_EQUAL, number.into(), yes, fragment);
        self.push(LOAD_OCTET_AT, 6);
        self.push(X_SAVED, NETWORK)
    }

    fn port(
        &mut self,
        transport: Option<u8>,
        side: Side,
        low: u32,
        high: u32,
        yes: Place,
        no: Place,
    ) -> Place {
        let all = [SCTP, TCP, UDP];
        let numbers = transport.as_ref().map_or(&all[..], std::slice::from_ref);
        let ports = self.sides(side, [40, 42], yes, no, |code, at, yes, no| {
            code.half_in(at, low, high, yes, no);
            code.push(X_SAVED, NETWORK)
        });
        let v6 = self.next_is(6, numbers, ports, no);
        let v6 = self.link_is(IPV6, v6, no);
        // Behind the header, whose length is in its first octet. The sum is made for each side:
        // the other's test has left nothing behind.
        let ports = self.sides(side, [0, 2], yes, no, |code, at, yes, no| {
            code.half_in(at, low, high, yes, no);
            code.push(A_TO_X, 0);
            code.push(ADD_X, 0);
            code.push(SHIFT_LEFT, 2);
            code.push(AND, 0x0f);
            code.push(LOAD_OCTET_AT, 0);
            code.push(X_SAVED, NETWORK)
        });
        // Later fragments have no ports (RFC 791 §3.1).
        self.test(IF_ANY_BIT, 0x1fff, no, ports);
        self.push(LOAD_HALF_AT, 6);
        let first = self.push(X_SAVED, NETWORK);
        let v4 = self.next_is(9, numbers, first, no);
        self.link_is(IPV4, v4, v6)
    }

    /// Whether the two octets at X and `at` are in a range.
    fn half_in(&mut self, at: u32, low: u32, high: u32, yes: Place, no: Place) -> Place {
        if low == high {
            self.test(IF_EQUAL, low, yes, no);
        } else {
            let high = self.test(IF_GREATER, high, no, yes);
            self.test(IF_AT_LEAST, low, high, no);
        }
        self.push(LOAD_HALF_AT, at)
    }

    fn station(&mut self, side: Side, mac: [u8; 6], yes: Place, no: Place) -> Place {
        let [m0, m1, m2, m3, m4, m5] = mac;
        let found = self.sides(side, [6, 0], yes, no, |code, at, yes, no| {
            code.test(IF_EQUAL, u16::from_be_bytes([m0, m1]).into(), yes, no);
            let head = code.push(LOAD_HALF, at);
            code.test(IF_EQUAL, u32::from_be_bytes([m2, m3, m4, m5]), head, no);
            code.push(LOAD_WORD, at + 2)
        });
        self.test(IF_EQUAL, 1, found, no);
        self.push(LOAD_SAVED, IS_ETHERNET)
    }

    fn vlan(&mut self, id: Option<u16>, yes: Place, no: Place) -> Place {
        let Some(id) = id else {
            self.test(IF_AT_LEAST, 1, yes, no);
            let inside = self.push(LOAD_SAVED, TAGS);
            self.test(IF_EQUAL, 0, inside, yes);
            return self.push(LOAD_WORD, TAG_APART);
        };
        let mut next = no;
        for (tags, at) in [(2, 18), (1, 14)] {
            let otherwise = next;
            self.test(IF_EQUAL, id.into(), yes, otherwise);
            self.push(AND, 0x0fff);
            let tag = self.push(LOAD_HALF, at);
            self.test(IF_AT_LEAST, tags, tag, no);
            next = self.push(LOAD_SAVED, TAGS);
        }
        self.test(IF_EQUAL, id.into(), yes, next);
        self.push(AND, 0x0fff);
        let apart = self.push(LOAD_WORD, TAG_CONTROL);
        self.test(IF_EQUAL, 0, next, apart);
        self.push(LOAD_WORD, TAG_APART)
    }

    /// Finds the network header, then goes to `start`.
    fn beginning(&mut self, start: Place) {
        self.found(22, 2, start);
        let mut tagged = self.push(LOAD_HALF, 20);
        for (tags, network) in [(1, 18), (0, 14)] {
            let mut otherwise = self.found(network, tags, start);
            for tag in TAG_TYPES {
                otherwise = self.test(IF_EQUAL, tag, tagged, otherwise);
            }
            tagged = self.push(LOAD_HALF, network - 2);
        }
        self.push(SAVE, IS_ETHERNET);
        let ethernet = self.push(LOAD_NUMBER, 1);
        self.jump(start);
        self.push(SAVE, IS_ETHERNET);
        self.push(SAVE, TAGS);
        self.push(LOAD_NUMBER, 0);
        self.push(SAVE, NETWORK);
        self.push(LOAD_NUMBER, NETWORK_HEADER);
        self.push(SAVE, KIND);
        let other = self.push(LOAD_WORD, PROTOCOL);
        let loopback = self.test(IF_EQUAL, 772, ethernet, other);
        self.test(IF_EQUAL, 1, ethernet, loopback);
        self.push(LOAD_WORD, HARDWARE);
    }

    /// Keeps what was found of an Ethernet frame whose type is in A.
    fn found(&mut self, network: u32, tags: u32, start: Place) -> Place {
        self.jump(start);
        self.push(SAVE, TAGS);
        self.push(LOAD_NUMBER, tags);
        self.push(SAVE, NETWORK);
        self.push(LOAD_NUMBER, network);
        self.push(SAVE, KIND)
    }
}

/// What the beginning has found: the network header's place, the type behind the tags, how many
/// tags there are in the frame, and whether it is an Ethernet frame.
const NETWORK: u32 = 0;
const KIND: u32 = 1;
const TAGS: u32 = 2;
const IS_ETHERNET: u32 = 3;

/// Customer's, provider's (802.1ad), and the one used before that was standardised.
const TAG_TYPES: [u32; 3] = [0x8100, 0x88a8, 0x9100];
