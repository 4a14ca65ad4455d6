use std::collections::BTreeSet;

use tls_parser::{
    SNIType, TlsExtension, TlsMessage, TlsMessageHandshake, parse_tls_extensions,
    parse_tls_message_handshake,
};

use super::super::HostName;
use super::super::dns::corpus::{Named, PerFlow, Score, corpus, datagrams};
use super::{GoogleFirst, QuicInitials, QuicRead, google_first, looks_like_initial};

/// The server names that tshark finds in QUIC, in the versions that are read.
#[test]
fn server_names_in_the_corpus_are_those_that_tshark_sees() {
    let Some(captures) = corpus() else { return };
    let mut score = Score::default();
    for (capture, oracle) in captures {
        let mut found: BTreeSet<Named> = BTreeSet::new();
        let mut searches: PerFlow<QuicInitials> = PerFlow::default();
        for datagram in datagrams(&capture) {
            let google = match google_first(&datagram.payload) {
                Some(GoogleFirst::Own(hello)) => hello.server_name,
                _ => None,
            };
            if let Some(name) = google.and_then(|name| HostName::from_wire(name).ok()) {
                found.insert((datagram.ends(), name.to_string()));
                continue;
            }
            if !searches.contains_key(&datagram.ends()) && !looks_like_initial(&datagram.payload) {
                continue;
            }
            let search = searches.entry(datagram.ends()).or_default();
            if let QuicRead::Handshake(octets) = search.offer(&datagram.payload, datagram.side()) {
                found.extend(server_name(octets).map(|name| (datagram.ends(), name)));
            }
        }
        let either = oracle.named("either", "quic-sni");
        score.add(&capture, &found, &oracle.named("names", "quic-sni"), &either);
    }
    score.print("quic-sni");
    // What the reader of these tests does not know: a tunnel.
    score.missing.retain(|(capture, _)| !capture.ends_with("mercury/geneve.pcap"));
    assert_eq!(score.missing, []);
    // tshark keeps the keys of the version that was refused.
    assert!(score.extra.iter().all(|(capture, _)| capture.ends_with("tcpdump/quic_vn.pcap")));
    assert!(score.right >= 61);
}

fn server_name(handshake: &[u8]) -> Option<String> {
    let (_, message) = parse_tls_message_handshake(handshake).ok()?;
    let TlsMessage::Handshake(TlsMessageHandshake::ClientHello(hello)) = message else {
        return None;
    };
    let (_, extensions) = parse_tls_extensions(hello.ext?).ok()?;
    extensions
        .iter()
        .find_map(|extension| match extension {
            TlsExtension::SNI(names) => names.iter().find_map(|(kind, name)| {
                let port = name.iter().position(|octet| *octet == b':').unwrap_or(name.len());
                (*kind == SNIType::HostName).then(|| HostName::from_wire(&name[..port]).ok())?
            }),
            _ => None,
        })
        .map(|name| name.to_string())
}
