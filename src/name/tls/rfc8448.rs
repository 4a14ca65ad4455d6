//! The handshakes that RFC 8448 prints, in hexadecimal, and what is read of them.

use super::client_hello::{HelloFacts, HelloRead, read};
use super::record::HelloRecords;
use super::sample::records;
use super::server_flight::{FlightRead, ServerFlight};
use crate::name::certificate::{LeafNames, leaf_names};

/// §3, ClientHello of a handshake with one round trip.
const HELLO: &str = "\
    010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113\
    031302010000910000000b0009000006736572766572ff01000100000a00140012001d001700180019010001\
    0101020103010400230000003300260024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae\
    4d5413691e529aaf2c002b0003020304000d0020001e04030503060302030804080508060401050106010201\
    0402050206020202002d00020101001c00024001\
";

/// §3, the ServerHello that answers it.
const SERVER_HELLO: &str = "\
    020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e\
    00330024001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b0002\
    0304\
";

/// §3, the server's certificate, without the message around it.
const CERTIFICATE: &str = "\
    308201ac30820115a003020102020102300d06092a864886f70d01010b0500300e310c300a06035504031303\
    727361301e170d3136303733303031323335395a170d3236303733303031323335395a300e310c300a060355\
    0403130372736130819f300d06092a864886f70d010101050003818d0030818902818100b4bb498f8279303d\
    980836399b36c6988c0c68de55e1bdb826d3901a2461eafd2de49a91d015abbc9a95137ace6c1af19eaa6af9\
    8c7ced43120998e187a80ee0ccb0524b1b018c3e0b63264d449a6d38e22a5fda430846748030530ef0461c8c\
    a9d9efbfae8ea6d1d03e2bd193eff0ab9a8002c47428a6d35a8d88d79f7f1e3f0203010001a31a3018300906\
    03551d1304023000300b0603551d0f0404030205a0300d06092a864886f70d01010b05000381810085aad2a0\
    e5b9276b908c65f73a7267170618a54c5f8a7b337d2df7a594365417f2eae8f8a58c8f8172f9319cf36b7fd6\
    c55b80f21a03015156726096fd335e5e67f2dbf102702e608ccae6bec1fc63a42a99be5c3eb7107c3c54e9b9\
    eb2bd5203b1c3b84e0a8b2f759409ba3eac9d91d402dcc0cc8f8961229ac9187b42b4de1\
";

/// §5, the ClientHello that is refused.
const FIRST_HELLO: &str = "\
    010000b00303b0b1c5a5aa37c5919f2ed1d5c6fff7fcb7849716945a2b8cee9258a346677b6f000006130113\
    031302010000810000000b0009000006736572766572ff01000100000a00080006001d001700180033002600\
    24001d0020e8e8e3f3b93a25ed97a14a7dcacb8a272c6288e585c6484d05262fcad062ad1f002b0003020304\
    000d0020001e040305030603020308040805080604010501060102010402050206020202002d00020101001c\
    00024001\
";

/// §5, the `HelloRetryRequest`.
const RETRY_REQUEST: &str = "\
    020000ac0303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c001301000084\
    003300020017002c0074007271dcd04bb88bc3189119398a00000000eefafc76c146b823b096f8aacad365dd\
    0030953f4edf625636e5f21bb2e23fcc654b1b5b40318d10d137abcbb87574e36e8a1f025f7dfa5d6e50781b\
    5eda4aa15b0c8be778257d16aa3030e9e7841dd9e4c0342267e8ca0caf571fb2b7cff0f934b0002b00020304\
";

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

fn facts(read: HelloRead) -> HelloFacts {
    let HelloRead::Hello(facts) = read else { panic!("no hello: {read:?}") };
    facts
}

#[test]
fn the_client_hellos_name_the_server() {
    for (text, ja4) in [(HELLO, "t13d0309"), (FIRST_HELLO, "t13d0308")] {
        let facts = facts(read(&hex(text)));
        assert_eq!(facts.sni.as_deref(), Some(&b"server"[..]));
        assert!(facts.alpn.is_empty() && !facts.ech_offered && !facts.esni);
        assert_eq!(&facts.fingerprint.unwrap().ja4()[..8], ja4);
    }
}

#[test]
fn a_hello_may_come_in_any_segments_and_records() {
    for fragment in 1..=196 {
        let stream = records(&hex(HELLO), fragment);
        for step in [1, 2, 3, 64, stream.len()] {
            let mut reader = HelloRecords::default();
            let last = stream.chunks(step).map(|part| reader.read(part)).last().unwrap();
            assert_eq!(facts(last).sni.as_deref(), Some(&b"server"[..]));
        }
    }
}

#[test]
fn after_these_servers_answers_no_certificate_is_awaited() {
    for text in [SERVER_HELLO, RETRY_REQUEST] {
        let stream = records(&hex(text), usize::MAX);
        let mut flight = ServerFlight::default();
        for octet in &stream[..stream.len() - 1] {
            assert_eq!(flight.read(&[*octet]), FlightRead::NeedMore);
        }
        assert_eq!(flight.read(&stream[stream.len() - 1..]), FlightRead::Nothing);
    }
}

/// Its common name is `rsa`, which is no name of DNS.
#[test]
fn the_certificate_is_read_and_names_nobody() {
    assert_eq!(leaf_names(&hex(CERTIFICATE)), Some(LeafNames::default()));
}
