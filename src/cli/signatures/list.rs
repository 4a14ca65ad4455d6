//! `vigie signatures list`.

use std::io::{self, Write};

use super::args::{Form, ListArguments};
use super::in_force;
use crate::cli::args::CommonArguments;
use crate::cli::outcome::{Outcome, Refusal};
use crate::cli::text::counted;
use crate::export::escape;
use crate::signature::{Database, Signature};

/// Lists the signatures that were asked for.
pub(super) fn run(
    typed: &ListArguments,
    common: &CommonArguments,
    out: &mut dyn Write,
) -> Result<Outcome, Refusal> {
    let database = in_force(&typed.signatures, common)?;
    let chosen = typed.selection.of(&database);
    match typed.format {
        Form::Text => text(&chosen, &database, out)?,
        Form::Ndjson => {
            for signature in chosen {
                ndjson(signature, &database, out)?;
            }
        }
    }
    Ok(Outcome::Done)
}

/// The record of a signature: its fields as in a file, `type` before them, behind them the date
/// of the database.
pub(super) fn ndjson(
    signature: &Signature,
    database: &Database,
    out: &mut dyn Write,
) -> io::Result<()> {
    #[derive(serde::Serialize)]
    struct Record<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        signature: &'a Signature,
        signatures_date: &'a str,
    }
    let record = Record { r#type: "signature", signature, signatures_date: database.date() };
    serde_json::to_writer(&mut *out, &record)?;
    writeln!(out)
}

/// Columns: id, category, vendor and product, what supports it, how much it matches.
fn text(chosen: &[&Signature], database: &Database, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<[String; 4]> = chosen
        .iter()
        .map(|s| {
            let support = format!("{}, {}", s.confidence.word(), s.exclusivity.word());
            let product = escape(&format!("{}, {}", s.vendor, s.product)).into_owned();
            [s.id.clone(), s.category.word().to_owned(), support, product]
        })
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let (id, category, support) = (width(0), width(1), width(2));
    for row in &rows {
        let [a, b, c, d] = row;
        writeln!(out, "{a:<id$}  {b:<category$}  {c:<support$}  {d}")?;
    }
    let patterns: usize = chosen.iter().map(|s| s.hosts.len()).sum();
    let networks: usize = chosen.iter().map(|s| s.networks.len()).sum();
    let date = match database.date() {
        "" => String::new(),
        date => format!("; the database is of {date}"),
    };
    writeln!(
        out,
        "{}, {}, {}{date}",
        counted(chosen.len() as u64, "signature"),
        counted(patterns as u64, "host pattern"),
        counted(networks as u64, "network")
    )
}
