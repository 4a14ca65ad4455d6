//! The key's file.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A key of pseudonyms: 32 random octets. It is never printed and never in a bundle.
#[derive(Clone)]
pub struct PseudonymKey(pub(super) [u8; 32]);

/// Why a file is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// It cannot be read.
    #[error(
        "{}: no key of pseudonyms; make one: (umask 077; openssl rand -hex 32 > {})",
        path.display(), path.display()
    )]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It holds something else.
    #[error(
        "{}: a key of pseudonyms is 64 hexadecimal digits on one line; make one: openssl rand -hex 32",
        path.display()
    )]
    NoKey {
        /// Which file.
        path: PathBuf,
    },
    /// A key that nobody drew by lot.
    #[error("{}: all octets of this key are the same: anybody could guess it; make one: openssl rand -hex 32", path.display())]
    Trivial {
        /// Which file.
        path: PathBuf,
    },
}

impl PseudonymKey {
    /// Octets of the file at most.
    const LONGEST: u64 = 128;

    /// Reads 64 hexadecimal digits; spaces and line ends around them do not matter.
    pub fn load(path: &Path) -> Result<Self, KeyFault> {
        let mut text = Vec::new();
        File::open(path)
            .and_then(|file| file.take(Self::LONGEST).read_to_end(&mut text))
            .map_err(|source| KeyFault::Unreadable { path: path.to_owned(), source })?;
        let key = Self::parse(text.trim_ascii())
            .ok_or_else(|| KeyFault::NoKey { path: path.to_owned() })?;
        if key.iter().all(|octet| *octet == key[0]) {
            return Err(KeyFault::Trivial { path: path.to_owned() });
        }
        Ok(Self(key))
    }

    /// A key drawn by lot.
    pub fn draw() -> io::Result<Self> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(io::Error::other)?;
        Ok(Self(key))
    }

    /// As it stands in a file that [`load`](Self::load) reads: to be kept apart from any bundle.
    pub fn to_line(&self) -> String {
        self.0.iter().fold(String::new(), |text, octet| text + &format!("{octet:02x}")) + "\n"
    }

    fn parse(digits: &[u8]) -> Option<[u8; 32]> {
        let digits: [u8; 64] = digits.try_into().ok()?;
        let mut key = [0; 32];
        for (octet, pair) in key.iter_mut().zip(digits.as_chunks::<2>().0) {
            let digit = |of: u8| char::from(of).to_digit(16).and_then(|d| u8::try_from(d).ok());
            *octet = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(key)
    }
}

impl std::fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PseudonymKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_sixty_four_digits_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let load = |text: &str| {
            std::fs::write(&path, text).unwrap();
            PseudonymKey::load(&path).map(|key| key.0)
        };
        let digits = "0f".repeat(31) + "aB";
        let key = load(&format!(" {digits}\n")).unwrap();
        assert_eq!((key[0], key[31]), (0x0f, 0xab));
        for wrong in ["", &digits[1..], &format!("{digits}0"), &digits.replace('f', "g")] {
            assert!(matches!(load(wrong), Err(KeyFault::NoKey { .. })), "{wrong}");
        }
        assert!(matches!(load(&"00".repeat(32)), Err(KeyFault::Trivial { .. })));
        let missing = PseudonymKey::load(&folder.path().join("none")).unwrap_err();
        assert!(missing.to_string().contains("openssl rand -hex 32 >"));
        assert_eq!(format!("{:?}", PseudonymKey([7; 32])), "PseudonymKey(…)");
        let (drawn, other) = (PseudonymKey::draw().unwrap(), PseudonymKey::draw().unwrap());
        assert_ne!(drawn.0, other.0);
        assert_eq!(load(&drawn.to_line()).unwrap(), drawn.0);
    }
}
