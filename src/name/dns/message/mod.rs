//! One DNS message: its questions, and the addresses that answer the first of them.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::net::IpAddr;

use arrayvec::ArrayVec;
use domain::base::iana::{Class, Opcode, Rtype};
use domain::base::message::RecordSection;
use domain::base::record::ParsedRecord;
use domain::base::{Message as Wire, ParsedName};
use domain::rdata::svcb::SvcbRdata;
use domain::rdata::svcb::value::{Ech, Ipv4Hint, Ipv6Hint};
use domain::rdata::{A, Aaaa, Cname, Https, Svcb};
use smallvec::SmallVec;

use super::super::{HostName, NotAHostName, ech};
use super::well_formed;

/// How much a message must prove before it is taken for DNS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::name) enum Strictness {
    /// The port says that it is DNS: what is whole of a cut or broken message counts.
    Port53,
    /// Only the octets say so: the message must be well formed to its last octet.
    ByContent,
}

/// What a message asks and answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::name) struct Message {
    /// Whether it is a response (QR, RFC 1035 §4.1.1).
    pub response: bool,
    /// Whether it is a standard query or the response to one (OPCODE 0).
    pub opcode_query: bool,
    /// The questions that are whole.
    pub questions: Vec<Question>,
    /// The addresses in the answer section that answer the first question.
    pub answers: Vec<Answer>,
    /// The outer names of Encrypted ClientHello in it (RFC 9848 §3).
    pub public_names: Vec<PublicName>,
}

/// The `public_name` of an `ECHConfigList`, and how long it may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::name) struct PublicName {
    /// The name that stands as SNI in the place of those that are meant.
    pub name: HostName,
    /// Seconds: the smallest TTL on the way.
    pub ttl: u32,
}

/// One entry of the question section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::name) struct Question {
    /// The name that is asked for.
    pub name: Result<HostName, NotAHostName>,
}

/// An address that the name which was asked for leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::name) struct Answer {
    /// The name of the question.
    pub asked: HostName,
    /// The CNAME chain from there to the owner of the address, without the name of the question;
    /// links that are not host names are left out.
    pub chain: Vec<HostName>,
    /// Of an A or AAAA record, or an address hint of an HTTPS or SVCB record.
    pub address: IpAddr,
    /// Seconds: the smallest TTL on the way (RFC 1035 §3.2.1).
    pub ttl: u32,
}

/// Questions that are read of one message. Resolvers ask one at a time; where a message announces
/// others, their class must tell that it is no noise.
const QUESTIONS: usize = 16;

/// Records that are read of one message: more than fit into 4 KiB.
pub(super) const RECORDS: usize = 512;

/// CNAME records that are kept of one message.
const ALIASES: usize = 32;

/// CNAME links that are followed; resolvers give up at about as many.
const CHAIN: usize = 16;

/// A name as it stands in the message, perhaps compressed.
pub(super) type WireName<'a> = ParsedName<&'a [u8]>;

