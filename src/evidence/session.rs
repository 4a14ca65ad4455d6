//! Live sessions among the captures that were read: what their files say of them.

use std::collections::BTreeMap;

use crate::export::ONLY_TAGGED;
use crate::source::{CaptureAccount, CaptureTime};

/// What stands in a bundle with pseudonyms for words of people, who may name somebody.
pub(super) const WITHHELD: &str = "(withheld)";

/// A session of `vigie live --write`.
#[derive(Clone, Debug)]
pub(super) struct Session<'a> {
    /// What the clock of the capturing machine said when it began.
    pub(super) begun: CaptureTime,
    /// Its files that were read, in their order.
    pub(super) files: Vec<&'a CaptureAccount>,
    /// Numbers of its files that were not, before the last one that was: first and last of each
    /// run of them.
    pub(super) missing: Vec<(u64, u64)>,
}

/// The sessions, in the order of their beginnings.
pub(super) fn sessions(captures: &[CaptureAccount]) -> Vec<Session<'_>> {
    let mut by_begin: BTreeMap<_, Vec<(u64, &CaptureAccount)>> = BTreeMap::new();
    for capture in captures {
        if let Some(of) = capture.session {
            by_begin.entry((of.begun, of.first)).or_default().push((of.number, capture));
        }
    }
    let session = |((begun, first), mut files): ((CaptureTime, u64), Vec<(u64, _)>)| {
        files.sort_by_key(|(number, _)| *number);
        let mut missing = Vec::new();
        let mut next = first;
        for (number, _) in &files {
            if *number > next {
                missing.push((next, number - 1));
            }
            next = next.max(number.saturating_add(1));
        }
        Session { begun, files: files.into_iter().map(|(_, capture)| capture).collect(), missing }
    };
    by_begin.into_iter().map(session).collect()
}

impl Session<'_> {
    /// How many of its files were not read.
    pub(super) fn missing(&self) -> u64 {
        let lengths = self.missing.iter().map(|(first, last)| last - first + 1);
        lengths.fold(0, u64::saturating_add)
    }

    /// Markers that its files hold, those beyond the ones kept included.
    pub(super) fn markers(&self) -> u64 {
        let files = self.files.iter();
        files.map(|file| file.markers.len() as u64 + file.more_markers).fold(0, u64::saturating_add)
    }
}

/// Whether a capture holds only frames of tagged flows, as it says.
pub(super) fn holds_only_tagged(capture: &CaptureAccount) -> bool {
    capture.comments.iter().any(|comment| comment.text == ONLY_TAGGED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SessionFile, SessionMarker};

    fn file(begun: i64, number: u64, first: u64) -> CaptureAccount {
        let session = Some(SessionFile { begun: CaptureTime(begun), number, first });
        let marker = SessionMarker { time: None, after_frames: 1, text: "on".to_owned() };
        CaptureAccount { session, frames: 10, markers: vec![marker], ..Default::default() }
    }

    #[test]
    fn files_that_are_missing_are_named_whatever_the_numbers() {
        let captures = [
            file(7, 9, 2),
            file(7, 5, 2),
            file(7, 5, 2),
            CaptureAccount::default(),
            file(3, u64::MAX, 1),
        ];
        let found = sessions(&captures);
        let missing: Vec<_> = found.iter().map(|session| session.missing.clone()).collect();
        assert_eq!(missing, [vec![(1, u64::MAX - 1)], vec![(2, 4), (6, 8)]]);
        assert_eq!(found[1].missing(), 6);
        assert_eq!((found[1].files.len(), found[1].markers()), (3, 3));
    }
}
