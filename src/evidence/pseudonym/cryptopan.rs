//! Crypto-PAn: addresses that share a prefix have pseudonyms that share one as long.
//!
//! J. Xu, J. Fan, M. Ammar, S. Moon: Prefix-Preserving IP Address Anonymization, ICNP 2002. Each
//! bit is turned over, or not, by a pseudorandom function of the bits before it: AES-128 over
//! these bits, filled up with a secret pad.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use ipnet::IpNet;

/// The function of one key.
pub(super) struct CryptoPan {
    cipher: Aes128,
    pad: u128,
    /// Blocks that keep their place: no bit on the way to them is turned over.
    fixed: Vec<Fixed>,
}

/// A block that keeps its place.
#[derive(Clone, Copy, Debug)]
struct Fixed {
    is_v4: bool,
    /// Left-aligned.
    network: u128,
    len: u32,
}

/// Whether pseudonyms are made or undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Hide,
    Reveal,
}

impl CryptoPan {
    /// The first 16 octets of the key are AES's, of the others the pad is made.
    pub(super) fn new(key: &[u8; 32], fixed: &[IpNet]) -> Self {
        let (first, second) = key.split_at(16);
        let mut octets = [0; 16];
        octets.copy_from_slice(first);
        let cipher = Aes128::new(&octets.into());
        octets.copy_from_slice(second);
        let mut block = octets.into();
        cipher.encrypt_block(&mut block);
        let fixed = fixed.iter().map(|net| {
            let (is_v4, network) = aligned(net.network());
            Fixed { is_v4, network, len: net.prefix_len().into() }
        });
        Self { cipher, pad: u128::from_be_bytes(block.into()), fixed: fixed.collect() }
    }

    /// The pseudonym of an address.
    pub(super) fn hide(&self, address: IpAddr) -> IpAddr {
        self.map(address, Way::Hide)
    }

    /// The address of a pseudonym.
    pub(super) fn reveal(&self, pseudonym: IpAddr) -> IpAddr {
        self.map(pseudonym, Way::Reveal)
    }

    fn map(&self, address: IpAddr, way: Way) -> IpAddr {
        let (is_v4, given) = aligned(address);
        let bits = if is_v4 { 32 } else { 128 };
        // `given` where a pseudonym is made, what was found so far where one is undone.
        let (mut plain, mut out) = (if way == Way::Hide { given } else { 0 }, 0);
        for at in 0..bits {
            let before = first_bits(plain, at);
            let bit = (given >> (127 - at) & 1) ^ self.turns(is_v4, before, at);
            out |= bit << (127 - at);
            if way == Way::Reveal {
                plain = out;
            }
        }
        if is_v4 {
            Ipv4Addr::from_bits(u32::try_from(out >> 96).unwrap_or_default()).into()
        } else {
            Ipv6Addr::from_bits(out).into()
        }
    }

    /// Whether the bit after `before`, which has `len` bits, is turned over.
    fn turns(&self, is_v4: bool, before: u128, len: u32) -> u128 {
        let leads = |fixed: &Fixed| {
            fixed.is_v4 == is_v4 && len < fixed.len && first_bits(fixed.network, len) == before
        };
        if self.fixed.iter().any(leads) {
            return 0;
        }
        let input = before | (self.pad & !first_bits(u128::MAX, len));
        let mut block = input.to_be_bytes().into();
        self.cipher.encrypt_block(&mut block);
        u128::from_be_bytes(block.into()) >> 127
    }
}

/// The address from the highest bit on, and whether it has 32 bits.
fn aligned(address: IpAddr) -> (bool, u128) {
    match address {
        IpAddr::V4(address) => (true, u128::from(address.to_bits()) << 96),
        IpAddr::V6(address) => (false, address.to_bits()),
    }
}

