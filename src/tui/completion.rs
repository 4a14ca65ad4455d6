//! What the word that is being typed may become.

use super::command;
use super::line::{Purpose, TypedLine};
use crate::filter::Field;

/// Where the word before the cursor starts, and what it may become.
pub(super) fn complete(line: &TypedLine) -> (usize, Vec<String>) {
    let before = &line.text[..line.cursor];
    let start = before
        .char_indices()
        .rev()
        .find(|(_, c)| !c.is_alphanumeric() && *c != '-' && *c != '_')
        .map_or(0, |(at, c)| at + c.len_utf8());
    let word = &before[start..];
    let words: Vec<&str> = match line.purpose {
        Purpose::Filter => filter_words(&before[..start]),
        Purpose::Command => command::words(&before[..start]),
        Purpose::Marker => Vec::new(),
    };
    let fitting = words.into_iter().filter(|known| known.starts_with(word) && *known != word);
    (start, fitting.map(str::to_owned).collect())
}

/// Words that may follow what was typed.
fn filter_words(before: &str) -> Vec<&'static str> {
    let mut words = before.split_whitespace().rev();
    let last = words.next().unwrap_or("").trim_end_matches('(');
    let operator = before.trim_end().ends_with(['=', '<', '>', '~', ',', '('])
        || matches!(last, "in" | "contains");
    if operator {
        // The values of the field that stands last.
        let field = before.split(|c: char| !c.is_alphanumeric()).rev().find_map(Field::from_word);
        return field.map(Field::words).unwrap_or_default();
    }
    let is_joint = last.is_empty() || matches!(last, "and" | "or" | "not");
    if is_joint || before.trim_end().ends_with('(') {
        let fields = Field::ALL.into_iter().map(Field::word);
        return fields.chain(["not"]).collect();
    }
    if Field::from_word(last).is_some() {
        return vec!["in"];
    }
    vec!["and", "or"]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(purpose: Purpose, text: &str) -> Vec<String> {
        complete(&TypedLine::new(purpose, text.to_owned())).1
    }

    #[test]
    fn fields_values_and_joints_are_offered_where_they_fit() {
        assert_eq!(of(Purpose::Filter, "cat"), ["category"]);
        assert_eq!(of(Purpose::Filter, "category = tele"), ["telemetry"]);
        assert_eq!(of(Purpose::Filter, "grade in (A, "), ["A", "B", "C", "D"]);
        assert_eq!(of(Purpose::Filter, "up > 1MB a"), ["and"]);
        assert_eq!(of(Purpose::Filter, "up > 1MB and ve"), ["vendor"]);
        assert_eq!(of(Purpose::Command, "mask c"), ["clients"]);
        assert_eq!(of(Purpose::Command, "qu"), ["quit"]);
        assert!(of(Purpose::Marker, "c").is_empty());
    }
}
