use std::collections::BTreeSet;

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
    assert!(score.right >= 1);
}
