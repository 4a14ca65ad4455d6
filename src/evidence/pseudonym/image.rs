//! A client's first message, put together from its pieces, and what of it is to be changed.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::Tenants;
use crate::name::FirstWords;

/// A message as far as it is there.
#[derive(Clone, Debug, Default)]
pub(super) struct Image {
    /// The octets from the start up to the first hole.
    ready: Vec<u8>,
    /// Pieces behind a hole, by place.
    later: Vec<(usize, Vec<u8>)>,
    /// Pieces that came.
    pieces: usize,
    /// Two pieces differ where they overlap: nobody can say what the message is.
    pub(super) is_torn: bool,
}

/// An octet that becomes another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    at: u32,
    from: u8,
    to: u8,
}

/// What is done to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing: no suffix of the list is in it.
    Keep,
    /// These octets are replaced, in the order of their places; none where the labels below the
    /// suffix are no tenant's.
    Change(Box<[Change]>),
    /// It is overwritten with zeros from here on: it is not whole, or names a tenant where
    /// nobody looks for a name.
    Blank {
        /// How many octets stay.
        keep: u32,
    },
}

impl Image {
    /// Octets of a message that are put together: what the search for names reads at most.
    pub(super) const LONGEST: usize = 96 * 1024;
    /// Pieces that wait behind a hole.
    const PIECES: usize = 64;

    pub(super) fn held(&self) -> usize {
        self.ready.len() + self.later.iter().map(|(_, octets)| octets.len()).sum::<usize>()
    }

    /// Whether it is worth while to look into it once more: not after each of countless pieces.
    pub(super) fn is_in_few_pieces(&self) -> bool {
        self.pieces <= Self::PIECES
    }

    pub(super) fn ready(&self) -> &[u8] {
        &self.ready
    }

    /// Takes a piece to its place.
    pub(super) fn insert(&mut self, at: usize, octets: &[u8]) {
        if at.saturating_add(octets.len()) > Self::LONGEST || self.later.len() >= Self::PIECES {
            self.is_torn = true;
            return;
        }
        self.pieces += 1;
        self.later.push((at, octets.to_vec()));
        self.later.sort_by_key(|(at, _)| *at);
        while self.later.first().is_some_and(|(at, _)| *at <= self.ready.len()) {
            let (at, octets) = self.later.remove(0);
            let known = self.ready.get(at..).unwrap_or_default();
            let both = known.len().min(octets.len());
            self.is_torn |= known.get(..both) != octets.get(..both);
            self.ready.extend(octets.iter().skip(both));
        }
    }

    /// What is to be done to it. `names` says where names stand, `header` how many octets tell
    /// only what kind of message it is.
    pub(super) fn verdict(
        &self,
        tenants: &Tenants,
        names: impl Fn(&[u8]) -> FirstWords,
        header: u32,
    ) -> Verdict {
        let blank = Verdict::Blank { keep: header };
        let FirstWords::Whole(names) = names(&self.ready) else { return blank };
        if self.is_torn {
            return blank;
        }
        let (mut turned, mut rest) = (self.ready.clone(), self.ready.clone());
        for places in names {
            let parts = places.iter().filter_map(|place| self.ready.get(place.clone()));
            let mut name: Vec<u8> = parts.flatten().copied().collect();
            tenants.text(&mut name);
            let mut new = name.iter();
            for place in &places {
                if let Some(octets) = turned.get_mut(place.clone()) {
                    octets.iter_mut().zip(new.by_ref()).for_each(|(octet, new)| *octet = *new);
                }
                if let Some(octets) = rest.get_mut(place.clone()) {
                    octets.fill(0);
                }
            }
        }
        // A tenant named elsewhere, where no name is looked for.
        if tenants.may_be_in(&rest) {
            return blank;
        }
        let pairs = (0_u32..).zip(self.ready.iter().zip(&turned));
        let changes: Box<[Change]> = pairs
            .filter(|(_, (from, to))| from != to)
            .map(|(at, (from, to))| Change { at, from: *from, to: *to })
            .collect();
        // A name that stays below a suffix (`app.slack.com`) must be known in each piece, too.
        if changes.is_empty() && !tenants.may_be_in(&self.ready) {
            Verdict::Keep
        } else {
            Verdict::Change(changes)
        }
    }
}

impl Verdict {
    /// Does it to a piece of the message that begins at this place.
    pub(super) fn apply(&self, start: u64, octets: &mut [u8]) {
        match self {
            Self::Keep => {}
            Self::Blank { keep } => {
                let kept = u64::from(*keep).saturating_sub(start);
                let kept = usize::try_from(kept).unwrap_or(usize::MAX);
                octets.iter_mut().skip(kept).for_each(|octet| *octet = 0);
            }
            Self::Change(changes) => {
                for change in changes {
                    let at = u64::from(change.at)
                        .checked_sub(start)
                        .and_then(|at| usize::try_from(at).ok());
                    if let Some(octet) = at.and_then(|at| octets.get_mut(at)) {
                        // Another octet than was read: nobody can say what it would tell.
                        *octet = if *octet == change.from { change.to } else { 0 };
                    }
                }
            }
        }
    }
}
