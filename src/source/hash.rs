//! SHA-256 of an input, on a thread of its own.

use std::io;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, JoinHandle};

use sha2::{Digest, Sha256};

/// Hashes what it is given, in the order given. At most [`Hasher::BLOCKS`] blocks wait.
#[derive(Debug)]
pub(super) struct Hasher {
    blocks: SyncSender<Vec<u8>>,
    empties: Receiver<Vec<u8>>,
    thread: JoinHandle<[u8; 32]>,
}

impl Hasher {
    /// Blocks that wait for the hashing thread; the reader waits beyond.
    const BLOCKS: usize = 4;

    pub(super) fn start() -> io::Result<Self> {
        let (blocks, to_hash) = sync_channel(Self::BLOCKS);
        let (hashed, empties) = channel();
        let thread = Builder::new().name("hash".into()).spawn(move || run(&to_hash, &hashed))?;
        Ok(Self { blocks, empties, thread })
    }

    pub(super) fn update(&mut self, octets: &[u8]) {
        let mut block = self.empties.try_recv().unwrap_or_default();
        block.clear();
        block.extend_from_slice(octets);
        // The thread ends only with the sender; were it gone, `finish` would give no hash.
        let _ = self.blocks.send(block);
    }

    /// The hash of all octets, or `None` if the thread failed.
    pub(super) fn finish(self) -> Option<[u8; 32]> {
        drop(self.blocks);
        self.thread.join().ok()
    }
}

fn run(blocks: &Receiver<Vec<u8>>, empties: &Sender<Vec<u8>>) -> [u8; 32] {
    let mut sha256 = Sha256::new();
    for block in blocks {
        sha256.update(&block);
        // The reader may have finished: then nobody needs the empty block.
        let _ = empties.send(block);
    }
    sha256.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_hash_like_the_whole() {
        let octets: Vec<u8> = (0..=255).cycle().take(100_000).collect();
        let mut hasher = Hasher::start().unwrap();
        octets.chunks(777).for_each(|c| hasher.update(c));
        let whole: [u8; 32] = Sha256::digest(&octets).into();
        assert_eq!(hasher.finish(), Some(whole));
    }
}
