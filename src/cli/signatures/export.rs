//! `vigie signatures export`.

use std::io::Write;

use super::args::ExportArguments;
use super::in_force;
use crate::cli::args::CommonArguments;
use crate::cli::outcome::{Outcome, Refusal};
use crate::signature::{ListForm, write_list};

/// Writes the chosen signatures in the form that was asked for.
pub(super) fn run(
    typed: &ExportArguments,
    common: &CommonArguments,
    out: &mut dyn Write,
) -> Result<Outcome, Refusal> {
    let database = in_force(&typed.signatures, common)?;
    let chosen = typed.selection.of(&database);
    let listed = write_list(typed.form, &chosen, database.date(), out)?;
    if typed.form == ListForm::Wireshark {
        // The filter is one line that a shell hands on: it has no room for a remark.
        tracing::warn!("the filter is made of the signatures of {}", database.date());
    }
    let left_out = listed.patterns_left_out + listed.networks_left_out;
    if left_out > 0 {
        tracing::warn!(
            "{} cannot say {} of {} host patterns and {} of {} networks: left out, since a rule \
             that covers more would accuse strangers",
            typed.form,
            listed.patterns_left_out,
            listed.patterns + listed.patterns_left_out,
            listed.networks_left_out,
            listed.networks + listed.networks_left_out
        );
    }
    Ok(Outcome::Done)
}
