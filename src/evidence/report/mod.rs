//! `report.html`: one file that needs nothing else, for people who doubt.
//!
//! Takes the bundle's [`Material`], [`Case`], figures and screens. Gives HTML without script,
//! outside resource or clock: the same material gives the same octets. What was observed and
//! what is inferred are told apart in the words and in the heads of tables; nothing is said
//! about content. All text from the wire goes through [`markup`], which escapes it.

mod check;
mod front;
mod hosts;
mod limits;
mod live;
pub(in crate::evidence) mod markup;
mod method;
mod pictures;
mod places;
#[cfg(test)]
pub(in crate::evidence) mod sample;
mod sources;
pub(in crate::evidence) mod sums;
mod systems;
mod table;
#[cfg(test)]
mod tests;
mod words;

use super::{Case, Figure, Material, Screen};
use crate::language::{Argument, Language};
use markup::Page;
use sums::Sums;

/// How it looks, on screens and on A4.
const STYLE: &str = include_str!("report.css");

/// Sections with an entry in the contents: their fragment, and the key of their title.
const SECTIONS: [(&str, &str); 12] = [
    ("question", "report-section-question"),
    ("answer", "report-section-answer"),
    ("limits", "report-section-limits"),
    ("systems", "report-section-systems"),
    ("timeline", "report-section-timeline"),
    ("hosts", "report-section-hosts"),
    ("screens", "report-section-screens"),
    ("method", "report-section-method"),
    ("protection", "report-section-protection"),
    ("check", "report-section-check"),
    ("sources", "report-section-sources"),
    ("glossary", "report-section-glossary"),
];

/// The report of a bundle, as one HTML file.
pub fn html(
    material: &Material<'_>,
    case: &Case,
    figures: &[Figure],
    screens: &[Screen],
) -> String {
    let sums = Sums::of(material);
    let citations = sources::citations(material, &sums);
    let report =
        Report { material, case, language: case.language, sums, citations, figures, screens };
    let mut page = Page::default();
    report.write(&mut page);
    page.finish()
}

/// A report in parts that give it again one behind the other: what stands before the first
/// section, under no name, and every section by its fragment.
pub(in crate::evidence) fn parts(page: &str) -> Vec<(&str, &str)> {
    const BEGINS: &str = "<section id=\"";
    // Text cannot be taken for markup: in it, `<` is escaped.
    let mut parts = page.split(BEGINS);
    let front = ("", parts.next().unwrap_or_default());
    std::iter::once(front)
        .chain(parts.map(|part| (part.split('"').next().unwrap_or_default(), part)))
        .collect()
}

/// The title of a section, by its fragment.
pub(in crate::evidence) fn title_of(fragment: &str, language: Language) -> Option<String> {
    SECTIONS.iter().find(|(known, _)| *known == fragment).map(|(_, key)| language.say(key))
}

/// What the section on systems says of those that have a signature: it stands before the rest.
pub(in crate::evidence) fn of_tagged(systems: &str, language: Language) -> &str {
    let caption = format!("<caption>{}</caption>", language.say("report-caption-untagged"));
    systems.split(&caption).next().unwrap_or_default()
}

/// What every section is written from.
struct Report<'a> {
    material: &'a Material<'a>,
    case: &'a Case,
    language: Language,
    sums: Sums,
    citations: Vec<sources::Citation<'a>>,
    figures: &'a [Figure],
    screens: &'a [Screen],
}

impl Report<'_> {
    fn write(&self, page: &mut Page) {
        page.own_markup("<!DOCTYPE html>\n");
        page.within("html", &[("lang", self.language.word())], |page| {
            page.within("head", &[], |page| self.head(page));
            page.within("body", &[], |page| self.body(page));
        });
    }

    fn head(&self, page: &mut Page) {
        page.open("meta", &[("charset", "utf-8")]);
        let width = "width=device-width, initial-scale=1";
        page.open("meta", &[("name", "viewport"), ("content", width)]);
        // Whatever stands below, nothing is loaded and nothing runs.
        let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
        page.open("meta", &[("http-equiv", "Content-Security-Policy"), ("content", policy)]);
        page.element("title", &[], self.title());
        page.within("style", &[], |page| page.own_markup(STYLE));
    }

    fn body(&self, page: &mut Page) {
        page.within("header", &[], |page| self.title_page(page));
        page.within("main", &[], |page| {
            self.section(page, 0, Self::question);
            self.section(page, 1, Self::answer);
            self.section(page, 2, Self::limits);
            self.section(page, 3, Self::systems);
            self.section(page, 4, Self::timeline);
            self.section(page, 5, Self::hosts);
            if !self.screens.is_empty() {
                self.section(page, 6, Self::screens);
            }
            self.section(page, 7, Self::method);
            self.section(page, 8, Self::protection);
            self.section(page, 9, Self::check);
            self.section(page, 10, Self::sources);
            self.section(page, 11, Self::glossary);
        });
    }

    fn section(&self, page: &mut Page, number: usize, write: fn(&Self, &mut Page)) {
        let Some((fragment, key)) = SECTIONS.get(number) else { return };
        let heading = format!("{fragment}-heading");
        page.within("section", &[("id", fragment), ("aria-labelledby", &heading)], |page| {
            page.element("h2", &[("id", &heading)], self.say(key));
            write(self, page);
        });
    }

    fn say(&self, key: &'static str) -> String {
        self.language.say(key)
    }

    fn say_with(&self, key: &'static str, values: &[(&'static str, Argument<'_>)]) -> String {
        self.language.say_with(key, values)
    }

    /// Which file of the bundle holds these numbers, and how they can be counted again.
    fn behind(&self, page: &mut Page, file: &'static str, key: &'static str) {
        let text = self.say_with(key, &[("file", format!("tables/{file}").into())]);
        page.element("p", &[("class", "behind")], text);
    }
}
