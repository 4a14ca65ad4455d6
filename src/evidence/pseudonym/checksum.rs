//! Checksums of which only the covered octets' change is known (RFC 1624).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

/// The one's complement sum of 16-bit words (RFC 1071); an odd octet at the end is a high one.
pub(super) fn sum(octets: &[u8]) -> u16 {
    let (pairs, rest) = octets.as_chunks::<2>();
    let mut sum: u64 = pairs.iter().map(|pair| u64::from(u16::from_be_bytes(*pair))).sum();
    sum += rest.first().map_or(0, |high| u64::from(*high) << 8);
    fold(sum)
}

/// The checksum after what it covers changed from a sum to another: as right, or wrong, as it
/// was before (RFC 1624 §3, equation 3). 0 stays: nobody has computed it.
pub(super) fn moved(check: u16, from: u16, to: u16) -> u16 {
    if check == 0 || from == to {
        return check;
    }
    !fold(u64::from(!check) + u64::from(!from) + u64::from(to))
}

/// A sum without one of its words.
pub(super) fn less(sum: u16, without: u16) -> u16 {
    fold(u64::from(sum) + u64::from(!without))
}

fn fold(mut sum: u64) -> u16 {
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    u16::try_from(sum).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_checksum_is_the_one_that_would_be_computed() {
        // RFC 1624 §4's example: the word 0x5555 becomes 0x3285.
        assert_eq!(moved(0xdd2f, 0x5555, 0x3285), 0x0000);
        let (before, after) = ([1, 2, 3, 4, 5], [9, 8, 3, 4, 5]);
        let check = !sum(&before);
        assert_eq!(moved(check, sum(&before[..2]), sum(&after[..2])), !sum(&after));
        assert_eq!(moved(0, 1, 2), 0);
    }
}
