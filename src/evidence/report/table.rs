//! Tables of a report: captions, heads with their scope, amounts with exact octets below.

use super::markup::Page;
use crate::language::Language;
use crate::signature::{Signature, purpose_names};

/// What stands in a cell.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// The head of its row.
    Head(String),
    /// The head of its row, a host's name: it is broken behind its dots.
    Host(String),
    /// Text.
    Text(String),
    /// A number, as text in the language's form.
    Number(String),
    /// Octets: three digits and a unit, and exactly.
    Octets(u64),
    /// Several lines of text.
    Lines(Vec<String>),
    /// What grades are, and why, line by line: kept so wide that few of them break.
    Grounds(Vec<String>),
    /// Times, none of which is broken.
    Times([String; 2]),
    /// Text that names something: a host, a hash, a file.
    Code(String),
    /// A system: its name and its purpose; the fragment that its name leads to.
    System { name: String, purpose: Purpose, target: String },
    /// Numbers of sources.
    Sources(Vec<usize>),
}

/// What a signature is for: in the report's language, or as its author wrote it.
#[derive(Clone, Debug)]
pub(super) struct Purpose {
    pub(super) text: String,
    is_original: bool,
}

impl Purpose {
    pub(super) fn of(signature: &Signature, language: Language) -> Self {
        let text = language.purpose(&signature.purpose).to_owned();
        Self { text, is_original: purpose_names(&signature.purpose).is_none() }
    }

    /// The attribute of an element that holds it; none where it is of the page's language.
    pub(super) fn lang(&self) -> Option<(&'static str, &'static str)> {
        self.is_original.then_some(("lang", "en"))
    }
}

/// A column's head.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    /// The key of its words.
    pub(super) key: &'static str,
    /// How what stands in the column is known.
    pub(super) known: Known,
}

/// How something is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// It stands in the frames.
    Observed,
    /// It follows from them with the help of a cited source.
    Inferred,
}

/// Rows with a head of their own.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// The head; none for a table without groups.
    pub(super) head: Option<String>,
    /// The rows.
    pub(super) rows: Vec<Vec<Cell>>,
    /// Their sum.
    pub(super) sum: Option<Vec<Cell>>,
}

/// A table.
#[derive(Clone, Debug)]
pub(super) struct Table<'a> {
    pub(super) caption: String,
    pub(super) heads: &'a [Head],
    /// Whether a first line of heads tells observed from inferred.
    pub(super) tells_apart: bool,
    pub(super) groups: Vec<Group>,
}

/// The head of a column of things observed.
pub(super) const fn observed(key: &'static str) -> Head {
    Head { key, known: Known::Observed }
}

/// The head of a column of things inferred.
pub(super) const fn inferred(key: &'static str) -> Head {
    Head { key, known: Known::Inferred }
}

impl Table<'_> {
    /// Writes it.
    pub(super) fn write(&self, page: &mut Page, language: Language) {
        page.within("table", &[], |page| {
            page.element("caption", &[], &self.caption);
            page.within("thead", &[], |page| {
                if self.tells_apart {
                    page.within("tr", &[], |page| self.kinds(page, language));
                }
                page.within("tr", &[], |page| {
                    for (place, head) in self.heads.iter().enumerate() {
                        let number = [("scope", "col"), ("class", "n")];
                        let count = if self.is_number(place) { 2 } else { 1 };
                        let attributes = number.get(..count).unwrap_or(&number);
                        page.element("th", attributes, language.say(head.key));
                    }
                });
            });
            for group in &self.groups {
                self.group(group, page, language);
            }
        });
    }

    /// Whether a column holds numbers, which stand to the right.
    fn is_number(&self, place: usize) -> bool {
        let first = self.groups.iter().find_map(|group| group.rows.first());
        let cell = first.and_then(|row| row.get(place));
        matches!(cell, Some(Cell::Number(_) | Cell::Octets(_)))
    }

    /// Neighbouring columns of one kind share a head.
    fn kinds(&self, page: &mut Page, language: Language) {
        for run in self.heads.chunk_by(|one, next| one.known == next.known) {
            let (key, class) = match run.first().map(|head| head.known) {
                Some(Known::Inferred) => ("report-inferred", "inferred"),
                _ => ("report-observed", "observed"),
            };
            let columns = run.len().to_string();
            let attributes =
                [("scope", "colgroup"), ("colspan", columns.as_str()), ("class", class)];
            page.element("th", &attributes, language.say(key));
        }
    }

    fn group(&self, group: &Group, page: &mut Page, language: Language) {
        let Some(head) = &group.head else { return rows(group, page, language) };
        page.within("tbody", &[], |page| {
            let columns = self.heads.len().to_string();
            page.within("tr", &[("class", "group")], |page| {
                page.element("th", &[("scope", "rowgroup"), ("colspan", &columns)], head);
            });
            lines(group, page, language);
        });
    }
}

