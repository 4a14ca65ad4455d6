//! A filter, parsed and ready to be asked.

use std::fmt;

use super::eval::{FlowFields, Subject};
use super::field::Field;
use super::parse;
use super::value::{Operand, Relation};
use crate::ledger::FlowRecord;
use crate::signature::Database;

/// A parsed filter expression. Its `Display` form parses to the same filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    root: Expression,
}

/// The expression as a tree; at most [`Filter::DEEPEST`] levels of parentheses and `not`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// All hold; two or more.
    And(Vec<Self>),
    /// At least one holds; two or more.
    Or(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// A comparison.
    Test(Test),
}

/// A field against values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Test {
    pub(super) field: Field,
    pub(super) relation: Relation,
    /// One value; with `in` one or more.
    pub(super) operands: Vec<Operand>,
}

/// What a filter needs to know beside the flow.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The signatures in force.
    pub database: &'a Database,
}

/// Where an expression is wrong, and what may have been meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FilterError {
    /// Character offset, from 0.
    pub at: usize,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl Filter {
    /// Octets of an expression at most.
    pub const LONGEST: usize = 65_536;
    /// Levels of parentheses and `not` at most.
    pub const DEEPEST: usize = 64;

    /// Parses an expression of the language that `docs/filter.md` describes.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        parse::expression(text).map(|root| Self { root })
    }

    /// Whether the flow is to be shown.
    pub fn admits(&self, flow: &FlowRecord, context: Context<'_>) -> bool {
        self.accepts(&FlowFields { flow, context })
    }

    /// Whether the expression holds for `subject`.
    pub fn accepts(&self, subject: &dyn Subject) -> bool {
        self.root.holds(subject)
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) => {
                join(f, parts, " and ", |part| matches!(part, Self::And(_) | Self::Or(_)))
            }
            Self::Or(parts) => join(f, parts, " or ", |part| matches!(part, Self::Or(_))),
            Self::Not(inner) => {
                f.write_str("not ")?;
                enclosed(f, inner, matches!(**inner, Self::And(_) | Self::Or(_)))
            }
            Self::Test(test) => test.fmt(f),
        }
    }
}

/// Writes `parts` with `between` them, in parentheses where `needs` says so.
fn join(
    f: &mut fmt::Formatter<'_>,
    parts: &[Expression],
    between: &str,
    needs: impl Fn(&Expression) -> bool,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { between })?;
        enclosed(f, part, needs(part))?;
    }
    Ok(())
}

/// Writes `part`, in parentheses where `parentheses` says so.
fn enclosed(f: &mut fmt::Formatter<'_>, part: &Expression, parentheses: bool) -> fmt::Result {
    if parentheses { write!(f, "({part})") } else { fmt::Display::fmt(part, f) }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.field.word(), self.relation.symbol())?;
        let list = self.relation.takes_list();
        f.write_str(if list { "(" } else { "" })?;
        for (index, operand) in self.operands.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            operand.write(self.field, f)?;
        }
        f.write_str(if list { ")" } else { "" })
    }
}

impl FilterError {
    /// An error at an octet offset of `text`.
    pub(super) fn new(text: &str, octet: usize, message: String) -> Self {
        let at = text.char_indices().take_while(|(index, _)| *index < octet).count();
        Self { at, message }
    }

    /// The part of `expression` (the text that was parsed) around the error, a caret below the
    /// place, and the message: two lines without a line break at the end. Control characters
    /// show as `�`, so that the caret stands right.
    pub fn render(&self, expression: &str) -> String {
        let start = self.at.saturating_sub(Self::BEFORE);
        let lead = if start > 0 { "…" } else { "" };
        let mut shown: String = expression
            .chars()
            .skip(start)
            .take(Self::BEFORE + Self::AFTER)
            .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
            .collect();
        if expression.chars().nth(start + Self::BEFORE + Self::AFTER).is_some() {
            shown.push('…');
        }
        let indent = self.at - start + lead.chars().count();
        format!("{lead}{shown}\n{:indent$}^ {}", "", self.message)
    }

    /// Characters shown before the place.
    const BEFORE: usize = 40;
    /// Characters shown from the place on.
    const AFTER: usize = 36;
}
