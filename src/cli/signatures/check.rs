//! `vigie signatures check`.

use std::io::{self, Write};

use serde::Serialize;

use super::args::{CheckArguments, Form};
use super::warn_if_stale;
use crate::cli::outcome::{Outcome, Refusal};
use crate::cli::text::counted;
use crate::export::escape;
use crate::signature::{Database, Finding, Report};

/// Checks the shipped signatures, or those of files and folders.
pub(super) fn run(typed: &CheckArguments, out: &mut dyn Write) -> Result<Outcome, Refusal> {
    let report = if typed.paths.is_empty() {
        Database::check_shipped()
    } else {
        Database::check(&typed.paths)
    };
    let report = report.map_err(Refusal::impossible)?;
    // Of the shipped ones, which own signatures are compared with; a build whose own do not load
    // has said so above.
    let shipped = Database::load(true, &[]).unwrap_or_default();
    warn_if_stale(&shipped);
    for finding in &report.findings {
        match typed.format {
            Form::Text => text(finding, out)?,
            Form::Ndjson => ndjson(finding, out)?,
        }
    }
    if typed.format == Form::Ndjson {
        summary(&report, shipped.date(), out)?;
    } else {
        let verdict = match report.findings.len() {
            0 => "all holds".to_owned(),
            n => counted(n as u64, "finding"),
        };
        writeln!(
            out,
            "{}, {}, {}: {verdict}; the database is of {}",
            counted(report.files as u64, "file"),
            counted(report.signatures as u64, "signature"),
            counted(report.patterns as u64, "host pattern"),
            shipped.date()
        )?;
    }
    Ok(if report.findings.is_empty() { Outcome::Done } else { Outcome::DoesNotHold })
}

/// Place, rule and message as compilers write them; below, what to do.
fn text(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let (line, column) = finding.place;
    let id = finding.signature.as_deref().map(|id| format!("{id}: ")).unwrap_or_default();
    let message = format!(
        "{}:{line}:{column}: {}: {id}{}",
        finding.file,
        finding.rule.word(),
        finding.message
    );
    writeln!(out, "{}", escape(&message))?;
    writeln!(out, "    {}", escape(&finding.suggestion))
}

fn ndjson(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Record<'a> {
        r#type: &'static str,
        file: &'a str,
        line: usize,
        column: usize,
        rule: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        signature: Option<&'a str>,
        message: &'a str,
        suggestion: &'a str,
    }
    let record = Record {
        r#type: "finding",
        file: &finding.file,
        line: finding.place.0,
        column: finding.place.1,
        rule: finding.rule.word(),
        signature: finding.signature.as_deref(),
        message: &finding.message,
        suggestion: &finding.suggestion,
    };
    serde_json::to_writer(&mut *out, &record)?;
    writeln!(out)
}

/// The last record: what was looked at, so that a check without findings says something, too.
fn summary(report: &Report, date: &str, out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Record<'a> {
        r#type: &'static str,
        files: usize,
        signatures: usize,
        patterns: usize,
        findings: usize,
        signatures_date: &'a str,
    }
    let record = Record {
        r#type: "check",
        files: report.files,
        signatures: report.signatures,
        patterns: report.patterns,
        findings: report.findings.len(),
        signatures_date: date,
    };
    serde_json::to_writer(&mut *out, &record)?;
    writeln!(out)
}