/// The message that `octets` are; `None` where they are none, or not surely one.
///
/// Of the records only the answer section counts: what a server adds without being asked names
/// nothing. Where the port vouches for it, a plausible header suffices: who asks whom is worth
/// knowing although the question itself is cut off or broken.
pub(in crate::name) fn read(octets: &[u8], strictness: Strictness) -> Option<Message> {
    let wire = Wire::from_slice(octets).ok()?;
    if strictness == Strictness::ByContent && !well_formed::is_dns(wire) {
        return None;
    }
    let announced = wire.header_counts().qdcount();
    let mut section = wire.question();
    let whole: SmallVec<[WireName<'_>; 1]> = section
        .by_ref()
        .take(QUESTIONS)
        .map_while(Result::ok)
        .filter(|q| announced == 1 || well_formed::is_known_class(q.qclass()))
        .map(|q| *q.qname())
        .collect();
    if whole.is_empty() && announced > 0 && !well_formed::plausible_header(wire) {
        return None;
    }
    let header = wire.header();
    let questions: Vec<Question> =
        whole.iter().map(|name| Question { name: host_name(name) }).collect();
    let (answers, public_names) = match (whole.first(), questions.first(), section.answer()) {
        (Some(wire_name), Some(Question { name: Ok(asked) }), Ok(records)) if header.qr() => {
            answers(*wire_name, asked, records)
        }
        _ => Default::default(),
    };
    let opcode_query = header.opcode() == Opcode::QUERY;
    Some(Message { response: header.qr(), opcode_query, questions, answers, public_names })
}

/// The name in the one form of host names. Labels are octets (RFC 2181 §11): one with a dot or
/// anything else inside that host names do not have must not turn into another name.
pub(super) fn host_name(name: &WireName<'_>) -> Result<HostName, NotAHostName> {
    let mut text = ArrayVec::<u8, 255>::new();
    let mut is_odd = false;
    for label in name.iter().filter(|label| !label.is_root()) {
        let octets = label.as_slice();
        is_odd |= octets.iter().fold(false, |odd, octet| odd | matches!(octet, b'.' | b':'));
        if !text.is_empty() {
            text.try_push(b'.').map_err(|_| NotAHostName::Invalid)?;
        }
        text.try_extend_from_slice(octets).map_err(|_| NotAHostName::Invalid)?;
    }
    match HostName::from_wire(&text) {
        _ if is_odd => Err(fault(&text)),
        // Brackets around a label are octets as others.
        Err(NotAHostName::AddressLiteral) if text.first() == Some(&b'[') => Err(fault(&text)),
        name => name,
    }
}

/// What is wrong with labels of which one holds an octet that host names do not have.
fn fault(text: &[u8]) -> NotAHostName {
    if text.is_ascii() { NotAHostName::Invalid } else { NotAHostName::NotAscii }
}

/// The addresses in `records` whose owner the question leads to, in the order of the records, and
/// the outer names in them.
fn answers<'a>(
    question: WireName<'a>,
    asked: &HostName,
    records: RecordSection<'a, [u8]>,
) -> (Vec<Answer>, Vec<PublicName>) {
    let records: SmallVec<[ParsedRecord<'a, [u8]>; 8]> = whole_records(records).collect();
    let links = chain(question, &records);
    let names: SmallVec<[Option<HostName>; 4]> =
        links.iter().skip(1).map(|link| host_name(&link.name).ok()).collect();
    let (mut found, mut public_names) = (Vec::new(), Vec::new());
    for record in &records {
        let owner = record.owner();
        let Some(at) = links.iter().position(|link| link.name == owner) else { continue };
        let ttl = links.get(at).map_or(0, |link| link.ttl).min(seconds(record));
        addresses(record, |address, target| {
            let mut chain: Vec<HostName> = names.iter().take(at).flatten().cloned().collect();
            chain.extend(target);
            found.push(Answer { asked: asked.clone(), chain, address, ttl });
        });
        public_names.extend(outer_names(record).into_iter().map(|name| PublicName { name, ttl }));
    }
    (found, public_names)
}

/// A name that the question leads to, and the smallest TTL of the CNAME records before it.
#[derive(Clone, Copy)]
struct Link<'a> {
    name: WireName<'a>,
    ttl: u32,
}

/// The question's name and the CNAME chain from there, in whatever order its records stand
/// (RFC 1034 §3.6.2 does not ask for one); a loop ends where it closes.
fn chain<'a>(
    question: WireName<'a>,
    records: &[ParsedRecord<'a, [u8]>],
) -> SmallVec<[Link<'a>; 4]> {
    let mut links: SmallVec<[Link<'a>; 4]> = SmallVec::new();
    links.push(Link { name: question, ttl: u32::MAX });
    let mut aliases: SmallVec<[(WireName<'a>, Link<'a>); 4]> =
        records.iter().filter_map(alias).take(ALIASES).collect();
    while let Some(last) = links.last().copied().filter(|_| links.len() <= CHAIN) {
        let Some(at) = aliases.iter().position(|(owner, _)| *owner == last.name) else { break };
        let (_, next) = aliases.swap_remove(at);
        if links.iter().any(|link| link.name == next.name) {
            break;
        }
        links.push(Link { name: next.name, ttl: last.ttl.min(next.ttl) });
    }
    links
}

/// Owner and target of a CNAME record.
fn alias<'a>(record: &ParsedRecord<'a, [u8]>) -> Option<(WireName<'a>, Link<'a>)> {
    if record.rtype() != Rtype::CNAME {
        return None;
    }
    let target = record.to_record::<Cname<WireName<'a>>>().ok()??;
    Some((record.owner(), Link { name: *target.data().cname(), ttl: seconds(record) }))
}

