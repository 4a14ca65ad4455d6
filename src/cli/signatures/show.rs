//! `vigie signatures show`.

use std::io::Write;

use anyhow::anyhow;

use super::args::{Form, ShowArguments};
use super::{in_force, list};
use crate::cli::args::CommonArguments;
use crate::cli::outcome::{Outcome, Refusal};
use crate::cli::suggestion::hint;
use crate::export::escape;
use crate::signature::GradesByBasis;

/// Shows the signatures with these ids.
pub(super) fn run(
    typed: &ShowArguments,
    common: &CommonArguments,
    out: &mut dyn Write,
) -> Result<Outcome, Refusal> {
    let database = in_force(&typed.signatures, common)?;
    let mut chosen = Vec::new();
    for id in &typed.ids {
        let Some(found) = database.by_id(id) else {
            let hint = hint(id, database.signatures().iter().map(|s| s.id.as_str()));
            return Err(Refusal::usage(anyhow!("signatures show: no signature `{id}`{hint}")));
        };
        chosen.push(database.signature(found));
    }
    for (n, signature) in chosen.into_iter().enumerate() {
        match typed.format {
            Form::Ndjson => list::ndjson(signature, &database, out)?,
            Form::Text => {
                if n > 0 {
                    writeln!(out)?;
                }
                let grades = GradesByBasis::of(signature).rows();
                let grades = grades.map(|(basis, grade)| format!("{basis} {grade}")).join(", ");
                writeln!(out, "# database of {}; grades: {grades}", database.date())?;
                for line in signature.to_string().lines() {
                    writeln!(out, "{}", escape(line))?;
                }
            }
        }
    }
    Ok(Outcome::Done)
}
