//! The answer to one query of `vigie explain`, for people.

use std::io::{self, Write};

use super::colour::{Palette, Style};
use super::wrap;
use crate::export::escape;
use crate::signature::{Database, Exclusivity, Explanation, GradesByBasis, Query, Signature};

/// One query and its answer.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Answer<'a> {
    /// The query as typed.
    pub(in crate::cli) text: &'a str,
    /// What it was read as.
    pub(in crate::cli) query: &'a Query,
    /// What the database says.
    pub(in crate::cli) explanation: &'a Explanation<'a>,
    /// The signatures in force.
    pub(in crate::cli) database: &'a Database,
}

/// Writes the answer.
pub(in crate::cli) fn write_answer(
    answer: &Answer<'_>,
    palette: Palette,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{}", palette.paint(Style::Bold, &escape(answer.text)))?;
    for (word, text) in lines(answer) {
        writeln!(out, "{}", wrap(&format!(" {word:<12} {}", escape(&text)), width, MARGIN))?;
    }
    Ok(())
}

/// Where texts start.
const MARGIN: usize = 14;

/// What there is to say, each with the word before it.
fn lines(answer: &Answer<'_>) -> Vec<(&'static str, String)> {
    let Answer { explanation, database, .. } = *answer;
    let mut lines = Vec::new();
    if let Some(domain) = &explanation.registrable {
        lines.push(("domain", domain.clone()));
    }
    let Some(winner) = explanation.winner else {
        lines.push(("signature", "none applies: a flow to it is counted as untagged".to_owned()));
        lines.push(("database", database.date().to_owned()));
        lines.extend(explanation.nearest.iter().map(|near| {
            let id = &database.signature(near.signature).id;
            ("near", format!("{id}, for {}: {}", near.pattern, near.why.word()))
        }));
        return lines;
    };
    let signature = database.signature(winner.signature);
    let ports = match answer.query {
        Query::Name(_) => String::new(),
        Query::Address(_) => format!(" at {}", signature.ports.join(", ")),
    };
    lines.push(("signature", format!("{}, for {}{ports}", signature.id, winner.pattern)));
    lines.extend(description(signature));
    lines.push(("database", database.date().to_owned()));
    lines.extend(explanation.grades.map(|grades| ("grade", grades_of(answer.query, grades))));
    lines.extend(explanation.candidates.iter().map(|candidate| {
        let id = &database.signature(candidate.matched.signature).id;
        let (pattern, lost) = (candidate.matched.pattern, candidate.lost.word());
        ("not chosen", format!("{id}, for {pattern}: {lost}"))
    }));
    for source in explanation.sources {
        let (title, publisher) = (&source.title, &source.publisher);
        lines.push(("source", format!("{title} ({publisher}, {}): {}", source.as_of, source.says)));
        lines.push(("", source.r#ref.clone()));
    }
    lines
}

/// What the signature says of the system.
fn description(signature: &Signature) -> Vec<(&'static str, String)> {
    let operation =
        if signature.category.accuses() { "" } else { ": operation, never summed with telemetry" };
    let hosts = match signature.exclusivity {
        Exclusivity::Dedicated => "dedicated: they serve this purpose alone",
        Exclusivity::Shared => "shared: they serve other purposes too",
    };
    let (confidence, status) = (signature.confidence.word(), signature.status.word());
    let mut lines = vec![
        ("product", format!("{}, {}", signature.vendor, signature.product)),
        ("category", format!("{}{operation}", signature.category.word())),
        ("purpose", signature.purpose.clone()),
        ("hosts", hosts.to_owned()),
        ("claim", format!("{confidence}; the service is {status}")),
    ];
    lines.extend(signature.notes.clone().map(|notes| ("notes", notes)));
    lines
}

/// The grades that a flow can have, by what the tag rests on.
fn grades_of(query: &Query, grades: GradesByBasis) -> String {
    let said = match query {
        Query::Address(_) => {
            return format!("{}: only address range and port tell", grades.network);
        }
        Query::Name(_) => [
            (grades.name, "if the client sends the name itself"),
            (grades.certificate, "if the server's certificate holds it"),
            (grades.dns, "if the client had resolved it to the address"),
            (grades.dns_ambiguous, "if it had resolved other names to it too"),
        ],
    };
    said.map(|(grade, when)| format!("{grade} {when}")).join("; ")
}