/// Gives each address of a record to `give`, with the name of the host that has it where that is
/// not the owner (`TargetName` of HTTPS and SVCB, RFC 9460 §2.1).
fn addresses(record: &ParsedRecord<'_, [u8]>, mut give: impl FnMut(IpAddr, Option<HostName>)) {
    match record.rtype() {
        Rtype::A => {
            if let Ok(Some(a)) = record.to_record::<A>() {
                give(IpAddr::V4(a.data().addr()), None);
            }
        }
        Rtype::AAAA => {
            if let Ok(Some(a)) = record.to_record::<Aaaa>() {
                give(IpAddr::V6(a.data().addr()), None);
            }
        }
        Rtype::HTTPS => {
            if let Ok(Some(r)) = record.to_record::<Https<&[u8], WireName<'_>>>() {
                hints(r.data(), record.owner(), give);
            }
        }
        Rtype::SVCB => {
            if let Ok(Some(r)) = record.to_record::<Svcb<&[u8], WireName<'_>>>() {
                hints(r.data(), record.owner(), give);
            }
        }
        _ => {}
    }
}

/// The outer names in a record's `ech` parameter.
fn outer_names(record: &ParsedRecord<'_, [u8]>) -> Vec<HostName> {
    let list = match record.rtype() {
        Rtype::HTTPS => {
            let record = record.to_record::<Https<&[u8], WireName<'_>>>().ok().flatten();
            record.and_then(|r| r.data().params().first::<Ech<_>>())
        }
        Rtype::SVCB => {
            let record = record.to_record::<Svcb<&[u8], WireName<'_>>>().ok().flatten();
            record.and_then(|r| r.data().params().first::<Ech<_>>())
        }
        _ => None,
    };
    list.map(|list| ech::public_names(list.as_slice())).unwrap_or_default()
}

/// The address hints of a service binding (RFC 9460 §7.3).
fn hints<Variant>(
    binding: &SvcbRdata<Variant, &[u8], WireName<'_>>,
    owner: WireName<'_>,
    mut give: impl FnMut(IpAddr, Option<HostName>),
) {
    let is_other = |name: &&WireName<'_>| !name.is_root() && **name != owner;
    let target = Some(binding.target()).filter(is_other).and_then(|name| host_name(name).ok());
    if let Some(hint) = binding.params().first::<Ipv4Hint<_>>() {
        hint.iter().for_each(|address| give(IpAddr::V4(address), target.clone()));
    }
    if let Some(hint) = binding.params().first::<Ipv6Hint<_>>() {
        hint.iter().for_each(|address| give(IpAddr::V6(address), target.clone()));
    }
}

/// The records of class IN that are whole, up to the first that is not.
fn whole_records(records: RecordSection<'_, [u8]>) -> impl Iterator<Item = ParsedRecord<'_, [u8]>> {
    records.take(RECORDS).map_while(Result::ok).filter(|record| record.class() == Class::IN)
}

/// The TTL; one with its highest bit set means 0 (RFC 2181 §8).
fn seconds(record: &ParsedRecord<'_, [u8]>) -> u32 {
    Some(record.ttl().as_secs()).filter(|ttl| i32::try_from(*ttl).is_ok()).unwrap_or(0)
}

#[cfg(test)]
pub(super) mod tests;
