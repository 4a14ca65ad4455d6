//! The interfaces that frames were seen on, as the account numbers them.

use hashbrown::HashMap;

use crate::source::{CaptureAccount, Interface, LinkType};

/// The kernel's index and link type → index in [`CaptureAccount::interfaces`].
///
/// Frames of one interface that are to be read differently (IP and others on a tunnel) are of two
/// interfaces of the account, with one name: so a capture file can describe them.
#[derive(Debug, Default)]
pub(super) struct Known {
    numbers: HashMap<(u32, LinkType), u32>,
    /// The latest look-up: frames come in runs.
    latest: Option<((u32, LinkType), u32)>,
}

impl Known {
    /// The account's index of an interface; a new one is entered with the name that `name` gives.
    pub(super) fn number(
        &mut self,
        key: (u32, LinkType),
        name: impl FnOnce() -> String,
        snaplen: u32,
        account: &mut CaptureAccount,
    ) -> u32 {
        if let Some((latest, number)) = self.latest
            && latest == key
        {
            return number;
        }
        // Interfaces that come and go for weeks have ever new indices.
        if self.numbers.len() >= CaptureAccount::INTERFACES_KEPT {
            self.numbers.clear();
        }
        let enter = || enter(&name(), key.1, snaplen, account);
        let number = *self.numbers.entry(key).or_insert_with(enter);
        self.latest = Some((key, number));
        number
    }
}

/// The account's index of the interface of this name and link type. Those beyond
/// [`CaptureAccount::INTERFACES_KEPT`] share the last place.
pub(super) fn enter(name: &str, link: LinkType, snaplen: u32, account: &mut CaptureAccount) -> u32 {
    let interfaces = &mut account.interfaces;
    let is_this = |i: &Interface| i.link == link && i.name.as_deref() == Some(name);
    let place = interfaces.iter().position(is_this).unwrap_or_else(|| {
        if interfaces.len() < CaptureAccount::INTERFACES_KEPT {
            let name = Some(name.to_owned());
            interfaces.push(Interface {
                name,
                link,
                snaplen,
                digits: 9,
                fcs_len: None,
                dropped: None,
                filter: None,
            });
        }
        interfaces.len() - 1
    });
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_made_anew_keeps_its_number_and_another_link_type_has_its_own() {
        let (mut known, mut account) = (Known::default(), CaptureAccount::default());
        let mut number = |index, link, name: &str| {
            known.number((index, LinkType(link)), || name.into(), 0, &mut account)
        };
        assert_eq!(number(2, 1, "eth0"), 0);
        assert_eq!(number(3, 101, "tun0"), 1);
        assert_eq!(number(3, 276, "tun0"), 2);
        assert_eq!(number(9, 1, "eth0"), 0);
        assert_eq!(number(2, 1, "not asked for"), 0);
        assert_eq!(account.interfaces.len(), 3);
        assert_eq!(account.interfaces[1].name.as_deref(), Some("tun0"));
    }
}
