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
use crate::ledger::{DimensionValue, Rollup};
use crate::signature::{Category, Grade};

/// What the sentences are made from.
#[derive(Default)]
struct Answer {
    all: Split,
    clients: HashSet<DimensionValue, RandomState>,
    accusing_clients: HashSet<DimensionValue, RandomState>,
    categories: BTreeMap<Category, u64>,
    grades: BTreeMap<Grade, u64>,
}

/// Writes the sentences; nothing where there are no flows.
pub(super) fn headline(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(rollup) = view.rollup(&CLIENTS).filter(|rollup| !rollup.is_empty()) else {
        return Ok(());
    };
    let answer = Answer::of(rollup);
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

impl Answer {
    /// Sums the rows.
    fn of(rollup: &Rollup) -> Self {
        let mut answer = Self::default();
        rollup.each(|values, sums| {
            let [client, _, category, grade] = values else { return };
            answer.all.add(category, sums);
            answer.clients.get_or_insert_with(client, DimensionValue::clone);
            if let (DimensionValue::Category(category), DimensionValue::Grade(grade)) =
                (category, grade)
                && category.accuses()
            {
                answer.accusing_clients.get_or_insert_with(client, DimensionValue::clone);
                let sent = sums.counts.up.octets;
                *answer.categories.entry(*category).or_default() += sent;
                *answer.grades.entry(*grade).or_default() += sent;
            }
        });
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
