//! STUN (RFC 8489) and TURN (RFC 8656): how two ends of a call find each other, and the relay
//! between them. They name no server; what they say of the flow becomes flags, and the realm of a
//! relay is often the host name of whoever runs it. Whoever answers may say which program does.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::flow::FlowFlags;
use crate::name::cursor::{Cursor, Stop, ensure};

/// What a STUN message says of its flow.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::name) struct StunMessage<'a> {
    /// What the flow is.
    pub(in crate::name) flags: FlowFlags,
    /// The first realm (RFC 8489 §14.9), as sent: any text, often the operator's host name.
    pub(in crate::name) realm: Option<&'a [u8]>,
    /// What the sender calls its program (RFC 8489 §14.14), as sent, where the message is a
    /// server's: an answer, or data that a relay hands on. Of questions it is not kept: they would
    /// name the client's program.
    pub(in crate::name) software: Option<&'a [u8]>,
    /// Whether a client of TURN sent it, or a relay: of a Binding either end may be both.
    pub(in crate::name) sender: Option<Role>,
    /// What is relayed in the message (DATA, RFC 8656 §18.4).
    pub(in crate::name) data: Option<&'a [u8]>,
}

/// What the sender of a TURN message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::name) enum Role {
    /// It asks for a relay, or hands data to it.
    Client,
    /// It is the relay.
    Server,
}

/// Reads a STUN message. It must be whole, and nothing may follow it.
pub(in crate::name) fn read(datagram: &[u8]) -> Option<StunMessage<'_>> {
    if begins_with_microsofts_cookie(datagram) {
        let read = |boundary| message(datagram, Dialect { realm: MS_REALM, boundary });
        // Its relays fill nothing up, so that their messages have any length.
        return read(1).or_else(|_| read(BOUNDARY)).ok();
    }
    message(datagram, Dialect { realm: REALM, boundary: BOUNDARY }).ok()
}

/// The same of `ChannelData` (RFC 8656 §12.4): the relay carries data of the call. Only to be asked
/// in a flow of TURN, since the header is four octets long.
pub(in crate::name) fn is_channel_data(datagram: &[u8]) -> bool {
    let mut cursor = Cursor::new(datagram);
    let (Ok(channel), Ok(len)) = (cursor.u16(), cursor.u16()) else { return false };
    // Over UDP there may be padding, or not (§12.5).
    let left = cursor.rest().len();
    let len = usize::from(len);
    matches!(channel, 0x4000..=0x4fff) && (len..len + 4).contains(&left)
}

/// How messages follow each other in a TCP connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::name) enum Framing {
    /// As they are, with `ChannelData` among them (RFC 8489 §6.2.2, RFC 8656 §12.5).
    Bare,
    /// Behind their length (RFC 4571 §2), as both ends of a call send them (RFC 6544 §10.1).
    Counted,
    /// Behind a header that says what follows (`[MS-TURN]` §2.1.4).
    Microsoft,
}

/// What the next octets of a stream are, by their header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::name) struct Frame {
    pub(in crate::name) kind: FrameKind,
    /// Octets with header and padding.
    pub(in crate::name) len: usize,
}

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::name) enum FrameKind {
    /// A message, or what only its own octets tell.
    Message,
    /// `ChannelData`.
    Relayed,
}

impl Framing {
    /// How a stream begins that begins with a STUN message; with twelve octets it can be said.
    pub(in crate::name) fn of(octets: &[u8]) -> Result<Self, Stop> {
        let mut stop = Stop::Foreign;
        for framing in [Self::Bare, Self::Counted, Self::Microsoft] {
            match framing.begins(octets) {
                Ok(()) => return Ok(framing),
                Err(Stop::NeedMore) => stop = Stop::NeedMore,
                Err(Stop::Foreign) => {}
            }
        }
        Err(stop)
    }

