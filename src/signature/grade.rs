//! How strong a claim is.

use std::fmt;

use super::date;
use super::{Confidence, Exclusivity, Signature, Status};
use crate::source::CaptureTime;

/// What a tag rests on, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Basis {
    /// The client itself sent the name in the flow.
    Name,
    /// The server sent it in its certificate.
    Certificate,
    /// The client resolved the name to the server's address before.
    Dns,
    /// Address range and port only.
    Network,
}

impl Basis {
    /// Every basis, strongest first.
    pub const ALL: [Self; 4] = [Self::Name, Self::Certificate, Self::Dns, Self::Network];

    /// The word for it in outputs and filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Certificate => "certificate",
            Self::Dns => "dns",
            Self::Network => "network",
        }
    }
}

/// Grade of evidence, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grade {
    /// Documented and dedicated, named by the client.
    A,
    /// One step weaker.
    B,
    /// Two steps weaker.
    C,
    /// An indication only.
    D,
}

impl Grade {
    /// Every grade, strongest first.
    pub const ALL: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];

    /// The letter for it in outputs and filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }

    /// One step weaker, never below D.
    fn lowered(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::C,
            Self::C | Self::D => Self::D,
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a grade depends on.
#[derive(Clone, Copy, Debug)]
pub struct GradeFacts<'a> {
    /// What the tag rests on.
    pub basis: Basis,
    /// Of the signature.
    pub exclusivity: Exclusivity,
    /// Of the signature.
    pub confidence: Confidence,
    /// Whether the basis could mean several names: the client had resolved several to the address
    /// (flag `dns-ambiguous`), or the certificate names several (`certificate-ambiguous`); counts
    /// with bases `dns` and `certificate` only.
    pub ambiguous: bool,
    /// Whether the flow's names lead to different categories (flag `mixed`).
    pub mixed: bool,
    /// Whether the flow was seen in one direction only.
    pub one_sided: bool,
    /// Of the signature.
    pub status: Status,
    /// Of the signature: YYYY or YYYY-MM.
    pub active_until: Option<&'a str>,
    /// When the flow began.
    pub at: CaptureTime,
}

impl<'a> GradeFacts<'a> {
    /// Of a tag to which nothing happened that lowers its grade but what its signature says.
    pub fn of(signature: &'a Signature, basis: Basis, at: CaptureTime) -> Self {
        Self {
            basis,
            exclusivity: signature.exclusivity,
            confidence: signature.confidence,
            ambiguous: false,
            mixed: false,
            one_sided: false,
            status: signature.status,
            active_until: signature.active_until.as_deref(),
            at,
        }
    }
}

/// The grade, and one sentence that says why.
pub fn grade(facts: GradeFacts<'_>) -> (Grade, String) {
    let mut grade = table(facts);
    let mut why = Vec::new();
    if facts.one_sided {
        grade = grade.lowered();
        why.push("the flow was seen in one direction only");
    }
    if facts.status == Status::Retired
        && facts.active_until.is_none_or(|until| date::ended_before(until, facts.at))
    {
        grade = grade.lowered();
        why.push("the service was retired");
    }
    if facts.mixed && grade < Grade::C {
        grade = Grade::C;
        why.push("names of the flow lead to different categories");
    }
    let mut reason = format!("{grade}: {}; {}", rests_on(facts), supported_by(facts));
    if !why.is_empty() {
        reason.push_str("; lowered because ");
        reason.push_str(&why.join(" and "));
    }
    (grade, reason)
}

/// The table, before anything lowers it. Columns: documented and dedicated; documented and
/// shared, or measured and dedicated; measured and shared, or community and dedicated;
/// community and shared.
fn table(facts: GradeFacts<'_>) -> Grade {
    use Grade::{A, B, C, D};
    let row = match (facts.basis, facts.ambiguous) {
        (Basis::Name, _) => [A, B, C, D],
        (Basis::Certificate, false) => [B, B, C, D],
        (Basis::Dns, false) => [B, C, C, D],
        (Basis::Certificate | Basis::Dns, true) => [C, C, D, D],
        (Basis::Network, _) => [D, D, D, D],
    };
    let weaker = match facts.confidence {
        Confidence::Documented => 0,
        Confidence::Measured => 1,
        Confidence::Community => 2,
    };
    match (facts.exclusivity, weaker) {
        (Exclusivity::Dedicated, 0) => row[0],
        (Exclusivity::Shared, 0) | (Exclusivity::Dedicated, 1) => row[1],
        (Exclusivity::Shared, 1) | (Exclusivity::Dedicated, _) => row[2],
        (Exclusivity::Shared, _) => row[3],
    }
}

