//! Words that stand for protocols, here and in outputs.

use std::borrow::Cow;

use crate::decode::Protocol;

/// The word of a protocol: IANA's keyword in lower case for common ones, else `ip-` and the
/// number.
pub fn protocol_word(protocol: Protocol) -> Cow<'static, str> {
    PROTOCOLS
        .iter()
        .find(|(number, _)| *number == protocol.0)
        .map_or_else(|| Cow::Owned(format!("ip-{}", protocol.0)), |(_, word)| Cow::Borrowed(*word))
}

/// Keywords of IANA's registry "Assigned Internet Protocol Numbers".
pub(super) const PROTOCOLS: [(u8, &str); 19] = [
    (1, "icmp"),
    (2, "igmp"),
    (4, "ipv4"),
    (6, "tcp"),
    (17, "udp"),
    (33, "dccp"),
    (41, "ipv6"),
    (46, "rsvp"),
    (47, "gre"),
    (50, "esp"),
    (51, "ah"),
    (58, "icmpv6"),
    (88, "eigrp"),
    (89, "ospf"),
    (103, "pim"),
    (112, "vrrp"),
    (115, "l2tp"),
    (132, "sctp"),
    (136, "udplite"),
];

/// The number of a protocol written as a word, as `ip-47` or as `47`.
pub(super) fn protocol_number(text: &str) -> Option<u8> {
    let word = text.to_ascii_lowercase();
    PROTOCOLS
        .iter()
        .find(|(_, keyword)| *keyword == word)
        .map(|(number, _)| *number)
        .or_else(|| word.strip_prefix("ip-").unwrap_or(&word).parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_protocol_number_survives_its_word() {
        for number in 0..=255 {
            assert_eq!(protocol_number(&protocol_word(Protocol(number))), Some(number));
        }
    }
}
