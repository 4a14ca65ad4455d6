use super::sample::{Cell, FlowSample, at, database};
use crate::decode::Protocol;
use crate::flow::FlowFlags;
use crate::name::Via;
use crate::signature::{Basis, Database, Grade};

/// Signature, basis and grade of each tag, the primary one first.
fn tags(cell: &Cell, database: &Database) -> Vec<(String, Basis, Grade)> {
    let record = cell.record(database);
    let of = |signature| database.signature(signature).id.clone();
    record.tags.iter().map(|t| (of(t.signature), t.basis, t.grade)).collect()
}

fn ids(cell: &Cell, database: &Database) -> Vec<String> {
    tags(cell, database).into_iter().map(|(id, _, _)| id).collect()
}

#[test]
fn the_strongest_basis_beats_the_earliest_observation() {
    let database = database();
    let cell = FlowSample::default().cell().both_ways();
    cell.name(&database, Via::Dns, "a.example.org", at(0));
    cell.name(&database, Via::TlsSni, "b.example.org", at(5));
    let expected = [("b", Basis::Name, Grade::A), ("a", Basis::Dns, Grade::B)];
    assert_eq!(tags(&cell, &database), expected.map(|(id, b, g)| (id.to_owned(), b, g)));
}

#[test]
fn of_equal_bases_the_earliest_observation_is_the_primary_tag() {
    let database = database();
    let cell = FlowSample::default().cell().both_ways();
    cell.name(&database, Via::HttpHost, "a.example.org", at(2));
    cell.name(&database, Via::TlsSni, "b.example.org", at(1));
    assert_eq!(ids(&cell, &database), ["b", "a"]);
}

#[test]
fn of_equal_times_the_most_specific_pattern_is_the_primary_tag() {
    let database = database();
    let cell = FlowSample::default().cell().both_ways();
    // `*.a.example.org` against the exact `b.example.org`.
    cell.name(&database, Via::HttpHost, "deep.a.example.org", at(1));
    cell.name(&database, Via::HttpHost, "b.example.org", at(1));
    assert_eq!(ids(&cell, &database), ["b", "a"]);
}

#[test]
fn of_equally_specific_patterns_the_smaller_id_is_the_primary_tag() {
    let database = database();
    let cell = FlowSample::default().cell().both_ways();
    cell.name(&database, Via::HttpHost, "b.example.org", at(1));
    cell.name(&database, Via::HttpHost, "a.example.org", at(1));
    assert_eq!(ids(&cell, &database), ["a", "b"]);
}

#[test]
fn each_signature_is_tagged_once_by_its_strongest_basis() {
    let database = database();
    let cell = FlowSample::default().cell().both_ways();
    cell.name(&database, Via::Dns, "a.example.org", at(0));
    cell.name(&database, Via::HttpHost, "deep.a.example.org", at(1));
    cell.name(&database, Via::HttpHost, "a.example.org", at(1));
    let record = cell.record(&database);
    assert_eq!(tags(&cell, &database), [("a".to_owned(), Basis::Name, Grade::A)]);
    assert_eq!(&*record.tags[0].matched, "a.example.org");
    assert_eq!(record.names.len(), 3);
}

#[test]
fn an_address_range_counts_only_where_no_name_leads_anywhere() {
    let database = database();
    let sample =
        FlowSample { server: "192.0.2.1:3478", protocol: Protocol::UDP, ..FlowSample::default() };
    let cell = sample.cell().both_ways();
    cell.network(&database);
    assert_eq!(tags(&cell, &database), [("d".to_owned(), Basis::Network, Grade::D)]);
    cell.name(&database, Via::QuicSni, "a.example.org", at(1));
    assert_eq!(tags(&cell, &database), [("a".to_owned(), Basis::Name, Grade::A)]);
}

#[test]
fn names_of_different_categories_are_flagged_and_grade_c_at_most() {
    let database = database();
    let cell = FlowSample::default().cell().both_ways();
    cell.name(&database, Via::TlsSni, "a.example.org", at(0));
    cell.name(&database, Via::Dns, "b.example.org", at(0));
    assert!(!cell.record(&database).flags.has(FlowFlags::MIXED));
    cell.name(&database, Via::HttpHost, "c.example.org", at(1));
    assert!(cell.record(&database).flags.has(FlowFlags::MIXED));
    let grades: Vec<Grade> = tags(&cell, &database).into_iter().map(|t| t.2).collect();
    assert_eq!(grades, [Grade::C; 3]);
}

#[test]
fn a_question_of_a_dns_flow_is_never_a_basis() {
    let database = database();
    let cell = FlowSample::default().cell().both_ways();
    cell.name(&database, Via::DnsQuery, "a.example.org", at(0));
    let record = cell.record(&database);
    assert!(record.tags.is_empty() && record.primary().is_none());
    assert_eq!(record.best_name(), None);
}

#[test]
fn several_possible_names_weaken_what_rests_on_dns_alone() {
    let database = database();
    let cell = FlowSample::default().cell().both_ways();
    cell.name(&database, Via::Dns, "a.example.org", at(0));
    cell.cell.labels(|labels| labels.flags |= FlowFlags::DNS_AMBIGUOUS);
    assert_eq!(tags(&cell, &database), [("a".to_owned(), Basis::Dns, Grade::C)]);
    cell.name(&database, Via::TlsSni, "b.example.org", at(1));
    assert_eq!(tags(&cell, &database)[0], ("b".to_owned(), Basis::Name, Grade::A));
}
