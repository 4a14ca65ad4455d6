//! STUN (RFC 8489) and TURN (RFC 8656): how two ends of a call find each other, and the relay
//! between them. They name no server; what they say of the flow becomes flags, and the realm of a
//! relay is often the host name of whoever runs it.
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
    /// What is relayed in the message (DATA, RFC 8656 §18.4).
    pub(in crate::name) data: Option<&'a [u8]>,
}

/// Reads a STUN message. It must be whole, and nothing may follow it.
pub(in crate::name) fn read(datagram: &[u8]) -> Option<StunMessage<'_>> {
    message(datagram).ok()
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

/// Whether a stream starts with a STUN message (RFC 8489 §6.2.2); with ten octets it can be said.
pub(in crate::name) fn starts_stream(octets: &[u8]) -> bool {
    let mut cursor = Cursor::new(octets);
    header(&mut cursor).is_ok_and(|(_, len)| len <= LONGEST_IN_STREAM)
}

fn message(datagram: &[u8]) -> Result<StunMessage<'_>, Stop> {
    let mut cursor = Cursor::new(datagram);
    let (kind, len) = header(&mut cursor)?;
    cursor.take(TRANSACTION)?;
    ensure(cursor.rest().len() == len)?;
    let mut read = StunMessage { flags: FlowFlags::STUN, ..StunMessage::default() };
    // The method without the two bits of the class (RFC 8489 §5).
    if matches!(kind & 0x3eef, 3..=9) {
        read.flags |= FlowFlags::TURN;
    }
    while !cursor.rest().is_empty() {
        let attribute = cursor.u16()?;
        let value = cursor.counted16()?;
        cursor.take(padding(value.len()).min(cursor.rest().len()))?;
        if is_microsofts_turn(attribute, value) {
            read.flags |= FlowFlags::TURN_MICROSOFT;
        }
        match attribute {
            MS_IMPLEMENTATION_VERSION if value.len() == 4 => {
                read.flags |= FlowFlags::STUN_MICROSOFT;
            }
            REALM => read.realm = read.realm.or(Some(value)),
            DATA => read.data = read.data.or(Some(value)),
            _ => {}
        }
    }
    Ok(read)
}

/// Type and length.
fn header(cursor: &mut Cursor<'_>) -> Result<(u16, usize), Stop> {
    let kind = cursor.u16()?;
    let len = usize::from(cursor.u16()?);
    ensure(kind & 0xc000 == 0 && len.is_multiple_of(4))?;
    cursor.expect(&MAGIC)?;
    Ok((kind, len))
}

/// Whether an attribute is one of `[MS-TURN]` §2.2.2 or `[MS-TURNBWM]`, or the realm of Microsoft's
/// relays.
fn is_microsofts_turn(attribute: u16, value: &[u8]) -> bool {
    match attribute {
        MAGIC_COOKIE => value == [0x72, 0xc6, 0x4b, 0xc6],
        MS_VERSION | MS_SEQUENCE_NUMBER | MS_SERVICE_QUALITY => true,
        REALM => value == b"rtcmedia",
        _ => false,
    }
}

/// Octets after a value of so many (RFC 8489 §14).
fn padding(len: usize) -> usize {
    len.next_multiple_of(4) - len
}

/// Octets 5 to 8 of every message (RFC 8489 §5).
const MAGIC: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
/// Octets of the transaction identifier.
const TRANSACTION: usize = 12;
/// Octets of the longest first message of a stream that is believed.
const LONGEST_IN_STREAM: usize = 2048;
/// Attributes (IANA "STUN Attributes"; `[MS-TURN]` §2.2.2; `[MS-ICE2]` §2.2.2).
const MAGIC_COOKIE: u16 = 0x000f;
const DATA: u16 = 0x0013;
const REALM: u16 = 0x0014;
const MS_VERSION: u16 = 0x8008;
const MS_SEQUENCE_NUMBER: u16 = 0x8050;
const MS_SERVICE_QUALITY: u16 = 0x8055;
const MS_IMPLEMENTATION_VERSION: u16 = 0x8070;

#[cfg(test)]
mod tests {
    use super::{is_channel_data, read, starts_stream};
    use crate::flow::FlowFlags;

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
    fn a_realm_and_what_is_relayed_are_given_as_they_stand() {
        let message =
            message(0x0016, &[(0x0014, b"example.org"), (0x0013, b"data"), (0x0014, b"b.example")]);
        let read = read(&message).unwrap();
        assert_eq!(read.realm, Some(b"example.org".as_slice()));
        assert_eq!(read.data, Some(b"data".as_slice()));
    }

    #[test]
    fn every_prefix_and_what_is_longer_is_none() {
        let message = message(3, &[(0x8022, b"abcde"), (0x0014, b"example.org")]);
        for len in 0..message.len() {
            assert_eq!(read(&message[..len]), None, "{len}");
        }
        assert_eq!(read(&[&message[..], b"x"].concat()), None);
        assert!(starts_stream(&message[..10]));
        assert!(!starts_stream(b"\x00\x1d\xab\xcd\x01\x00\x00\x01\x00\x00"));
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
