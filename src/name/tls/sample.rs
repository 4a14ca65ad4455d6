//! `ClientHello`s for tests.

/// What to put into a ClientHello.
#[derive(Debug, Default)]
pub(in crate::name) struct Hello<'a> {
    pub(in crate::name) sni: Option<&'a str>,
    pub(in crate::name) alpn: &'a [&'a str],
    pub(in crate::name) ech: bool,
    pub(in crate::name) padding: usize,
}

impl Hello<'_> {
    /// The handshake message, from its header on.
    pub(in crate::name) fn message(&self) -> Vec<u8> {
        let mut body = vec![3, 3];
        body.extend([0x5a; 32]);
        body.push(0);
        body.extend([0, 4, 0x13, 1, 0x13, 2]);
        body.extend([1, 0]);
        body.extend(with_len(&self.extensions()));
        let len = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&[1], &len[1..], &body].concat()
    }

    fn extensions(&self) -> Vec<u8> {
        let mut all = extension(0x0a0a, &[]);
        all.extend(extension(21, &vec![0; self.padding]));
        if let Some(name) = self.sni {
            let entry = [vec![0], with_len(name.as_bytes())].concat();
            all.extend(extension(0, &with_len(&entry)));
        }
        if !self.alpn.is_empty() {
            let list: Vec<u8> = self
                .alpn
                .iter()
                .flat_map(|p| {
                    [vec![u8::try_from(p.len()).unwrap()], p.as_bytes().to_vec()].concat()
                })
                .collect();
            all.extend(extension(16, &with_len(&list)));
        }
        if self.ech {
            all.extend(extension(0xfe0d, &[0; 40]));
        }
        all.extend(extension(43, &[2, 3, 4]));
        all
    }
}

/// The message in TLS records of at most `fragment` octets each.
pub(in crate::name) fn records(message: &[u8], fragment: usize) -> Vec<u8> {
    let fragment = fragment.min(1 << 14);
    message.chunks(fragment).flat_map(|part| [vec![22, 3, 1], with_len(part)].concat()).collect()
}

fn extension(kind: u16, content: &[u8]) -> Vec<u8> {
    [kind.to_be_bytes().to_vec(), with_len(content)].concat()
}

fn with_len(octets: &[u8]) -> Vec<u8> {
    [u16::try_from(octets.len()).unwrap().to_be_bytes().to_vec(), octets.to_vec()].concat()
}
