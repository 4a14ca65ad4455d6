//! The law of the fuzz target `handshakes`, on hellos and certificates changed at random.

#[expect(unreachable_pub, reason = "it crosses the door of the fuzz crate")]
#[path = "../fuzz/src/handshakes.rs"]
mod handshakes;

use handshakes::handshakes_give_the_same_whatever_their_segments as law;
use proptest::prelude::*;

/// The body of a ClientHello without `server_name`: version, random, one cipher suite, ALPN,
/// signature algorithms, versions.
fn hello() -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([0x5a; 32]);
    body.extend([0, 0, 4, 0x0a, 0x0a, 0x13, 1, 1, 0]);
    body.extend([0, 28]);
    body.extend([0, 16, 0, 5, 0, 3, 2, b'h', b'2']);
    body.extend([0, 13, 0, 6, 0, 4, 4, 3, 8, 4]);
    body.extend([0, 43, 0, 5, 4, 3, 4, 3, 3]);
    body
}

/// The beginning of a certificate, which is enough to be looked into.
const LEAF: [u8; 12] = [0x30, 0x82, 0, 8, 0x30, 6, 0xa0, 3, 2, 1, 2, 2];

fn input(step: u8, framing: u8, hello: &[u8], leaf: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(hello.len()).unwrap().to_be_bytes();
    [&[step, framing, high, low], hello, leaf].concat()
}

proptest! {
    #[test]
    fn octets_of_any_kind_in_whole_messages(
        step: u8,
        framing in 0u8..4,
        hello in prop::collection::vec(any::<u8>(), 0..300),
        leaf in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        law(&input(step, framing, &hello, &leaf));
    }

    #[test]
    fn a_hello_with_some_octets_changed(
        step in 0u8..80,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        leaf in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let mut hello = hello();
        for (at, value) in changes {
            let at = at.index(hello.len());
            hello[at] = value;
        }
        law(&input(step, 3, &hello, &[&LEAF[..], &leaf].concat()));
    }
}

/// Octets that follow no order: what is held of a hello of so many of them, as it came and put
/// together, passes the bound in small segments and not in one.
#[test]
fn a_hello_that_passes_the_bound_in_one_cut_alone() {
    let octets = std::iter::successors(Some(1_u64), |n| {
        Some(n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
    });
    let hello: Vec<u8> = octets.map(|n| (n >> 56) as u8).take(57_000).collect();
    law(&input(205, 1, &hello, &[]));
}
