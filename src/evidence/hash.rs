//! SHA-256 of files, as hexadecimal digits.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// Octets as hexadecimal digits in lower case.
pub(super) fn hex(octets: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('0');
    octets.iter().flat_map(|octet| [octet >> 4, octet & 15]).map(digit).collect()
}

/// Reads to the end, and gives the hash and the number of octets.
pub(super) fn of_reader(reader: &mut dyn Read) -> io::Result<(String, u64)> {
    let mut sha256 = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut octets = 0;
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok((hex(&sha256.finalize()), octets)),
            Ok(read) => {
                sha256.update(buffer.get(..read).unwrap_or_default());
                octets += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_nothing_and_of_abc_are_the_published_ones() {
        // FIPS 180-2, appendix B.1, and the empty message.
        let of = |octets: &[u8]| of_reader(&mut &*octets).unwrap();
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let none = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(of(b"abc"), (abc.to_owned(), 3));
        assert_eq!(of(b""), (none.to_owned(), 0));
    }
}