    fn begins(self, octets: &[u8]) -> Result<(), Stop> {
        let mut cursor = Cursor::new(octets);
        if self == Self::Microsoft {
            cursor.expect(&[CONTROL, 0])?;
        }
        let framed = match self {
            Self::Bare => None,
            Self::Counted | Self::Microsoft => Some(usize::from(cursor.u16()?)),
        };
        let len = kind_and_len(&mut cursor)?.1;
        ensure(len <= LONGEST_IN_STREAM && framed.is_none_or(|framed| framed == HEADER + len))?;
        ensure(self != Self::Bare || len.is_multiple_of(BOUNDARY))?;
        cursor.expect(&MAGIC)
    }

    /// Octets that tell how long a frame is.
    pub(in crate::name) fn header(self) -> usize {
        if self == Self::Counted { 2 } else { 4 }
    }

    /// Octets of a frame that stand before its message.
    pub(in crate::name) fn before(self) -> usize {
        if self == Self::Bare { 0 } else { self.header() }
    }

    /// The frame that begins with these octets.
    pub(in crate::name) fn frame(self, octets: &[u8]) -> Option<Frame> {
        let message = |len| Frame { kind: FrameKind::Message, len };
        match (self, octets) {
            (Self::Counted, [a, b, ..])
            | (Self::Microsoft, [CONTROL | DATA_FRAME, 0, a, b, ..]) => {
                Some(message(self.before() + usize::from(u16::from_be_bytes([*a, *b]))))
            }
            (Self::Bare, [first, _, a, b, ..]) => {
                let len = usize::from(u16::from_be_bytes([*a, *b]));
                match first {
                    0x00..=0x3f => Some(message(HEADER + len)),
                    0x40..=0x4f => {
                        let len = 4 + len.next_multiple_of(BOUNDARY);
                        Some(Frame { kind: FrameKind::Relayed, len })
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// In what STUN's relatives differ.
#[derive(Clone, Copy, Debug)]
struct Dialect {
    /// Attribute of the realm. In the drafts that Microsoft follows those of realm and nonce are
    /// the other way round (`[MS-TURN]` §2.2.2).
    realm: u16,
    /// Attributes begin at multiples of so many octets.
    boundary: usize,
}

fn message(datagram: &[u8], dialect: Dialect) -> Result<StunMessage<'_>, Stop> {
    let mut cursor = Cursor::new(datagram);
    let (kind, len) = header(&mut cursor)?;
    cursor.take(TRANSACTION)?;
    ensure(cursor.rest().len() == len && len.is_multiple_of(dialect.boundary))?;
    let mut read = StunMessage { flags: FlowFlags::STUN, ..StunMessage::default() };
    // The method without the two bits of the class (RFC 8489 §5).
    if matches!(kind & 0x3eef, 3..=9) {
        read.flags |= FlowFlags::TURN;
        read.sender = Some(if is_servers(kind) { Role::Server } else { Role::Client });
    }
    while !cursor.rest().is_empty() {
        let attribute = cursor.u16()?;
        let value = cursor.counted16()?;
        cursor.take(padding(value.len(), dialect.boundary).min(cursor.rest().len()))?;
        if is_microsofts_turn(attribute, value)
            || (attribute == dialect.realm && unquoted(value) == b"rtcmedia")
        {
            read.flags |= FlowFlags::TURN_MICROSOFT;
        }
        match attribute {
            MS_IMPLEMENTATION_VERSION if value.len() == 4 => {
                read.flags |= FlowFlags::STUN_MICROSOFT;
            }
            realm if realm == dialect.realm => {
                read.realm = read.realm.or_else(|| Some(unquoted(value)));
            }
            SOFTWARE if is_servers(kind) => read.software = read.software.or(Some(value)),
            DATA => read.data = read.data.or(Some(value)),
            _ => {}
        }
    }
    Ok(read)
}

/// Type and length.
fn header(cursor: &mut Cursor<'_>) -> Result<(u16, usize), Stop> {
    let header = kind_and_len(cursor)?;
    cursor.expect(&MAGIC)?;
    Ok(header)
}

fn kind_and_len(cursor: &mut Cursor<'_>) -> Result<(u16, usize), Stop> {
    let kind = cursor.u16()?;
    let len = usize::from(cursor.u16()?);
    ensure(kind & 0xc000 == 0)?;
    Ok((kind, len))
}

/// Whether only a server sends messages of this type: success and error responses (RFC 8489 §5),
/// and TURN's Data indication (RFC 8656 §11.4).
fn is_servers(kind: u16) -> bool {
    kind & 0x0100 != 0 || kind == 0x0017
}

/// A realm without the quotes that older drafts put around it.
fn unquoted(value: &[u8]) -> &[u8] {
    value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value)
}

/// Whether a message begins with the attribute that `[MS-TURN]` §2.2.2.8 puts first.
fn begins_with_microsofts_cookie(datagram: &[u8]) -> bool {
    let mut cursor = Cursor::new(datagram.get(HEADER..).unwrap_or_default());
    cursor.u16() == Ok(MAGIC_COOKIE) && cursor.counted16().is_ok_and(|value| value == MS_COOKIE)
}

/// Whether an attribute is one of `[MS-TURN]` §2.2.2 or `[MS-TURNBWM]`.
fn is_microsofts_turn(attribute: u16, value: &[u8]) -> bool {
    match attribute {
        MAGIC_COOKIE => value == MS_COOKIE,
        MS_VERSION | MS_SEQUENCE_NUMBER | MS_SERVICE_QUALITY => true,
        _ => false,
    }
}

/// Octets after a value of so many (RFC 8489 §14).
fn padding(len: usize, boundary: usize) -> usize {
    len.next_multiple_of(boundary) - len
}

/// Octets 5 to 8 of every message (RFC 8489 §5).
const MAGIC: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
/// Value of Microsoft's magic cookie (`[MS-TURN]` §2.2.2.8).
const MS_COOKIE: [u8; 4] = [0x72, 0xc6, 0x4b, 0xc6];
/// Where attributes begin: at multiples of so many octets (RFC 8489 §14).
const BOUNDARY: usize = 4;
/// Octets of the header: type, length, cookie, transaction.
const HEADER: usize = 8 + TRANSACTION;
/// Octets of the transaction identifier.
const TRANSACTION: usize = 12;
/// Octets of the longest first message of a stream that is believed.
const LONGEST_IN_STREAM: usize = 2048;
/// Types of a frame of Microsoft's: a message, and data that is relayed (`[MS-TURN]` §2.1.4).
const CONTROL: u8 = 2;
const DATA_FRAME: u8 = 3;
/// Attributes (IANA "STUN Attributes"; `[MS-TURN]` §2.2.2; `[MS-ICE2]` §2.2.2).
const MAGIC_COOKIE: u16 = 0x000f;
const DATA: u16 = 0x0013;
const REALM: u16 = 0x0014;
const SOFTWARE: u16 = 0x8022;
const MS_REALM: u16 = 0x0015;
const MS_VERSION: u16 = 0x8008;
const MS_SEQUENCE_NUMBER: u16 = 0x8050;
const MS_SERVICE_QUALITY: u16 = 0x8055;
const MS_IMPLEMENTATION_VERSION: u16 = 0x8070;

#[cfg(test)]
mod tests {
    use super::{Framing, Role, is_channel_data, read};
    use crate::flow::FlowFlags;
    use crate::name::cursor::Stop;

    fn message(kind: u16, attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut content = Vec::new();
        for (attribute, value) in attributes {
            content.extend(attribute.to_be_bytes());
            content.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
            content.extend(*value);
            content.resize(content.len().next_multiple_of(4), 0);
        }
        let mut message = kind.to_be_bytes().to_vec();
        message.extend(u16::try_from(content.len()).unwrap().to_be_bytes());
        message.extend([0x21, 0x12, 0xa4, 0x42]);
        message.extend([7; 12]);
        message.extend(content);
        message
    }

    fn flags(message: &[u8]) -> Option<FlowFlags> {
        read(message).map(|message| message.flags)
    }

    #[test]
    fn a_binding_request_is_stun_and_an_allocation_is_turn() {
        let software = (0x8022, b"STUN test client".as_slice());
        assert_eq!(flags(&message(1, &[software])), Some(FlowFlags::STUN));
        assert_eq!(flags(&message(0x0101, &[])), Some(FlowFlags::STUN));
        for kind in [0x0003, 0x0103, 0x0113, 0x0016, 0x0017, 0x0008, 0x0009] {
            let turn = FlowFlags::STUN | FlowFlags::TURN;
            assert_eq!(flags(&message(kind, &[(0x0014, b"example.org")])), Some(turn), "{kind:x}");
        }
    }

    #[test]
    fn microsofts_relays_and_peers_say_so() {
        let all = FlowFlags::STUN | FlowFlags::TURN | FlowFlags::TURN_MICROSOFT;
        for attribute in [
            (0x000f, [0x72, 0xc6, 0x4b, 0xc6].as_slice()),
            (0x8008, &[0, 0, 0, 6]),
            (0x0014, b"rtcmedia"),
        ] {
            assert_eq!(flags(&message(3, &[(0x8022, b"a"), attribute])), Some(all));
        }
        let peer = FlowFlags::STUN | FlowFlags::STUN_MICROSOFT;
        assert_eq!(flags(&message(1, &[(0x8070, &[0, 0, 0, 3])])), Some(peer));
        assert_eq!(flags(&message(1, &[(0x8070, &[0, 0, 3])])), Some(FlowFlags::STUN));
    }

    #[test]
    fn microsofts_messages_fill_nothing_up_and_have_the_realm_where_others_have_the_nonce() {
        let attributes: [(u16, &[u8]); 6] = [
            (0x000f, &[0x72, 0xc6, 0x4b, 0xc6]),
            (0x0014, b"a nonce.example"),
            (0x0015, b"\"turn.example.org\""),
            (0x8022, b"2.0.1.211"),
            (0x0010, &[0, 0, 0x2e, 0xe0]),
            (0x0008, &[7; 32]),
        ];
        // As it is (`[MS-TURN]` §2.2.2), and filled up as others are.
        let mut tight = message(0x0103, &[]);
        for (attribute, value) in attributes {
            tight.extend(attribute.to_be_bytes());
            tight.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
            tight.extend(value);
        }
        let len = u16::try_from(tight.len() - 20).unwrap();
        assert!(len % 4 != 0);
        tight[2..4].copy_from_slice(&len.to_be_bytes());
        for octets in [&tight, &message(0x0103, &attributes)] {
            let read = read(octets).unwrap();
            assert_eq!(read.software, Some(b"2.0.1.211".as_slice()));
            assert_eq!(read.realm, Some(b"turn.example.org".as_slice()));
            let all = FlowFlags::STUN | FlowFlags::TURN | FlowFlags::TURN_MICROSOFT;
            assert_eq!(read.flags, all);
        }
        for len in 0..tight.len() {
            assert_eq!(read(&tight[..len]), None, "{len}");
        }
        // Without the cookie in front it is a broken message of anybody's.
        assert_eq!(read(&[&tight[..20], &tight[28..]].concat()), None);
    }

    #[test]
    fn turn_tells_which_end_is_the_relay() {
        for (kind, sender) in [
            (0x0003, Some(Role::Client)),
            (0x0016, Some(Role::Client)),
            (0x0004, Some(Role::Client)),
            (0x0103, Some(Role::Server)),
            (0x0113, Some(Role::Server)),
            (0x0017, Some(Role::Server)),
            (0x0115, Some(Role::Server)),
            (0x0001, None),
            (0x0101, None),
        ] {
            assert_eq!(read(&message(kind, &[])).unwrap().sender, sender, "{kind:x}");
        }
    }

    #[test]
    fn a_realm_and_what_is_relayed_are_given_as_they_stand() {
        let message =
            message(0x0016, &[(0x0014, b"example.org"), (0x0013, b"data"), (0x0014, b"b.example")]);
        let read = read(&message).unwrap();
        assert_eq!(read.realm, Some(b"example.org".as_slice()));
        assert_eq!(read.data, Some(b"data".as_slice()));
    }

    /// The messages that RFC 5769 prints: §2.1, §2.2, §2.3.
    const REQUEST: &str = "0001 0058 2112a442 b7e7a701bc34d686fa87dfae
        8022 0010 5354554e207465737420636c69656e74 0024 0004 6e0001ff 8029 0008 932ff9b151263b36
        0006 0009 6576746a3a68367659202020 0008 0014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2
        8028 0004 e57a3bcf";
    const RESPONSE: &str = "0101 003c 2112a442 b7e7a701bc34d686fa87dfae
        8022 000b 7465737420766563746f7220 0020 0008 0001a147e112a643
        0008 0014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7 8028 0004 c07d4c96";
    const RESPONSE_BY_V6: &str = "0101 0048 2112a442 b7e7a701bc34d686fa87dfae
        8022 000b 7465737420766563746f7220 0020 0014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9
        0008 0014 a382954e4be67bf11784c97c8292c275bfe3ed41 8028 0004 c8fb0b4c";

    fn octets(hex: &str) -> Vec<u8> {
        let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
        let pair = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap();
        digits.chunks(2).map(pair).collect()
    }

    #[test]
    fn of_the_messages_of_rfc_5769_the_answers_name_their_program() {
        let request = octets(REQUEST);
        assert!(request.windows(16).any(|octets| octets == b"STUN test client"));
        assert_eq!(read(&request).unwrap().software, None);
        for response in [RESPONSE, RESPONSE_BY_V6] {
            let response = octets(response);
            let message = read(&response).unwrap();
            assert_eq!(message.software, Some(b"test vector".as_slice()));
            assert_eq!(message.flags, FlowFlags::STUN);
            for len in 0..response.len() {
                assert_eq!(read(&response[..len]), None, "{len}");
            }
        }
    }

    #[test]
    fn only_what_servers_send_names_a_servers_program() {
        let software = (0x8022, b"a relay".as_slice());
        // Success and error of Binding and Allocate, and data that a relay hands on.
        for kind in [0x0101, 0x0111, 0x0103, 0x0113, 0x0017] {
            assert_eq!(read(&message(kind, &[software])).unwrap().software, Some(software.1));
        }
        // Requests, Binding indication, and data that a client hands over (RFC 8656 §11.1).
        for kind in [0x0001, 0x0003, 0x0011, 0x0016] {
            assert_eq!(read(&message(kind, &[software])).unwrap().software, None, "{kind:x}");
        }
        let two = message(0x0101, &[software, (0x8022, b"another")]);
        assert_eq!(read(&two).unwrap().software, Some(software.1));
    }

    #[test]
    fn every_prefix_and_what_is_longer_is_none() {
        let message = message(3, &[(0x8022, b"abcde"), (0x0014, b"example.org")]);
        for len in 0..message.len() {
            assert_eq!(read(&message[..len]), None, "{len}");
        }
        assert_eq!(read(&[&message[..], b"x"].concat()), None);
    }

    #[test]
    fn how_messages_follow_each_other_is_told_by_the_first() {
        let message = message(3, &[(0x8022, b"abcde"), (0x0014, b"example.org")]);
        let len = u16::try_from(message.len()).unwrap().to_be_bytes();
        for (framing, before, enough) in [
            (Framing::Bare, vec![], 8),
            (Framing::Counted, len.to_vec(), 10),
            (Framing::Microsoft, [[2, 0], len].concat(), 12),
        ] {
            let stream = [before, message.clone()].concat();
            for octets in 0..stream.len() {
                let told = Framing::of(&stream[..octets]);
                let expected = if octets < enough { Err(Stop::NeedMore) } else { Ok(framing) };
                assert_eq!(told, expected, "{framing:?}: {octets}");
            }
        }
        for other in [&b"\x00\x1d\xab\xcd\x01\x00\x00\x01\x00\x00"[..], b"\x02\x01\x00\x10more"] {
            assert_eq!(Framing::of(other), Err(Stop::Foreign));
        }
    }

    #[test]
    fn channel_data_states_its_length() {
        assert!(is_channel_data(b"\x40\x00\x00\x03abc"));
        assert!(is_channel_data(b"\x4f\xff\x00\x03abc\0"));
        assert!(!is_channel_data(b"\x40\x00\x00\x03ab"));
        assert!(!is_channel_data(b"\x40\x00\x00\x03abcdefg"));
        assert!(!is_channel_data(b"\x50\x00\x00\x03abc"));
    }
}
