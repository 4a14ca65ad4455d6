//! From the names of a flow to its tags.

use super::label::{Found, MatchLabel};
use super::{BothWays, Count, TagRecord};
use crate::flow::FlowFlags;
use crate::name::Via;
use crate::signature::{Basis, Category, Database, GradeFacts, grade};
use crate::source::CaptureTime;

/// One way to a signature.
struct Candidate<'a> {
    basis: Basis,
    time: CaptureTime,
    label: &'a MatchLabel,
}

impl Candidate<'_> {
    /// Primary first: strongest basis, then earliest observation, then most specific pattern,
    /// then smaller id.
    fn rank(&self) -> impl Ord + use<> {
        let specificity = std::cmp::Reverse(self.label.specificity);
        (self.basis, self.time, specificity, self.label.signature)
    }
}

/// What the grade of a flow's tags depends on, beside the signature.
pub(super) struct Circumstances {
    pub(super) flags: FlowFlags,
    pub(super) counts: BothWays<Count>,
    pub(super) first: CaptureTime,
}

/// The tags of a flow, each signature once by its strongest basis, the primary one first; and
/// whether its names lead to different categories.
pub(super) fn tags(
    found: &Found,
    circumstances: &Circumstances,
    database: &Database,
) -> (Vec<TagRecord>, FlowFlags) {
    let mut candidates = candidates(found, circumstances);
    if candidates.is_empty() {
        return (Vec::new(), FlowFlags::default());
    }
    candidates.sort_by_key(|c| (c.rank(), c.label.pattern.len()));
    let category = |c: &Candidate<'_>| database.category(c.label.signature);
    let named = || candidates.iter().filter(|c| c.basis != Basis::Network);
    let first: Option<Category> = named().next().map(category);
    let is_mixed = named().any(|c| Some(category(c)) != first);
    let mixed = if is_mixed { FlowFlags::MIXED } else { FlowFlags::default() };
    let mut tags: Vec<TagRecord> = Vec::with_capacity(1);
    for candidate in &candidates {
        if tags.iter().any(|t| t.signature == candidate.label.signature) {
            continue;
        }
        let flags = circumstances.flags | mixed;
        let signature = database.signature(candidate.label.signature);
        let (grade, reason) = grade(GradeFacts {
            basis: candidate.basis,
            exclusivity: signature.exclusivity,
            confidence: signature.confidence,
            ambiguous: match candidate.basis {
                Basis::Dns => flags.has(FlowFlags::DNS_AMBIGUOUS),
                Basis::Certificate => flags.has(FlowFlags::CERTIFICATE_AMBIGUOUS),
                Basis::Name | Basis::Network => false,
            },
            mixed: is_mixed,
            one_sided: circumstances.counts.up.frames == 0 || circumstances.counts.down.frames == 0,
            status: signature.status,
            active_until: signature.active_until.as_deref(),
            at: circumstances.first,
        });
        tags.push(TagRecord {
            signature: candidate.label.signature,
            basis: candidate.basis,
            matched: candidate.label.pattern.clone(),
            grade,
            reason: reason.into(),
        });
    }
    (tags, mixed)
}

/// Every way from the flow to a signature. An address range alone counts where no name leads
/// anywhere.
fn candidates<'a>(found: &'a Found, circumstances: &Circumstances) -> Vec<Candidate<'a>> {
    let mut candidates: Vec<_> = found
        .names
        .iter()
        .filter_map(|name| {
            let label = name.found.as_ref()?;
            if !name.observation.is_basis(circumstances.flags) {
                return None;
            }
            let basis = basis_of(name.observation.via)?;
            Some(Candidate { basis, time: name.observation.time, label })
        })
        .collect();
    if candidates.is_empty()
        && let Some(label) = &found.network
    {
        candidates.push(Candidate { basis: Basis::Network, time: circumstances.first, label });
    }
    candidates
}

/// What a tag rests on that a name seen this way leads to.
pub(super) fn basis_of(via: Via) -> Option<Basis> {
    match via {
        Via::TlsSni
        | Via::QuicSni
        | Via::DtlsSni
        | Via::HttpHost
        | Via::HttpConnect
        | Via::Socks => Some(Basis::Name),
        Via::Certificate => Some(Basis::Certificate),
        Via::Dns => Some(Basis::Dns),
        Via::DnsQuery
        | Via::Sip
        | Via::Rtsp
        | Via::SmtpHelo
        | Via::Mqtt
        | Via::Amqp
        | Via::Coap
        | Via::StunRealm
        | Via::LocalName => None,
    }
}
