//! Where a format's frames go: into the batch and the account, once each.

use arrayvec::ArrayVec;

use super::{Batch, CaptureAccount, CaptureTime, Damage, DamageKind, Dated, FrameRecord, LinkType};

/// The records of one batch.
pub(super) type Records = ArrayVec<FrameRecord, { Batch::FRAMES }>;

/// What a format reader says after it has read as far as it could.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The batch is full.
    Full,
    /// This many octets must be in the window before the next step.
    Needs(usize),
    /// The capture has ended.
    Ended,
}

/// A frame that a format reader found in the window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// Where its octets start in the window's buffer.
    pub(super) start: usize,
    pub(super) captured_len: u32,
    pub(super) wire_len: u32,
    pub(super) time: CaptureTime,
    pub(super) dated: Dated,
    pub(super) link: LinkType,
    pub(super) interface: u32,
    pub(super) copy: bool,
}

/// Takes frames, damage and notes of one capture.
#[derive(Debug)]
pub(super) struct Sink<'a> {
    pub(super) records: &'a mut Records,
    pub(super) account: &'a mut CaptureAccount,
    /// Index of the capture in the run.
    pub(super) capture: u32,
}

impl Sink<'_> {
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.records.is_full()
    }

    /// Number of the frame that comes next, from 1.
    pub(super) fn next_frame(&self) -> u64 {
        self.account.frames + 1
    }

    /// Counts the frame and puts it into the batch, which must not be full.
    #[expect(clippy::inline_always, reason = "measured: once a frame, from each format's loop")]
    #[inline(always)]
    pub(super) fn push(&mut self, found: &Found) {
        let account = &mut *self.account;
        let interface = account.interfaces.get(found.interface as usize);
        let digits = interface.map_or(9, |i| i.digits);
        account.frames += 1;
        account.octets += u64::from(found.wire_len);
        account.captured += u64::from(found.captured_len);
        account.overlong += u64::from(found.captured_len > found.wire_len);
        account.first = Some(account.first.map_or(found.time, |t| t.min(found.time)));
        account.last = Some(account.last.map_or(found.time, |t| t.max(found.time)));
        self.records.push(FrameRecord {
            capture: self.capture,
            interface: found.interface,
            number: account.frames,
            time: found.time,
            link: found.link,
            wire_len: found.wire_len,
            // The window is at most `Window::MOST` octets long, which fits.
            start: u32::try_from(found.start).unwrap_or(u32::MAX),
            captured_len: found.captured_len,
            dated: found.dated,
            digits,
            copy: found.copy,
        });
    }

    /// Notes damage at the next frame.
    pub(super) fn damage(&mut self, offset: u64, kind: DamageKind) {
        let frame = self.next_frame();
        self.account.note(Damage { frame, offset, kind });
    }
}
