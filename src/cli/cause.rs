//! What the system says, in the form of vigie's messages.

pub(super) use crate::export::{in_words, without_code};

/// A fault with all of its causes, in one line each said once.
pub(super) fn with_causes(error: &anyhow::Error) -> String {
    let mut message = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        // A cause whose text stands in the message already would only be said twice.
        if message.is_empty() {
            message = cause;
        } else if !message.contains(&cause) {
            message = format!("{message}: {cause}");
        }
    }
    without_code(&message)
}
