//! DTLS `ClientHello`s for tests.

use crate::name::tls::sample::Hello;

/// The body of a ClientHello.
pub(in crate::name) fn hello(name: Option<&str>, cookie: &[u8], srtp: bool) -> Vec<u8> {
    let tls = Hello { sni: name, alpn: &[], ..Hello::default() }.message();
    let mut body = tls[4..].to_vec();
    let after_session = 2 + 32 + 1 + usize::from(body[34]);
    let with_len = [&[u8::try_from(cookie.len()).unwrap()], cookie].concat();
    body.splice(after_session..after_session, with_len);
    if srtp {
        let after_compression = after_session + 1 + cookie.len() + 2 + 4 + 2;
        let len = &mut body[after_compression..after_compression + 2];
        let longer = u16::from_be_bytes([len[0], len[1]]) + 9;
        len.copy_from_slice(&longer.to_be_bytes());
        body.extend([0, 14, 0, 5, 0, 2, 0, 1, 0]);
    }
    body
}

/// It in fragments of at most `size` octets, one in each datagram.
pub(in crate::name) fn datagrams(body: &[u8], sequence: u8, size: usize) -> Vec<Vec<u8>> {
    let u24 = |number: usize| u32::try_from(number).unwrap().to_be_bytes()[1..].to_vec();
    let fragments = body.chunks(size).enumerate().map(|(at, octets)| {
        let header =
            [&[1][..], &u24(body.len()), &[0, sequence], &u24(at * size), &u24(octets.len())];
        [&header.concat(), octets].concat()
    });
    let record = |content: Vec<u8>| {
        let len = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, sequence][..], &len, &content].concat()
    };
    fragments.map(record).collect()
}
