//! Where the addresses of tagged servers are registered, by the files that were given.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Report;
use super::markup::Page;
use super::table::{Cell, Group, Head, Table, inferred, observed};
use crate::evidence::Material;
use crate::export::Labels;
use crate::ledger::{AssignmentFile, Assigns, DimensionValue, RollupRow};

/// Rows that the table has; the rest is counted, and stands in the files.
const ROWS: usize = 40;

const HEADS: [Head; 5] = [
    inferred("column-country"),
    inferred("column-network-owner"),
    observed("report-th-sent"),
    observed("report-th-received"),
    observed("report-th-flows"),
];

impl Report<'_> {
    /// Nothing where no register was given.
    pub(super) fn places(&self, page: &mut Page) {
        let tells = |file: &&AssignmentFile| file.assigns != Assigns::Hardware;
        let files: Vec<_> = self.material.snapshot.assignments.iter().filter(tells).collect();
        if files.is_empty() {
            return;
        }
        page.element("h3", &[("id", "places")], self.say("report-places"));
        page.paragraph(
            self.say_with("report-places-lead", &[("caveat", self.say("caveat-place").into())]),
        );
        page.within("ul", &[], |page| {
            for file in files {
                page.element("li", &[], self.register(file));
            }
        });
        let mut rows: Vec<_> = self.by_place().into_iter().collect();
        rows.sort_by_key(|(place, row)| (Reverse(row.counts.up.octets), place.clone()));
        if rows.is_empty() {
            page.paragraph(self.say("report-systems-none"));
            return;
        }
        let rest = rows.len().saturating_sub(ROWS) as u64;
        let seen = rows.iter().take(ROWS).map(|(place, row)| self.place_row(place, row));
        let groups = vec![Group { rows: seen.collect(), ..Group::default() }];
        let caption = self.say("report-caption-places");
        Table { caption, heads: &HEADS, tells_apart: true, groups }.write(page, self.language);
        if rest > 0 {
            let more = [("rows", rest.into()), ("file", "tables/endpoints.csv".into())];
            page.paragraph(self.say_with("report-more", &more));
        }
        self.behind(page, "endpoints.csv", "report-behind-tagged");
    }

    /// What a file says it is, and of when.
    fn register(&self, file: &AssignmentFile) -> String {
        let or_dash = |text: &str| if text.is_empty() { "–" } else { text }.to_owned();
        let values = [("kind", or_dash(&file.kind).into()), ("date", or_dash(&file.date).into())];
        self.say_with("report-places-file", &values)
    }

    /// Tagged flows by country and network of the server's address.
    fn by_place(&self) -> BTreeMap<[DimensionValue; 2], RollupRow> {
        let mut places = BTreeMap::<_, RollupRow>::new();
        let rollup = self.material.rollup(&Material::ENDPOINTS);
        for (values, row) in rollup.map(|rollup| &rollup.rows).into_iter().flatten() {
            if let [.., country, owner] = &values[..] {
                places.entry([country.clone(), owner.clone()]).or_default().merge(row);
            }
        }
        places
    }

    fn place_row(&self, place: &[DimensionValue; 2], row: &RollupRow) -> Vec<Cell> {
        let labels = Labels { database: self.material.database, captures: &[] };
        let text = |value: &DimensionValue| match value {
            DimensionValue::NoCountry | DimensionValue::NoOwner => {
                self.say("report-places-unknown")
            }
            value => labels.text(value).into_owned(),
        };
        vec![
            Cell::Head(text(&place[0])),
            Cell::Text(text(&place[1])),
            Cell::Octets(row.counts.up.octets),
            Cell::Octets(row.counts.down.octets),
            Cell::Number(self.language.count(row.flows)),
        ]
    }
}