/// The first `len` bits, then zeros.
fn first_bits(of: u128, len: u32) -> u128 {
    if len == 0 { 0 } else { of & (u128::MAX << (128 - len)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::SPECIAL;
    use super::*;

    /// The key of the authors' sample program.
    const KEY: [u8; 32] = [
        21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16, 216, 152, 143, 131,
        121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2,
    ];

    fn specials() -> Vec<IpNet> {
        SPECIAL.iter().map(|net| net.parse().unwrap()).collect()
    }

    #[test]
    fn the_authors_sample_trace_comes_out() {
        let pan = CryptoPan::new(&KEY, &[]);
        for (address, pseudonym) in [
            ("128.11.68.132", "135.242.180.132"),
            ("129.118.74.4", "134.136.186.123"),
            ("130.132.252.244", "133.68.164.234"),
            ("141.223.7.43", "141.167.8.160"),
            ("141.233.145.108", "141.129.237.235"),
            ("152.163.225.39", "151.140.114.167"),
            ("156.29.3.236", "147.225.12.42"),
            ("165.247.96.84", "162.9.99.234"),
            ("166.107.77.190", "160.132.178.185"),
            ("192.102.249.13", "252.138.62.131"),
            ("192.215.32.125", "252.43.47.189"),
            ("192.233.80.103", "252.25.108.8"),
            ("192.41.57.43", "252.222.221.184"),
            ("193.150.244.223", "253.169.52.216"),
            ("195.205.63.100", "255.186.223.5"),
            ("198.200.171.101", "249.199.68.213"),
        ] {
            let (address, pseudonym) = (address.parse().unwrap(), pseudonym.parse().unwrap());
            assert_eq!(pan.hide(address), pseudonym);
            assert_eq!(pan.reveal(pseudonym), address);
        }
    }

    /// No trace of the authors' has IPv6. These were computed apart from this code, by a few lines
    /// of Python over `cryptography`'s AES, which first gave two lines of their sample trace.
    #[test]
    fn ipv6_comes_out_as_another_program_computed_it() {
        let pan = CryptoPan::new(&KEY, &[]);
        for (address, pseudonym) in [
            ("::", "78ff:f001:9fc0:20df:8380:b1f1:704:ec"),
            ("::1", "78ff:f001:9fc0:20df:8380:b1f1:704:ed"),
            ("2001:db8::1", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e"),
            ("2001:db8::2", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1c"),
            ("2001:db8:0:1::1", "4401:2bc:603f:d91c:e270:eff0:60f:1ffd"),
            ("2a00:1450:4001:82a::200e", "4a30:ebed:a03e:bed:820f:5e00:f02:221e"),
            ("fe80::1ff:fe23:4567:890a", "cf7f:c0e:1fc3:da1c:103:fdd3:6f50:371c"),
            ("fd00:1234:5678:9abc:def0:1234:5678:9abc", "cd0f:ec54:6478:eaca:110:5249:7279:b144"),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ce78:61ff:387e:8078:38c4:407:c3bf:f781"),
        ] {
            let (address, pseudonym) = (address.parse().unwrap(), pseudonym.parse().unwrap());
            assert_eq!(pan.hide(address), pseudonym, "{address}");
            assert_eq!(pan.reveal(pseudonym), address);
        }
    }

    /// The definition read literally: each bit with the bits before it, filled up with the pad, as
    /// texts of zeros and ones.
    fn literally(address: IpAddr) -> String {
        let cipher = Aes128::new(&<[u8; 16]>::try_from(&KEY[..16]).unwrap().into());
        let encrypted = |octets: [u8; 16]| {
            let mut block = octets.into();
            cipher.encrypt_block(&mut block);
            <[u8; 16]>::from(block)
        };
        let bits = |octets: &[u8]| {
            octets.iter().map(|octet| format!("{octet:08b}")).collect::<Vec<_>>().concat()
        };
        let pad = bits(&encrypted(KEY[16..].try_into().unwrap()));
        let plain = match address {
            IpAddr::V4(four) => bits(&four.octets()),
            IpAddr::V6(six) => bits(&six.octets()),
        };
        let hidden = plain.char_indices().map(|(at, bit)| {
            let block =
                u128::from_str_radix(&format!("{}{}", &plain[..at], &pad[at..]), 2).unwrap();
            let turns = encrypted(block.to_be_bytes())[0] >= 128;
            if turns == (bit == '1') { '0' } else { '1' }
        });
        hidden.collect()
    }

    fn common(a: IpAddr, b: IpAddr) -> u32 {
        (aligned(a).1 ^ aligned(b).1).leading_zeros()
    }

    fn address() -> impl Strategy<Value = IpAddr> {
        prop_oneof![
            any::<u32>().prop_map(|bits| Ipv4Addr::from_bits(bits).into()),
            any::<u16>().prop_map(|low| Ipv4Addr::from_bits(0xc0a8_0000 | u32::from(low)).into()),
            any::<u128>().prop_map(|bits| Ipv6Addr::from_bits(bits).into()),
            any::<u64>()
                .prop_map(|low| Ipv6Addr::from_bits(0xfe80 << 112 | u128::from(low)).into()),
        ]
    }

    proptest! {
        #[test]
        fn pseudonyms_are_those_of_the_definition(address in address()) {
            let hidden = match CryptoPan::new(&KEY, &[]).hide(address) {
                IpAddr::V4(four) => format!("{:032b}", four.to_bits()),
                IpAddr::V6(six) => format!("{:0128b}", six.to_bits()),
            };
            prop_assert_eq!(hidden, literally(address));
        }

        #[test]
        fn prefixes_are_kept_blocks_too_and_pseudonyms_can_be_undone(a in address(), b in address()) {
            let pan = CryptoPan::new(&KEY, &specials());
            let (hidden, other) = (pan.hide(a), pan.hide(b));
            prop_assert_eq!(pan.reveal(hidden), a);
            if a.is_ipv4() == b.is_ipv4() {
                prop_assert_eq!(common(a, b), common(hidden, other));
            }
            for net in specials() {
                prop_assert_eq!(net.contains(&a), net.contains(&hidden));
            }
        }
    }
}
