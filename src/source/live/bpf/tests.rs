//! Programs say what the expression says: by an evaluator that knows nothing of programs, and by
//! tcpdump.

use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use proptest::prelude::*;

use super::expression::{ARP, Expression, IPV4, IPV6, Protocol, RARP, Side};
use super::interpreter::{Kept, run};
use super::parse::parse;
use super::{BpfProgram, Instruction, kept, on_interface};

/// The answer for an Ethernet frame; `None` where it is too short to tell, which leaves it out.
/// At most `looked_through` tags are looked through.
fn answer(question: &Expression, frame: &[u8], looked_through: usize) -> Option<bool> {
    let half =
        |octets: &[u8], at: usize| Some(u16::from_be_bytes(*octets.get(at..)?.first_chunk()?));
    let (mut kind, mut network, mut tags) = (half(frame, 12)?, 14, Vec::new());
    while matches!(kind, 0x8100 | 0x88a8 | 0x9100) && tags.len() < looked_through {
        kind = half(frame, network + 2)?;
        tags.push(network);
        network += 4;
    }
    ask(question, frame, kind, frame.get(network..).unwrap_or_default(), &tags)
}

fn ask(
    question: &Expression,
    frame: &[u8],
    kind: u16,
    packet: &[u8],
    tags: &[usize],
) -> Option<bool> {
    let ask = |question: &Expression| ask(question, frame, kind, packet, tags);
    let of_sides = |side: &Side, places: [usize; 2], is: &dyn Fn(usize) -> Option<bool>| match side
    {
        Side::Source => is(places[0]),
        Side::Destination => is(places[1]),
        Side::Either => Some(is(places[0])? || is(places[1])?),
    };
    let octet = |at: usize| packet.get(at).copied();
    Some(match question {
        Expression::Not(inner) => !ask(inner)?,
        Expression::All(terms) => {
            for term in terms {
                if !ask(term)? {
                    return Some(false);
                }
            }
            true
        }
        Expression::Any(terms) => {
            for term in terms {
                if ask(term)? {
                    return Some(true);
                }
            }
            false
        }
        Expression::Protocol(Protocol::Link(number)) => kind == *number,
        Expression::Protocol(Protocol::Ipv4(number)) => kind == IPV4 && octet(9)? == *number,
        Expression::Protocol(Protocol::Ipv6(number)) => {
            kind == IPV6 && (octet(6)? == *number || (octet(6)? == 44 && octet(40)? == *number))
        }
        Expression::Protocol(Protocol::Ip(number)) => match kind {
            IPV4 => ask(&Expression::Protocol(Protocol::Ipv4(*number)))?,
            _ => ask(&Expression::Protocol(Protocol::Ipv6(*number)))?,
        },
        Expression::Address(side, IpNet::V4(net)) => {
            let is = |at: usize| {
                let octets: [u8; 4] = *packet.get(at..)?.first_chunk()?;
                Some(net.contains(&Ipv4Addr::from(octets)))
            };
            match kind {
                IPV4 => of_sides(side, [12, 16], &is)?,
                ARP | RARP => of_sides(side, [14, 24], &is)?,
                _ => false,
            }
        }
        Expression::Address(side, IpNet::V6(net)) => {
            let is = |at: usize| {
                // Word by word, as far as the prefix goes: the frame may be cut behind it.
                let mut octets = [0; 16];
                for word in 0..usize::from(net.prefix_len().div_ceil(32)) {
                    let part: [u8; 4] = *packet.get(at + 4 * word..)?.first_chunk()?;
                    octets[4 * word..4 * word + 4].copy_from_slice(&part);
                    let seen = u128::from_be_bytes(octets);
                    let shown = u32::try_from(4 * word + 4).unwrap() * 8;
                    let mask =
                        net.netmask().to_bits() & !(u128::MAX.checked_shr(shown).unwrap_or(0));
                    if seen & mask != net.network().to_bits() & mask {
                        return Some(false);
                    }
                }
                Some(net.contains(&Ipv6Addr::from(octets)))
            };
            kind == IPV6 && of_sides(side, [8, 24], &is)?
        }
        Expression::Port(transport, side, low, high) => {
            let carries =
                |number: u8| transport.map_or(matches!(number, 6 | 17 | 132), |t| t == number);
            let behind = |start: usize| {
                of_sides(side, [start, start + 2], &|at| {
                    let port: [u8; 2] = *packet.get(at..)?.first_chunk()?;
                    Some((*low..=*high).contains(&u16::from_be_bytes(port)))
                })
            };
            match kind {
                IPV4 if carries(octet(9)?) => {
                    let later = u16::from_be_bytes(*packet.get(6..)?.first_chunk()?) & 0x1fff != 0;
                    !later && behind(usize::from(octet(0)? & 15) * 4)?
                }
                IPV6 if carries(octet(6)?) => behind(40)?,
                _ => false,
            }
        }
        Expression::Station(side, mac) => of_sides(side, [6, 0], &|at| {
            // The second part first, as programs do it; there always are 14 octets.
            Some(frame.get(at..at + 6)? == mac)
        })?,
        Expression::Vlan(None) => !tags.is_empty(),
        Expression::Vlan(Some(id)) => {
            tags.iter().any(|at| u16::from_be_bytes([frame[*at], frame[*at + 1]]) & 0xfff == *id)
        }
    })
}

