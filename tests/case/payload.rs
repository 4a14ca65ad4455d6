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
        ("client-hello-ech", [name]) => Ok(hello_with(Some(name), 0xfe0d)),
        ("client-hello-esni", []) => Ok(hello_with(None, 0xffce)),
        ("client-hello-ssl2", []) => Ok(old_client_hello()),
        ("server-hello", []) => Ok(record(&handshake(2, &[3, 3]))),
        ("server-hello-1.3", []) => Ok(record(&server_hello(&extension(43, &[3, 4])))),
        ("certificate", [names]) => Ok(certificate_flight(names)),
        ("http", [host]) => Ok(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes()),
        ("http-answer", []) => Ok(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
        ("dns-query", [name]) => Ok(query(name)),
        ("dns-answer", chain) => answer(chain),
        ("dns-https", [asked, public]) => https_answer(asked, public),
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
    record(&client_hello_message(name, extension(43, &[2, 3, 4])))
}

/// The same with an empty extension of this type.
fn hello_with(name: Option<&str>, kind: u16) -> Vec<u8> {
    let extensions = [extension(43, &[2, 3, 4]), extension(kind, &[])].concat();
    record(&client_hello_message(name, extensions))
}

fn client_hello_message(name: Option<&str>, mut extensions: Vec<u8>) -> Vec<u8> {
    if let Some(name) = name {
        let entry = [vec![0], counted(name.as_bytes())].concat();
        extensions.extend(extension(0, &counted(&entry)));
    }
    let mut body = vec![3, 3];
    body.extend([0x5a; 32]);
    body.extend([0, 0, 2, 0x13, 1, 1, 0]);
    body.extend(counted(&extensions));
    handshake(1, &body)
}

/// A ClientHello of TLS 1.0 in the form of SSL 2.0 (RFC 5246 §E.2).
fn old_client_hello() -> Vec<u8> {
    let mut octets = vec![0x80, 9 + 9 + 16, 1, 3, 1, 0, 9, 0, 0, 0, 16];
    octets.extend([0, 0, 0x39, 0, 0, 0x38, 7, 0, 0xc0]);
    octets.extend([0x5a; 16]);
    octets
}

/// A ServerHello (RFC 5246 §7.4.1.3) with these extensions.
fn server_hello(extensions: &[u8]) -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([0x5a; 32]);
    body.extend([0, 0xc0, 0x2f, 0]);
    body.extend(counted(extensions));
    handshake(2, &body)
}

/// ServerHello and Certificate of TLS 1.2; the certificate has these `dNSName`s (RFC 5280).
fn certificate_flight(names: &str) -> Vec<u8> {
    let algorithm = der(0x30, &[&[6, 3, 42, 3, 4], &[5, 0]]);
    let subject = der(0x30, &[&[6, 3, 85, 4, 3], &der(0x0c, &[b"Company"])]);
    let subject = der(0x30, &[&der(0x31, &[&subject])]);
    let time = der(0x17, &[b"260101000000Z"]);
    let key = der(0x30, &[&algorithm, &[3, 2, 0, 1]]);
    let names: Vec<u8> = names.split(',').flat_map(|name| der(0x82, &[name.as_bytes()])).collect();
    let names = der(4, &[&der(0x30, &[&names])]);
    let names = der(0x30, &[&der(0x30, &[&[6, 3, 85, 29, 17], &names])]);
    let validity = der(0x30, &[&time, &time]);
    let parts: [&[u8]; 8] = [
        &[0xa0, 3, 2, 1, 2],
        &[2, 1, 1],
        &algorithm,
        &subject,
        &validity,
        &subject,
        &key,
        &der(0xa3, &[&names]),
    ];
    let leaf = der(0x30, &[&der(0x30, &parts), &algorithm, &[3, 2, 0, 1]]);
    let list = [vec![0], counted(&leaf)].concat();
    let body = [vec![0], counted(&list)].concat();
    [record(&server_hello(&[])), record(&handshake(11, &body))].concat()
}

/// A value of DER (X.690 §8.1), of less than 65,536 octets.
fn der(tag: u8, contents: &[&[u8]]) -> Vec<u8> {
    [vec![tag, 0x82], counted(&contents.concat())].concat()
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

/// An HTTPS record (RFC 9460 §9) whose `ech` parameter has one configuration with this public
/// name (RFC 9848 §3, RFC 9849 §4).
fn https_answer(asked: &str, public: &str) -> Result<Vec<u8>, String> {
    let len = u8::try_from(public.len()).map_err(|_| "a long name".to_owned())?;
    let mut config = vec![7, 0, 0x20];
    config.extend(counted(&[0x5a; 32]));
    config.extend(counted(&[0, 1, 0, 1]));
    config.extend([&[0, len][..], public.as_bytes(), &[0, 0]].concat());
    let list = counted(&extension(0xfe0d, &config));
    let binding = [vec![0, 1, 0], extension(5, &list)].concat();
    let mut message = vec![0xab, 0xcd, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0];
    message.extend(labels(asked));
    message.extend([0, 65, 0, 1]);
    message.extend(resource(asked, 65, 60, &binding));
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
