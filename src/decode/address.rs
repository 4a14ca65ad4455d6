//! Addresses as numbers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Macs;
use crate::source::Frame;

/// Which IP a header is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IpVersion {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// An address as two numbers, ordered as its octets are. IPv4 fills the upper half of the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AddressBits(pub u64, pub u64);

impl AddressBits {
    /// Of an IPv4 address.
    #[inline]
    pub fn v4(address: u32) -> Self {
        Self(u64::from(address) << 32, 0)
    }

    /// Of an IPv6 address.
    #[inline]
    pub fn v6(address: u128) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is taken apart")]
        let low = address as u64;
        Self((address >> 64) as u64, low)
    }

    /// Of any address, with its version.
    #[inline]
    pub fn of(address: IpAddr) -> (Self, IpVersion) {
        match address {
            IpAddr::V4(a) => (Self::v4(a.to_bits()), IpVersion::V4),
            IpAddr::V6(a) => (Self::v6(a.to_bits()), IpVersion::V6),
        }
    }

    /// The address.
    #[inline]
    pub fn address(self, version: IpVersion) -> IpAddr {
        let Self(high, low) = self;
        match version {
            IpVersion::V4 => IpAddr::V4(Ipv4Addr::from_bits((high >> 32) as u32)),
            IpVersion::V6 => {
                IpAddr::V6(Ipv6Addr::from_bits(u128::from(high) << 64 | u128::from(low)))
            }
        }
    }
}

impl Macs {
    /// Those of an Ethernet frame.
    pub fn of(frame: &Frame<'_>) -> Option<Self> {
        let (destination, rest) = frame.captured.split_first_chunk()?;
        Some(Self { destination: *destination, source: *rest.first_chunk()? })
    }
}