fn compile(expression: &str) -> BpfProgram {
    BpfProgram::compile(expression).unwrap_or_else(|e| panic!("{expression}: {e}"))
}

/// The kernel's own check of a program (`bpf_check_classic`): jumps stay inside, the last
/// instruction gives.
fn is_sound(program: &[Instruction]) -> bool {
    let inside = |(at, i): (usize, &Instruction)| match i.code & 7 {
        5 if i.code == 5 => at + 1 + (i.k as usize) < program.len(),
        5 => at + 1 + usize::from(i.yes.max(i.no)) < program.len(),
        _ => true,
    };
    program.len() <= BpfProgram::LONGEST
        && program.iter().enumerate().all(inside)
        && program.last().is_some_and(|i| i.code == 6)
}

fn terms() -> impl Strategy<Value = String> {
    let fixed = [
        "ip",
        "ip6",
        "arp",
        "tcp",
        "udp",
        "sctp",
        "icmp",
        "icmp6",
        "vlan",
        "vlan 5",
        "vlan 6",
        "host 10.0.0.1",
        "src host 10.0.0.2",
        "dst 10.0.0.1",
        "net 10.0.0.0/8",
        "net 0.0.0.0/0",
        "src net 10.0.0.0/31",
        "host 2001:db8::1",
        "dst net 2001:db8::/33",
        "net ::/0",
        "src net 2001:db8::/97",
        "port 53",
        "tcp port 443",
        "udp dst port 53",
        "src port 443",
        "portrange 50-60",
        "tcp src portrange 1-443",
        "sctp port 53",
        "ether host 00:00:5e:00:53:01",
        "ether src 00:00:5e:00:53:02",
        "ether dst host 0:0:5e:0:53:2",
    ];
    let leaf = proptest::sample::select(fixed.to_vec()).prop_map(str::to_owned);
    leaf.prop_recursive(4, 40, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|e| format!("not ({e})")),
            (proptest::collection::vec(inner, 2..5), any::<bool>()).prop_map(|(terms, all)| {
                let terms: Vec<_> = terms.iter().map(|t| format!("({t})")).collect();
                terms.join(if all { " and " } else { " || " })
            }),
        ]
    })
}

