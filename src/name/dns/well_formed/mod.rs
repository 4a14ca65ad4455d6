//! Whether octets on any port are DNS: a message well formed to its last octet.
//!
//! What random octets would have to guess, at the least: one question (16 bits), the counts of
//! records (48 bits where there are none; else each record must be there, 15 bits of class and
//! some 9 of type apiece, and end where the message ends), operation and reserved bit (5), class
//! (14) and type (9) of the question, printable labels. That is more than 80 bits.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use domain::base::Message as Wire;
use domain::base::iana::{Class, Opcode, Rcode, Rtype};
use domain::base::message::RecordSection;
use domain::base::record::ParsedRecord;

use super::message::{RECORDS, WireName};

/// Whether the message is a standard query or a response to one, whole and plausible.
pub(super) fn is_dns(wire: &Wire<[u8]>) -> bool {
    plausible_header(wire) && plausible_question(wire) == Some(true) && ends_with_records(wire)
}

/// Counts and flags: one question; a query neither answers nor fails.
pub(super) fn plausible_header(wire: &Wire<[u8]>) -> bool {
    let (header, counts) = (wire.header(), wire.header_counts());
    let records = [counts.ancount(), counts.nscount(), counts.arcount()];
    let query = records.into_iter().zip(QUERY_RECORDS).all(|(count, limit)| count <= limit)
        && header.rcode() == Rcode::NOERROR
        && !header.aa();
    counts.qdcount() == 1
        && header.opcode() == Opcode::QUERY
        && !header.z()
        && (header.qr() || query)
        && records.into_iter().map(usize::from).sum::<usize>() <= RECORDS
}

/// Records in the sections of a query: none as answer, one SOA of an incremental transfer
/// (RFC 1995 §3), EDNS and a signature.
const QUERY_RECORDS: [u16; 3] = [0, 1, 2];

/// Whether the one question asks for a name of printable labels in a known class and type.
fn plausible_question(wire: &Wire<[u8]>) -> Option<bool> {
    let question = wire.question().next()?.ok()?;
    let name = question.qname();
    Some(
        is_known_class(question.qclass())
            && is_known_type(question.qtype())
            && !name.is_root()
            && name.iter().all(|label| label.as_slice().iter().all(u8::is_ascii_graphic))
            && !is_netbios(name),
    )
}

/// Whether all records are there, of known class and type, and nothing follows them.
fn ends_with_records(wire: &Wire<[u8]>) -> bool {
    let mut section = wire.answer().ok();
    while let Some(mut records) = section {
        if !records.by_ref().all(|record| record.is_ok_and(|r| is_plausible_record(&r))) {
            return false;
        }
        if let Ok(None) = records.next_section() {
            return records.pos() == wire.as_slice().len();
        }
        section = next(records);
    }
    false
}

/// The section after this one.
fn next(records: RecordSection<'_, [u8]>) -> Option<RecordSection<'_, [u8]>> {
    records.next_section().ok().flatten()
}

/// Whether class and type are known; EDNS uses the class for a size (RFC 6891 §6.1.2). Old
/// `DNSCrypt` clients ask for certificates with an EDNS record whose type and class are 0.
fn is_plausible_record(record: &ParsedRecord<'_, [u8]>) -> bool {
    let (rtype, class) = (record.rtype(), record.class());
    if rtype == Rtype::OPT || (rtype.to_int(), class.to_int()) == (0, 0) {
        return record.owner().is_root();
    }
    is_known_type(record.rtype()) && is_known_class(record.class())
}

/// Internet, Chaos (`version.bind`), none and any.
pub(super) fn is_known_class(class: Class) -> bool {
    matches!(class, Class::IN | Class::CH | Class::NONE | Class::ANY)
}

/// Types and query types that IANA has assigned; without NIMLOC, which is NB of the `NetBIOS` name
/// service (RFC 1002 §4.2.1.2).
fn is_known_type(rtype: Rtype) -> bool {
    matches!(rtype.to_int(), 1..=31 | 33..=66 | 99..=109 | 128 | 249..=262 | 32768 | 32769)
}

/// Whether the name is a `NetBIOS` name in its first-level encoding: 32 letters from A to P
/// (RFC 1001 §14.1). That service has DNS's message format, and its own names.
fn is_netbios(name: &WireName<'_>) -> bool {
    let first = name.first().as_slice();
    first.len() == 32 && first.iter().all(|o| matches!(o, b'A'..=b'P'))
}

#[cfg(test)]
mod tests;