fn rests_on(facts: GradeFacts<'_>) -> &'static str {
    match (facts.basis, facts.ambiguous) {
        (Basis::Name, _) => "the client named the host itself",
        (Basis::Certificate, false) => "the server named the host in its certificate",
        (Basis::Certificate, true) => {
            "the server named the host in its certificate, and other hosts too"
        }
        (Basis::Dns, false) => "the client had resolved the host's name to this address",
        (Basis::Dns, true) => {
            "the client had resolved the host's name to this address, and other names too"
        }
        (Basis::Network, _) => "only the address range and the port tell",
    }
}

fn supported_by(facts: GradeFacts<'_>) -> &'static str {
    match (facts.exclusivity, facts.confidence) {
        (Exclusivity::Dedicated, Confidence::Documented) => {
            "its maker documents it for this purpose alone"
        }
        (Exclusivity::Shared, Confidence::Documented) => "the host also serves other purposes",
        (Exclusivity::Dedicated, Confidence::Measured) => {
            "a published measurement, not its maker, tells the purpose"
        }
        (Exclusivity::Shared, Confidence::Measured) => {
            "a published measurement, not its maker, tells the purpose, and the host also serves \
             others"
        }
        (Exclusivity::Dedicated, Confidence::Community) => {
            "the purpose is community knowledge, not documented by its maker"
        }
        (Exclusivity::Shared, Confidence::Community) => {
            "the purpose is community knowledge, and the host also serves others"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRONGEST: GradeFacts<'_> = GradeFacts {
        basis: Basis::Name,
        exclusivity: Exclusivity::Dedicated,
        confidence: Confidence::Documented,
        ambiguous: false,
        mixed: false,
        one_sided: false,
        status: Status::Active,
        active_until: None,
        at: CaptureTime(0),
    };

    /// The table's columns, each with the pairs that its heading names.
    const COLUMNS: [&[(Confidence, Exclusivity)]; 4] = [
        &[(Confidence::Documented, Exclusivity::Dedicated)],
        &[
            (Confidence::Documented, Exclusivity::Shared),
            (Confidence::Measured, Exclusivity::Dedicated),
        ],
        &[
            (Confidence::Measured, Exclusivity::Shared),
            (Confidence::Community, Exclusivity::Dedicated),
        ],
        &[(Confidence::Community, Exclusivity::Shared)],
    ];

    #[test]
    fn the_table_is_the_one_in_the_documentation() {
        let page = include_str!("../../docs/signatures.md");
        let rows = [
            ("name", Basis::Name, false),
            ("certificate", Basis::Certificate, false),
            ("certificate, several names in it", Basis::Certificate, true),
            ("dns", Basis::Dns, false),
            ("dns, several names possible", Basis::Dns, true),
            ("network", Basis::Network, false),
        ];
        for (heading, basis, ambiguous) in rows {
            let cells = COLUMNS.map(|pairs| {
                let grades = pairs.iter().map(|&(confidence, exclusivity)| {
                    let facts =
                        GradeFacts { basis, exclusivity, confidence, ambiguous, ..STRONGEST };
                    grade(facts).0.word()
                });
                let mut grades: Vec<_> = grades.collect();
                grades.dedup();
                assert_eq!(grades.len(), 1, "the pairs of a column agree");
                grades[0]
            });
            let line = format!("| {heading} | {} |", cells.join(" | "));
            assert!(page.lines().any(|l| l == line), "docs/signatures.md lacks: {line}");
        }
    }

    #[test]
    fn a_reason_says_what_holds_the_grade_down() {
        let shared = GradeFacts { exclusivity: Exclusivity::Shared, ..STRONGEST };
        let reason = "B: the client named the host itself; the host also serves other purposes";
        assert_eq!(grade(shared), (Grade::B, reason.to_owned()));
        let both = GradeFacts { one_sided: true, ..shared };
        let lowered = format!(
            "C{}; lowered because the flow was seen in one direction only",
            reason.strip_prefix('B').expect("it starts with the grade")
        );
        assert_eq!(grade(both), (Grade::C, lowered));
    }

    #[test]
    fn every_lowering_is_one_step_and_none_goes_below_d() {
        let one_sided = GradeFacts { one_sided: true, ..STRONGEST };
        assert_eq!(grade(one_sided).0, Grade::B);
        let retired = GradeFacts { status: Status::Retired, ..one_sided };
        assert_eq!(grade(retired).0, Grade::C);
        let weakest = GradeFacts { basis: Basis::Network, ..retired };
        assert_eq!(grade(weakest).0, Grade::D);
    }

    #[test]
    fn a_retired_service_counts_in_full_while_it_ran() {
        // 2021-06-15T00:00:00Z
        let at = CaptureTime(1_623_715_200_000_000_000);
        let of = |active_until| {
            grade(GradeFacts { status: Status::Retired, active_until, at, ..STRONGEST }).0
        };
        assert_eq!(of(None), Grade::B);
        assert_eq!(of(Some("2021-05")), Grade::B);
        assert_eq!(of(Some("2021-06")), Grade::A);
        assert_eq!(of(Some("2021")), Grade::A);
    }

    #[test]
    fn a_mixed_flow_is_at_most_c() {
        let mixed = GradeFacts { mixed: true, ..STRONGEST };
        let (grade_of, reason) = grade(mixed);
        assert_eq!(grade_of, Grade::C);
        assert!(reason.ends_with("names of the flow lead to different categories"), "{reason}");
        let shared = GradeFacts { exclusivity: Exclusivity::Shared, ..mixed };
        assert_eq!(grade(shared).0, Grade::C);
        let weak = GradeFacts { basis: Basis::Network, ..mixed };
        assert_eq!(grade(weak).0, Grade::D);
    }

    #[test]
    fn several_possible_names_count_only_where_others_than_the_client_named_it() {
        assert_eq!(grade(GradeFacts { ambiguous: true, ..STRONGEST }).0, Grade::A);
        let certificate = GradeFacts { basis: Basis::Certificate, ..STRONGEST };
        assert_eq!(grade(certificate).0, Grade::B);
        assert_eq!(grade(GradeFacts { ambiguous: true, ..certificate }).0, Grade::C);
        let dns = GradeFacts { basis: Basis::Dns, ..STRONGEST };
        assert_eq!(grade(dns).0, Grade::B);
        assert_eq!(grade(GradeFacts { ambiguous: true, ..dns }).0, Grade::C);
    }
}
