//! Reads the blocks of a pcapng file one after the other.
#![warn(clippy::indexing_slicing)]

use super::block::{
    AROUND_PACKET, BLOCK_MOST, ENHANCED, Head, INTERFACE, PACKET, SECTION, SIMPLE, STATISTICS,
    Start, is_known,
};
use super::interface::Declared;
use super::option::{COMMENT, Options};
use super::packet::{self, Fields};
use super::scan::{Fault, Lost, Place, follows, look};
use super::{interface, section, statistics};
use crate::source::order::ByteOrder;
use crate::source::pcap::SNAPLEN_MOST;
use crate::source::sink::{Found, Sink, Step};
use crate::source::window::Window;
use crate::source::{CaptureAccount, CaptureTime, Damage, DamageKind, Dated, OpenError};

/// Reads the frames of one pcapng file.
#[derive(Debug)]
pub(in crate::source) struct PcapNg {
    order: ByteOrder,
    /// Interfaces of all sections, as in the account.
    interfaces: Vec<Declared>,
    /// Index of the present section's first interface.
    first: usize,
    /// Octets of a block at most; more is damage.
    most: u32,
    /// Time of the last frame that had one.
    time: CaptureTime,
    lost: Option<Lost>,
}

impl Default for PcapNg {
    fn default() -> Self {
        Self {
            order: ByteOrder::Little,
            interfaces: Vec::new(),
            first: 0,
            most: BLOCK_MOST,
            time: CaptureTime::default(),
            lost: None,
        }
    }
}

/// A whole block in the window.
#[derive(Clone, Copy, Debug)]
struct Block<'a> {
    head: Head,
    contents: &'a [u8],
    /// Where the contents start in the window's buffer.
    start: usize,
    /// Offset of the block in the capture.
    offset: u64,
}

impl PcapNg {
    /// Whether a file that starts like this is pcapng.
    pub(in crate::source) fn recognises(first: &[u8]) -> bool {
        section::recognises(first)
    }

    /// Octets that must be there before [`PcapNg::check`].
    pub(in crate::source) fn header_len(first: &[u8]) -> usize {
        section::header_len(first)
    }

    /// Whether the file's first block is whole.
    pub(in crate::source) fn check(first: &[u8]) -> Result<(), OpenError> {
        section::check(first)
    }

    /// Reads blocks until the batch is full, the window is used up or the file ends.
    pub(in crate::source) fn read(&mut self, window: &mut Window, sink: &mut Sink<'_>) -> Step {
        while !sink.is_full() {
            let read = match self.lost {
                Some(lost) => self.resume(lost, window, sink),
                None => self.block(window, sink),
            };
            if let Err(step) = read {
                return step;
            }
        }
        Step::Full
    }

