//! Why the tags have their grades.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::balance::heading;
use super::view::{PURPOSES, View};
use super::wrap;
use crate::ledger::DimensionValue;
use crate::signature::{Basis, Grade, GradeFacts, Signature, Status, grade};
use crate::source::CaptureTime;

/// One sentence for each reason that a shown tag has its grade.
pub(super) fn reasons(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rows = view.rollup(&PURPOSES).map_or(&[][..], |rollup| &rollup.rows);
    let mut reasons = BTreeSet::new();
    for (values, _) in rows {
        if let [
            DimensionValue::Signature(id),
            _,
            _,
            DimensionValue::Basis(basis),
            DimensionValue::Grade(grade),
        ] = values.as_slice()
        {
            reasons.insert(reason(view.database.signature(*id), *basis, *grade));
        }
    }
    if reasons.is_empty() {
        return Ok(());
    }
    heading(view, out, "Why these grades")?;
    for (grade, reason) in reasons {
        writeln!(out, "{}", wrap(&format!(" {grade}  {reason}"), view.width, 4))?;
    }
    Ok(())
}

/// The reason in general. What lowers a single flow's grade is not in a row of sums: the flow's
/// own reason is in ndjson.
fn reason(signature: &Signature, basis: Basis, graded: Grade) -> (Grade, String) {
    let (usual, why) = grade(GradeFacts {
        basis,
        exclusivity: signature.exclusivity,
        confidence: signature.confidence,
        ambiguous: false,
        mixed: false,
        one_sided: false,
        status: Status::Active,
        active_until: None,
        at: CaptureTime::default(),
    });
    let why = why.split_once(": ").map_or(why.as_str(), |(_, why)| why).to_owned();
    if usual == graded {
        return (graded, why);
    }
    let lowered = format!(
        "{why}: {usual}, lowered since the flow was seen one way only, the service has ended, \
         other names were possible or the flow's names lead to different categories"
    );
    (graded, lowered)
}