/// A frame whose fields hit what the terms ask for, often.
fn frames() -> impl Strategy<Value = Vec<u8>> {
    let tags = proptest::collection::vec((0_usize..3, 4_u8..8), 0..4);
    let header = (0_usize..4, 0_usize..6, 0_u8..3, 5_u8..8, 0_u8..4);
    let ends = (0_u8..4, 0_u8..4, 0_usize..5, 0_usize..5, 0_u8..3);
    (tags, header, ends, 0_usize..120).prop_map(|(tags, header, ends, cut)| {
        let (kind, number, offset, words, fragment) = header;
        let (from, to, source_port, destination_port, mac) = ends;
        let mut frame = vec![0, 0, 0x5e, 0, 0x53, mac, 0, 0, 0x5e, 0, 0x53, 3 - mac];
        for (tag, id) in tags {
            frame.extend([[0x81, 0], [0x88, 0xa8], [0x91, 0]][tag]);
            frame.extend([0x20, id]);
        }
        frame.extend([[8, 0], [0x86, 0xdd], [8, 6], [0x80, 0x35]][kind]);
        let number = [6, 17, 132, 1, 58, 44][number];
        let ports = [53_u16, 443, 55, 60, 61];
        let transport = [ports[source_port].to_be_bytes(), ports[destination_port].to_be_bytes()];
        match kind {
            0 => {
                frame.extend([0x40 | words, 0, 0, 60, 0, 1, offset, 0, 64, number, 0, 0]);
                frame.extend([10, 0, 0, from, 10, 0, 0, to]);
                frame.resize(frame.len() + usize::from(words - 5) * 4, 9);
            }
            1 => {
                frame.extend([0x60, 0, 0, 0, 0, 8, number, 64]);
                for end in [from, to] {
                    frame.extend([0x20, 1, 0xd, 0xb8, if end == 3 { 0x80 } else { 0 }]);
                    frame.extend([0; 10]);
                    frame.push(end);
                }
                if number == 44 {
                    frame.extend([[6, 17, 58, 0][usize::from(fragment)], 0, 0, 0, 0, 0, 0, 0]);
                }
            }
            _ => {
                frame.extend([0, 1, 8, 0, 6, 4, 0, 1, 0, 0, 0, 0, 0, 0]);
                frame.extend([10, 0, 0, from, 0, 0, 0, 0, 0, 0, 10, 0, 0, to]);
            }
        }
        frame.extend(transport.as_flattened());
        frame.extend([0; 8]);
        // Most are whole.
        if cut < 90 { frame } else { frame[..frame.len().min(cut - 80)].to_vec() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn a_program_answers_as_the_expression_does(expression in terms(), frame in frames()) {
        let program = compile(&expression);
        prop_assert!(is_sound(program.instructions()), "{expression}");
        let question = parse(&expression).unwrap();
        let expected = |looked_through| {
            if answer(&question, &frame, looked_through) == Some(true) { u32::MAX } else { 0 }
        };
        prop_assert_eq!(run(program.instructions(), &Kept::ethernet(&frame)), expected(2));
        // Where the kernel keeps the outermost tag apart, two more are looked through.
        let untagged = Kept::untagged(&frame);
        let most = if untagged.tag.is_some() { 3 } else { 2 };
        prop_assert_eq!(run(program.instructions(), &untagged), expected(most));
        let on_link = expression.contains("ether") || expression.contains("vlan");
        let is_tagged = matches!(frame.get(12..14), Some([0x81 | 0x91, 0] | [0x88, 0xa8]));
        if !on_link && !is_tagged && frame.len() >= 14 {
            prop_assert_eq!(run(program.instructions(), &Kept::tunnel(&frame)), expected(2));
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[a-z0-9 ().:!&|/é-]{0,60}", words in proptest::collection::vec(
        proptest::sample::select(vec!["not", "(", ")", "and", "or", "src", "dst", "host", "net", "port",
            "portrange", "tcp", "vlan", "ether", "1", "10.0.0.0/8", "1-2", "::1", "65536", "+1"]), 0..12)) {
        for text in [text, words.join(" ")] {
            if let Err(error) = BpfProgram::compile(&text) {
                prop_assert!(error.at <= text.len());
            }
        }
    }
}

fn refusal(expression: &str) -> String {
    BpfProgram::compile(expression).unwrap_err().to_string()
}

#[test]
fn what_is_no_filter_says_where_and_why() {
    assert_eq!(refusal(""), "octet 0: a term is missing");
    assert_eq!(refusal("tcp port"), "octet 8: a port is missing");
    assert_eq!(refusal("tcp and"), "octet 7: a term is missing");
    assert_eq!(refusal("(tcp"), "octet 4: a closing parenthesis is missing");
    assert_eq!(refusal("tcp)"), "octet 3: \")\": only and, or or the end can stand here");
    assert_eq!(
        refusal("tcp or udp and ip"),
        "octet 11: \"and\": write parentheses where and meets or"
    );
    assert_eq!(
        refusal("host example.com"),
        "octet 5: \"example.com\": not an IP address; names are not looked up"
    );
    assert_eq!(
        refusal("net 10.0.0.1/8"),
        "octet 4: \"10.0.0.1/8\": not a network, as 192.0.2.0/24: the octets behind the prefix are 0"
    );
    assert_eq!(refusal("port 65536"), "octet 5: \"65536\": not a port, 0 to 65535");
    assert_eq!(refusal("port +1"), "octet 5: \"+1\": not a port, 0 to 65535");
    assert_eq!(refusal("portrange 9-1"), "octet 10: \"9-1\": not a range of ports, as 8000-8080");
    assert_eq!(refusal("vlan 4096"), "octet 5: \"4096\": not a VLAN id, 0 to 4095");
    assert_eq!(refusal("tcp src host 1.2.3.4"), "octet 8: \"host\": port or portrange is missing");
    assert_eq!(refusal("tcp foo"), "octet 4: \"foo\": only and, or or the end can stand here");
    assert_eq!(
        refusal("foo"),
        "octet 0: \"foo\": no such word; docs/capture-filter.md has the list"
    );
    assert!(refusal(&"not ".repeat(1000)).ends_with("too many levels of not and parentheses"));
    assert!(refusal(&vec!["host ::1"; 500].join(" or ")).starts_with("octet 0: too long: "));
}

#[test]
fn a_term_too_far_for_a_short_jump_is_reached_by_a_long_one() {
    let expression = vec!["tcp port 9"; 60].join(" or ") + " or udp port 53";
    let program = compile(&expression);
    assert!(program.instructions().len() > 1000 && is_sound(program.instructions()));
    let mut frame = vec![0; 12];
    frame.extend([8, 0, 0x45, 0, 0, 60, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
    frame.extend([0, 53, 1, 187]);
    assert_eq!(run(program.instructions(), &Kept::ethernet(&frame)), u32::MAX);
    frame[35] = 54;
    assert_eq!(run(program.instructions(), &Kept::ethernet(&frame)), 0);
}

#[test]
fn a_snaplen_changes_what_is_kept_and_an_interface_comes_first() {
    let program = compile("tcp");
    let cut = kept(Some(&program), Some(96)).unwrap();
    assert_eq!(cut.last().unwrap().k, 96);
    assert_eq!(cut.len(), program.instructions().len());
    assert_eq!(kept(None, None), None);
    assert_eq!(kept(None, Some(0)), None);
    assert_eq!(kept(None, Some(64)).unwrap().len(), 1);
    let on = on_interface(Some(&cut), 7);
    assert_eq!((on[1].k, on.len(), is_sound(&on)), (7, cut.len() + 3, true));
    assert_eq!(on_interface(None, 7).len(), 4);
}

/// Captures that the comparison with tcpdump reads: those of this project and, where it lies
/// beside it, the shared corpus.
fn captures() -> Vec<std::path::PathBuf> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join("pcaps"), root.join("../shared/corpus")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "pcap") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

const COMPARED: [&str; 14] = [
    "ip",
    "ip6",
    "arp",
    "tcp",
    "udp",
    "icmp",
    "icmp6",
    "port 53",
    "tcp port 443",
    "udp and not port 53",
    "portrange 1-1023",
    "net 10.0.0.0/8 or net 192.168.0.0/16",
    "src net 128.0.0.0/1",
    "dst net 2000::/3",
];

/// Octets of the frames of a classic Ethernet capture; `None` for others.
fn read(octets: &[u8]) -> Option<Vec<Vec<u8>>> {
    let little = match octets.get(..4)? {
        [0xd4, 0xc3, 0xb2, 0xa1] | [0x4d, 0x3c, 0xb2, 0xa1] => true,
        [0xa1, 0xb2, 0xc3, 0xd4] | [0xa1, 0xb2, 0x3c, 0x4d] => false,
        _ => return None,
    };
    let word = |at: usize| {
        let word: [u8; 4] = *octets.get(at..)?.first_chunk()?;
        Some(if little { u32::from_le_bytes(word) } else { u32::from_be_bytes(word) })
    };
    if word(20)? & 0xffff != 1 {
        return None;
    }
    let (mut frames, mut at) = (Vec::new(), 24);
    while let Some(len) = word(at + 8) {
        frames.push(octets.get(at + 16..at + 16 + len as usize)?.to_vec());
        at += 16 + len as usize;
    }
    Some(frames)
}

/// tcpdump looks behind a VLAN tag only when asked to, so tagged frames are left out.
#[test]
#[ignore = "runs tcpdump on many captures; tests/live.sh does it"]
fn programs_choose_what_tcpdump_chooses() {
    let (mut compared, mut chosen_at_all) = (0, 0);
    for (number, path) in captures().into_iter().enumerate() {
        let Some(frames) = read(&std::fs::read(&path).unwrap()) else { continue };
        if std::fs::metadata(&path).unwrap().len() > 8 << 20 {
            continue;
        }
        // A third of them on each capture, in turn: tcpdump is started for each.
        for expression in COMPARED.into_iter().skip(number % 3).step_by(3) {
            let program = compile(&format!("({expression}) and not vlan"));
            let passes = |f: &&Vec<u8>| run(program.instructions(), &Kept::ethernet(f)) != 0;
            let ours: Vec<_> = frames.iter().filter(passes).cloned().collect();
            let theirs = std::process::Command::new("tcpdump")
                .args(["-r", path.to_str().unwrap(), "-w", "-"])
                .arg(format!("({expression}) and not vlan and not ether proto 0x9100 and not ether proto 0x88a8"))
                .output()
                .expect("tcpdump is needed");
            if !theirs.status.success() {
                continue;
            }
            let theirs = read(&theirs.stdout).unwrap();
            assert_eq!(ours.len(), theirs.len(), "{expression} on {}", path.display());
            // tcpdump writes less of some broken captures' frames than their records state.
            let is_same = |(ours, theirs): (&Vec<u8>, &Vec<u8>)| ours.starts_with(theirs);
            assert!(ours.iter().zip(&theirs).all(is_same), "{expression} on {}", path.display());
            compared += 1;
            chosen_at_all += ours.len();
        }
    }
    println!("{compared} comparisons, {chosen_at_all} frames chosen");
    assert!(compared > 100 && chosen_at_all > 1000, "{compared}, {chosen_at_all}");
}
