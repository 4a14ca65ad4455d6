//! The PROXY protocol, versions 1 and 2 ("The PROXY protocol", HAProxy Technologies, 2020, §2):
//! whom a load balancer speaks for. It carries addresses; they are checked and not kept.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::flow::FlowFlags;
use crate::name::cursor::{Cursor, Stop, ensure};
use crate::name::opening::Opening;

/// Reads the line of version 1 (§2.1).
pub(in crate::name) fn read_v1(octets: &[u8]) -> Result<Opening, Stop> {
    let mut cursor = Cursor::new(octets);
    cursor.expect(b"PROXY ")?;
    let line = cursor.until(b'\n', LONGEST_LINE)?;
    let line = line.strip_suffix(b"\r").ok_or(Stop::Foreign)?;
    let line = str::from_utf8(line).map_err(|_| Stop::Foreign)?;
    let mut words = line.split(' ');
    let family = words.next().unwrap_or_default();
    let is_address = |word: &str| match family {
        "TCP4" => word.parse::<Ipv4Addr>().is_ok(),
        "TCP6" => word.parse::<Ipv6Addr>().is_ok(),
        _ => false,
    };
    let is_port = |word: &str| word.parse::<u16>().is_ok();
    // A receiver takes UNKNOWN whatever follows.
    if family != "UNKNOWN" {
        let rest: Vec<&str> = words.collect();
        let [source, destination, from, to] = rest[..] else { return Err(Stop::Foreign) };
        ensure(is_address(source) && is_address(destination) && is_port(from) && is_port(to))?;
    }
    Ok(Opening::before_another(cursor.at()).flagged(FlowFlags::PROXY))
}

/// Reads the header of version 2 (§2.2).
pub(in crate::name) fn read_v2(octets: &[u8]) -> Result<Opening, Stop> {
    let mut cursor = Cursor::new(octets);
    cursor.expect(SIGNATURE)?;
    let [version_and_command, family] = cursor.array()?;
    ensure(matches!(version_and_command, 0x20 | 0x21))?;
    let addresses = match family {
        0x00 => 0,
        0x11 | 0x12 => 12,
        0x21 | 0x22 => 36,
        0x31 | 0x32 => 216,
        _ => return Err(Stop::Foreign),
    };
    let content = cursor.counted16()?;
    ensure(content.len() >= addresses)?;
    Ok(Opening::before_another(cursor.at()).flagged(FlowFlags::PROXY))
}

/// The first octets of version 2.
pub(in crate::name) const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
/// Octets of the line of version 1 after its first word (§2.1: 107 in all).
const LONGEST_LINE: usize = 101;

#[cfg(test)]
mod tests {
    use super::{read_v1, read_v2};
    use crate::name::cursor::Stop;

    #[test]
    fn version_1_is_a_line_of_addresses_and_ports() {
        for line in [
            "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n",
            "PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n",
            "PROXY UNKNOWN\r\n",
            "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n",
        ] {
            let whole = format!("{line}GET ");
            assert_eq!(read_v1(whole.as_bytes()).unwrap().len, line.len(), "{line:?}");
            for len in 0..line.len() {
                assert_eq!(read_v1(&line.as_bytes()[..len]), Err(Stop::NeedMore), "{len}");
            }
        }
        for line in [
            "PROXY TCP4 192.0.2.1 198.51.100.1 56324\r\n",
            "PROXY TCP4 192.0.2.1 a.example 56324 443\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\n",
            "PROXY TCP4 192.0.2.1 198.51.100.1 56324 70000\r\n",
            "PROXY / HTTP/1.1\r\n",
            "PROPFIND / HTTP/1.1\r\n",
        ] {
            assert_eq!(read_v1(line.as_bytes()), Err(Stop::Foreign), "{line:?}");
        }
        assert_eq!(read_v1(&[b"PROXY ".as_slice(), &[b'a'; 102]].concat()), Err(Stop::Foreign));
    }

    #[test]
    fn version_2_states_its_length() {
        let mut header = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0f".to_vec();
        header.extend([192, 0, 2, 1, 198, 51, 100, 1, 0xdc, 4, 1, 187, 4, 0, 0]);
        let whole = [&header[..], b"\x16\x03\x01"].concat();
        assert_eq!(read_v2(&whole).unwrap().len, header.len());
        for len in 0..header.len() {
            assert_eq!(read_v2(&header[..len]), Err(Stop::NeedMore), "{len}");
        }
        for (at, value) in [(0, b'\n'), (12, 0x11), (12, 0x22), (13, 0x41), (15, 11)] {
            let mut wrong = header.clone();
            wrong[at] = value;
            assert_eq!(read_v2(&wrong), Err(Stop::Foreign), "{at} {value}");
        }
    }
}
