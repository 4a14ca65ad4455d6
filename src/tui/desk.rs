//! Works out what a view shows: mask, moment, filter, sums, order. Off the draw path.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::order::{Order, RowKey, Sort, View};
use super::series::series;
use super::sheet::{Headline, Row, Sheet, Sums};
use crate::export::Labels;
use crate::filter::Context;
use crate::ledger::{
    Dimension, DimensionValue, FlowPlace, Pseudonyms, Snapshot, Watched, WatchedFlow, mask, replay,
};
use crate::signature::{Database, Grade, SignatureId};
use crate::source::CaptureTime;

/// Columns of the small curves in the overview.
pub(super) const CURVE: usize = 20;

/// Works out sheets; remembers which numbers the mask gave out.
#[derive(Debug)]
pub(super) struct Desk<'a> {
    database: &'a Database,
    numbers: Pseudonyms,
}

impl<'a> Desk<'a> {
    pub(super) fn new(database: &'a Database) -> Self {
        Self { database, numbers: Pseudonyms::default() }
    }

    /// The sheet of an order. First what is hidden, then everything else: whatever is asked is
    /// asked of the masked ledger.
    pub(super) fn work(&mut self, snapshot: &Snapshot, order: &Order) -> Sheet {
        let span = snapshot.watched.as_ref().and_then(|watched| watched.span());
        let masked = mask(snapshot, order.mask, &mut self.numbers);
        let snapshot = match order.moment {
            Some(moment) => replay(&masked, moment),
            None => masked,
        };
        let Some(watched) = snapshot.watched.clone() else {
            return Sheet { snapshot: Arc::new(snapshot), view: order.view, ..Sheet::default() };
        };
        let context = Context { database: self.database };
        let admits = |flow: &&WatchedFlow| {
            order.filter.as_ref().is_none_or(|filter| filter.admits(&flow.record, context))
                && order.drills.iter().all(|drill| {
                    let record = &flow.record;
                    drill.dimension.value(record, record.first, self.database) == drill.value
                })
        };
        let flows: Vec<&WatchedFlow> = watched.flows.iter().filter(admits).collect();
        let whole = order.filter.is_none() && order.drills.is_empty();
        let mut sheet =
            Sheet { span, window: window(span, order), view: order.view, ..Sheet::default() };
        for flow in &flows {
            sheet.shown.add(&flow.record);
            let octets = flow.record.counts.octets();
            sheet.named += if flow.record.unnamed.is_none() { octets } else { 0 };
            sheet.tagged += if flow.record.primary().is_some() { octets } else { 0 };
        }
        if whole {
            add_older(&mut sheet, &watched);
        }
        let work = Work { database: self.database, order, watched: &watched, flows: &flows, whole };
        sheet.rows = match order.view {
            View::Overview => work.overview(&sheet),
            View::Timeline => work.timeline(&sheet),
            View::Flows => work.flows(),
            View::Rollup(dimension) => work.rollup(dimension),
            View::Signatures => work.signatures(),
        };
        sheet.headline = work.headline();
        sheet.largest = sheet.rows.iter().map(|row| row.sums.counts.octets()).max().unwrap_or(0);
        sheet.snapshot = Arc::new(snapshot);
        sheet
    }
}

fn add_older(sheet: &mut Sheet, watched: &Watched) {
    for (flows, counts) in watched.older.by_signature.values() {
        sheet.shown.flows += flows;
        sheet.shown.counts.add(*counts);
    }
    sheet.named += watched.older.totals.named;
    sheet.tagged += watched.older.totals.tagged;
}

/// The moments between which columns of time lie.
fn window(
    span: Option<(CaptureTime, CaptureTime)>,
    order: &Order,
) -> Option<(CaptureTime, CaptureTime)> {
    let (first, last) = span?;
    let Some(length) = order.window else { return Some((first, last)) };
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    // The window ends where the ledger is shown, with a third of it to see what comes.
    let end = match order.moment {
        Some(moment) => CaptureTime(moment.0.saturating_add(length / 3)).min(last),
        None => last,
    };
    let from = CaptureTime(end.0.saturating_sub(length)).max(first);
    Some((from, CaptureTime(from.0.saturating_add(length)).min(last).max(from)))
}

/// One piece of work.
struct Work<'w> {
    database: &'w Database,
    order: &'w Order,
    watched: &'w Watched,
    flows: &'w [&'w WatchedFlow],
    /// Whether nothing is left out, so that the older flows belong to it.
    whole: bool,
}

fn row(key: RowKey, sums: Sums) -> Row {
    Row { key, sums, flow: None, depth: 0, series: Vec::new(), vendors: Vec::new() }
}

