//! The file of `--devices`: names for client addresses and MACs.
//!
//! ```toml
//! [[device]]
//! name = "Windows VM"
//! addresses = ["192.0.2.7", "2001:db8::7"]
//! macs = ["02:00:00:00:00:07"]
//! ```

use std::net::IpAddr;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::config::Defaults;
use super::document::{Document, DocumentError};
use super::outcome::Refusal;
use crate::ledger::Devices;

/// Reads the devices of the file at `path`.
fn load(path: &Path) -> Result<Devices, DocumentError> {
    read(&Document::read(path)?)
}

/// The devices of the file that was typed or, without one, that the configuration names; none
/// without either.
pub(super) fn chosen(typed: Option<&Path>, defaults: &Defaults) -> Result<Devices, Refusal> {
    let path = typed.or(defaults.devices.as_deref());
    path.map_or(Ok(Devices::default()), |path| load(path).map_err(Refusal::impossible))
}

/// Octets of a device's name at most, so that it fits in tables.
const LONGEST_NAME: usize = 64;

/// The devices that `document` states.
fn read(document: &Document) -> Result<Devices, DocumentError> {
    let mut devices = Devices::default();
    for (key, value) in &document.table()? {
        let field: &str = key.get_ref();
        if field != "device" {
            return Err(document.unknown(key.span(), field, &["device"]));
        }
        let tables = value.get_ref().as_array();
        let tables = tables.ok_or_else(|| document.mistyped(field, value, "[[device]]"))?;
        for table in tables {
            let device = table.get_ref().as_table();
            let device = device.ok_or_else(|| document.mistyped(field, table, "[[device]]"))?;
            add(&mut devices, document, table, device)?;
        }
    }
    Ok(devices)
}

/// Adds one `[[device]]`.
fn add(
    devices: &mut Devices,
    document: &Document,
    place: &Spanned<DeValue<'_>>,
    device: &DeTable<'_>,
) -> Result<(), DocumentError> {
    for key in device.keys() {
        let known = ["name", "addresses", "macs"];
        if !known.contains(&key.get_ref().as_ref()) {
            return Err(document.unknown(key.span(), key.get_ref(), &known));
        }
    }
    let name = device.get("name").ok_or_else(|| {
        document.fault(place.span(), "name", "missing: every device needs a name")
    })?;
    let name: Box<str> = checked_name(document, name)?.into();
    if let Some(addresses) = device.get("addresses") {
        for (span, text) in document.texts("addresses", addresses)? {
            let fault = |message: String| document.fault(span.clone(), "addresses", message);
            let address: IpAddr =
                text.parse().map_err(|_| fault(format!("`{text}` is not an address")))?;
            if let Some(other) = devices.by_address.insert(address, name.clone()) {
                return Err(fault(format!("`{text}` already belongs to `{other}`")));
            }
        }
    }
    if let Some(macs) = device.get("macs") {
        for (span, text) in document.texts("macs", macs)? {
            let fault = |message: String| document.fault(span.clone(), "macs", message);
            let mac = mac(text).ok_or_else(|| {
                fault(format!("`{text}` is not a MAC; write it as 02:00:00:00:00:07"))
            })?;
            if let Some(other) = devices.by_mac.insert(mac, name.clone()) {
                return Err(fault(format!("`{text}` already belongs to `{other}`")));
            }
        }
    }
    Ok(())
}

/// A device's name: printable, of 1 to [`LONGEST_NAME`] octets.
fn checked_name<'v>(
    document: &Document,
    value: &'v Spanned<DeValue<'_>>,
) -> Result<&'v str, DocumentError> {
    let name = document.text("name", value)?;
    if name.trim().is_empty() || name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
        let message = format!("a name has 1 to {LONGEST_NAME} printable octets");
        return Err(document.fault(value.span(), "name", message));
    }
    Ok(name)
}

/// An Ethernet address, its octets in hexadecimal with `:` or `-` between.
fn mac(text: &str) -> Option<[u8; 6]> {
    let mut octets = [0; 6];
    let mut parts = text.split([':', '-']);
    for octet in &mut octets {
        let part = parts.next().filter(|p| p.len() == 2 && !p.starts_with('+'))?;
        *octet = u8::from_str_radix(part, 16).ok()?;
    }
    parts.next().is_none().then_some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Devices, String> {
        read(&Document::of("devices.toml", text)).map_err(|e| e.to_string())
    }

    #[test]
    fn a_device_is_known_by_its_addresses_and_macs() {
        let devices = parse(
            "[[device]]\nname = \"Windows VM\"\naddresses = [\"192.0.2.7\", \"2001:db8::7\"]\n\
             [[device]]\nname = \"car\"\nmacs = [\"02:00:00:00:00:07\", \"02-00-00-00-00-0A\"]",
        )
        .unwrap();
        let address: IpAddr = "2001:db8::7".parse().unwrap();
        assert_eq!(devices.by_address[&address].as_ref(), "Windows VM");
        assert_eq!(devices.by_mac[&[2, 0, 0, 0, 0, 10]].as_ref(), "car");
        assert_eq!(devices.by_address.len(), 2);
    }

    #[test]
    fn an_address_of_two_devices_is_refused_with_its_line() {
        let twice = "[[device]]\nname = \"a\"\naddresses = [\"192.0.2.7\"]\n\
                     [[device]]\nname = \"b\"\naddresses = [\"192.0.2.7\"]";
        assert_eq!(
            parse(twice).unwrap_err(),
            "devices.toml: line 6, field `addresses`: `192.0.2.7` already belongs to `a`"
        );
    }

    #[test]
    fn what_is_wrong_in_a_device_is_said_with_its_line() {
        let fault = |text: &str| parse(text).unwrap_err();
        assert!(fault("[[device]]\nadresses = []").contains("did you mean `addresses`?"));
        assert!(fault("[[device]]\naddresses = []").contains("line 1, field `name`: missing"));
        assert!(fault("[[device]]\nname = \"\"").contains("line 2, field `name`"));
        assert!(fault("[[device]]\nname = \"a\"\nmacs = [\"1:2\"]").contains("is not a MAC"));
        assert!(fault("[[devices]]\nname = \"a\"").contains("did you mean `device`?"));
        assert!(fault("device = 3").contains("[[device]] is needed"));
    }
}
