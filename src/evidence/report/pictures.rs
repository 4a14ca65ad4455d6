//! Figures with the tables behind them, and screens.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Report;
use super::markup::Page;
use super::table::{Cell, Group};
use crate::evidence::figure::{TIMELINE, lanes};
use crate::evidence::{Figure, Screen};

/// Rows of the timeline's table at most: neighbouring slots are summed until they fit.
const ROWS: usize = 24;

impl Report<'_> {
    pub(super) fn figure(&self, page: &mut Page, number: u64, figure: &Figure) {
        page.within("figure", &[], |page| {
            // Both titles in it are escaped, and it holds no script: `figure` makes it.
            page.own_markup(&figure.svg);
            let values =
                [("number", number.to_string().into()), ("title", figure.title.as_str().into())];
            page.within("figcaption", &[], |page| {
                page.text(&self.say_with("report-figure", &values));
                page.text(". ");
                page.text(&figure.description);
            });
        });
    }

    pub(super) fn timeline(&self, page: &mut Page) {
        let timeline = self.material.timeline;
        if timeline.slots == 0 {
            page.paragraph(self.say("report-figure-none"));
            return;
        }
        page.paragraph(self.say("report-timeline-lead"));
        if let Some(figure) = self.figures.iter().find(|figure| figure.file_name == TIMELINE) {
            self.figure(page, 2, figure);
        }
        self.timeline_table(page);
        self.behind(page, "timeline.csv", "report-behind-tagged");
    }

    /// A row for a few slots, a column for a category.
    fn timeline_table(&self, page: &mut Page) {
        let timeline = self.material.timeline;
        let lanes = lanes(timeline);
        let slots = usize::try_from(timeline.slots).unwrap_or(usize::MAX);
        let together = slots.div_ceil(ROWS).max(1);
        let mut sums = vec![vec![0_u64; lanes.len()]; slots.div_ceil(together)];
        for row in &timeline.rows {
            let at = usize::try_from(row.slot).unwrap_or(usize::MAX) / together;
            let lane = lanes.iter().position(|category| *category == row.category);
            let sum = lane.and_then(|lane| sums.get_mut(at)?.get_mut(lane));
            if let Some(sum) = sum {
                *sum = sum.saturating_add(row.counts.octets());
            }
        }
        let rows = (0_u32..)
            .step_by(together)
            .zip(&sums)
            .map(|(slot, octets)| {
                let from = self.language.moment(timeline.time(slot), &self.case.zone);
                let mut cells = vec![Cell::Head(from)];
                cells
                    .extend(octets.iter().map(|octets| Cell::Number(self.language.count(*octets))));
                cells
            })
            .collect();
        // The figure shows each slot; a row of the table may sum several.
        let row = u64::try_from(timeline.width).unwrap_or(0).saturating_mul(together as u64);
        let row = [("time", self.language.duration(row).into())];
        let caption = self.say_with("report-caption-timeline", &row);
        let names: Vec<_> =
            lanes.iter().map(|category| self.language.category(*category)).collect();
        page.within("table", &[], |page| {
            page.element("caption", &[], caption);
            page.within("thead", &[], |page| {
                page.within("tr", &[], |page| {
                    page.element("th", &[("scope", "col")], self.say("report-th-time"));
                    for name in &names {
                        page.element("th", &[("scope", "col"), ("class", "n")], name);
                    }
                });
            });
            super::table::rows(&Group { rows, ..Group::default() }, page, self.language);
        });
    }

    pub(super) fn screens(&self, page: &mut Page) {
        page.paragraph(self.say("report-screens-lead"));
        for screen in self.screens {
            self.screen(page, screen);
        }
    }

    fn screen(&self, page: &mut Page, screen: &Screen) {
        page.within("figure", &[("class", "screen")], |page| {
            let picture = format!("data:image/png;base64,{}", STANDARD.encode(&screen.png));
            let alt = [("view", screen.view.as_str().into())];
            let alt = self.say_with("report-screen-alt", &alt);
            page.open("img", &[("src", &picture), ("alt", &alt)]);
            // The caption is the first or the last in a figure, nowhere else.
            page.within("details", &[], |page| {
                page.element("summary", &[], self.say("report-screen-text"));
                page.element("pre", &[], &screen.text);
            });
            page.within("figcaption", &[], |page| {
                for (number, line) in screen.caption.iter().enumerate() {
                    if number > 0 {
                        page.open("br", &[]);
                    }
                    page.text(line);
                }
            });
        });
    }
}
