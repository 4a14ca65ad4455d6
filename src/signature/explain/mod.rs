//! Why a host or an address is tagged as it is, or is not.

use std::net::IpAddr;

use super::pattern::Pattern;
use super::{
    Basis, Database, Grade, GradeFacts, Match, Signature, SignatureId, SourceCitation, distance,
    grade,
};
use crate::name::HostName;
use crate::source::CaptureTime;

/// What is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// A name.
    Name(HostName),
    /// An address, at any port.
    Address(IpAddr),
}

/// What the database says about a [`Query`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation<'a> {
    /// The registrable domain of a name (public suffix list).
    pub registrable: Option<String>,
    /// What applies. For an address: at the signature's ports.
    pub winner: Option<Match<'a>>,
    /// Where the winner is from.
    pub sources: &'a [SourceCitation],
    /// The grades that the winner can give.
    pub grades: Option<GradesByBasis>,
    /// Other patterns that cover the query, most specific first.
    pub candidates: Vec<Candidate<'a>>,
    /// Where nothing applies: signatures that may have been meant, at most
    /// [`Explanation::MOST_NEAREST`].
    pub nearest: Vec<Nearest<'a>>,
}

impl Explanation<'_> {
    /// How many near signatures are given.
    pub const MOST_NEAREST: usize = 8;
}

/// A pattern that covers the query, but is not the one that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// The pattern and its signature.
    pub matched: Match<'a>,
    /// Why another one applies.
    pub lost: Lost,
}

/// Why a candidate lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lost {
    /// The winner's pattern says more.
    LessSpecific,
    /// As specific as the winner, whose id is smaller.
    LargerId,
    /// The same signature has another pattern that is as specific.
    SameSignature,
}

impl Lost {
    /// The words for it in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::LessSpecific => "less specific",
            Self::LargerId => "larger id at a tie",
            Self::SameSignature => "same signature",
        }
    }
}

/// A signature that does not apply, but is near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nearest<'a> {
    /// Which signature.
    pub signature: SignatureId,
    /// Its nearest pattern.
    pub pattern: &'a str,
    /// Why it is near.
    pub why: Near,
}

/// Why a signature is near.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Near {
    /// It has a host of the same registrable domain.
    SameRegistrable,
    /// One letter tells the registrable domains apart: a slip of the pen, or a look-alike.
    OneLetter,
}

impl Near {
    /// The words for it in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::SameRegistrable => "same registrable domain",
            Self::OneLetter => "one letter apart",
        }
    }
}

/// The grades of a signature for a flow seen in both directions, after the signature's
/// `active_until`, if it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GradesByBasis {
    /// The client sent the name.
    pub name: Grade,
    /// The server's certificate holds it.
    pub certificate: Grade,
    /// The client had resolved it to the address.
    pub dns: Grade,
    /// Likewise, and other names too.
    pub dns_ambiguous: Grade,
    /// Only address range and port tell.
    pub network: Grade,
}

impl GradesByBasis {
    /// The grades that `signature` can give.
    pub fn of(signature: &Signature) -> Self {
        let of = |basis, ambiguous| {
            let at = CaptureTime(i64::MAX);
            let facts = GradeFacts { ambiguous, ..GradeFacts::of(signature, basis, at) };
            grade(facts).0
        };
        Self {
            name: of(Basis::Name, false),
            certificate: of(Basis::Certificate, false),
            dns: of(Basis::Dns, false),
            dns_ambiguous: of(Basis::Dns, true),
            network: of(Basis::Network, false),
        }
    }

    /// The grades with their words in outputs, in that order.
    pub fn rows(self) -> [(&'static str, Grade); 5] {
        [
            ("name", self.name),
            ("certificate", self.certificate),
            ("dns", self.dns),
            ("dns-ambiguous", self.dns_ambiguous),
            ("network", self.network),
        ]
    }
}

impl Database {
    /// Which signature applies and why, and which do not. Reads every pattern: not for the hot
    /// path.
    pub fn explain(&self, query: &Query) -> Explanation<'_> {
        let mut covering = match query {
            Query::Name(name) => self.patterns_over(name),
            Query::Address(address) => self.networks_over(*address),
        };
        covering.sort_by(|a, b| {
            b.specificity
                .cmp(&a.specificity)
                .then(a.signature.cmp(&b.signature))
                .then(b.pattern.len().cmp(&a.pattern.len()))
                .then(a.pattern.cmp(b.pattern))
        });
        // The look-up itself decides, where it can, so that this page never says otherwise.
        let winner = match query {
            Query::Name(name) => self.by_name(name),
            Query::Address(_) => covering.first().copied(),
        };
        let candidates = winner.map_or_else(Vec::new, |winner| losers(&covering, winner));
        let registrable = match query {
            Query::Name(name) => psl::domain_str(name.as_str()).map(str::to_owned),
            Query::Address(_) => None,
        };
        let nearest = match (&registrable, winner) {
            (Some(registrable), None) => self.nearest(registrable),
            _ => Vec::new(),
        };
        let signature = winner.map(|winner| self.signature(winner.signature));
        Explanation {
            registrable,
            winner,
            sources: signature.map_or(&[], |signature| &signature.sources),
            grades: signature.map(GradesByBasis::of),
            candidates,
            nearest,
        }
    }

    fn with_ids(&self) -> impl Iterator<Item = (SignatureId, &Signature)> {
        (0..).map(SignatureId).zip(self.signatures())
    }

    fn patterns_over(&self, name: &HostName) -> Vec<Match<'_>> {
        let mut covering = Vec::new();
        for (signature, facts) in self.with_ids() {
            for text in &facts.hosts {
                let pattern = Pattern::split(text);
                if pattern.covers(name.as_str()) {
                    let specificity = pattern.specificity();
                    covering.push(Match { signature, pattern: text, specificity });
                }
            }
        }
        covering
    }

    /// Signatures with hosts of the same registrable domain; where there are none, of one that
    /// differs in one letter.
    fn nearest(&self, registrable: &str) -> Vec<Nearest<'_>> {
        let mut nearest = Vec::new();
        for (signature, facts) in self.with_ids() {
            let near = facts.hosts.iter().filter_map(|pattern| {
                let theirs = psl::domain_str(Pattern::split(pattern).base())?;
                if theirs.len().abs_diff(registrable.len()) > 1 {
                    return None;
                }
                let why = match distance::letters(theirs, registrable) {
                    0 => Near::SameRegistrable,
                    1 => Near::OneLetter,
                    _ => return None,
                };
                Some(Nearest { signature, pattern, why })
            });
            nearest.extend(near.min_by_key(|nearest| nearest.why));
        }
        nearest.sort_by_key(|nearest| (nearest.why, nearest.signature));
        if let Some(first) = nearest.first().copied() {
            nearest.retain(|nearest| nearest.why == first.why);
        }
        nearest.truncate(Explanation::MOST_NEAREST);
        nearest
    }
}

/// All that cover but the winner.
fn losers<'a>(covering: &[Match<'a>], winner: Match<'_>) -> Vec<Candidate<'a>> {
    let others =
        covering.iter().filter(|m| m.signature != winner.signature || m.pattern != winner.pattern);
    let lost = |matched: &Match<'_>| {
        if matched.specificity < winner.specificity {
            Lost::LessSpecific
        } else if matched.signature == winner.signature {
            Lost::SameSignature
        } else {
            Lost::LargerId
        }
    };
    others.map(|matched| Candidate { matched: *matched, lost: lost(matched) }).collect()
}

#[cfg(test)]
mod tests;
