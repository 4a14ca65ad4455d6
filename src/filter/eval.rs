//! Whether an expression holds.

use std::net::IpAddr;

use super::expression::{Context, Expression, Test};
use super::field::Field;
use super::glob::folded;
use super::value::{Operand, Relation};
use crate::decode::Ported;
use crate::ledger::FlowRecord;
use crate::name::Fingerprint;
use crate::source::CaptureTime;

/// Something that a filter can be asked about: a flow, a row of a table.
pub trait Subject {
    /// Whether `test` is true for any value that it has in `field`; false where it has none.
    fn any(&self, field: Field, test: &mut dyn FnMut(Value<'_>) -> bool) -> bool;
}

/// One value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Text or a word.
    Text(&'a str),
    /// An address.
    Address(IpAddr),
    /// A port, protocol number or number of octets.
    Number(u64),
    /// A point in time.
    Time(CaptureTime),
}

impl Expression {
    /// Whether it holds for `subject`.
    pub(super) fn holds(&self, subject: &dyn Subject) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.holds(subject)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(subject)),
            Self::Not(inner) => !inner.holds(subject),
            Self::Test(test) => test.holds(subject),
        }
    }
}

impl Test {
    /// `!=` and `not in` hold where no value is among the operands, every other relation where
    /// at least one value stands in it.
    fn holds(&self, subject: &dyn Subject) -> bool {
        let found = subject.any(self.field, &mut |value| {
            self.operands.iter().any(|operand| operand.suits(self.relation, value))
        });
        found != matches!(self.relation, Relation::NotEqual | Relation::NotIn)
    }
}

impl Operand {
    /// Whether `value` stands in `relation` to it; for the negated relations, whether it is
    /// among those that must not be.
    fn suits(&self, relation: Relation, value: Value<'_>) -> bool {
        match (self, value) {
            (Self::Any, _) => true,
            (Self::Text(glob), Value::Text(text)) => glob.matches(text),
            (Self::Part(part), Value::Text(text)) => folded(text).contains(&**part),
            (Self::Word(word), Value::Text(text)) => *word == text,
            (Self::Network(net), Value::Address(address)) => net.contains(&address),
            (Self::Number(operand), Value::Number(number)) => compare(relation, &number, operand),
            (Self::Time(operand), Value::Time(time)) => compare(relation, &time, operand),
            _ => false,
        }
    }
}

/// Whether `value` stands in `relation` to `operand`.
fn compare<T: Ord>(relation: Relation, value: &T, operand: &T) -> bool {
    match relation {
        Relation::Equal | Relation::NotEqual | Relation::In | Relation::NotIn => value == operand,
        Relation::Less => value < operand,
        Relation::AtMost => value <= operand,
        Relation::Greater => value > operand,
        Relation::AtLeast => value >= operand,
        Relation::Contains => false,
    }
}

/// A flow with what its labels refer to.
pub(super) struct FlowFields<'a> {
    pub(super) flow: &'a FlowRecord,
    pub(super) context: Context<'a>,
}

impl Subject for FlowFields<'_> {
    fn any(&self, field: Field, test: &mut dyn FnMut(Value<'_>) -> bool) -> bool {
        let flow = self.flow;
        match field {
            Field::Name => flow.names.iter().any(|o| test(Value::Text(o.name.as_str()))),
            Field::Via => flow.names.iter().any(|o| test(Value::Text(o.via.word()))),
            Field::Flag => flow.flags.words().any(|word| test(Value::Text(word))),
            Field::Device => flow.device.as_deref().is_some_and(|name| test(Value::Text(name))),
            Field::App => flow.app.as_deref().is_some_and(|name| test(Value::Text(name))),
            Field::QuicUserAgent => {
                let offer = flow.fingerprint.as_ref().and_then(Fingerprint::quic);
                let program = offer.and_then(|offer| offer.user_agent);
                program.is_some_and(|text| test(Value::Text(&text)))
            }
            Field::StunSoftware => {
                flow.stun_software.as_deref().is_some_and(|text| test(Value::Text(text)))
            }
            Field::Country => flow.country().is_some_and(|code| test(Value::Text(code))),
            Field::NetworkOwner => self.network_owner(test),
            Field::Oui => flow.maker().is_some_and(|maker| test(Value::Text(maker))),
            Field::Client => test(Value::Address(flow.client.ip)),
            Field::Server => test(Value::Address(flow.server.ip)),
            Field::Port if flow.ported == Ported::No => false,
            Field::Port => [flow.client.port, flow.server.port]
                .into_iter()
                .any(|port| test(Value::Number(port.into()))),
            Field::Proto => test(Value::Number(flow.protocol.0.into())),
            Field::Up => test(Value::Number(flow.counts.up.octets)),
            Field::Down => test(Value::Number(flow.counts.down.octets)),
            Field::Bytes => test(Value::Number(flow.counts.octets())),
            Field::First => test(Value::Time(flow.first)),
            Field::Last => test(Value::Time(flow.last)),
            Field::Category
            | Field::Vendor
            | Field::Product
            | Field::Signature
            | Field::Grade
            | Field::Basis => self.tag(field).is_some_and(|text| test(Value::Text(text))),
        }
    }
}

impl FlowFields<'_> {
    /// The owner of the server's network, then `AS` and its number.
    fn network_owner(&self, test: &mut dyn FnMut(Value<'_>) -> bool) -> bool {
        let Some(assigned) = self.flow.assigned.as_deref() else { return false };
        let owner = assigned.owner.as_deref().is_some_and(|owner| test(Value::Text(owner)));
        owner || assigned.asn.is_some_and(|number| test(Value::Text(&format!("AS{number}"))))
    }

    /// What the primary tag says in `field`.
    fn tag(&self, field: Field) -> Option<&str> {
        let tag = self.flow.primary()?;
        let signature = self.context.database.signature(tag.signature);
        match field {
            Field::Category => Some(signature.category.word()),
            Field::Vendor => Some(&signature.vendor),
            Field::Product => Some(&signature.product),
            Field::Signature => Some(&signature.id),
            Field::Grade => Some(tag.grade.word()),
            Field::Basis => Some(tag.basis.word()),
            _ => None,
        }
    }
}

#[cfg(test)]
#[path = "eval/tests.rs"]
mod tests;
