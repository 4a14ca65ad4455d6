//! A file that is open already, read from its start by each of its readers.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

/// A reader with an offset of its own: a duplicate of the descriptor would share one with all
/// others.
#[derive(Debug)]
pub(super) struct FromStart {
    file: Arc<File>,
    offset: u64,
}

impl FromStart {
    /// A reader of this file.
    pub(super) fn of(file: &Arc<File>) -> Self {
        Self { file: Arc::clone(file), offset: 0 }
    }
}

impl Read for FromStart {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = read_at(&self.file, into, self.offset)?;
        self.offset += read as u64;
        Ok(read)
    }
}

#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, offset)
}

#[cfg(windows)]
fn read_at(file: &File, into: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, offset)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn two_readers_of_one_open_file_both_read_all_of_it() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"octets").unwrap();
        let file = Arc::new(file);
        let (mut one, mut two) = (FromStart::of(&file), FromStart::of(&file));
        let mut first = [0; 3];
        one.read_exact(&mut first).unwrap();
        let (mut rest, mut all) = (Vec::new(), Vec::new());
        two.read_to_end(&mut all).unwrap();
        one.read_to_end(&mut rest).unwrap();
        assert_eq!(
            (&first, rest.as_slice(), all.as_slice()),
            (b"oct", &b"ets"[..], &b"octets"[..])
        );
    }
}
