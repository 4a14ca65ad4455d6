//! Words for values: bases, causes, grounds, reasons.

use super::Report;
use super::sums::{Ground, HostSums};
use super::table::Cell;
use crate::decode::Protocol;
use crate::export::Labels;
use crate::filter::protocol_word;
use crate::ledger::{DimensionValue, RollupRow};
use crate::signature::{Basis, Confidence, Exclusivity, Grade, GradeFacts, SignatureId, grade};

impl Report<'_> {
    /// A ground in a few words: `A · named by the client`.
    pub(super) fn ground(&self, (grade, basis): Ground) -> String {
        format!("{grade} · {}", self.say(basis_key(basis)))
    }

    /// All grounds of a host or system, the best first.
    pub(super) fn grounds(&self, sums: &HostSums) -> Vec<String> {
        sums.grounds.keys().map(|ground| self.ground(*ground)).collect()
    }

    /// First and last frame.
    pub(super) fn seen(&self, row: &RollupRow) -> Cell {
        if row.flows == 0 {
            return Cell::Text("–".to_owned());
        }
        Cell::Times(self.language.span(row.first, row.last, &self.case.zone))
    }

    /// A host's name, or why there is none.
    pub(super) fn host(&self, name: &DimensionValue) -> String {
        match name {
            DimensionValue::Unnamed(cause) => {
                let why = self.language.cause(*cause);
                self.say_with("report-host-unnamed", &[("why", why.into())])
            }
            other => self.label(other),
        }
    }

    /// How a name was seen.
    pub(super) fn via(&self, via: &DimensionValue) -> String {
        match via {
            DimensionValue::Unnamed(_) => "–".to_owned(),
            other => self.label(other),
        }
    }

    /// A server: address, port, protocol.
    pub(super) fn server(&self, address: &DimensionValue, port: &DimensionValue) -> String {
        let port = match port {
            DimensionValue::Port(protocol, Some(port)) => {
                format!("{}/{port}", protocol_word(Protocol(*protocol)))
            }
            other => self.label(other),
        };
        format!("{} {port}", self.label(address))
    }

    fn label(&self, value: &DimensionValue) -> String {
        let labels = Labels { database: self.material.database, captures: &[] };
        labels.text(value).into_owned()
    }

    /// Why a signature's flows have a grade, in one sentence. What lowered a grade beyond what
    /// the signature tells stands with each flow.
    pub(super) fn reason(
        &self,
        id: SignatureId,
        (given, basis): Ground,
        row: &RollupRow,
    ) -> String {
        let signature = self.material.database.signature(id);
        let active = crate::signature::Status::Active;
        let facts = GradeFacts { status: active, ..GradeFacts::of(signature, basis, row.first) };
        let active = grade(facts).0;
        let expected = grade(GradeFacts { status: signature.status, ..facts }).0;
        let rests = self.say(rests_key(basis));
        let supported = self.say(support_key(signature.exclusivity, signature.confidence));
        let why = [
            ("grade", given.word().into()),
            ("basis", rests.into()),
            ("support", supported.into()),
        ];
        let mut text = self.say_with("grade-why", &why);
        let mut lower = |key| {
            let why = self.say(key);
            text += &self.say("semicolon");
            text += &self.say_with("grade-lowered", &[("reasons", why.into())]);
        };
        if expected > active {
            lower("grade-retired");
        }
        if given > expected {
            lower("report-grade-flow");
        }
        text
    }
}

/// The key of the words for a basis.
pub(super) fn basis_key(basis: Basis) -> &'static str {
    match basis {
        Basis::Name => "report-basis-name",
        Basis::Certificate => "report-basis-certificate",
        Basis::Dns => "report-basis-dns",
        Basis::Network => "report-basis-network",
    }
}

fn rests_key(basis: Basis) -> &'static str {
    match basis {
        Basis::Name => "grade-name",
        Basis::Certificate => "grade-certificate",
        Basis::Dns => "grade-dns",
        Basis::Network => "grade-network",
    }
}

fn support_key(exclusivity: Exclusivity, confidence: Confidence) -> &'static str {
    match (exclusivity, confidence) {
        (Exclusivity::Dedicated, Confidence::Documented) => "grade-documented-dedicated",
        (Exclusivity::Shared, Confidence::Documented) => "grade-documented-shared",
        (Exclusivity::Dedicated, Confidence::Measured) => "grade-measured-dedicated",
        (Exclusivity::Shared, Confidence::Measured) => "grade-measured-shared",
        (Exclusivity::Dedicated, Confidence::Community) => "grade-community-dedicated",
        (Exclusivity::Shared, Confidence::Community) => "grade-community-shared",
    }
}

/// Every grade that a basis can have, by what supports the signature: the report's own table,
/// computed by the rule that graded.
pub(super) fn grade_row(basis: Basis, ambiguous: bool) -> [Grade; 4] {
    [
        (Exclusivity::Dedicated, Confidence::Documented),
        (Exclusivity::Shared, Confidence::Documented),
        (Exclusivity::Shared, Confidence::Measured),
        (Exclusivity::Shared, Confidence::Community),
    ]
    .map(|(exclusivity, confidence)| {
        let facts = GradeFacts {
            basis,
            exclusivity,
            confidence,
            ambiguous,
            mixed: false,
            one_sided: false,
            status: crate::signature::Status::Active,
            active_until: None,
            at: crate::source::CaptureTime(0),
        };
        grade(facts).0
    })
}
