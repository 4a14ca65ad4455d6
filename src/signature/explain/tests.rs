use super::*;

fn name(text: &str) -> Query {
    Query::Name(HostName::from_wire(text.as_bytes()).expect(text))
}

fn address(text: &str) -> Query {
    Query::Address(text.parse().expect("an address"))
}

fn signature(id: &str, confidence: &str, lines: &str) -> String {
    format!(
        "[[signature]]\nid = \"{id}\"\nvendor = \"v\"\nproduct = \"p\"\ncategory = \"telemetry\"\n\
         purpose = \"x\"\nexclusivity = \"dedicated\"\nconfidence = \"{confidence}\"\n\
         status = \"active\"\n{lines}\n\
         sources = [{{ title = \"t\", publisher = \"p\", ref = \"r\", as_of = \"2026\", says = \"s\" }}]\n"
    )
}

fn database() -> Database {
    let text = [
        signature("a-exact", "documented", "hosts = [\"x.data.acme.com\"]"),
        signature("b-tie", "documented", "hosts = [\"x.data.acme.com\", \"*.acme.com\"]"),
        signature("c-wide", "community", "hosts = [\"*.data.acme.com\"]"),
        signature(
            "d-net",
            "documented",
            "networks = [\"192.0.2.0/24\"]\nports = [\"udp/1\", \"udp/2\"]",
        ),
        signature("e-net", "documented", "networks = [\"192.0.0.0/16\"]\nports = [\"tcp/443\"]"),
    ]
    .concat();
    Database::of_texts(&[("a.toml", &text)]).expect("it loads")
}

/// Ids with the reason, in order.
fn lost(database: &Database, explanation: &Explanation<'_>) -> Vec<String> {
    let line = |c: &Candidate<'_>| {
        let id = &database.signature(c.matched.signature).id;
        format!("{id} {} {}", c.matched.pattern, c.lost.word())
    };
    explanation.candidates.iter().map(line).collect()
}

#[test]
fn every_candidate_says_why_it_lost() {
    let database = database();
    let explanation = database.explain(&name("x.data.acme.com"));
    let winner = explanation.winner.expect("a winner");
    assert_eq!(database.signature(winner.signature).id, "a-exact");
    assert_eq!(
        lost(&database, &explanation),
        [
            "b-tie x.data.acme.com larger id at a tie",
            "c-wide *.data.acme.com less specific",
            "b-tie *.acme.com less specific",
        ]
    );
    assert_eq!(explanation.registrable.as_deref(), Some("acme.com"));
    assert_eq!(explanation.sources.len(), 1);
    assert!(explanation.nearest.is_empty());
}

#[test]
fn the_grades_stand_by_basis() {
    let grades = |host: &str| {
        let database = database();
        let grades = database.explain(&name(host)).grades.expect("grades");
        grades.rows().map(|(basis, grade)| format!("{basis} {grade}"))
    };
    assert_eq!(
        grades("x.data.acme.com"),
        ["name A", "certificate B", "dns B", "dns-ambiguous C", "network D"]
    );
    assert_eq!(
        grades("y.data.acme.com"),
        ["name C", "certificate C", "dns C", "dns-ambiguous D", "network D"]
    );
}

#[test]
fn an_untagged_name_shows_its_registrable_domain_and_what_is_near() {
    let database = database();
    let near = |host: &str| {
        let explanation = database.explain(&name(host));
        assert_eq!(explanation.winner, None, "{host}");
        assert!(explanation.grades.is_none() && explanation.sources.is_empty());
        let line = |n: &Nearest<'_>| format!("{} {}", n.pattern, n.why.word());
        explanation.nearest.iter().map(line).collect::<Vec<_>>()
    };
    let same = "same registrable domain";
    assert_eq!(
        near("acme.com"),
        ["x.data.acme.com", "x.data.acme.com", "*.data.acme.com"].map(|p| format!("{p} {same}"))
    );
    assert_eq!(near("www.acne.com").len(), 3);
    assert!(near("www.acne.com")[0].ends_with("one letter apart"));
    assert!(near("www.example.org").is_empty());
    assert!(near("com").is_empty());
}

#[test]
fn an_address_shows_the_networks_that_cover_it() {
    let database = database();
    let explanation = database.explain(&address("192.0.2.7"));
    let winner = explanation.winner.expect("a winner");
    assert_eq!((winner.pattern, winner.specificity), ("192.0.2.0/24", 24));
    assert_eq!(lost(&database, &explanation), ["e-net 192.0.0.0/16 less specific"]);
    assert_eq!(explanation.registrable, None);
    assert_eq!(database.explain(&address("198.51.100.1")).winner, None);
}

#[test]
fn the_explained_winner_is_the_one_that_tags_and_loses_to_nothing() {
    let database = Database::shipped();
    let hosts: Vec<_> = database.signatures().iter().flat_map(|s| &s.hosts).collect();
    for pattern in hosts.iter().step_by(7) {
        let text = pattern.replace('*', "zz-example");
        let host = HostName::from_wire(text.as_bytes()).expect("a name");
        let explanation = database.explain(&Query::Name(host.clone()));
        assert_eq!(explanation.winner, database.by_name(&host));
        let winner = explanation.winner.expect("the database covers its own patterns");
        assert!(explanation.candidates.iter().all(|c| {
            (winner.specificity, c.matched.signature) >= (c.matched.specificity, winner.signature)
        }));
    }
}
