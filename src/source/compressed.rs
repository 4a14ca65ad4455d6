//! Compressed input, unpacked on a thread of its own.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, JoinHandle};

use super::octets::{Finished, Raw};
use super::sniff::{compression, is_skippable};
use super::{Compression, DamageKind, OpenError};

/// Gives the unpacked octets of an input; at most [`Unpacker::BLOCKS`] blocks of
/// [`Unpacker::BLOCK`] octets wait.
#[derive(Debug)]
pub(super) struct Unpacker {
    compression: Compression,
    blocks: Receiver<io::Result<Block>>,
    empties: Sender<Vec<u8>>,
    block: Block,
    /// Octets read from the disk so far, and how many of them were reported.
    disk: Arc<AtomicU64>,
    reported: u64,
    thread: JoinHandle<Unpacked>,
}

/// Octets on their way from the thread; the first `start` were taken, those after `end` mean
/// nothing.
#[derive(Debug, Default)]
struct Block {
    octets: Vec<u8>,
    start: usize,
    end: usize,
}

/// What the thread leaves behind.
#[derive(Debug)]
struct Unpacked {
    sha256: Option<[u8; 32]>,
    /// Octets after the end of the compressed stream.
    after: u64,
}

impl Unpacker {
    const BLOCK: usize = 1 << 20;
    const BLOCKS: usize = 4;
    /// Octets that are read from the disk at once.
    const READ: usize = 256 << 10;

    /// Starts unpacking `first` and then `raw`.
    pub(super) fn start(
        compression: Compression,
        first: Vec<u8>,
        raw: Raw,
    ) -> Result<Self, OpenError> {
        if compression == Compression::Zstd && !cfg!(any(feature = "zstd", feature = "zstd-pure")) {
            return Err(OpenError::NoDecompressor(compression));
        }
        let (sender, blocks) = sync_channel(Self::BLOCKS);
        let (empties, recycled) = channel();
        let disk = Arc::new(AtomicU64::new(0));
        let packed = Packed { raw, disk: Arc::clone(&disk) };
        let outlet = Outlet { blocks: sender, recycled };
        let thread = Builder::new()
            .name("unpack".into())
            .spawn(move || run(first, packed, &outlet))
            .map_err(OpenError::from)?;
        let block = Block::default();
        Ok(Self { compression, blocks, empties, block, disk, reported: 0, thread })
    }

    pub(super) fn compression(&self) -> Compression {
        self.compression
    }

    /// Unpacked octets, as many as are there without waiting, at least one; 0 at the end.
    pub(super) fn read(&mut self, into: &mut [u8], octets_read: &AtomicU64) -> io::Result<usize> {
        while self.block.start == self.block.end {
            let empty = std::mem::take(&mut self.block.octets);
            // The thread may have ended: then nobody needs it.
            let _ = self.empties.send(empty);
            self.block = match self.blocks.recv() {
                Ok(block) => block?,
                Err(_) => return Ok(0),
            };
            self.report(octets_read);
        }
        let ready = self.block.octets.get(self.block.start..self.block.end).unwrap_or_default();
        let n = ready.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..n), ready.get(..n)) {
            to.copy_from_slice(from);
        }
        self.block.start += n;
        Ok(n)
    }

    fn report(&mut self, octets_read: &AtomicU64) {
        let disk = self.disk.load(Ordering::Relaxed);
        octets_read.fetch_add(disk - self.reported, Ordering::Relaxed);
        self.reported = disk;
    }

    /// Waits for the thread, which has sent all it had.
    pub(super) fn finish(mut self, octets_read: &AtomicU64) -> Finished {
        self.report(octets_read);
        let Self { compression, thread, blocks, .. } = self;
        // Whatever is still on its way is not wanted.
        drop(blocks);
        match thread.join() {
            Ok(Unpacked { sha256, after: 0 }) => Finished { sha256, damage: None },
            Ok(Unpacked { sha256, after: octets }) => Finished {
                sha256,
                damage: Some(DamageKind::AfterCompressed { compression, octets }),
            },
            Err(_) => Finished {
                sha256: None,
                damage: Some(DamageKind::Compressed { compression, kind: io::ErrorKind::Other }),
            },
        }
    }
}

/// The compressed octets, counted.
struct Packed {
    raw: Raw,
    disk: Arc<AtomicU64>,
}

impl Read for Packed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.raw.read(into)?;
        self.disk.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Where unpacked octets go.
struct Outlet {
    blocks: SyncSender<io::Result<Block>>,
    recycled: Receiver<Vec<u8>>,
}

type Source = Chain<Cursor<Vec<u8>>, BufReader<Packed>>;

