//! The `ECHConfigList` (RFC 9849 §4).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::HostName;

/// The public names in `list`, each once, at most [`MOST_CONFIGS`] of them: what is whole before
/// the first thing that is broken. Configurations of other versions are passed over, as a client
/// does.
pub(in crate::name) fn public_names(list: &[u8]) -> Vec<HostName> {
    let mut names = Vec::new();
    let Some((mut rest, _)) = counted(list) else { return names };
    while names.len() < MOST_CONFIGS
        && let Some((version, after)) = u16_of(rest)
        && let Some((contents, after)) = counted(after)
    {
        rest = after;
        if version == ECH
            && let Some(name) = public_name(contents)
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// `ECHConfigContents`: identifier, KEM, public key, cipher suites, maximum length of names, then
/// the public name after its length.
fn public_name(contents: &[u8]) -> Option<HostName> {
    let (_, rest) = contents.split_at_checked(3)?;
    let (_, rest) = counted(rest)?;
    let (_, rest) = counted(rest)?;
    let ([_, len], rest) = rest.split_first_chunk()?;
    HostName::from_wire(rest.get(..usize::from(*len))?).ok()
}

fn u16_of(octets: &[u8]) -> Option<(u16, &[u8])> {
    let (number, rest) = octets.split_first_chunk()?;
    Some((u16::from_be_bytes(*number), rest))
}

/// As many octets as the number before them says, and the rest.
fn counted(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = u16_of(octets)?;
    rest.split_at_checked(usize::from(len))
}

/// Version of a configuration: the number of the extension.
const ECH: u16 = 0xfe0d;
/// Names that are read of one list; real ones have one to three configurations.
const MOST_CONFIGS: usize = 16;

#[cfg(test)]
pub(in crate::name) mod tests {
    use proptest::prelude::*;

    use super::public_names;

    fn with_len(octets: &[u8]) -> Vec<u8> {
        [&u16::try_from(octets.len()).unwrap().to_be_bytes()[..], octets].concat()
    }

    /// A configuration as servers publish it: X25519, one cipher suite, no extensions.
    pub(in crate::name) fn config(version: u16, name: &str) -> Vec<u8> {
        let mut contents = vec![7, 0, 0x20];
        contents.extend(with_len(&[0x5a; 32]));
        contents.extend(with_len(&[0, 1, 0, 1]));
        contents.extend([0, u8::try_from(name.len()).unwrap()]);
        contents.extend(name.as_bytes());
        contents.extend([0, 0]);
        [&version.to_be_bytes()[..], &with_len(&contents)].concat()
    }

    pub(in crate::name) fn list(configs: &[Vec<u8>]) -> Vec<u8> {
        with_len(&configs.concat())
    }

    fn read(list: &[u8]) -> Vec<String> {
        public_names(list).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_public_name_is_read_once_and_other_versions_are_passed_over() {
        let list = list(&[
            config(0xfe0a, "old.example"),
            config(0xfe0d, "Cover.example"),
            config(0xfe0d, "cover.example"),
            config(0xfe0d, "192.0.2.1"),
            config(0xfe0d, "other.example"),
        ]);
        assert_eq!(read(&list), ["cover.example", "other.example"]);
    }

    /// What Cloudflare publishes for its own public name.
    #[test]
    fn a_list_in_use_is_read() {
        let head = "0045fe0d0041f2002000";
        let key = "20c221a5373fabf3ebaf09da845166da6d484c07fb5217f3fdd3380ac4c74b512c";
        let tail = "0004000100010012636c6f7564666c6172652d6563682e636f6d0000";
        let text = [head, key, tail].concat();
        let octets: Vec<u8> = (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect();
        assert_eq!(read(&octets), ["cloudflare-ech.com"]);
    }

    #[test]
    fn each_cut_gives_whole_names_only() {
        let list = list(&[config(0xfe0d, "cover.example")]);
        for end in 0..list.len() {
            assert!(read(&list[..end]).is_empty(), "{end} octets");
        }
    }

    proptest! {
        #[test]
        fn octets_of_any_kind_are_survived(octets: Vec<u8>, at: prop::sample::Index, value: u8) {
            public_names(&octets);
            let mut list = list(&[config(0xfe0d, "a.example"), config(0xfe0d, "b.example")]);
            let at = at.index(list.len());
            list[at] = value;
            prop_assert!(public_names(&list).len() <= 2);
        }
    }
}
