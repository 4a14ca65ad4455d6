//! `vigie explain`: which signature applies to a host or address, and why.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use serde::Serialize;

use super::args::{ColorChoice, CommonArguments, ExplainArguments, ExplainFormat};
use super::cause::in_words;
use super::config::Defaults;
use super::outcome::{Outcome, Refusal};
use super::text::{Answer, Palette, write_answer};
use super::{query, screen, signatures, width};
use crate::export::escape;
use crate::signature::{Database, Explanation, Query, SourceCitation};

/// Octets of a file of queries.
const LARGEST_FILE: u64 = 64 << 20;

/// Explains every query, in the order given.
pub(super) fn run(
    typed: &ExplainArguments,
    common: &CommonArguments,
    out: &mut dyn Write,
) -> Result<Outcome, Refusal> {
    let queries = queries(typed)?;
    let defaults = Defaults::load(common).map_err(Refusal::impossible)?;
    let database = signatures::load(&typed.signatures, &defaults)?;
    signatures::warn_if_stale(&database);
    let language = screen::or_environment(typed.lang, &defaults);
    let palette = Palette::of(common.color.or(defaults.color).unwrap_or(ColorChoice::Auto));
    for (i, (text, query)) in queries.iter().enumerate() {
        let text = text.as_str();
        let explanation = database.explain(query);
        match typed.format {
            ExplainFormat::Ndjson => ndjson(text, &explanation, &database, out)?,
            ExplainFormat::Text => {
                if i > 0 {
                    writeln!(out)?;
                }
                let explanation = &explanation;
                let answer = Answer { text, query, explanation, database: &database, language };
                write_answer(&answer, palette, width::of_stdout(), out)?;
            }
        }
    }
    Ok(Outcome::Done)
}

/// What was typed, then what the files hold, in that order.
fn queries(typed: &ExplainArguments) -> Result<Vec<(String, Query)>, Refusal> {
    let mut queries = Vec::new();
    let mut files: Vec<&Path> = Vec::new();
    for text in &typed.queries {
        if let Some(path) = text.strip_prefix('@') {
            files.push(Path::new(path));
            continue;
        }
        let query =
            query::parse(text).map_err(|message| Refusal::usage(anyhow!("explain: {message}")))?;
        queries.push((text.clone(), query));
    }
    files.extend(typed.file.iter().map(PathBuf::as_path));
    for path in files {
        of_file(path, &mut queries).map_err(Refusal::impossible)?;
    }
    Ok(queries)
}

/// Adds every line of a file; blank ones and comments are passed over.
fn of_file(path: &Path, queries: &mut Vec<(String, Query)>) -> anyhow::Result<()> {
    let shown = escape(&path.display().to_string()).into_owned();
    let cannot = |error: io::Error| anyhow!("{shown}: cannot be read: {}", in_words(&error));
    let mut octets = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().take(LARGEST_FILE + 1).read_to_end(&mut octets).map_err(cannot)?;
    } else {
        let file = File::open(path).map_err(cannot)?;
        file.take(LARGEST_FILE + 1).read_to_end(&mut octets).map_err(cannot)?;
    }
    if octets.len() as u64 > LARGEST_FILE {
        return Err(anyhow!("{shown}: has more than {LARGEST_FILE} octets"));
    }
    let text = String::from_utf8(octets).map_err(|_| anyhow!("{shown}: is not UTF-8 text"))?;
    for (n, line) in (1..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let query =
            query::parse(line).map_err(|message| anyhow!("{shown}: line {n}: {message}"))?;
        queries.push((line.to_owned(), query));
    }
    Ok(())
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
    nearest: Vec<Neighbour<'a>>,
    signatures_date: &'a str,
}

/// A signature that may have been meant.
#[derive(Serialize)]
struct Neighbour<'a> {
    signature: &'a str,
    pattern: &'a str,
    why: &'static str,
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
        nearest: explanation
            .nearest
            .iter()
            .map(|near| Neighbour {
                signature: &database.signature(near.signature).id,
                pattern: near.pattern,
                why: near.why.word(),
            })
            .collect(),
        signatures_date: database.date(),
    };
    serde_json::to_writer(&mut *out, &record)?;
    writeln!(out)
}
