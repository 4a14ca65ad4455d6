//! Where the addresses of tagged servers are registered and who made the clients' hardware, by
//! the files that were given.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Report;
use super::limits::file_name;
use super::markup::Page;
use super::table::{Cell, Group, Head, Table, inferred, observed};
use crate::evidence::Material;
use crate::export::Labels;
use crate::ledger::{AssignmentFile, Assigns, Dimension, DimensionValue, RollupRow};

/// Rows that a table has; the rest is counted.
const ROWS: usize = 40;

const HEADS: [Head; 5] = [
    inferred("column-country"),
    inferred("column-network-owner"),
    observed("report-th-sent"),
    observed("report-th-received"),
    observed("report-th-flows"),
];

const MAKERS: [Head; 4] = [
    inferred("column-oui"),
    observed("report-th-sent"),
    observed("report-th-received"),
    observed("report-th-flows"),
];

impl Report<'_> {
    /// Nothing where no register was given. Makers are left out beside pseudonyms: few may have
    /// hardware of one maker.
    pub(super) fn places(&self, page: &mut Page) {
        let of_places = self.registers(|assigns| assigns != Assigns::Hardware);
        if !of_places.is_empty() {
            self.begin(page, ["places", "report-places", "caveat-place"], &of_places);
            let rows = self.by(&Material::ENDPOINTS, [4, 5]);
            self.rows(page, &HEADS, "report-caption-places", &rows);
            self.behind(page, "endpoints.csv", "report-behind-tagged");
        }
        let of_makers = self.registers(|assigns| assigns == Assigns::Hardware);
        if !of_makers.is_empty() && !self.material.privacy.pseudonymized {
            self.begin(page, ["makers", "report-makers", "caveat-maker"], &of_makers);
            let rows = self.by(&Material::MAKERS, [1]);
            self.rows(page, &MAKERS, "report-caption-makers", &rows);
        }
    }

    fn registers(&self, tells: impl Fn(Assigns) -> bool) -> Vec<&AssignmentFile> {
        self.material.snapshot.assignments.iter().filter(|file| tells(file.assigns)).collect()
    }

    /// The heading, what such files cannot say, and which they are.
    fn begin(
        &self,
        page: &mut Page,
        [fragment, title, caveat]: [&'static str; 3],
        files: &[&AssignmentFile],
    ) {
        page.element("h3", &[("id", fragment)], self.say(title));
        let caveat = [("caveat", self.say(caveat).into())];
        page.paragraph(self.say_with("report-places-lead", &caveat));
        page.within("ul", &[], |page| {
            for file in files {
                page.element("li", &[], self.cited(file));
            }
        });
    }

    /// What a file is called, without its folder, and of when it is.
    fn cited(&self, file: &AssignmentFile) -> String {
        let name = if file.kind.is_empty() { file_name(&file.path) } else { &file.kind };
        self.language.register(name, &file.date, file.damaged)
    }

    /// Tagged flows by some of a roll-up's values; the most octets first.
    fn by<const N: usize>(
        &self,
        dimensions: &[Dimension],
        places: [usize; N],
    ) -> Vec<([DimensionValue; N], RollupRow)> {
        let mut sums = BTreeMap::<_, RollupRow>::new();
        let rollup = self.material.rollup(dimensions);
        if let Some(rollup) = rollup {
            rollup.each(|values, row| {
                if !values.contains(&DimensionValue::Untagged) {
                    sums.entry(places.map(|place| values[place].clone())).or_default().merge(row);
                }
            });
        }
        let mut rows: Vec<_> = sums.into_iter().collect();
        rows.sort_by_key(|(place, row)| (Reverse(row.counts.up.octets), place.clone()));
        rows
    }

    fn rows<const N: usize>(
        &self,
        page: &mut Page,
        heads: &[Head],
        caption: &'static str,
        rows: &[([DimensionValue; N], RollupRow)],
    ) {
        if rows.is_empty() {
            page.paragraph(self.say("report-systems-none"));
            return;
        }
        let seen = rows.iter().take(ROWS).map(|(values, row)| self.cells(values, row));
        let groups = vec![Group { rows: seen.collect(), ..Group::default() }];
        Table { caption: self.say(caption), heads, tells_apart: true, groups }
            .write(page, self.language);
        let rest = rows.get(ROWS..).unwrap_or_default();
        if !rest.is_empty() {
            page.paragraph(
                self.say_with("report-places-more", &[("rows", (rest.len() as u64).into())]),
            );
        }
    }

    fn cells(&self, values: &[DimensionValue], row: &RollupRow) -> Vec<Cell> {
        let labels = Labels { database: self.material.database, captures: &[] };
        let text = |value: &DimensionValue| match value {
            DimensionValue::NoCountry | DimensionValue::NoOwner | DimensionValue::NoMaker => {
                self.say("report-places-unknown")
            }
            value => labels.text(value).into_owned(),
        };
        let mut values = values.iter().map(text);
        let head = values.next().map(Cell::Head);
        let sums = [
            Cell::Octets(row.counts.up.octets),
            Cell::Octets(row.counts.down.octets),
            Cell::Number(self.language.count(row.flows)),
        ];
        head.into_iter().chain(values.map(Cell::Text)).chain(sums).collect()
    }
}
