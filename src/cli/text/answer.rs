//! The answer to one query of `vigie explain`, for people.

use std::io::{self, Write};

use super::colour::{Palette, Style};
use super::wrap;
use crate::export::escape;
use crate::language::{Argument, Key, Language};
use crate::signature::{
    Confidence, Database, Exclusivity, Explanation, Grade, GradesByBasis, Lost, Near, Query,
    Signature, Status,
};

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
    /// What it is said in.
    pub(in crate::cli) language: Language,
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
fn lines(answer: &Answer<'_>) -> Vec<(String, String)> {
    let Answer { explanation, database, language, .. } = *answer;
    let mut lines: Vec<(Key, String)> = Vec::new();
    if let Some(domain) = &explanation.registrable {
        lines.push(("explain-domain", domain.clone()));
    }
    let because = |signature, pattern: &str, why| {
        let id = database.signature(signature).id.as_str();
        let why = language.say(why);
        let values = [("id", id.into()), ("pattern", pattern.into()), ("why", why.into())];
        language.say_with("explain-because", &values)
    };
    if let Some(winner) = explanation.winner {
        let signature = database.signature(winner.signature);
        let ports = signature.ports.join(", ");
        let values: [(_, Argument<'_>); 3] = [
            ("id", signature.id.as_str().into()),
            ("pattern", winner.pattern.into()),
            ("ports", ports.into()),
        ];
        let said = match answer.query {
            Query::Name(_) => language.say_with("explain-for", &values),
            Query::Address(_) => language.say_with("explain-for-at", &values),
        };
        lines.push(("explain-signature", said));
        lines.extend(description(signature, language));
    } else {
        lines.push(("explain-signature", language.say("explain-none")));
    }
    lines.push(("explain-database", database.date().to_owned()));
    lines.extend(
        explanation
            .grades
            .map(|grades| ("explain-grade", grades_of(answer.query, grades, language))),
    );
    lines.extend(explanation.candidates.iter().map(|candidate| {
        let matched = candidate.matched;
        ("explain-not-chosen", because(matched.signature, matched.pattern, lost(candidate.lost)))
    }));
    lines.extend(
        explanation
            .nearest
            .iter()
            .map(|n| ("explain-near", because(n.signature, n.pattern, near(n.why)))),
    );
    let mut lines: Vec<_> =
        lines.into_iter().map(|(word, text)| (language.say(word), text)).collect();
    for source in explanation.sources {
        let (title, publisher) = (&source.title, &source.publisher);
        let text = format!("{title} ({publisher}, {}): {}", source.as_of, source.says);
        lines.push((language.say("detail-source"), text));
        lines.push((String::new(), source.r#ref.clone()));
    }
    lines
}

/// What the signature says of the system.
fn description(signature: &Signature, language: Language) -> Vec<(Key, String)> {
    // Filters and files know the word; readers of another language the name.
    let word = signature.category.word();
    let category = match language {
        Language::English => word.to_owned(),
        _ => format!("{} ({word})", language.category(signature.category)),
    };
    let category = if signature.category.accuses() {
        category
    } else {
        language.say_with("explain-operation", &[("category", category.into())])
    };
    let hosts = match signature.exclusivity {
        Exclusivity::Dedicated => "explain-dedicated",
        Exclusivity::Shared => "explain-shared",
    };
    let confidence = match signature.confidence {
        Confidence::Documented => "explain-documented",
        Confidence::Measured => "explain-measured",
        Confidence::Community => "explain-community",
    };
    let service = match signature.status {
        Status::Active => "explain-active",
        Status::Retired => "explain-retired",
    };
    let claim = [
        ("confidence", language.say(confidence).into()),
        ("service", language.say(service).into()),
    ];
    let mut lines = vec![
        ("column-product", format!("{}, {}", signature.vendor, signature.product)),
        ("column-category", category),
        ("detail-purpose", language.purpose(&signature.purpose).to_owned()),
        ("detail-hosts", language.say(hosts)),
        ("explain-claim", language.say_with("explain-claimed", &claim)),
    ];
    lines.extend(signature.notes.clone().map(|notes| ("detail-notes", notes)));
    lines
}

/// The grades that a flow can have, by what the tag rests on.
fn grades_of(query: &Query, grades: GradesByBasis, language: Language) -> String {
    let say = |key: Key, grade: Grade| language.say_with(key, &[("grade", grade.word().into())]);
    match query {
        Query::Address(_) => say("explain-grade-network", grades.network),
        Query::Name(_) => [
            say("explain-grade-name", grades.name),
            say("explain-grade-certificate", grades.certificate),
            say("explain-grade-dns", grades.dns),
            say("explain-grade-dns-ambiguous", grades.dns_ambiguous),
        ]
        .join("; "),
    }
}

/// Why a candidate lost.
fn lost(lost: Lost) -> Key {
    match lost {
        Lost::LessSpecific => "explain-less-specific",
        Lost::LargerId => "explain-larger-id",
        Lost::SameSignature => "explain-same-signature",
    }
}

/// Why a signature is near.
fn near(near: Near) -> Key {
    match near {
        Near::SameRegistrable => "explain-same-domain",
        Near::OneLetter => "explain-one-letter",
    }
}
