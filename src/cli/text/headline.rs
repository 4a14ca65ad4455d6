//! The answer in a few sentences: numbers only, no judgement.

use std::collections::BTreeMap;
use std::io::{self, Write};

use foldhash::fast::RandomState;
use hashbrown::HashSet;

use super::balance::heading;
use super::clients::{Sent, Split};
use super::number::{count, counted, duration};
use super::view::{CLIENTS, View};
use super::wrap;
use crate::ledger::{DimensionValue, RollupRow};
use crate::signature::{Category, Grade};

/// What the sentences are made from.
#[derive(Default)]
struct Answer<'a> {
    all: Split,
    clients: HashSet<&'a DimensionValue, RandomState>,
    accusing_clients: HashSet<&'a DimensionValue, RandomState>,
    categories: BTreeMap<Category, u64>,
    grades: BTreeMap<Grade, u64>,
}

/// Writes the sentences; nothing where there are no flows.
pub(super) fn headline(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rows = view.rollup(&CLIENTS).map_or(&[][..], |rollup| &rollup.rows);
    if rows.is_empty() {
        return Ok(());
    }
    let answer = Answer::of(rows);
    heading(view, out, "In short")?;
    for sentence in answer.sentences(view) {
        let wrapped = wrap(&format!(" {sentence}"), view.width, 1);
        writeln!(out, "{}", wrapped.replace(UNBROKEN, " "))?;
    }
    Ok(())
}

/// Between a number and its unit, until lines are broken.
const UNBROKEN: char = '\u{a0}';

/// An amount that stays on one line.
fn amount(view: &View<'_>, octets: u64) -> String {
    view.octets(octets).replace(' ', &UNBROKEN.to_string())
}

impl<'a> Answer<'a> {
    /// Sums the rows.
    fn of(rows: &'a [(Vec<DimensionValue>, RollupRow)]) -> Self {
        let mut answer = Self::default();
        for (values, sums) in rows {
            let [client, _, category, grade] = values.as_slice() else { continue };
            answer.all.add(category, sums);
            answer.clients.insert(client);
            if let (DimensionValue::Category(category), DimensionValue::Grade(grade)) =
                (category, grade)
                && category.accuses()
            {
                answer.accusing_clients.insert(client);
                let sent = sums.counts.up.octets;
                *answer.categories.entry(*category).or_default() += sent;
                *answer.grades.entry(*grade).or_default() += sent;
            }
        }
        answer
    }

    /// One sentence for what accuses, one for its grades, one for the rest.
    fn sentences(&self, view: &View<'_>) -> Vec<String> {
        let (first, last) = view.span().unwrap_or_default();
        let time = duration(last.since(first));
        let clients = counted(self.clients.len() as u64, "client");
        let sent = |part: &Sent| amount(view, part.octets);
        let rest = format!(
            "Sent to systems of operation (sign-in, storage, updates and the like): {}. To \
             servers without a tag: {}.",
            sent(&self.all.operation),
            sent(&self.all.untagged)
        );
        if self.categories.is_empty() {
            let none = format!(
                "In {time}, no flow of {clients} to a system of telemetry, analytics, advertising \
                 or vehicles was seen; what could hide one stands under Limits."
            );
            return vec![none, rest];
        }
        let joined = |pairs: Vec<String>| pairs.join(", ");
        let categories = self.categories.iter();
        let categories = categories.map(|(c, n)| format!("{} {}", c.names().en, amount(view, *n)));
        let grades = self.grades.iter().map(|(g, n)| format!("{g} {}", amount(view, *n)));
        vec![
            format!(
                "In {time}, {} of {clients} sent {} in {} to tagged systems: {}.",
                count(self.accusing_clients.len() as u64),
                sent(&self.all.accusing),
                counted(self.all.accusing.flows, "flow"),
                joined(categories.collect())
            ),
            format!("By grade of evidence: {}.", joined(grades.collect())),
            rest,
        ]
    }
}
