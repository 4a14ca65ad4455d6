//! The domain that somebody registered.

use super::HostName;

impl HostName {
    /// The registrable domain: the public suffix and one label more, by the Public Suffix List
    /// that was compiled in. None where the name is itself a public suffix.
    pub fn registrable(&self) -> Option<&str> {
        psl::domain_str(self.as_str())
    }

    /// Whether it lies below a suffix of the Public Suffix List, so that public DNS may know it.
    pub fn is_public(&self) -> bool {
        psl::suffix(self.as_str().as_bytes()).is_some_and(|suffix| suffix.is_known())
    }
}

#[cfg(test)]
mod tests {
    use super::HostName;

    #[test]
    fn the_registrable_domain_is_one_label_below_the_public_suffix() {
        let registrable =
            |text: &str| HostName::from_user(text).unwrap().registrable().map(str::to_owned);
        assert_eq!(registrable("self.events.data.microsoft.com").unwrap(), "microsoft.com");
        assert_eq!(registrable("www.example.co.uk").unwrap(), "example.co.uk");
        assert_eq!(registrable("example.co.uk").unwrap(), "example.co.uk");
        assert_eq!(registrable("printer.internal-name").unwrap(), "printer.internal-name");
        assert_eq!(registrable("co.uk"), None);
        assert_eq!(registrable("localhost"), None);
    }

    #[test]
    fn names_of_public_dns_end_in_a_listed_suffix() {
        let is_public = |text: &str| HostName::from_user(text).unwrap().is_public();
        for public in ["tracker.example.com", "co.uk", "a.b.xn--p1ai", "1.0.0.127.in-addr.arpa"] {
            assert!(is_public(public), "{public}");
        }
        for private in ["test.lan", "localhost", "printer.internal", "a.test", "nas.fritz.box-x"] {
            assert!(!is_public(private), "{private}");
        }
    }
}
