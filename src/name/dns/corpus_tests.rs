use std::collections::BTreeSet;

use domain::base::Message as Wire;
use domain::base::iana::Rtype;

use super::corpus::{Named, Score, corpus, datagrams};
use super::{Strictness, read};

/// Questions over UDP in other people's captures, on port 53 and by content elsewhere.
#[test]
fn questions_in_the_corpus_are_those_that_tshark_sees() {
    let Some(captures) = corpus() else { return };
    let mut score = Score::default();
    for (capture, oracle) in captures {
        let mut found: BTreeSet<Named> = BTreeSet::new();
        for datagram in datagrams(&capture) {
            let ports = [datagram.from.port(), datagram.to.port()];
            let port53 = ports.contains(&53);
            if !port53 && ports.iter().any(|port| [5353, 5355].contains(port)) {
                continue; // multicast DNS and LLMNR count neither way
            }
            let strictness = if port53 { Strictness::Port53 } else { Strictness::ByContent };
            let Some(message) = read(&datagram.payload, strictness) else { continue };
            if message.response || !message.opcode_query {
                continue;
            }
            let names = message.questions.iter().filter_map(|q| q.name.as_ref().ok());
            found.extend(names.map(|name| (datagram.ends(), name.to_string())));
        }
        let either = oracle.named("either", "dns-query");
        score.add(&capture, &found, &oracle.named("names", "dns-query"), &either);
    }
    score.print("dns-query");
    // The rest is in fragments, tunnels and frames that the reader of these tests does not know.
    assert!(score.right >= 1329);
    assert!(score.extra.len() <= 2);
}

/// Addresses in answer sections that the question does not lead to name nothing; they are rare.
#[test]
fn nearly_every_address_in_the_corpus_is_reached_from_its_question() {
    let Some(captures) = corpus() else { return };
    let (mut reached, mut all) = (0, 0);
    for (capture, _) in captures {
        for datagram in datagrams(&capture) {
            if datagram.from.port() != 53 {
                continue;
            }
            let Some(message) = read(&datagram.payload, Strictness::Port53) else { continue };
            if !message.response || !message.questions.iter().any(|q| q.name.is_ok()) {
                continue;
            }
            let wire = Wire::from_slice(&datagram.payload).unwrap();
            let Ok(records) = wire.answer() else { continue };
            let addresses = records
                .map_while(Result::ok)
                .filter(|r| matches!(r.rtype(), Rtype::A | Rtype::AAAA))
                .count();
            if addresses > message.answers.len() {
                println!(
                    "{} of {addresses}: {} {:?}",
                    message.answers.len(),
                    capture.display(),
                    message.questions
                );
            }
            (reached, all) = (reached + message.answers.len(), all + addresses);
        }
    }
    println!("{reached} of {all} addresses");
    assert!(reached * 1000 >= all * 995);
}
