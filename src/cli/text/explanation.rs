//! An explanation for people.

use std::io::{self, Write};

use super::colour::{Palette, Style};
use super::wrap;
use crate::cli::explain::{BASES, Explanation, grade_today};
use crate::export::escape;
use crate::signature::{Basis, Exclusivity, Signature};

/// Writes the answer to one query.
pub(in crate::cli) fn write_explanation(
    explanation: &Explanation<'_>,
    palette: Palette,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let query = escape(explanation.query);
    writeln!(out, "{}", palette.paint(Style::Bold, &query))?;
    let mut line = |name: &str, text: &str| {
        writeln!(out, "{}", wrap(&format!(" {name:<12} {}", escape(text)), width, MARGIN))
    };
    if let Some(domain) = explanation.registrable {
        line("domain", domain)?;
    }
    let Some((pattern, signature)) = explanation.winner() else {
        return line("signature", "none applies: a flow to it is counted as untagged");
    };
    line("signature", &format!("{}, for {pattern}", signature.id))?;
    describe(signature, &mut line)?;
    for (word, basis, ambiguous) in BASES {
        if explanation.is_address != (basis == Basis::Network) {
            continue;
        }
        let (grade, reason) = grade_today(signature, basis, ambiguous);
        let reason = reason.split_once(": ").map_or(reason.as_str(), |(_, why)| why);
        line("grade", &format!("{grade} by {word}: {reason}"))?;
    }
    for (candidate, loser, lost) in explanation.losers() {
        line("not chosen", &format!("{}, for {}: {}", loser.id, candidate.pattern, lost.words()))?;
    }
    for source in &signature.sources {
        let (title, publisher) = (&source.title, &source.publisher);
        line("source", &format!("{title} ({publisher}, {}): {}", source.as_of, source.says))?;
        line("", &source.r#ref)?;
    }
    Ok(())
}

/// Where texts start.
const MARGIN: usize = 14;

/// What the signature says of the system.
fn describe(
    signature: &Signature,
    line: &mut impl FnMut(&str, &str) -> io::Result<()>,
) -> io::Result<()> {
    line("product", &format!("{}, {}", signature.vendor, signature.product))?;
    let kind =
        if signature.category.accuses() { "" } else { ": operation, never summed with telemetry" };
    line("category", &format!("{}{kind}", signature.category.word()))?;
    line("purpose", &signature.purpose)?;
    let hosts = match signature.exclusivity {
        Exclusivity::Dedicated => "dedicated: they serve this purpose alone",
        Exclusivity::Shared => "shared: they serve other purposes too",
    };
    line("hosts", hosts)?;
    line("claim", &format!("{}, {}", signature.confidence.word(), signature.status.word()))?;
    signature.notes.as_deref().map_or(Ok(()), |notes| line("notes", notes))
}
