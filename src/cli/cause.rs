//! What the system says, in the form of vigie's messages.

pub(super) use crate::export::{in_words, without_code};
