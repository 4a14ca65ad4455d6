//! Files of registers take any octets.

use std::net::IpAddr;

use vigie::ledger::{AddressFile, Assigns, Assignments, HardwareFile};

/// Any octets as a file of addresses and as a list of hardware: read or refused, and what is
/// told is plain text; a country is two capital letters.
pub fn a_register_is_read_or_refused(input: &[u8]) {
    let (head, rest) = input.split_at(input.len().min(16));
    let mut wide = [0; 16];
    wide[..head.len()].copy_from_slice(head);
    let narrow = [wide[0], wide[1], wide[2], wide[3]];
    let all = Assignments {
        countries: AddressFile::of(rest.to_vec(), Assigns::Country).ok(),
        networks: AddressFile::of(rest.to_vec(), Assigns::Network).ok(),
        hardware: HardwareFile::of(rest).ok(),
        ..Assignments::default()
    };
    let maker = all.hardware.as_ref().and_then(|file| file.maker([wide[0]; 6])).map(Box::from);
    for address in [IpAddr::from(wide), IpAddr::from(narrow)] {
        let Some(told) = all.of(address, maker.clone()) else { continue };
        let country = told.country.as_deref().unwrap_or("FR");
        assert!(country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()));
        for text in [told.owner, told.maker].into_iter().flatten() {
            assert!(!text.is_empty() && !text.chars().any(char::is_control), "{text:?}");
        }
    }
}