    /// Reads one block, or finds it broken.
    #[inline]
    fn block(&mut self, window: &mut Window, sink: &mut Sink<'_>) -> Result<(), Step> {
        let offset = window.offset();
        let rest = window.rest();
        let head = match Start::of(rest, self.order) {
            Start::Head(head) => head,
            Start::Short(needed) => return Err(Self::short_header(needed, window, sink)),
            Start::NoOrder => return self.lose(offset, 1, Fault::NoOrder),
        };
        if !head.is_plausible(self.most) {
            return self.lose(offset, 1, Fault::Length { block: head.block, declared: head.len });
        }
        let whole = rest.get(..head.len as usize);
        let Some((contents, trailing)) = whole.and_then(|block| head.split(block)) else {
            return self.short(head, window);
        };
        if trailing != head.len {
            self.differing(head, trailing, window, sink)?;
            if self.lost.is_some() {
                return Ok(());
            }
        }
        let block = Block { head, contents, start: window.start() + 8, offset };
        self.contents(block, sink);
        window.consume(head.len as usize);
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is the end of a step that may fail")]
    fn lose(&mut self, offset: u64, from: usize, fault: Fault) -> Result<(), Step> {
        self.lost = Some(Lost { offset, from, fault });
        Ok(())
    }

    /// The window ends inside the first octets of a block.
    fn short_header(needed: usize, window: &mut Window, sink: &mut Sink<'_>) -> Step {
        if !window.ended() {
            return Step::Needs(needed);
        }
        let left = window.rest().len();
        if left > 0 {
            let (needed, left) = (needed as u64, left as u64);
            sink.damage(window.offset(), DamageKind::CutHeader { needed, left });
        }
        window.consume(left);
        Step::Ended
    }

    /// The window ends inside a block.
    fn short(&mut self, head: Head, window: &Window) -> Result<(), Step> {
        if !window.ended() {
            return Err(Step::Needs(head.len as usize));
        }
        // A captured frame may hold a capture of its own: nothing is looked for inside it.
        let from = end_of_packet(head, window.rest()).unwrap_or_else(|| head.smallest() as usize);
        let left = window.rest().len() as u64;
        let fault = Fault::Cut { block: head.block, declared: head.len, left };
        self.lose(window.offset(), from, fault)
    }

    /// The lengths at both ends differ: the first one is believed if something follows there.
    fn differing(
        &mut self,
        head: Head,
        trailing: u32,
        window: &Window,
        sink: &mut Sink<'_>,
    ) -> Result<(), Step> {
        let Head { block, len: leading, order } = head;
        let fault = Fault::Trailer { block, leading, trailing };
        let offset = window.offset();
        if is_shorter(head, window.rest()) {
            return self.lose(offset, 1, fault);
        }
        match follows(window, leading as usize, order, self.most) {
            Place::Block => sink.damage(offset, fault.damage(0, false)),
            Place::Nothing => return self.lose(offset, 1, fault),
            Place::Needs(octets) => return Err(Step::Needs(octets)),
        }
        Ok(())
    }

    /// Looks for the next whole block, octet by octet.
    fn resume(&mut self, lost: Lost, window: &mut Window, sink: &mut Sink<'_>) -> Result<(), Step> {
        if window.offset() == lost.offset {
            window.consume(lost.from);
        }
        let result = loop {
            if window.rest().is_empty() && window.ended() {
                break Err(Step::Ended);
            }
            match look(window, self.order) {
                Place::Block => break Ok(()),
                Place::Nothing => window.consume(1),
                Place::Needs(octets) => return Err(Step::Needs(octets)),
            }
        };
        self.lost = None;
        let kind = lost.fault.damage(window.offset() - lost.offset, result.is_err());
        let frame = sink.next_frame();
        sink.account.note(Damage { frame, offset: lost.offset, kind });
        result
    }

    #[inline]
    fn contents(&mut self, block: Block<'_>, sink: &mut Sink<'_>) {
        match block.head.block {
            ENHANCED | SIMPLE | PACKET => self.packet(block, sink),
            SECTION => self.section(block, sink),
            INTERFACE => self.interface(block, sink),
            STATISTICS => self.statistics(block, sink),
            known if is_known(known) => {}
            unknown => sink.account.unknown(unknown, block.offset),
        }
    }

    fn section(&mut self, block: Block<'_>, sink: &mut Sink<'_>) {
        self.order = block.head.order;
        self.first = self.interfaces.len();
        section::read(block.contents, self.order, block.offset, sink);
    }

    fn interface(&mut self, block: Block<'_>, sink: &mut Sink<'_>) {
        let Some((declared, interface)) =
            interface::read(block.contents, self.order, block.offset, sink)
        else {
            return;
        };
        if self.interfaces.len() == CaptureAccount::INTERFACES_KEPT {
            let most = CaptureAccount::INTERFACES_KEPT as u64;
            return sink.damage(block.offset, DamageKind::TooManyInterfaces { most });
        }
        let most = declared.snaplen.min(SNAPLEN_MOST).saturating_add(AROUND_PACKET);
        self.most = self.most.max(most);
        self.interfaces.push(declared);
        sink.account.interfaces.push(interface);
    }

    fn statistics(&mut self, block: Block<'_>, sink: &mut Sink<'_>) {
        let Some(stated) = statistics::read(block.contents, self.order, block.offset, sink) else {
            return;
        };
        let Some(index) = self.index(stated.interface, block.offset, sink) else { return };
        let (Some(declared), Some(interface)) =
            (self.interfaces.get_mut(index), sink.account.interfaces.get_mut(index))
        else {
            return;
        };
        for (latest, stated) in declared.losses.iter_mut().zip(stated.losses) {
            *latest = stated.or(*latest);
        }
        interface.dropped = declared.losses.into_iter().flatten().reduce(u64::saturating_add);
    }

    /// Index over all sections of the present section's interface, if it is declared.
    #[inline]
    fn index(&self, interface: u32, offset: u64, sink: &mut Sink<'_>) -> Option<usize> {
        let index = self.first.saturating_add(interface as usize);
        if index < self.interfaces.len() {
            return Some(index);
        }
        let declared = u32::try_from(self.interfaces.len() - self.first).unwrap_or(u32::MAX);
        sink.damage(offset, DamageKind::UndeclaredInterface { interface, declared });
        None
    }

    #[inline]
    fn packet(&mut self, block: Block<'_>, sink: &mut Sink<'_>) {
        let Block { head, contents, start, offset } = block;
        let short = |needed: u64| {
            let left = contents.len() as u64;
            DamageKind::BlockContents { block: head.block, needed, left }
        };
        let fields = match packet::fields(head.block, contents, self.order) {
            Ok(fields) => fields,
            Err(needed) => return sink.damage(offset, short(needed.into())),
        };
        let Some(index) = self.index(fields.interface, offset, sink) else { return };
        let Some(declared) = self.interfaces.get(index).copied() else { return };
        let captured = captured_len(&fields, declared.snaplen);
        if fields.rest.len() < captured as usize {
            let needed = u64::from(fields.before) + u64::from(captured);
            return sink.damage(offset, short(needed));
        }
        let (time, dated) = self.time(&fields, declared, offset, sink);
        sink.push(&Found {
            start: start + fields.before as usize,
            captured_len: captured,
            wire_len: fields.wire,
            time,
            dated,
            link: declared.link,
            // Interfaces are bounded far below.
            interface: u32::try_from(index).unwrap_or(u32::MAX),
            copy: false,
        });
        if head.block != SIMPLE {
            self.options(&fields, captured, offset, sink);
        }
    }

    #[inline]
    fn time(
        &mut self,
        fields: &Fields<'_>,
        declared: Declared,
        offset: u64,
        sink: &mut Sink<'_>,
    ) -> (CaptureTime, Dated) {
        let Some(ticks) = fields.ticks else { return (self.time, Dated::FromPrevious) };
        self.time = declared.clock.time(ticks).unwrap_or_else(|nearest| {
            sink.damage(offset, DamageKind::Time { ticks });
            nearest
        });
        (self.time, Dated::Recorded)
    }

    /// Reads the options of the packet that was just counted.
    #[inline]
    fn options(&self, fields: &Fields<'_>, captured: u32, offset: u64, sink: &mut Sink<'_>) {
        let padded = (captured as usize).next_multiple_of(4);
        let Some(options) = fields.rest.get(padded..).filter(|o| !o.is_empty()) else { return };
        let frame = sink.account.frames;
        for option in Options::new(options, self.order) {
            match option {
                Ok((COMMENT, comment)) => sink.account.comment(Some(frame), comment),
                Ok(_) => {}
                Err(kind) => sink.account.note(Damage { frame, offset, kind }),
            }
        }
    }
}

/// Octets of a packet block up to the end of its captured octets, padded; `None` where it is no
/// packet block, or states more captured octets than it can hold.
fn end_of_packet(head: Head, block: &[u8]) -> Option<usize> {
    let fields = packet::fields(head.block, block.get(8..)?, head.order).ok()?;
    let end = 8 + fields.before as usize + (fields.captured as usize).next_multiple_of(4);
    (end < head.len as usize).then_some(end)
}

/// Whether a packet block, by what it states inside, ends before its first length says: that
/// is broken then, and would swallow the blocks that follow.
fn is_shorter(head: Head, block: &[u8]) -> bool {
    let end = end_of_packet(head, block).filter(|end| end + 4 < head.len as usize);
    let last = end.and_then(|end| block.get(end..)?.first_chunk().map(|l| (end + 4, *l)));
    last.is_some_and(|(whole, last)| head.order.u32(last) as usize == whole)
}

/// Captured octets of a packet: a simple packet block does not state them, its interface's
/// snaplen limits them.
#[inline]
fn captured_len(fields: &Fields<'_>, snaplen: u32) -> u32 {
    match (fields.ticks, snaplen) {
        (Some(_), _) | (None, 0) => fields.captured,
        (None, snaplen) => fields.wire.min(snaplen),
    }
}
