//! Why the tags have their grades.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::balance::heading;
use super::view::{PURPOSES, View};
use super::wrap;
use crate::ledger::DimensionValue;
use crate::signature::{Basis, Grade, GradeFacts, Signature, grade};
use crate::source::CaptureTime;

/// One sentence for each reason that a shown tag has its grade.
pub(super) fn reasons(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(rollup) = view.rollup(&PURPOSES) else { return Ok(()) };
    let mut reasons = BTreeSet::new();
    let is_tagged = |first: &DimensionValue| matches!(first, DimensionValue::Signature(_));
    rollup.each_of(is_tagged, |values, sums| {
        if let [
            DimensionValue::Signature(id),
            _,
            _,
            DimensionValue::Basis(basis),
            DimensionValue::Grade(grade),
        ] = values
        {
            reasons.insert(reason(view.database.signature(*id), *basis, *grade, sums.first));
        }
    });
    if reasons.is_empty() {
        return Ok(());
    }
    heading(view, out, "Why these grades")?;
    for (grade, reason) in reasons {
        writeln!(out, "{}", wrap(&format!(" {grade}  {reason}"), view.width, 4))?;
    }
    Ok(())
}

/// The reason, as far as a row of sums tells it: where more than one fact could have lowered the
/// grade, each is named. The flow's own reason is in ndjson.
fn reason(signature: &Signature, basis: Basis, graded: Grade, at: CaptureTime) -> (Grade, String) {
    let facts = GradeFacts::of(signature, basis, at);
    let (usual, why) = grade(facts);
    let why = why.split_once(": ").map_or(why.as_str(), |(_, why)| why).to_owned();
    if usual == graded {
        return (graded, why);
    }
    let lowering = [
        (GradeFacts { one_sided: true, ..facts }, "the flow was seen in one direction only"),
        (GradeFacts { mixed: true, ..facts }, "names of the flow lead to different categories"),
        (
            GradeFacts { ambiguous: true, ..facts },
            "the client had resolved other names to the address too",
        ),
    ];
    let lowering = lowering.into_iter().filter(|(facts, _)| grade(*facts).0 == graded);
    let lowering: Vec<&str> = lowering.map(|(_, because)| because).collect();
    let because = match lowering.as_slice() {
        [] => "for more than one reason".to_owned(),
        some => format!("because {}", some.join(", or ")),
    };
    let and = if why.contains("; lowered") { " and" } else { "; lowered" };
    (graded, format!("{why}{and} {because}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::Database;

    fn said(basis: Basis, graded: Grade, status: &str) -> String {
        let text = format!(
            r#"
[[signature]]
id = "acme"
vendor = "Acme"
product = "Acme"
category = "telemetry"
purpose = "diagnostic events"
exclusivity = "dedicated"
confidence = "documented"
status = "{status}"
hosts = ["events.acme.example"]
sources = [
  {{ title = "Hosts", publisher = "Acme", ref = "https://acme.example", as_of = "2026", says = "Lists it." }},
]
"#
        );
        let database = Database::of_texts(&[("acme.toml", &text)]).unwrap();
        reason(&database.signatures()[0], basis, graded, CaptureTime(0)).1
    }

    const DOCUMENTED: &str = "its maker documents it for this purpose alone";

    #[test]
    fn a_grade_that_nothing_lowered_has_the_reason_of_the_table() {
        let why = said(Basis::Name, Grade::A, "active");
        assert_eq!(why, format!("the client named the host itself; {DOCUMENTED}"));
        assert!(
            said(Basis::Name, Grade::B, "retired").ends_with("because the service was retired")
        );
    }

    #[test]
    fn what_can_have_lowered_a_grade_is_named() {
        let why = said(Basis::Name, Grade::B, "active");
        assert!(
            why.ends_with("; lowered because the flow was seen in one direction only"),
            "{why}"
        );
        let why = said(Basis::Name, Grade::C, "active");
        assert!(why.ends_with("because names of the flow lead to different categories"), "{why}");
        let why = said(Basis::Name, Grade::C, "retired");
        assert!(why.contains("the service was retired and because the flow was seen"), "{why}");
        assert!(said(Basis::Name, Grade::D, "active").ends_with("for more than one reason"));
    }

    #[test]
    fn facts_that_cannot_be_told_apart_are_all_named() {
        let why = said(Basis::Dns, Grade::C, "active");
        assert!(why.contains("in one direction only, or names of the flow"), "{why}");
        assert!(why.ends_with(", or the client had resolved other names to the address too"));
    }
}
