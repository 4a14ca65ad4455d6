//! Hellos of clients as an attacker may write them.

/// A ClientHello (RFC 8446 §4.1.2) in records, with this SNI and an extension of `padding` octets.
pub(crate) fn client_hello(name: &[u8], padding: usize) -> Vec<u8> {
    client_hello_of(&[(0, name)], padding)
}

/// The same with these entries of the list of names: type and name.
pub(crate) fn client_hello_of(names: &[(u8, &[u8])], padding: usize) -> Vec<u8> {
    let entries =
        names.iter().flat_map(|(kind, name)| [&[*kind][..], &two(name.len()), name].concat());
    let entries: Vec<u8> = entries.collect();
    let list = [&two(entries.len()), &entries[..]].concat();
    let mut extensions = [&[0, 0], &two(list.len()), &list[..]].concat();
    if padding > 0 {
        // Before the names, so that they stand at the very end.
        extensions = [&[0, 21], &two(padding), &vec![0; padding][..], &extensions].concat();
    }
    let mut body = vec![3, 3];
    body.extend([0x5a; 32]);
    body.extend([0, 0, 2, 0x13, 1, 1, 0]);
    body.extend(two(extensions.len()));
    body.extend(extensions);
    let [_, a, b, c] = u32::try_from(body.len()).expect("shorter than 4 GiB").to_be_bytes();
    let message = [&[1, a, b, c], &body[..]].concat();
    let record = |part: &[u8]| [&[22, 3, 1], &two(part.len())[..], part].concat();
    message.chunks(1 << 14).flat_map(record).collect()
}

fn two(len: usize) -> [u8; 2] {
    u16::try_from(len).expect("shorter than 64 KiB").to_be_bytes()
}
