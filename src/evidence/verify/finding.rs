//! What a check found, in plain language.

use crate::export::escape;
use crate::language::{Argument, Language};

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It does not.
    DoesNotHold,
    /// It was not checked.
    NotChecked,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// How it went.
    pub verdict: Verdict,
    /// The key of its sentence.
    pub key: &'static str,
    arguments: Vec<(&'static str, Value)>,
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Text(String),
    Number(u64),
}

impl Finding {
    /// Its sentence. What comes from the bundle is escaped for terminals.
    pub fn text(&self, language: Language) -> String {
        let arguments: Vec<_> = self
            .arguments
            .iter()
            .map(|(name, value)| match value {
                Value::Text(text) => (*name, Argument::Text(escape(text))),
                Value::Number(number) => (*name, Argument::Number(*number)),
            })
            .collect();
        language.say_with(self.key, &arguments)
    }

    /// With a text that stands in the sentence.
    pub(super) fn with(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.arguments.push((name, Value::Text(text.into())));
        self
    }

    /// With a number.
    pub(super) fn count(mut self, name: &'static str, number: u64) -> Self {
        self.arguments.push((name, Value::Number(number)));
        self
    }
}

/// Everything that was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verification {
    findings: Vec<Finding>,
}

/// Findings of one kind that are told one by one; the rest is counted.
const TOLD: usize = 20;

impl Verification {
    /// What was found, in the order of the checks.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether nothing was found that does not hold.
    pub fn holds(&self) -> bool {
        self.findings.iter().all(|finding| finding.verdict != Verdict::DoesNotHold)
    }

    pub(super) fn holds_that(&mut self, finding: Finding) {
        self.findings.push(Finding { verdict: Verdict::Holds, ..finding });
    }

    pub(super) fn wrong(&mut self, finding: Finding) {
        self.findings.push(Finding { verdict: Verdict::DoesNotHold, ..finding });
    }

    pub(super) fn unchecked(&mut self, finding: Finding) {
        self.findings.push(Finding { verdict: Verdict::NotChecked, ..finding });
    }

    /// Many of one kind: the first ones, and how many more there are.
    pub(super) fn wrong_ones(
        &mut self,
        key: &'static str,
        what: &'static str,
        texts: impl IntoIterator<Item = String>,
    ) {
        let mut more = 0;
        for (place, text) in texts.into_iter().enumerate() {
            if place < TOLD {
                self.wrong(finding(key).with(what, text));
            } else {
                more += 1;
            }
        }
        if more > 0 {
            self.wrong(finding("verify-more").count("more", more));
        }
    }
}

/// A finding without a verdict yet.
pub(super) fn finding(key: &'static str) -> Finding {
    Finding { verdict: Verdict::NotChecked, key, arguments: Vec::new() }
}