fn run(first: Vec<u8>, packed: Packed, outlet: &Outlet) -> Unpacked {
    let buffered = BufReader::with_capacity(Unpacker::READ, packed);
    // `first` was read, and hashed, before this thread began.
    let mut source = Cursor::new(first).chain(buffered);
    let after = unpack_all(&mut source, outlet).unwrap_or_else(|error| {
        // Nobody listens any more when the reader was dropped.
        let _ = outlet.blocks.send(Err(error));
        0
    });
    let (_, buffered) = source.into_inner();
    let Packed { raw, disk } = buffered.into_inner();
    Unpacked { sha256: raw.finish(&disk), after }
}

/// Unpacks frame after frame (gzip: member after member); gives how many octets follow that are
/// none. Zeros there are padding, as tapes and gzip itself know it.
fn unpack_all(source: &mut Source, outlet: &Outlet) -> io::Result<u64> {
    loop {
        let mut magic = [0; 4];
        let len = fill(source, &mut magic)?;
        if len == 0 {
            return Ok(0);
        }
        match compression(magic) {
            Some(_) if len < 4 => return Err(io::ErrorKind::UnexpectedEof.into()),
            Some(_) if is_skippable(magic) => skip(source)?,
            Some(compression) => {
                let mut frame = Cursor::new(magic).chain(&mut *source);
                unpack_frame(compression, &mut frame, outlet)?;
            }
            None => return count_rest(magic.get(..len).unwrap_or_default(), source),
        }
    }
}

fn unpack_frame(
    compression: Compression,
    frame: &mut Chain<Cursor<[u8; 4]>, &mut Source>,
    outlet: &Outlet,
) -> io::Result<()> {
    match compression {
        Compression::Gzip => outlet.pump(&mut flate2::bufread::GzDecoder::new(frame)),
        Compression::Lz4 => lz4(frame, outlet),
        Compression::Zstd => zstd(frame, outlet),
    }
}

/// `lz4_flex` takes a file that ends between two blocks for whole: only the end mark makes it so.
fn lz4(frame: &mut impl Read, outlet: &Outlet) -> io::Result<()> {
    let mut watched = Watched { inner: frame, ended: false };
    outlet.pump(&mut lz4_flex::frame::FrameDecoder::new(&mut watched))?;
    if watched.ended { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}

/// Remembers whether a read found the end.
struct Watched<R> {
    inner: R,
    ended: bool,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.ended |= n == 0 && !into.is_empty();
        Ok(n)
    }
}

#[cfg(feature = "zstd")]
fn zstd(frame: &mut impl BufRead, outlet: &Outlet) -> io::Result<()> {
    outlet.pump(&mut zstd::stream::read::Decoder::with_buffer(frame)?.single_frame())
}

/// `ruzstd` has no error of its own for a stream that is cut.
#[cfg(all(feature = "zstd-pure", not(feature = "zstd")))]
fn zstd(frame: &mut impl BufRead, outlet: &Outlet) -> io::Result<()> {
    let mut watched = Watched { inner: frame, ended: false };
    let unpacked = ruzstd::decoding::StreamingDecoder::new(&mut watched)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
        .and_then(|mut decoder| outlet.pump(&mut decoder));
    match unpacked {
        Err(_) if watched.ended => Err(io::ErrorKind::UnexpectedEof.into()),
        unpacked => unpacked,
    }
}

#[cfg(not(any(feature = "zstd", feature = "zstd-pure")))]
fn zstd(_: &mut impl BufRead, _: &Outlet) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

impl Outlet {
    /// Sends on what `decoder` gives, as soon as it gives it.
    fn pump(&self, decoder: &mut impl Read) -> io::Result<()> {
        loop {
            let mut octets = self.recycled.try_recv().unwrap_or_default();
            octets.resize(Unpacker::BLOCK, 0);
            let end = decoder.read(&mut octets)?;
            if end == 0 {
                return Ok(());
            }
            let block = Block { octets, start: 0, end };
            self.blocks.send(Ok(block)).map_err(|_| io::ErrorKind::BrokenPipe)?;
        }
    }
}

/// Fills `into` as far as there are octets; gives how many.
fn fill(source: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut len = 0;
    while let Some(room) = into.get_mut(len..).filter(|r| !r.is_empty()) {
        match source.read(room)? {
            0 => break,
            n => len += n,
        }
    }
    Ok(len)
}

/// Passes over a skippable frame, of which the magic number was read.
fn skip(source: &mut impl Read) -> io::Result<()> {
    let mut len = [0; 4];
    source.read_exact(&mut len)?;
    let len = u64::from(u32::from_le_bytes(len));
    if io::copy(&mut source.by_ref().take(len), &mut io::sink())? < len {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

/// How many octets there are, `first` included; 0 when all of them are zeros.
fn count_rest(first: &[u8], source: &mut impl BufRead) -> io::Result<u64> {
    let mut zeros = first.iter().all(|o| *o == 0);
    let mut octets = first.len() as u64;
    loop {
        let block = source.fill_buf()?;
        if block.is_empty() {
            return Ok(if zeros { 0 } else { octets });
        }
        zeros &= block.iter().all(|o| *o == 0);
        let len = block.len();
        octets += len as u64;
        source.consume(len);
    }
}
