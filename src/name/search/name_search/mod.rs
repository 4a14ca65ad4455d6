//! The search for the names of one flow.

use super::datagrams::Datagrams;
use super::stream::{Opened, Stream};
use super::{Budget, Findings, Piece, PieceKind};
use crate::name::Without;

/// The search for the names of one flow: what has been read of each direction, and what for.
/// Small where nothing has to be kept (the flow table holds one per flow).
#[derive(Debug, Default)]
pub struct NameSearch(State);

#[derive(Debug)]
enum State {
    /// No payload so far.
    Opened(Opened),
    /// A TCP connection.
    Stream(Box<Stream>),
    /// A UDP flow.
    Datagrams(Datagrams),
    /// Nothing more is wanted; why there is no name, in case there is none.
    Ended(Without),
}

impl Default for State {
    fn default() -> Self {
        Self::Opened(Opened::default())
    }
}

impl NameSearch {
    /// Reads the next piece, in the order of capture; puts what it gives into `findings`.
    /// Amortised work is linear in the payload; buffered octets are bounded per direction and,
    /// through `budget`, in total.
    #[inline]
    pub fn offer(&mut self, piece: &Piece<'_>, findings: &mut Findings, budget: &mut Budget) {
        if !matches!(self.0, State::Ended(_)) {
            self.read(piece, findings, budget);
        }
    }

    /// Whether further pieces are of use.
    #[inline]
    pub fn is_open(&self) -> bool {
        !matches!(self.0, State::Ended(_))
    }

    /// Why there is no name so far. Not to be
    /// asked of a flow that has a name.
    pub fn without(&self) -> Without {
        match &self.0 {
            State::Opened(_) => Without::NoPayload,
            State::Stream(stream) => stream.without(),
            State::Datagrams(datagrams) => datagrams.without(),
            State::Ended(without) => *without,
        }
    }

    /// Gives the buffers back at the end of the flow.
    pub fn close(self, budget: &mut Budget) {
        match self.0 {
            State::Stream(stream) => stream.close(budget),
            State::Datagrams(datagrams) => datagrams.close(budget),
            State::Opened(_) | State::Ended(_) => {}
        }
    }

    fn read(&mut self, piece: &Piece<'_>, findings: &mut Findings, budget: &mut Budget) {
        match piece.kind {
            PieceKind::Segment { seq, syn } => {
                if syn {
                    self.start(piece, seq);
                }
                if piece.wire_len > 0 || !piece.payload.is_empty() {
                    self.segment(seq, piece, findings, budget);
                } else if !syn {
                    self.finish(piece, findings, budget);
                }
            }
            PieceKind::Datagram => self.datagram(piece, findings, budget),
        }
    }

    fn start(&mut self, piece: &Piece<'_>, seq: u32) {
        match &mut self.0 {
            State::Opened(opened) => opened.start(piece.side, seq),
            State::Stream(stream) => stream.start(piece.side, seq),
            State::Datagrams(_) | State::Ended(_) => {}
        }
    }

    fn segment(
        &mut self,
        seq: u32,
        piece: &Piece<'_>,
        findings: &mut Findings,
        budget: &mut Budget,
    ) {
        match &mut self.0 {
            State::Opened(opened) => {
                // Most connections end here, with a ClientHello: only then is one kept.
                let mut stream = Stream::from(*opened);
                self.0 = match stream.segment(seq, piece, findings, budget) {
                    Ok(()) => State::Stream(Box::new(stream)),
                    Err(without) => State::Ended(without),
                };
            }
            State::Stream(stream) => {
                if let Err(without) = stream.segment(seq, piece, findings, budget) {
                    self.0 = State::Ended(without);
                }
            }
            State::Datagrams(_) | State::Ended(_) => {}
        }
    }

    fn datagram(&mut self, piece: &Piece<'_>, findings: &mut Findings, budget: &mut Budget) {
        if let State::Opened(_) = self.0 {
            self.0 = State::Datagrams(Datagrams::default());
        }
        if let State::Datagrams(datagrams) = &mut self.0
            && let Err(without) = datagrams.datagram(piece, findings, budget)
        {
            self.0 = State::Ended(without);
        }
    }

    fn finish(&mut self, piece: &Piece<'_>, findings: &mut Findings, budget: &mut Budget) {
        if let State::Stream(stream) = &mut self.0
            && let Err(without) = stream.finish(piece, findings, budget)
        {
            self.0 = State::Ended(without);
        }
    }
}

#[cfg(test)]
mod tests;