impl Work<'_> {
    fn value(&self, dimension: Dimension, flow: &WatchedFlow) -> DimensionValue {
        dimension.value(&flow.record, flow.record.first, self.database)
    }

    /// Sums by a dimension.
    fn sums(&self, dimension: Dimension) -> HashMap<DimensionValue, Sums> {
        let mut sums: HashMap<DimensionValue, Sums> = HashMap::new();
        for flow in self.flows {
            sums.entry(self.value(dimension, flow)).or_default().add(&flow.record);
        }
        sums
    }

    /// The row of the flows that are no longer kept.
    fn older(&self) -> Option<Row> {
        let older = &self.watched.older;
        if !self.whole || older.totals.flows == 0 {
            return None;
        }
        let mut sums = Sums { flows: older.totals.flows, ..Sums::default() };
        older.by_signature.values().for_each(|(_, counts)| sums.counts.add(*counts));
        Some(row(RowKey::Older, sums))
    }

    /// Categories, those that accuse first, with the vendors in each.
    fn overview(&self, sheet: &Sheet) -> Vec<Row> {
        let mut rows = self.categories(sheet, CURVE);
        let mut vendors: BTreeMap<DimensionValue, HashMap<DimensionValue, Sums>> = BTreeMap::new();
        for flow in self.flows {
            let category = self.value(Dimension::Category, flow);
            if let vendor @ DimensionValue::Text(_) = self.value(Dimension::Vendor, flow) {
                let of = vendors.entry(category).or_default();
                of.entry(vendor).or_default().add(&flow.record);
            }
        }
        let mut with_vendors = Vec::new();
        for mut category in rows.drain(..) {
            let RowKey::Value(value) = &category.key else {
                with_vendors.push(category);
                continue;
            };
            let value = value.clone();
            let mut below: Vec<Row> = vendors
                .remove(&value)
                .unwrap_or_default()
                .into_iter()
                .map(|(vendor, sums)| {
                    let key = RowKey::Vendor(value.clone(), vendor);
                    Row { depth: 1, ..row(key, sums) }
                })
                .collect();
            self.sort(&mut below);
            category.vendors = below.iter().filter_map(vendor_of).collect();
            with_vendors.push(category);
            with_vendors.extend(below);
        }
        with_vendors
    }

    fn timeline(&self, sheet: &Sheet) -> Vec<Row> {
        // No column is narrower than the slots: what lies within one is not known.
        let finest = self.watched.slots.iter().map(|slot| slot.width).min().unwrap_or(1).max(1);
        let known = sheet.window.map_or(1, |(from, to)| to.since(from) / finest.unsigned_abs() + 1);
        let known = usize::try_from(known).unwrap_or(usize::MAX);
        self.categories(sheet, self.order.columns.clamp(1, known.max(1)))
    }

    fn categories(&self, sheet: &Sheet, columns: usize) -> Vec<Row> {
        let sums = self.sums(Dimension::Category);
        let mut rows: Vec<Row> =
            sums.into_iter().map(|(value, sums)| row(RowKey::Value(value), sums)).collect();
        self.sort(&mut rows);
        rows.sort_by_key(|row| class(&row.key));
        let lane_of: HashMap<&RowKey, usize> =
            rows.iter().enumerate().map(|(lane, row)| (&row.key, lane)).collect();
        let lanes: HashMap<FlowPlace, usize> = self
            .flows
            .iter()
            .filter_map(|flow| {
                let key = RowKey::Value(self.value(Dimension::Category, flow));
                Some((flow.place(), *lane_of.get(&key)?))
            })
            .collect();
        if let Some(window) = sheet.window {
            let octets = series(self.watched, &lanes, rows.len(), window, columns);
            for (row, octets) in rows.iter_mut().zip(octets) {
                row.series = octets;
            }
        }
        rows.extend(self.older());
        rows
    }

    fn flows(&self) -> Vec<Row> {
        let of = |flow: &&WatchedFlow| {
            let mut sums = Sums::default();
            sums.add(&flow.record);
            let flow = (*flow).clone();
            Row { flow: Some(flow.clone()), ..row(RowKey::Flow(flow.place()), sums) }
        };
        let Some(dimension) = self.order.group else {
            let mut rows: Vec<Row> = self.flows.iter().map(of).collect();
            self.sort(&mut rows);
            rows.extend(self.older());
            return rows;
        };
        let mut groups: Vec<Row> = self
            .sums(dimension)
            .into_iter()
            .map(|(value, sums)| row(RowKey::Value(value), sums))
            .collect();
        self.sort(&mut groups);
        let mut members: HashMap<DimensionValue, Vec<Row>> = HashMap::new();
        for flow in self.flows {
            let value = self.value(dimension, flow);
            if !self.order.folded.contains(&value) {
                members.entry(value).or_default().push(Row { depth: 1, ..of(flow) });
            }
        }
        let mut rows = Vec::with_capacity(self.flows.len());
        for group in groups {
            let RowKey::Value(value) = &group.key else { continue };
            let mut below = members.remove(value).unwrap_or_default();
            self.sort(&mut below);
            rows.push(group);
            rows.extend(below);
        }
        rows.extend(self.older());
        rows
    }

    fn rollup(&self, dimension: Dimension) -> Vec<Row> {
        let sums = self.sums(dimension);
        let mut rows: Vec<Row> =
            sums.into_iter().map(|(value, sums)| row(RowKey::Value(value), sums)).collect();
        self.sort(&mut rows);
        rows.extend(self.older());
        rows
    }

    /// Every signature that the search leaves; those that were met first.
    fn signatures(&self) -> Vec<Row> {
        let mut met = self.sums(Dimension::Signature);
        let search = self.order.search.as_ref().map(|text| text.to_lowercase());
        let matches = |id: SignatureId| {
            let Some(search) = &search else { return true };
            let signature = self.database.signature(id);
            let texts = [&signature.id, &signature.vendor, &signature.product, &signature.purpose];
            texts.into_iter().chain(&signature.hosts).any(|t| t.to_lowercase().contains(search))
        };
        let ids = (0..self.database.signatures().len()).filter_map(|at| u32::try_from(at).ok());
        let mut rows: Vec<Row> = ids
            .map(SignatureId)
            .filter(|id| matches(*id))
            .map(|id| {
                let sums = met.remove(&DimensionValue::Signature(id)).unwrap_or_default();
                row(RowKey::Signature(id), sums)
            })
            .collect();
        self.sort(&mut rows);
        rows
    }

    /// Sorts rows; equal ones by their keys, so that rows keep still.
    fn sort(&self, rows: &mut [Row]) {
        let by = |row: &Row| {
            let sums = &row.sums;
            match self.order.sort {
                Sort::Octets | Sort::Name => sums.counts.octets(),
                Sort::Up => sums.counts.up.octets,
                Sort::Down => sums.counts.down.octets,
                Sort::Flows if row.flow.is_some() => sums.last.since(sums.first),
                Sort::Flows => sums.flows,
                Sort::Last => sums.last.0.cast_unsigned() ^ (1 << 63),
                Sort::Grade => u64::MAX - sums.grade.map_or(99, |grade| grade as u64),
            }
        };
        if self.order.sort == Sort::Name {
            rows.sort_by_cached_key(|row| self.name(row));
        } else {
            rows.sort_by_cached_key(|row| (std::cmp::Reverse(by(row)), row.key.clone()));
        }
        if self.order.reversed {
            rows.reverse();
        }
    }

    fn name(&self, row: &Row) -> String {
        let labels = Labels { database: self.database, captures: &[] };
        match (&row.key, &row.flow) {
            (_, Some(flow)) => labels.text(&self.value(Dimension::Host, flow)).into_owned(),
            (RowKey::Value(value) | RowKey::Vendor(_, value), _) => labels.text(value).into_owned(),
            (RowKey::Signature(id), _) => self.database.signature(*id).id.clone(),
            _ => String::new(),
        }
    }

    /// The category that accuses and to which most was sent.
    fn headline(&self) -> Option<Headline> {
        let mut by_category: BTreeMap<_, (u64, u64, Grade, BTreeSet<&str>)> = BTreeMap::new();
        for flow in self.flows {
            let Some(tag) = flow.record.primary() else { continue };
            let signature = self.database.signature(tag.signature);
            if !signature.category.accuses() {
                continue;
            }
            let vendors = BTreeSet::new();
            let sum = by_category.entry(signature.category).or_insert((0, 0, tag.grade, vendors));
            sum.0 += flow.record.counts.up.octets;
            sum.1 += 1;
            sum.2 = sum.2.min(tag.grade);
            sum.3.insert(&signature.vendor);
        }
        let (category, (up, flows, grade, vendors)) =
            by_category.into_iter().max_by_key(|(_, sum)| sum.0)?;
        let vendors = vendors.into_iter().map(str::to_owned).collect();
        Some(Headline { category, vendors, up, flows, grade })
    }
}

fn vendor_of(row: &Row) -> Option<String> {
    match &row.key {
        RowKey::Vendor(_, DimensionValue::Text(text)) => Some(text.to_string()),
        _ => None,
    }
}

/// What accuses comes first, then operation, then what has no tag.
fn class(key: &RowKey) -> u8 {
    match key {
        RowKey::Value(DimensionValue::Category(category)) if category.accuses() => 0,
        RowKey::Value(DimensionValue::Category(_)) => 1,
        _ => 2,
    }
}
