//! Details by host: one table for each system.

use super::Report;
use super::markup::Page;
use super::sums::{HostSums, System};
use super::table::{Cell, Group, Head, Table, inferred, observed};
use crate::ledger::DimensionValue;

/// Hosts and addresses that a table names; the rest is counted, and stands in the files.
const HOSTS: usize = 40;
const SERVERS: usize = 4;

const HEADS: [Head; 8] = [
    observed("report-th-host"),
    observed("report-th-via"),
    observed("report-th-sent"),
    observed("report-th-received"),
    observed("report-th-flows"),
    observed("report-th-seen"),
    observed("report-th-servers"),
    inferred("report-th-grade"),
];

impl Report<'_> {
    pub(super) fn hosts(&self, page: &mut Page) {
        if self.sums.systems.is_empty() {
            page.paragraph(self.say("report-systems-none"));
            return;
        }
        page.paragraph(self.say("report-hosts-lead"));
        self.behind(page, "names.csv", "report-behind-tagged");
        for system in &self.sums.systems {
            self.hosts_of(page, system);
        }
    }

    fn hosts_of(&self, page: &mut Page, system: &System) {
        let signature = self.material.database.signature(system.id);
        let fragment = format!("system-{}", signature.id);
        page.element("h3", &[("id", &fragment)], self.system_name(system));
        let seen = system.hosts.iter().take(HOSTS);
        let rows = seen.map(|(name, host)| self.host_row(name, host)).collect();
        let caption = [("system", signature.id.as_str().into())];
        let caption = self.say_with("report-caption-hosts", &caption);
        let groups = vec![Group { rows, ..Group::default() }];
        Table { caption, heads: &HEADS, tells_apart: true, groups }.write(page, self.language);
        let rest = system.hosts.len().saturating_sub(HOSTS) as u64;
        if rest > 0 {
            let more = [("rows", rest.into()), ("file", "tables/names.csv".into())];
            page.paragraph(self.say_with("report-more", &more));
        }
        page.within("ul", &[("class", "reasons")], |page| {
            for (ground, row) in &system.all.grounds {
                page.element("li", &[], self.reason(system.id, *ground, row));
            }
        });
    }

    fn host_row(&self, name: &DimensionValue, host: &HostSums) -> Vec<Cell> {
        let mut servers: Vec<_> = host
            .servers
            .iter()
            .take(SERVERS)
            .map(|(address, port)| self.server(address, port))
            .collect();
        let rest = host.servers.len().saturating_sub(SERVERS) as u64;
        if rest > 0 {
            let more = [("rows", rest.into()), ("file", "tables/endpoints.csv".into())];
            servers.push(self.say_with("report-more", &more));
        }
        vec![
            Cell::Host(self.host(name)),
            Cell::Lines(host.via.iter().map(|via| self.via(via)).collect()),
            Cell::Octets(host.row.counts.up.octets),
            Cell::Octets(host.row.counts.down.octets),
            Cell::Number(self.language.count(host.row.flows)),
            self.seen(&host.row),
            Cell::Lines(servers),
            Cell::Grounds(self.grounds(host)),
        ]
    }
}
