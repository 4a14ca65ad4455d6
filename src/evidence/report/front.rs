//! Title, question, answer, limits: what a reader in a hurry reads.

use super::limits::{file_name, limits};
use super::markup::Page;
use super::{Report, SECTIONS};
use crate::language::offset;
use crate::ledger::RollupRow;
use crate::signature::Category;
use crate::source::CaptureTime;

/// Captures that the title page names one by one.
const NAMED: usize = 5;

impl Report<'_> {
    pub(super) fn title(&self) -> String {
        self.case.title.clone().unwrap_or_else(|| self.say("report-kind"))
    }

    pub(super) fn title_page(&self, page: &mut Page) {
        if self.case.title.is_some() {
            page.element("p", &[("class", "kind")], self.say("report-kind"));
        }
        page.element("h1", &[], self.title());
        page.within("dl", &[("class", "facts")], |page| {
            let given = |text: &Option<String>| {
                text.clone().unwrap_or_else(|| self.say("report-not-given"))
            };
            self.fact(page, "report-case", &given(&self.case.case));
            self.fact(page, "report-author", &given(&self.case.author));
            self.fact(page, "report-date", &self.language.day(self.case.date));
            self.fact(page, "report-captures", &self.captures());
            self.fact(page, "report-period", &self.period());
            if let Some(zone) = self.zone() {
                self.fact(page, "report-zone", &zone);
            }
            self.fact(page, "report-made", &format!("vigie {}", self.material.version));
        });
        let label = self.say("report-contents");
        page.within("nav", &[("aria-label", &label)], |page| {
            page.within("ol", &[], |page| {
                for (fragment, key) in SECTIONS {
                    if fragment == "screens" && self.screens.is_empty() {
                        continue;
                    }
                    let target = format!("#{fragment}");
                    page.within("li", &[], |page| {
                        page.element("a", &[("href", &target)], self.say(key));
                    });
                }
            });
        });
    }

    pub(super) fn fact(&self, page: &mut Page, key: &'static str, text: &str) {
        page.element("dt", &[], self.say(key));
        page.element("dd", &[], text);
    }

    fn captures(&self) -> String {
        let captures = &self.material.snapshot.captures;
        let named: Vec<_> = captures.iter().take(NAMED).map(|c| file_name(&c.path)).collect();
        let rest = captures.len().saturating_sub(NAMED) as u64;
        let mut text = named.join(", ");
        if rest > 0 {
            let more = [("rows", rest.into()), ("file", "tables/captures.csv".into())];
            text = format!("{text}, {}", self.say_with("report-more", &more));
        }
        text
    }

    /// Earliest and latest frame of all captures.
    pub(super) fn frames_between(&self) -> Option<(CaptureTime, CaptureTime)> {
        let captures = &self.material.snapshot.captures;
        let first = captures.iter().filter_map(|capture| capture.first).min()?;
        let last = captures.iter().filter_map(|capture| capture.last).max()?;
        Some((first, last))
    }

    fn duration(&self) -> String {
        let length = self.frames_between().map_or(0, |(first, last)| last.since(first));
        self.language.duration(length)
    }

    fn period(&self) -> String {
        let Some((first, last)) = self.frames_between() else {
            return self.say("report-period-none");
        };
        let moment = |time| self.language.moment(time, &self.case.zone);
        let values = [
            ("from", moment(first).into()),
            ("to", moment(last).into()),
            ("duration", self.duration().into()),
        ];
        self.say_with("report-period-text", &values)
    }

    /// The zone and its offset, and the period in UTC.
    fn zone(&self) -> Option<String> {
        let (first, last) = self.frames_between()?;
        let utc = |time| crate::export::rfc3339(time, 0).to_string();
        let values = [
            ("zone", self.case.zone.iana_name().unwrap_or("UTC").into()),
            ("offset", offset(first, &self.case.zone).into()),
            ("from", utc(first).into()),
            ("to", utc(last).into()),
        ];
        Some(self.say_with("report-zone-text", &values))
    }

    pub(super) fn question(&self, page: &mut Page) {
        let asked = self.case.question.clone();
        page.paragraph(asked.unwrap_or_else(|| self.say("report-question-default")));
    }

    pub(super) fn answer(&self, page: &mut Page) {
        let (sums, language) = (&self.sums, self.language);
        page.within("div", &[("class", "answer")], |page| {
            if sums.accusing.flows == 0 {
                let clients = (sums.clients as u64).into();
                let values = [("duration", self.duration().into()), ("clients", clients)];
                page.element(
                    "p",
                    &[("class", "observed")],
                    self.say_with("report-answer-none", &values),
                );
                page.element(
                    "p",
                    &[("class", "inferred")],
                    self.say("report-answer-inferred-none"),
                );
            } else {
                let sent = sums.accusing.counts.up.octets;
                let values = [
                    ("duration", self.duration().into()),
                    ("some", (sums.accusing_clients as u64).into()),
                    ("clients", language.count(sums.clients as u64).into()),
                    ("flows", sums.accusing.flows.into()),
                    ("octets", language.octets(sent).into()),
                    ("exact", language.count(sent).into()),
                ];
                page.element(
                    "p",
                    &[("class", "observed")],
                    self.say_with("report-answer-observed", &values),
                );
                let list = [("list", self.by_category().into())];
                page.paragraph(self.say_with("report-answer-categories", &list));
                page.element("p", &[("class", "inferred")], self.say("report-answer-inferred"));
                let list = [("list", self.by_grade().into())];
                page.paragraph(self.say_with("report-answer-grades", &list));
            }
            let unnamed = &self.material.snapshot.totals.unnamed;
            let unnamed = unnamed.iter().fold(0_u64, |sum, n| sum.saturating_add(*n));
            let whole = self.material.snapshot.balance.in_flows.octets;
            let values = [
                ("operation", language.octets(sums.operation.counts.up.octets).into()),
                ("untagged", language.octets(sums.untagged.counts.up.octets).into()),
                ("unnamed", language.share(unnamed, whole).into()),
            ];
            page.paragraph(self.say_with("report-answer-apart", &values));
            page.paragraph(self.say("report-answer-not-shown"));
        });
    }

    fn pair(&self, name: &str, octets: u64) -> String {
        let octets = self.language.octets(octets);
        self.say_with("report-pair", &[("name", name.into()), ("octets", octets.into())])
    }

    /// Octets sent, by category that accuses.
    fn by_category(&self) -> String {
        let mut parts = Vec::new();
        for category in Category::ALL.into_iter().filter(|category| category.accuses()) {
            let mut all = RollupRow::default();
            for system in &self.sums.systems {
                if self.material.database.category(system.id) == category {
                    all.merge(&system.all.row);
                }
            }
            if all.flows > 0 {
                parts.push(self.pair(self.language.category(category), all.counts.up.octets));
            }
        }
        parts.join(", ")
    }

    fn by_grade(&self) -> String {
        let parts = self.sums.grades.iter();
        let parts: Vec<_> = parts.map(|(grade, octets)| self.pair(grade.word(), *octets)).collect();
        parts.join(", ")
    }

    pub(super) fn limits(&self, page: &mut Page) {
        page.paragraph(self.say("report-limits-lead"));
        page.within("ul", &[], |page| {
            for limit in limits(self.material, &self.sums, self.language) {
                page.element("li", &[("id", limit.key)], limit.text);
            }
        });
    }
}
