//! One capture, from its first octet to its last.

use std::sync::atomic::AtomicU64;

use super::octets::{Octets, Raw};
use super::pcap::Pcap;
use super::pcapng::PcapNg;
use super::sink::{Records, Sink, Step};
use super::sniff::{Content, SNIFFED, sniff, unrecognised};
use super::window::Window;
use super::{
    Batch, CaptureAccount, CaptureTime, Damage, FrameRecord, Input, OpenError, ReadOptions,
};

/// Reads one capture, batch by batch.
#[derive(Debug)]
pub(super) struct CaptureReader {
    octets: Octets,
    window: Window,
    format: Format,
    records: Records,
    /// Index of the capture in the run.
    capture: u32,
    ended: bool,
}

#[derive(Debug)]
enum Format {
    Pcap(Pcap),
    PcapNg(PcapNg),
}

/// How a capture is to be opened.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    /// Index of the capture in the run.
    pub(super) capture: u32,
    /// Octets of the window at first.
    pub(super) window: usize,
    pub(super) options: ReadOptions,
}

impl Opening {
    /// For a look at the first octets.
    fn glance() -> Self {
        Self { capture: 0, window: 16 << 10, options: ReadOptions::default() }
    }
}

impl CaptureReader {
    /// Opens a capture: recognises its format and reads its header.
    pub(super) fn open(
        input: &Input,
        opening: Opening,
        account: &mut CaptureAccount,
        octets_read: &AtomicU64,
    ) -> Result<Self, OpenError> {
        let raw = Raw::open(input, &opening.options)?;
        Self::start(raw, opening, account, octets_read)
    }

    /// The same for octets from anywhere.
    pub(super) fn start(
        raw: Raw,
        opening: Opening,
        account: &mut CaptureAccount,
        octets_read: &AtomicU64,
    ) -> Result<Self, OpenError> {
        let mut window = Window::new(opening.window);
        let mut octets = Octets::plain(raw, opening.options.stop);
        octets.ensure(&mut window, SNIFFED, octets_read);
        if let Content::Compressed(outer) = sniff(window.rest()) {
            octets = octets.unpack(outer, window.into_rest())?;
            window = Window::new(opening.window);
            octets.ensure(&mut window, SNIFFED, octets_read);
            if let Content::Compressed(inner) = sniff(window.rest()) {
                return Err(OpenError::CompressedTwice { outer, inner });
            }
        }
        let mut records = Records::new();
        let mut sink = Sink { records: &mut records, account, capture: opening.capture };
        let header_len = match sniff(window.rest()) {
            Content::Pcap => Pcap::header_len(window.rest()),
            Content::PcapNg => PcapNg::header_len(window.rest()),
            Content::Other | Content::Compressed(_) => 0,
        };
        octets.ensure(&mut window, header_len, octets_read);
        if octets.was_stopped() {
            return Err(OpenError::Stopped);
        }
        let format = match sniff(window.rest()) {
            Content::Pcap => Format::Pcap(Pcap::open(&mut window, &mut sink)?),
            Content::PcapNg => {
                PcapNg::check(window.rest())?;
                Format::PcapNg(PcapNg::default())
            }
            Content::Other | Content::Compressed(_) => {
                let failure = octets.failure().map(|(_, reason)| reason);
                return Err(failure.unwrap_or_else(|| unrecognised(window.rest())));
            }
        };
        Ok(Self { octets, window, format, records, capture: opening.capture, ended: false })
    }

    /// Reads the next batch of at least one frame; `false` at the capture's end. Blocks only
    /// while there is no whole frame in what was read so far.
    pub(super) fn fill(&mut self, account: &mut CaptureAccount, octets_read: &AtomicU64) -> bool {
        self.records.clear();
        while !self.ended {
            let mut sink = Sink { records: &mut self.records, account, capture: self.capture };
            let step = match &mut self.format {
                Format::Pcap(pcap) => pcap.read(&mut self.window, &mut sink),
                Format::PcapNg(pcapng) => pcapng.read(&mut self.window, &mut sink),
            };
            match step {
                Step::Ended => self.end(account, octets_read),
                // A refill moves what the records point to.
                _ if !self.records.is_empty() => break,
                Step::Full => break,
                Step::Needs(needed) => {
                    self.octets.ensure(&mut self.window, needed, octets_read);
                    // Not the capture ends here, but the reading: there is no damage to note.
                    self.ended = self.octets.was_stopped();
                }
            }
        }
        !self.records.is_empty()
    }

    fn end(&mut self, account: &mut CaptureAccount, octets_read: &AtomicU64) {
        self.ended = true;
        let failure = self.octets.failure().map(|(damage, _)| damage);
        let finished = self.octets.finish(octets_read);
        account.sha256 = finished.sha256;
        for kind in failure.into_iter().chain(finished.damage) {
            let frame = account.frames + 1;
            account.note(Damage { frame, offset: self.window.offset(), kind });
        }
    }

    /// The time of a capture's first frame, of a file that can be read again.
    pub(super) fn first_time(input: &Input) -> Option<CaptureTime> {
        let (mut account, octets_read) = (CaptureAccount::default(), AtomicU64::new(0));
        let mut reader = Self::open(input, Opening::glance(), &mut account, &octets_read).ok()?;
        reader.fill(&mut account, &octets_read);
        reader.records().first().map(|r| r.time)
    }

    /// The frames of the last [`CaptureReader::fill`].
    pub(super) fn batch(&self) -> Batch<'_> {
        Batch::new(self.window.octets(), &self.records)
    }

    /// The records of the last [`CaptureReader::fill`].
    pub(super) fn records(&self) -> &[FrameRecord] {
        &self.records
    }

    /// The octets of one of [`CaptureReader::records`].
    pub(super) fn octets_of(&self, record: &FrameRecord) -> &[u8] {
        let start = record.start as usize;
        self.window.octets().get(start..start + record.captured_len as usize).unwrap_or_default()
    }
}

/// Whether a file is a capture by its content; `Err` when nobody can tell. One whose header is
/// broken off was meant to be a capture: its failure is to be reported.
pub(super) fn is_capture(input: &Input) -> Result<bool, OpenError> {
    let (mut account, octets_read) = (CaptureAccount::default(), AtomicU64::new(0));
    match CaptureReader::open(input, Opening::glance(), &mut account, &octets_read) {
        Ok(_) | Err(OpenError::TruncatedHeader { .. } | OpenError::NoDecompressor(_)) => Ok(true),
        Err(
            unreadable @ (OpenError::NotFound
            | OpenError::NoPermission
            | OpenError::IsADirectory
            | OpenError::Io(_)),
        ) => Err(unreadable),
        Err(_) => Ok(false),
    }
}
