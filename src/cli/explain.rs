//! `vigie explain`: which signature applies to a host or address, and why.

use std::io::{self, Write};

use anyhow::anyhow;
use serde::Serialize;

use super::args::{ColorChoice, CommonArguments, ExplainArguments, ExplainFormat};
use super::config::Defaults;
use super::outcome::{Outcome, Refusal};
use super::text::{Answer, Palette, write_answer};
use super::{query, signatures, width};
use crate::signature::{Database, Explanation, Query, SourceCitation};

/// Explains every query, in the order given.
pub(super) fn run(
    typed: &ExplainArguments,
    common: &CommonArguments,
    out: &mut dyn Write,
) -> Result<Outcome, Refusal> {
    let queries: Vec<(&str, Query)> = typed
        .queries
        .iter()
        .map(|text| Ok((text.as_str(), query::parse(text)?)))
        .collect::<Result<_, String>>()
        .map_err(|message| Refusal::usage(anyhow!("explain: {message}")))?;
    let defaults = Defaults::load(common).map_err(Refusal::impossible)?;
    let database = signatures::load(&typed.signatures, &defaults)?;
    if let Some(days) = signatures::stale_days(&database) {
        tracing::warn!("the signatures are {days} days old; newer hosts are not in them");
    }
    let palette = Palette::of(common.color.or(defaults.color).unwrap_or(ColorChoice::Auto));
    for (i, (text, query)) in queries.iter().enumerate() {
        let explanation = database.explain(query);
        match typed.format {
            ExplainFormat::Ndjson => ndjson(text, &explanation, &database, out)?,
            ExplainFormat::Text => {
                if i > 0 {
                    writeln!(out)?;
                }
                let answer = Answer { text, query, explanation: &explanation, database: &database };
                write_answer(&answer, palette, width::of_stdout(), out)?;
            }
        }
    }
    Ok(Outcome::Done)
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
fn ndjson(
    text: &str,
    explanation: &Explanation<'_>,
    database: &Database,
    out: &mut dyn Write,
) -> io::Result<()> {
    let record = Record {
        r#type: "explanation",
        query: text,
        registrable: explanation.registrable.as_deref(),
        tag: explanation.winner.map(|winner| {
            let signature = database.signature(winner.signature);
            Tag {
                signature: &signature.id,
                category: signature.category.word(),
                vendor: &signature.vendor,
                product: &signature.product,
                matched: winner.pattern,
            }
        }),
        grades: explanation.grades.map(|grades| Grades {
            name: grades.name.word(),
            certificate: grades.certificate.word(),
            dns: grades.dns.word(),
            dns_ambiguous: grades.dns_ambiguous.word(),
            network: grades.network.word(),
        }),
        candidates: explanation
            .candidates
            .iter()
            .map(|candidate| Loser {
                signature: &database.signature(candidate.matched.signature).id,
                pattern: candidate.matched.pattern,
                lost: candidate.lost.word(),
            })
            .collect(),
        sources: explanation.sources,
    };
    serde_json::to_writer(&mut *out, &record)?;
    writeln!(out)
}
