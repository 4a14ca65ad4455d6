//! `vigie explain`: which signature applies to a host or address, and why.

use std::io::{self, Write};

use anyhow::anyhow;
use jiff::Timestamp;
use serde::Serialize;

use super::args::{ColorChoice, CommonArguments, ExplainArguments, ExplainFormat};
use super::config::Defaults;
use super::outcome::{Outcome, Refusal};
use super::query::Query;
use super::text::{Palette, write_explanation};
use super::{signatures, width};
use crate::signature::{
    Basis, Candidate, Database, GradeFacts, Lost, Signature, SourceCitation, grade,
};
use crate::source::CaptureTime;

/// Explains every query, in the order given.
pub(super) fn run(
    typed: &ExplainArguments,
    common: &CommonArguments,
    out: &mut dyn Write,
) -> Result<Outcome, Refusal> {
    let queries: Vec<(&str, Query)> = typed
        .queries
        .iter()
        .map(|text| Ok((text.as_str(), Query::parse(text)?)))
        .collect::<Result<_, String>>()
        .map_err(|message| Refusal::usage(anyhow!("explain: {message}")))?;
    let defaults = Defaults::load(common).map_err(Refusal::impossible)?;
    let database = signatures::load(&typed.signatures, &defaults)?;
    if let Some(days) = signatures::stale_days(&database) {
        tracing::warn!("the signatures are {days} days old; newer hosts are not in them");
    }
    let palette = Palette::of(common.color.or(defaults.color).unwrap_or(ColorChoice::Auto));
    for (i, (text, query)) in queries.iter().enumerate() {
        let explanation = Explanation::of(text, query, &database);
        match typed.format {
            ExplainFormat::Ndjson => ndjson(&explanation, out)?,
            ExplainFormat::Text => {
                if i > 0 {
                    writeln!(out)?;
                }
                write_explanation(&explanation, palette, width::of_stdout(), out)?;
            }
        }
    }
    Ok(Outcome::Done)
}

/// The answer to one query.
#[derive(Debug)]
pub(super) struct Explanation<'a> {
    /// The query as typed.
    pub(super) query: &'a str,
    /// Whether an address was asked about, so that only a network can be the basis.
    pub(super) is_address: bool,
    /// The registrable domain of a name.
    pub(super) registrable: Option<&'a str>,
    /// What covers it, the winner first.
    pub(super) candidates: Vec<(Candidate, &'a Signature)>,
}

impl<'a> Explanation<'a> {
    /// Looks the query up.
    fn of(text: &'a str, query: &'a Query, database: &'a Database) -> Self {
        let (registrable, candidates) = match query {
            Query::Name(name) => (name.registrable(), database.explain_name(name)),
            Query::Address(address, port) => (None, database.explain_address(*address, *port)),
        };
        let with_signature = |candidate: Candidate| {
            let signature = database.signature(candidate.signature);
            (candidate, signature)
        };
        Self {
            query: text,
            is_address: matches!(query, Query::Address(..)),
            registrable,
            candidates: candidates.into_iter().map(with_signature).collect(),
        }
    }

    /// The pattern that won, and its signature.
    pub(super) fn winner(&self) -> Option<(&str, &'a Signature)> {
        self.candidates.first().map(|(candidate, s)| (candidate.pattern.as_str(), *s))
    }

    /// Those that lost, and why.
    pub(super) fn losers(&self) -> impl Iterator<Item = (&Candidate, &'a Signature, Lost)> {
        self.candidates.iter().filter_map(|(c, s)| Some((c, *s, c.lost?)))
    }
}

/// What a tag can rest on, with the words of the output.
pub(super) const BASES: [(&str, Basis, bool); 5] = [
    ("name", Basis::Name, false),
    ("certificate", Basis::Certificate, false),
    ("dns", Basis::Dns, false),
    ("dns-ambiguous", Basis::Dns, true),
    ("network", Basis::Network, false),
];

/// The grade that a flow of today, seen in both directions, would have, and why.
pub(super) fn grade_today(
    signature: &Signature,
    basis: Basis,
    ambiguous: bool,
) -> (crate::signature::Grade, String) {
    let now = i64::try_from(Timestamp::now().as_nanosecond()).unwrap_or(i64::MAX);
    grade(GradeFacts {
        basis,
        exclusivity: signature.exclusivity,
        confidence: signature.confidence,
        ambiguous,
        mixed: false,
        one_sided: false,
        status: signature.status,
        active_until: signature.active_until.as_deref(),
        at: CaptureTime(now),
    })
}

/// The record of the NDJSON form.
#[derive(Serialize)]
struct Record<'a> {
    r#type: &'static str,
    query: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    registrable: Option<&'a str>,
    tag: Option<Tag<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grades: Option<Grades>,
    candidates: Vec<Loser<'a>>,
    sources: &'a [SourceCitation],
}

/// A tag as in a flow, without what depends on the flow.
#[derive(Serialize)]
struct Tag<'a> {
    signature: &'a str,
    category: &'static str,
    vendor: &'a str,
    product: &'a str,
    matched: &'a str,
}

/// The grade by what a tag would rest on.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Grades {
    name: &'static str,
    certificate: &'static str,
    dns: &'static str,
    dns_ambiguous: &'static str,
    network: &'static str,
}

/// A pattern that covers the query too.
#[derive(Serialize)]
struct Loser<'a> {
    signature: &'a str,
    pattern: &'a str,
    lost: &'static str,
}

/// Writes the record of one query.
fn ndjson(explanation: &Explanation<'_>, out: &mut dyn Write) -> io::Result<()> {
    let winner = explanation.winner();
    let letters = |signature| {
        BASES.map(|(_, basis, ambiguous)| grade_today(signature, basis, ambiguous).0.word())
    };
    let record = Record {
        r#type: "explanation",
        query: explanation.query,
        registrable: explanation.registrable,
        tag: winner.map(|(pattern, signature)| Tag {
            signature: &signature.id,
            category: signature.category.word(),
            vendor: &signature.vendor,
            product: &signature.product,
            matched: pattern,
        }),
        grades: winner.map(|(_, signature)| {
            let [name, certificate, dns, dns_ambiguous, network] = letters(signature);
            Grades { name, certificate, dns, dns_ambiguous, network }
        }),
        candidates: explanation
            .losers()
            .map(|(candidate, signature, lost)| Loser {
                signature: &signature.id,
                pattern: &candidate.pattern,
                lost: lost.words(),
            })
            .collect(),
        sources: winner.map_or(&[], |(_, signature)| &signature.sources),
    };
    serde_json::to_writer(&mut *out, &record)?;
    writeln!(out)
}
