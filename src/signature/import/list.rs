//! Lists of lines.

use super::line::{self, Line};
use super::{Collection, ImportError, Owner, UNSTATED};
use crate::signature::Category;

/// Reads every line; what the list excepts becomes a signature of its own that accuses nobody
/// and, being at least as specific, takes those names out.
pub(super) fn read(text: &str, collection: &mut Collection<'_>) -> Result<(), ImportError> {
    collection.imported.kind = "list of hosts";
    let category = collection.facts.category.ok_or(ImportError::NoCategory)?;
    let vendor = collection.facts.vendor.as_deref().unwrap_or(UNSTATED);
    let purpose = format!("listed in {}", collection.facts.title);
    let listed = Owner {
        vendor,
        product: "hosts of a list",
        category,
        purpose: &purpose,
        says: "lists these hosts",
        part: "",
    };
    let purpose = format!("excepted by {}", collection.facts.title);
    let excepted = Owner {
        category: Category::Functional,
        purpose: &purpose,
        says: "excepts these hosts from its own rules",
        part: "exceptions",
        ..listed
    };
    // Exceptions first: what is both listed and excepted is not claimed.
    for (n, line) in (1..).zip(text.lines()) {
        if let Line::Excepted(patterns) = line::read(line) {
            collection.take(&patterns, Some(n), line.trim(), &excepted);
        }
    }
    for (n, line) in (1..).zip(text.lines()) {
        match line::read(line) {
            Line::Blank | Line::Excepted(_) => {}
            Line::LeftOut(why) => collection.leave_out(why, Some(n), line.trim()),
            Line::Listed(entries) => {
                for patterns in entries {
                    collection.take(&patterns, Some(n), line.trim(), &listed);
                }
            }
        }
    }
    Ok(())
}
