//! What a packet carries, from the words of a case.

use std::net::IpAddr;

/// The octets that `text` stands for.
pub(super) fn octets(text: &str) -> Result<Vec<u8>, String> {
    if let Some(text) = text.strip_prefix("text:") {
        return Ok(text.as_bytes().to_vec());
    }
    if let Some(digits) = text.strip_prefix("hex:") {
        return hex(digits);
    }
    let mut words = text.split_whitespace();
    let what = words.next().unwrap_or_default();
    let rest: Vec<&str> = words.collect();
    match (what, rest.as_slice()) {
        ("octets", [count]) => {
            let count = count.parse().map_err(|_| format!("`{count}` is not a number"))?;
            Ok(vec![0x5a; count])
        }
        ("client-hello", []) => Ok(client_hello(None)),
        ("client-hello", [name]) => Ok(client_hello(Some(name))),
        ("server-hello", []) => Ok(record(&handshake(2, &[3, 3]))),
        ("http", [host]) => Ok(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes()),
        ("http-answer", []) => Ok(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
        ("dns-query", [name]) => Ok(query(name)),
        ("dns-answer", chain) => answer(chain),
        _ => Err(format!("`{text}` is not a payload")),
    }
}

fn hex(digits: &str) -> Result<Vec<u8>, String> {
    let digits: Vec<char> = digits.chars().filter(|c| !c.is_whitespace()).collect();
    let octet = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16);
    let octets: Result<_, _> = digits.chunks(2).map(octet).collect();
    octets.map_err(|_| "not hexadecimal".to_owned())
}

/// A TLS 1.3 ClientHello in one record (RFC 8446 §4.1.2), with this `server_name` (RFC 6066 §3).
fn client_hello(name: Option<&str>) -> Vec<u8> {
    let mut extensions = extension(43, &[2, 3, 4]);
    if let Some(name) = name {
        let entry = [vec![0], counted(name.as_bytes())].concat();
        extensions.extend(extension(0, &counted(&entry)));
    }
    let mut body = vec![3, 3];
    body.extend([0x5a; 32]);
    body.extend([0, 0, 2, 0x13, 1, 1, 0]);
    body.extend(counted(&extensions));
    record(&handshake(1, &body))
}

fn extension(kind: u16, content: &[u8]) -> Vec<u8> {
    [kind.to_be_bytes().to_vec(), counted(content)].concat()
}

fn handshake(kind: u8, body: &[u8]) -> Vec<u8> {
    [vec![kind, 0], counted(body)].concat()
}

fn record(message: &[u8]) -> Vec<u8> {
    [vec![22, 3, 1], counted(message)].concat()
}

/// The octets after their number in two octets.
fn counted(octets: &[u8]) -> Vec<u8> {
    let len = u16::try_from(octets.len()).expect("a short text").to_be_bytes();
    [len.to_vec(), octets.to_vec()].concat()
}

fn query(name: &str) -> Vec<u8> {
    let mut message = vec![0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    message.extend(labels(name));
    message.extend([0, 1, 0, 1]);
    message
}

/// `ASKED [> ALIAS…] > ADDRESS[,ADDRESS…] [ttl=SECONDS]`: a response (RFC 1035 §4.1.3).
fn answer(words: &[&str]) -> Result<Vec<u8>, String> {
    let (words, ttl) = match words.split_last() {
        Some((last, before)) if last.starts_with("ttl=") => {
            let ttl = last.trim_start_matches("ttl=").parse::<u32>();
            (before, ttl.map_err(|_| format!("`{last}` is not a lifetime"))?)
        }
        _ => (words, 60),
    };
    let text = words.concat();
    let names: Vec<&str> = text.split('>').collect();
    let ([asked, aliases @ ..], Some(addresses)) = (&names[..names.len() - 1], names.last()) else {
        return Err(format!("`{text}` is not a name, a `>` and an address"));
    };
    let mut records = Vec::new();
    let mut owner = *asked;
    for alias in aliases {
        records.push(resource(owner, 5, ttl, &labels(alias)));
        owner = alias;
    }
    for address in addresses.split(',') {
        let address: IpAddr = address.parse().map_err(|_| format!("`{address}` is no address"))?;
        records.push(match address {
            IpAddr::V4(a) => resource(owner, 1, ttl, &a.octets()),
            IpAddr::V6(a) => resource(owner, 28, ttl, &a.octets()),
        });
    }
    let count = u8::try_from(records.len()).map_err(|_| "too many records".to_owned())?;
    let mut message = vec![0xab, 0xcd, 0x81, 0x80, 0, 1, 0, count, 0, 0, 0, 0];
    message.extend(labels(asked));
    message.extend([0, if addresses.contains(':') { 28 } else { 1 }, 0, 1]);
    message.extend(records.concat());
    Ok(message)
}

fn resource(owner: &str, kind: u16, ttl: u32, content: &[u8]) -> Vec<u8> {
    let mut record = labels(owner);
    record.extend(kind.to_be_bytes());
    record.extend([0, 1]);
    record.extend(ttl.to_be_bytes());
    record.extend(counted(content));
    record
}

fn labels(name: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    for label in name.split('.') {
        octets.push(u8::try_from(label.len()).expect("a short label"));
        octets.extend(label.as_bytes());
    }
    octets.push(0);
    octets
}
