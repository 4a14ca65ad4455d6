//! A signature as it stands in a file.

use std::fmt::{self, Display, Write as _};

use super::Signature;

/// Writes a signature in the form that the reader takes: reading it gives the same signature.
impl Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "[[signature]]")?;
        let words = [
            ("id", self.id.as_str()),
            ("vendor", &self.vendor),
            ("product", &self.product),
            ("category", self.category.word()),
            ("purpose", &self.purpose),
            ("exclusivity", self.exclusivity.word()),
            ("confidence", self.confidence.word()),
            ("status", self.status.word()),
        ];
        for (field, word) in words {
            writeln!(f, "{field} = {}", quoted(word))?;
        }
        for (field, month) in
            [("active_from", &self.active_from), ("active_until", &self.active_until)]
        {
            if let Some(month) = month {
                writeln!(f, "{field} = {}", quoted(month))?;
            }
        }
        if self.side != super::VantageSide::default() {
            writeln!(f, "side = {}", quoted(self.side.word()))?;
        }
        list(f, "hosts", self.hosts.iter())?;
        list(f, "networks", self.networks.iter())?;
        list(f, "ports", self.ports.iter())?;
        if let Some(notes) = &self.notes {
            writeln!(f, "notes = {}", quoted(notes))?;
        }
        writeln!(f, "sources = [")?;
        for source in &self.sources {
            writeln!(
                f,
                "  {{ title = {}, publisher = {}, ref = {}, as_of = {}, says = {} }},",
                quoted(&source.title),
                quoted(&source.publisher),
                quoted(&source.r#ref),
                quoted(&source.as_of),
                quoted(&source.says)
            )?;
        }
        writeln!(f, "]")
    }
}

fn list<T: Display>(
    f: &mut fmt::Formatter<'_>,
    field: &str,
    items: impl ExactSizeIterator<Item = T>,
) -> fmt::Result {
    if items.len() == 0 {
        return Ok(());
    }
    writeln!(f, "{field} = [")?;
    for item in items {
        writeln!(f, "  {},", quoted(&item.to_string()))?;
    }
    writeln!(f, "]")
}

/// A basic string (TOML 1.0): quotes, backslashes and control characters escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => {
                // A String takes all.
                let _ = write!(quoted, "\\u{:04X}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::super::Database;
    use super::*;

    #[test]
    fn every_shipped_signature_is_read_back_as_it_was() {
        let database = Database::shipped();
        let text: String = database.signatures().iter().map(Signature::to_string).collect();
        let again = Database::of_texts(&[("again.toml", &text)]).expect("it loads");
        assert_eq!(again.signatures(), database.signatures());
        assert!(database.signatures().len() > 100);
    }

    #[test]
    fn what_has_a_meaning_in_toml_is_escaped() {
        assert_eq!(quoted("a \"b\" \\ é\u{7f}"), "\"a \\\"b\\\" \\\\ é\\u007F\"");
    }
}
