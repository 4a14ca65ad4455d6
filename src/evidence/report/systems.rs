//! By system: what was sent to whom, and what says that it is theirs.

use std::fmt::Write as _;

use super::Report;
use super::markup::Page;
use super::sums::System;
use super::table::{Cell, Group, Head, Purpose, Table, inferred, observed};
use crate::ledger::RollupRow;
use crate::name::Without;
use crate::signature::Exclusivity;

const SYSTEMS: [Head; 8] = [
    inferred("report-th-system"),
    observed("report-th-sent"),
    observed("report-th-received"),
    observed("report-th-flows"),
    observed("report-th-clients"),
    observed("report-th-seen"),
    inferred("report-th-grade"),
    inferred("report-th-source"),
];

const UNTAGGED: [Head; 4] = [
    observed("report-th-group"),
    observed("report-th-sent"),
    observed("report-th-received"),
    observed("report-th-flows"),
];

const UNNAMED: [Head; 2] = [observed("report-th-cause"), observed("report-th-octets")];

impl Report<'_> {
    pub(super) fn systems(&self, page: &mut Page) {
        page.paragraph(self.say("report-systems-lead"));
        if let Some(figure) =
            self.figures.iter().find(|f| f.file_name == crate::evidence::figure::BARS)
        {
            self.figure(page, 1, figure);
        }
        let accusing = self.table_of(true, "report-caption-systems-accusing");
        let operation = self.table_of(false, "report-caption-systems-operation");
        for (table, caption) in [
            (accusing, "report-caption-systems-accusing"),
            (operation, "report-caption-systems-operation"),
        ] {
            if table.groups.is_empty() {
                page.element("h3", &[], self.say(caption));
                page.paragraph(self.say("report-systems-none"));
            } else {
                table.write(page, self.language);
                self.behind(page, "systems.csv", "report-behind-tagged");
            }
        }
        self.untagged(page);
        self.places(page);
    }

    /// Systems of one kind: a group for each category, with its sum.
    fn table_of(&self, accuses: bool, caption: &'static str) -> Table<'static> {
        let category = |system: &System| self.material.database.category(system.id);
        let systems: Vec<&System> =
            self.sums.systems.iter().filter(|s| category(s).accuses() == accuses).collect();
        let mut groups = Vec::new();
        for group in systems.chunk_by(|one, next| category(one) == category(next)) {
            let name = group.first().map_or("", |one| self.language.category(category(one)));
            let mut all = RollupRow::default();
            for system in group {
                all.merge(&system.all.row);
            }
            let sum = self.say_with("report-sum-category", &[("category", name.into())]);
            groups.push(Group {
                head: Some(name.to_owned()),
                rows: group.iter().map(|system| self.system(system)).collect(),
                sum: (group.len() > 1).then(|| self.sum(sum, &all)),
            });
        }
        Table { caption: self.say(caption), heads: &SYSTEMS, tells_apart: true, groups }
    }

    fn system(&self, system: &System) -> Vec<Cell> {
        let signature = self.material.database.signature(system.id);
        let row = &system.all.row;
        let hosts = self.say(match signature.exclusivity {
            Exclusivity::Dedicated => "report-hosts-dedicated",
            Exclusivity::Shared => "report-hosts-shared",
        });
        vec![
            Cell::System {
                name: format!("{}, {}", signature.vendor, signature.product),
                purpose: Purpose::of(signature, self.language),
                target: format!("#system-{}", signature.id),
            },
            Cell::Octets(row.counts.up.octets),
            Cell::Octets(row.counts.down.octets),
            Cell::Number(self.language.count(row.flows)),
            Cell::Number(self.language.count(system.clients as u64)),
            self.seen(row),
            Cell::Grounds(self.grounds(&system.all).into_iter().chain([hosts]).collect()),
            Cell::Sources(self.source_numbers(system.id)),
        ]
    }

    fn sum(&self, head: String, all: &RollupRow) -> Vec<Cell> {
        let mut cells = vec![
            Cell::Head(head),
            Cell::Octets(all.counts.up.octets),
            Cell::Octets(all.counts.down.octets),
            Cell::Number(self.language.count(all.flows)),
            Cell::Text(String::new()),
            self.seen(all),
        ];
        cells.resize(SYSTEMS.len(), Cell::Text(String::new()));
        cells
    }

    /// What no signature claims, and why what has no name has none.
    fn untagged(&self, page: &mut Page) {
        let row = &self.sums.untagged;
        let cells = vec![
            Cell::Head(self.say("report-untagged")),
            Cell::Octets(row.counts.up.octets),
            Cell::Octets(row.counts.down.octets),
            Cell::Number(self.language.count(row.flows)),
        ];
        let group = Group { rows: vec![cells], ..Group::default() };
        let caption = self.say("report-caption-untagged");
        Table { caption, heads: &UNTAGGED, tells_apart: false, groups: vec![group] }
            .write(page, self.language);
        self.behind(page, "systems.csv", "report-behind-original");
        let unnamed = self.material.snapshot.totals.unnamed;
        let rows: Vec<_> = Without::ALL
            .into_iter()
            .zip(unnamed)
            .filter(|(_, octets)| *octets > 0)
            .map(|(cause, octets)| {
                vec![Cell::Head(self.language.cause(cause)), Cell::Octets(octets)]
            })
            .collect();
        if rows.is_empty() {
            return;
        }
        let group = Group { rows, ..Group::default() };
        let caption = self.say("report-caption-unnamed");
        Table { caption, heads: &UNNAMED, tells_apart: false, groups: vec![group] }
            .write(page, self.language);
        self.behind(page, "unnamed.csv", "report-behind-original");
    }

    /// The name of a system in one line, for figures and captions.
    pub(super) fn system_name(&self, system: &System) -> String {
        let signature = self.material.database.signature(system.id);
        let mut name = String::new();
        // Writing to a String cannot fail.
        let _ = write!(name, "{}, {} ({})", signature.vendor, signature.product, signature.id);
        name
    }
}
