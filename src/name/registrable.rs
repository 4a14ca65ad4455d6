//! The domain that somebody registered.

use super::HostName;

impl HostName {
    /// The registrable domain: the public suffix and one label more, by the Public Suffix List
    /// that was compiled in. None where the name is itself a public suffix.
    pub fn registrable(&self) -> Option<&str> {
        psl::domain_str(self.as_str())
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
}
