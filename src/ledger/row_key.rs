//! A row's values in as few octets as tell them apart: millions of rows stay small, and one is
//! found by comparing octets.
#![warn(clippy::indexing_slicing)]

use std::net::IpAddr;

use super::DimensionValue;
use super::dimension::ValueRef;
use crate::name::{HostName, Via, Without};
use crate::signature::{Basis, Category, Grade, SignatureId};
use crate::source::CaptureTime;

const TEXT: u8 = 0;
const NAME: u8 = 1;
const IPV4: u8 = 2;
const IPV6: u8 = 3;
const IMPLIED: u8 = 4;
/// Numbers follow, by kind.
const NUMBER: u8 = 5;

/// Appends a value. Each says where it ends, so that two rows are equal only if all values are.
#[expect(clippy::inline_always, reason = "measured: nine calls for every flow that ends")]
#[inline(always)]
pub(super) fn put(key: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Text(text) => put_text(key, TEXT, text),
        ValueRef::Name(name) => put_text(key, NAME, name),
        // In one piece where that can be: whether there is room is asked once.
        ValueRef::Address(IpAddr::V4(address)) => {
            let [a, b, c, d] = address.octets();
            key.extend_from_slice(&[IPV4, a, b, c, d]);
        }
        ValueRef::Address(IpAddr::V6(address)) => {
            key.push(IPV6);
            key.extend_from_slice(&address.octets());
        }
        ValueRef::Implied => key.push(IMPLIED),
        ValueRef::Number(kind, number) => {
            if let Ok(small @ 0..0x80) = u8::try_from(number) {
                key.extend_from_slice(&[NUMBER + kind, small]);
            } else {
                key.push(NUMBER + kind);
                put_number(key, number);
            }
        }
    }
}

/// Puts the values of a row, in the order in which they were put, in the place of `values`.
pub(super) fn read_into(values: &mut Vec<DimensionValue>, mut key: &[u8]) {
    values.clear();
    let mut implied = None;
    while !key.is_empty() {
        let Some(value) = take(&mut key) else { break };
        if value == Taken::Implied {
            implied = Some(values.len());
        }
        values.push(match value {
            Taken::Value(value) => value,
            Taken::Implied => DimensionValue::Untagged,
        });
    }
    let Some(implied) = implied else { return };
    let name = values.iter().find_map(|value| match value {
        DimensionValue::Name(name) => Some(registrable(name)),
        _ => None,
    });
    if let (Some(name), Some(place)) = (name, values.get_mut(implied)) {
        *place = DimensionValue::Name(name);
    }
}

/// The first value of a row; `None` where it follows from another, or there is none.
pub(super) fn first(mut key: &[u8]) -> Option<DimensionValue> {
    match take(&mut key)? {
        Taken::Value(value) => Some(value),
        Taken::Implied => None,
    }
}

/// The registrable domain of a name; a name that has none (a single label, a public suffix)
/// stands for itself.
pub(super) fn registrable(name: &HostName) -> HostName {
    let domain = name.registrable().and_then(|d| HostName::from_wire(d.as_bytes()).ok());
    domain.unwrap_or_else(|| name.clone())
}

#[derive(PartialEq)]
enum Taken {
    Value(DimensionValue),
    Implied,
}

fn take(key: &mut &[u8]) -> Option<Taken> {
    let kind = *key.split_off_first()?;
    let value = match kind {
        TEXT => DimensionValue::Text(String::from_utf8_lossy(take_text(key)?).into()),
        NAME => DimensionValue::Name(HostName::from_wire(take_text(key)?).ok()?),
        IPV4 => DimensionValue::Address(<[u8; 4]>::try_from(key.split_off(..4)?).ok()?.into()),
        IPV6 => DimensionValue::Address(<[u8; 16]>::try_from(key.split_off(..16)?).ok()?.into()),
        IMPLIED => return Some(Taken::Implied),
        number => of_number(number - NUMBER, take_number(key)?)?,
    };
    Some(Taken::Value(value))
}

