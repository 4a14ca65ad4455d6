//! The signatures that were met with their sources, and the glossary.

use std::collections::BTreeMap;

use super::Report;
use super::markup::Page;
use super::sums::Sums;
use super::table::Purpose;
use crate::evidence::Material;
use crate::signature::{Confidence, Exclusivity, Signature, SignatureId, SourceCitation};

/// A source, and its number in the report.
pub(super) struct Citation<'a> {
    number: usize,
    source: &'a SourceCitation,
    /// Whose claim it supports.
    of: SignatureId,
}

impl Citation<'_> {
    fn write(&self, page: &mut Page, is_first: bool) {
        let SourceCitation { title, publisher, r#ref, as_of, says } = self.source;
        let fragment = format!("source-{}", self.number);
        let value = self.number.to_string();
        let mut attributes = vec![("value", value.as_str()), ("lang", "en")];
        if is_first {
            attributes.push(("id", fragment.as_str()));
        }
        page.within("li", &attributes, |page| {
            page.element("cite", &[], title);
            page.text(&format!(", {publisher}, {as_of}: {says} ("));
            if r#ref.starts_with("https://") || r#ref.starts_with("http://") {
                page.element("a", &[("href", r#ref), ("rel", "noreferrer")], r#ref);
            } else {
                page.text(r#ref);
            }
            page.text(")");
        });
    }
}

/// The sources of all signatures that were met, numbered in the order of the systems; one that
/// says the same of several has one number.
pub(super) fn citations<'a>(material: &Material<'a>, sums: &Sums) -> Vec<Citation<'a>> {
    let mut numbers: BTreeMap<[&str; 5], usize> = BTreeMap::new();
    let mut found = Vec::new();
    for system in &sums.systems {
        for source in &material.database.signature(system.id).sources {
            let SourceCitation { title, publisher, r#ref, as_of, says } = source;
            let next = numbers.len() + 1;
            let number = *numbers.entry([title, publisher, r#ref, as_of, says]).or_insert(next);
            found.push(Citation { number, source, of: system.id });
        }
    }
    found
}

const GLOSSARY: [(&str, &str); 18] = [
    ("glossary-flow", "glossary-flow-text"),
    ("glossary-client", "glossary-client-text"),
    ("glossary-octet", "glossary-octet-text"),
    ("glossary-host", "glossary-host-text"),
    ("glossary-signature", "glossary-signature-text"),
    ("glossary-basis", "glossary-basis-text"),
    ("glossary-grade", "glossary-grade-text"),
    ("glossary-dedicated", "glossary-dedicated-text"),
    ("glossary-observed", "glossary-observed-text"),
    ("glossary-telemetry", "glossary-telemetry-text"),
    ("glossary-analytics", "glossary-analytics-text"),
    ("glossary-vehicle", "glossary-vehicle-text"),
    ("glossary-capture", "glossary-capture-text"),
    ("glossary-ech", "glossary-ech-text"),
    ("glossary-checksum", "glossary-checksum-text"),
    ("glossary-seal", "glossary-seal-text"),
    ("glossary-pseudonym", "glossary-pseudonym-text"),
    ("glossary-marker", "glossary-marker-text"),
];

impl Report<'_> {
    pub(super) fn source_numbers(&self, id: SignatureId) -> Vec<usize> {
        self.citations.iter().filter(|c| c.of == id).map(|c| c.number).collect()
    }

    pub(super) fn sources(&self, page: &mut Page) {
        if self.sums.systems.is_empty() {
            page.paragraph(self.say("report-sources-none"));
            return;
        }
        page.paragraph(self.say("report-sources-lead"));
        let mut next = 1;
        for system in &self.sums.systems {
            let signature = self.material.database.signature(system.id);
            page.element("h3", &[], &signature.id);
            page.within("dl", &[("class", "facts")], |page| self.signature(page, signature));
            page.within("ol", &[("class", "sources")], |page| {
                for citation in self.citations.iter().filter(|c| c.of == system.id) {
                    // A source that was cited before keeps its place there.
                    let is_first = citation.number == next;
                    next += usize::from(is_first);
                    citation.write(page, is_first);
                }
            });
        }
    }

    fn signature(&self, page: &mut Page, signature: &Signature) {
        let system = format!("{}, {}", signature.vendor, signature.product);
        self.fact(page, "report-system", &system);
        page.element("dt", &[], self.say("report-th-purpose"));
        let purpose = Purpose::of(signature, self.language);
        page.element("dd", purpose.lang().as_slice(), &purpose.text);
        let category = self.language.category(signature.category);
        self.fact(page, "report-th-category", category);
        if !signature.hosts.is_empty() {
            page.element("dt", &[], self.say("report-source-hosts"));
            page.within("dd", &[], |page| page.element("code", &[], signature.hosts.join("  ")));
        }
        if !signature.networks.is_empty() {
            let networks: Vec<_> = signature.networks.iter().map(ToString::to_string).collect();
            let text = format!("{}  {}", networks.join("  "), signature.ports.join("  "));
            page.element("dt", &[], self.say("report-source-networks"));
            page.within("dd", &[], |page| page.element("code", &[], text));
        }
        let exclusivity = match signature.exclusivity {
            Exclusivity::Dedicated => "report-support-dedicated",
            Exclusivity::Shared => "report-support-shared",
        };
        let confidence = match signature.confidence {
            Confidence::Documented => "report-support-documented",
            Confidence::Measured => "report-support-measured",
            Confidence::Community => "report-support-community",
        };
        let support = format!("{}; {}", self.say(confidence), self.say(exclusivity));
        self.fact(page, "report-source-support", &support);
        if let Some(notes) = &signature.notes {
            page.element("dt", &[], self.say("report-source-notes"));
            page.element("dd", &[("lang", "en")], notes);
        }
    }

    pub(super) fn glossary(&self, page: &mut Page) {
        page.within("dl", &[("class", "glossary")], |page| {
            for (term, text) in GLOSSARY {
                page.element("dt", &[], self.say(term));
                page.element("dd", &[], self.say(text));
            }
        });
    }
}
