//! The middle of the summary: category → product → host for what signatures name, then the
//! other servers by registrable domain or, without a name, by address.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::IpAddr;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::colour::Style;
use super::label::{cause, label};
use super::number::{count, counted};
use super::table::{Align, Table};
use super::top::Top;
use super::view::{PURPOSES, View};
use crate::ledger::{DimensionValue, RollupRow};
use crate::name::Without;
use crate::signature::{Category, SignatureId};

/// Hosts shown of each product; the rest are one line.
const HOSTS: usize = 10;
/// Domains, and addresses without a name, that are shown; the rest are one line.
const TALKERS: usize = 10;

/// One host's line.
struct Host {
    name: String,
    evidence: String,
    sums: RollupRow,
}

/// Products of one category, by vendor and product.
type Products = BTreeMap<String, Vec<Host>>;

/// What the roll-up holds, in the order of the page.
#[derive(Default)]
struct Page {
    accusing: BTreeMap<Category, Products>,
    others: BTreeMap<Category, Products>,
    /// Untagged names by registrable domain: how many hosts, and their sums.
    domains: HashMap<DimensionValue, (usize, RollupRow), RandomState>,
    /// Other servers: one row each, since the roll-up tells them and the causes apart.
    unnamed: Top<(DimensionValue, Without)>,
    /// Multicast and link-local addresses, and how many they are.
    near: (u64, RollupRow),
}

/// The table of everything that the machines talked to.
pub(super) fn table(view: &View<'_>) -> Table {
    let page = Page::of(view);
    let mut headings = vec![
        ("", Align::Left),
        ("sent", Align::Right),
        ("received", Align::Right),
        ("flows", Align::Right),
        ("seen", Align::Left),
        ("grade", Align::Left),
    ];
    if view.is_narrow() {
        headings.remove(SEEN);
    }
    let mut table = Table::new(&headings);
    table.line(Style::Heading, "Tagged: telemetry, analytics, advertising, vehicles");
    categories(view, &mut table, &page.accusing);
    if !page.others.is_empty() {
        table.line(Style::Plain, "");
        table.line(Style::Heading, "Tagged: operation (summed apart from the above)");
        categories(view, &mut table, &page.others);
    }
    if !page.domains.is_empty() {
        table.line(Style::Plain, "");
        table.line(Style::Heading, "Not tagged, by domain");
        domains(view, &mut table, page.domains);
    }
    if page.unnamed.holds_any() || page.near.0 > 0 {
        table.line(Style::Plain, "");
        table.line(Style::Heading, "Not tagged and without a name, by server address");
        unnamed(view, &mut table, &page.unnamed);
        near(view, &mut table, page.near);
    }
    table
}

impl Page {
    /// Sorts the rows of the roll-up under their headings.
    fn of(view: &View<'_>) -> Self {
        let mut page = Self::default();
        let Some(rollup) = view.rollup(&PURPOSES) else { return page };
        rollup.each(|values, sums| {
            let [signature, registrable, host, basis, grade] = values else { return };
            match (signature, registrable) {
                (DimensionValue::Signature(id), _) => {
                    let evidence = format!("{} {}", label(view, grade), label(view, basis));
                    let host = Host { name: label(view, host), evidence, sums: sums.clone() };
                    page.tagged(view, *id, host);
                }
                (_, DimensionValue::Unnamed(without)) => {
                    page.unnamed(host, *without, sums);
                }
                (_, domain) => {
                    let (hosts, all) = page.domains.entry_ref(domain).or_default();
                    *hosts += 1;
                    all.merge(sums);
                }
            }
        });
        page
    }

    /// Puts a server without a name under its address, or with those that are near.
    fn unnamed(&mut self, server: &DimensionValue, without: Without, sums: &RollupRow) {
        match server {
            DimensionValue::Address(address) if is_near(*address) => {
                self.near.0 += 1;
                self.near.1.merge(sums);
            }
            _ => self.unnamed.add(TALKERS, (server.clone(), without), sums),
        }
    }

    /// Puts a host under its category and product.
    fn tagged(&mut self, view: &View<'_>, id: SignatureId, host: Host) {
        let signature = view.database.signature(id);
        let category = signature.category;
        let side = if category.accuses() { &mut self.accusing } else { &mut self.others };
        let product = if signature.product.starts_with(&signature.vendor) {
            signature.product.clone()
        } else {
            format!("{} {}", signature.vendor, signature.product)
        };
        side.entry(category).or_default().entry(product).or_default().push(host);
    }
}