/// The value that [`ValueRef::of_number`] made a number of.
fn of_number(kind: u8, number: u64) -> Option<DimensionValue> {
    let place = usize::try_from(number).ok()?;
    let small = || u32::try_from(number).ok();
    Some(match kind {
        0 => DimensionValue::Signature(SignatureId(small()?)),
        1 => DimensionValue::Untagged,
        2 => DimensionValue::Category(*Category::ALL.get(place)?),
        3 => DimensionValue::Basis(*Basis::ALL.get(place)?),
        4 => DimensionValue::Grade(*Grade::ALL.get(place)?),
        5 => DimensionValue::Unnamed(*Without::ALL.get(place)?),
        6 => DimensionValue::Via(*Via::ALL.get(place)?),
        7 => DimensionValue::NoDevice,
        8 => DimensionValue::Port(
            u8::try_from(number >> 32).ok()?,
            u16::try_from(number & u64::from(u32::MAX)).ok(),
        ),
        9 => DimensionValue::Protocol(u8::try_from(number).ok()?),
        10 => DimensionValue::Capture(small()?),
        11 => DimensionValue::Hour(CaptureTime(number.cast_signed())),
        12 => DimensionValue::NoApp,
        13 => DimensionValue::Other,
        14 => DimensionValue::NoCountry,
        15 => DimensionValue::NoOwner,
        16 => DimensionValue::NoMaker,
        _ => return None,
    })
}

fn put_text(key: &mut Vec<u8>, kind: u8, text: &str) {
    key.push(kind);
    put_number(key, text.len() as u64);
    key.extend_from_slice(text.as_bytes());
}

fn take_text<'k>(key: &mut &'k [u8]) -> Option<&'k [u8]> {
    let len = usize::try_from(take_number(key)?).ok()?;
    key.split_off(..len)
}

/// Seven bits an octet, the lowest first; the top bit says that more follow.
fn put_number(key: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        key.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    key.push((number & 0x7f) as u8);
}

fn take_number(key: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let octet = *key.split_off_first()?;
        number |= u64::from(octet & 0x7f) << shift;
        if octet < 0x80 {
            break;
        }
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(rows: &[DimensionValue]) -> Vec<DimensionValue> {
        let mut key = Vec::new();
        for value in rows {
            put(&mut key, value.into());
        }
        read(&key)
    }

    fn read(key: &[u8]) -> Vec<DimensionValue> {
        let mut values = vec![DimensionValue::Other];
        read_into(&mut values, key);
        values
    }

    #[test]
    fn every_kind_of_value_comes_back() {
        let name = DimensionValue::Name(HostName::from_wire(b"www.example.co.uk").unwrap());
        let mut row = vec![
            DimensionValue::Untagged,
            DimensionValue::Text("Viva Insights".into()),
            name,
            DimensionValue::Address("192.0.2.1".parse().unwrap()),
            DimensionValue::Address("2001:db8::1".parse().unwrap()),
            DimensionValue::NoDevice,
            DimensionValue::NoApp,
            DimensionValue::NoCountry,
            DimensionValue::NoOwner,
            DimensionValue::NoMaker,
            DimensionValue::Port(6, Some(443)),
            DimensionValue::Port(1, None),
            DimensionValue::Protocol(132),
            DimensionValue::Capture(u32::MAX),
            DimensionValue::Signature(SignatureId(u32::MAX)),
            DimensionValue::Hour(CaptureTime(i64::MIN)),
            DimensionValue::Hour(CaptureTime(-1)),
            DimensionValue::Other,
        ];
        row.extend(Category::ALL.map(DimensionValue::Category));
        row.extend(Basis::ALL.map(DimensionValue::Basis));
        row.extend(Grade::ALL.map(DimensionValue::Grade));
        row.extend(Without::ALL.map(DimensionValue::Unnamed));
        row.extend(Via::ALL.map(DimensionValue::Via));
        assert_eq!(kept(&row), row);
    }

    #[test]
    fn an_implied_domain_is_that_of_the_name_beside_it() {
        let name = HostName::from_wire(b"www.example.co.uk").unwrap();
        let mut key = Vec::new();
        put(&mut key, ValueRef::Implied);
        put(&mut key, ValueRef::Name(name.as_str()));
        let domain = HostName::from_wire(b"example.co.uk").unwrap();
        assert_eq!(read(&key), [DimensionValue::Name(domain), DimensionValue::Name(name)]);
    }
}