/// The rows of a group without a head.
pub(super) fn rows(group: &Group, page: &mut Page, language: Language) {
    page.within("tbody", &[], |page| lines(group, page, language));
}

fn lines(group: &Group, page: &mut Page, language: Language) {
    for row in &group.rows {
        page.within("tr", &[], |page| row.iter().for_each(|c| cell(c, page, language)));
    }
    if let Some(sum) = &group.sum {
        page.within("tr", &[("class", "sum")], |page| {
            for one in sum {
                cell(one, page, language);
            }
        });
    }
}

fn cell(cell: &Cell, page: &mut Page, language: Language) {
    match cell {
        Cell::Head(text) => page.element("th", &[("scope", "row")], text),
        Cell::Host(name) => page.within("th", &[("scope", "row")], |page| {
            for label in name.split_inclusive('.') {
                page.text(label);
                page.open("wbr", &[]);
            }
        }),
        Cell::Text(text) => page.element("td", &[], text),
        Cell::Number(text) => page.element("td", &[("class", "n")], text),
        Cell::Octets(octets) => page.within("td", &[("class", "n")], |page| {
            page.text(&language.octets(*octets));
            if *octets >= 1000 {
                page.open("br", &[]);
                page.element("small", &[], language.count(*octets));
            }
        }),
        Cell::Lines(lines) => page.within("td", &[], |page| broken(lines, page)),
        Cell::Grounds(lines) => {
            page.within("td", &[("class", "g")], |page| broken(lines, page));
        }
        Cell::Times([from, to]) => page.within("td", &[("class", "t")], |page| {
            page.text(from);
            page.open("br", &[]);
            page.text(to);
        }),
        Cell::Code(text) => page.within("td", &[], |page| page.element("code", &[], text)),
        Cell::System { name, purpose, target } => {
            page.within("th", &[("scope", "row")], |page| {
                page.element("a", &[("href", target)], name);
                page.open("br", &[]);
                let attributes: Vec<_> =
                    purpose.lang().into_iter().chain([("class", "purpose")]).collect();
                page.element("span", &attributes, &purpose.text);
            });
        }
        Cell::Sources(numbers) => page.within("td", &[], |page| {
            for (place, number) in numbers.iter().enumerate() {
                if place > 0 {
                    page.text(" ");
                }
                let target = format!("#source-{number}");
                page.element("a", &[("href", &target)], format!("[{number}]"));
            }
        }),
    }
}

/// Lines, one below the other.
fn broken(lines: &[String], page: &mut Page) {
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            page.open("br", &[]);
        }
        page.text(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::Database;

    #[test]
    fn every_shipped_purpose_is_in_the_language_of_the_report_and_others_are_marked() {
        let database = Database::shipped();
        for signature in database.signatures() {
            for language in [Language::French, Language::German] {
                let purpose = Purpose::of(signature, language);
                let (shown, known) = (purpose.text.as_str(), purpose_names(&signature.purpose));
                let known = known.unwrap_or_else(|| panic!("{}", signature.id));
                let known = if language == Language::French { known.fr } else { known.de };
                assert_eq!((shown, purpose.lang()), (known, None), "{}", signature.id);
            }
        }
        let own = "what its author wrote".to_owned();
        let own = Signature { purpose: own, ..database.signatures()[0].clone() };
        let purpose = Purpose::of(&own, Language::French);
        assert_eq!((purpose.text.as_str(), purpose.lang()), (&*own.purpose, Some(("lang", "en"))));
    }
}