/// Category → product → host.
fn categories(view: &View<'_>, table: &mut Table, categories: &BTreeMap<Category, Products>) {
    if categories.is_empty() {
        table.line(Style::Plain, "  no connection was seen");
    }
    for (category, products) in categories {
        table.row(Style::Bold, 0, cells(view, capital(category.names().en), &sum_of(products), ""));
        let mut products: Vec<_> = products.iter().collect();
        products.sort_by_key(|(_, hosts)| Reverse(octets(&sum(hosts.iter().map(|h| &h.sums)))));
        for (product, hosts) in products {
            let all = sum(hosts.iter().map(|host| &host.sums));
            table.row(Style::Plain, 1, cells(view, product.clone(), &all, ""));
            self::hosts(view, table, hosts);
        }
    }
}

/// The hosts of one product, most octets first.
fn hosts(view: &View<'_>, table: &mut Table, hosts: &[Host]) {
    let mut hosts: Vec<&Host> = hosts.iter().collect();
    hosts.sort_by(|a, b| {
        let key = |host: &Host| Reverse(octets(&host.sums));
        key(a).cmp(&key(b)).then_with(|| (&a.name, &a.evidence).cmp(&(&b.name, &b.evidence)))
    });
    let (shown, rest) = hosts.split_at(HOSTS.min(hosts.len()));
    for host in shown {
        table.row(Style::Plain, 2, cells(view, host.name.clone(), &host.sums, &host.evidence));
    }
    if !rest.is_empty() {
        let all = sum(rest.iter().map(|host| &host.sums));
        table.row(Style::Dim, 2, cells(view, format!("+ {} more", count(long(rest))), &all, ""));
    }
}

/// Untagged names, summed by registrable domain, most octets first.
fn domains(
    view: &View<'_>,
    table: &mut Table,
    domains: HashMap<DimensionValue, (usize, RollupRow), RandomState>,
) {
    let mut domains: Vec<(DimensionValue, usize, RollupRow)> =
        domains.into_iter().map(|(name, (hosts, sums))| (name, hosts, sums)).collect();
    domains.sort_unstable_by(|a, b| octets(&b.2).cmp(&octets(&a.2)).then_with(|| a.0.cmp(&b.0)));
    let (shown, rest) = domains.split_at(TALKERS.min(domains.len()));
    for (name, hosts, sums) in shown {
        let name = label(view, name);
        let name = match hosts {
            1 => name,
            n => format!("{name} ({})", counted(*n as u64, "host")),
        };
        table.row(Style::Plain, 1, cells(view, name, sums, ""));
    }
    if !rest.is_empty() {
        let all = sum(rest.iter().map(|(_, _, sums)| sums));
        let name = format!("+ {}", counted(long(rest), "more domain"));
        table.row(Style::Dim, 1, cells(view, name, &all, ""));
    }
}

/// Servers without a name and tag, most octets first.
fn unnamed(view: &View<'_>, table: &mut Table, servers: &Top<(DimensionValue, Without)>) {
    for ((address, without), sums) in servers.rows() {
        let name = format!("{} ({})", label(view, address), cause(*without).short);
        table.row(Style::Plain, 1, cells(view, name, sums, ""));
    }
    let (number, all) = servers.rest();
    if number > 0 {
        let name = format!("+ {} more", count(number));
        table.row(Style::Dim, 1, cells(view, name, all, ""));
    }
}

/// One line for multicast and link-local addresses.
fn near(view: &View<'_>, table: &mut Table, (addresses, sums): (u64, RollupRow)) {
    if addresses > 0 {
        let name = format!("multicast, link-local ({})", count(addresses));
        table.row(Style::Plain, 1, cells(view, name, &sums, ""));
    }
}

/// Whether an address is multicast, broadcast or link-local: what goes there is, as a rule, the
/// talk of machines on one network.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_multicast() || v4.is_broadcast() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_multicast() || v6.is_unicast_link_local(),
    }
}

/// The place of first and last seen, for which narrow pages have no room.
const SEEN: usize = 4;

/// The cells of one row.
fn cells(view: &View<'_>, name: String, sums: &RollupRow, evidence: &str) -> Vec<String> {
    let mut cells = vec![
        name,
        view.octets(sums.counts.up.octets),
        view.octets(sums.counts.down.octets),
        count(sums.flows),
        view.seen(sums.first, sums.last),
        evidence.to_owned(),
    ];
    if view.is_narrow() {
        cells.remove(SEEN);
    }
    cells
}

/// The sum over the products of a category.
fn sum_of(products: &Products) -> RollupRow {
    sum(products.values().flatten().map(|host| &host.sums))
}

/// The sum of rows.
fn sum<'r>(rows: impl IntoIterator<Item = &'r RollupRow>) -> RollupRow {
    let mut all = RollupRow::default();
    for row in rows {
        all.merge(row);
    }
    all
}

/// Octets both ways: what rows are ordered by.
fn octets(row: &RollupRow) -> u64 {
    row.counts.octets()
}

/// How many there are.
fn long<T>(rows: &[T]) -> u64 {
    rows.len() as u64
}

/// With a capital first letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
