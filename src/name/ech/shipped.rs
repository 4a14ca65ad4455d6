//! The public names that vigie brings along, for clients whose DNS is encrypted, too.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::name::HostName;

/// Whether `name` stands in the shipped list.
pub(in crate::name) fn is_known_public_name(name: &HostName) -> bool {
    KNOWN.iter().any(|known| *known.name == *name.as_str())
}

/// The list. A text that cannot be read is an empty one: the tests read it, too.
static KNOWN: LazyLock<Vec<PublicName>> =
    LazyLock::new(|| toml::from_str::<List>(LIST).map(|list| list.public_name).unwrap_or_default());

const LIST: &str = include_str!("public_names.toml");

#[derive(Deserialize)]
struct List {
    public_name: Vec<PublicName>,
}

/// One name; who says so is for the reader of the file.
#[derive(Deserialize)]
struct PublicName {
    name: Box<str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_host_name_and_cites_a_source() {
        let list: toml::Table = toml::from_str(LIST).unwrap();
        let entries = list["public_name"].as_array().unwrap();
        assert_eq!(entries.len(), KNOWN.len());
        assert!(!entries.is_empty());
        for entry in entries {
            let text = entry["name"].as_str().unwrap();
            let name = HostName::from_wire(text.as_bytes()).unwrap();
            assert_eq!(name.as_str(), text, "in the one form");
            assert!(is_known_public_name(&name));
            for field in ["operator", "title", "publisher", "ref", "as_of", "says"] {
                let said = entry.get(field).and_then(toml::Value::as_str).unwrap_or_default();
                assert!(!said.is_empty(), "{text}: {field}");
            }
        }
    }

    #[test]
    fn names_around_a_public_name_are_names() {
        for text in ["ech.com", "www.cloudflare-ech.com", "cloudflare-ech.com.example"] {
            let name = HostName::from_wire(text.as_bytes()).unwrap();
            assert!(!is_known_public_name(&name), "{text}");
        }
    }
}
