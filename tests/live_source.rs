//! The live source against a real kernel: frames replayed into one end of a veth pair are those
//! that come out of the other.
//!
//! Needs root, network namespaces and tcpreplay: `tests/live.sh` runs it, with `--ignored`. What
//! is missing makes a test fail there, never pass.
#![cfg(target_os = "linux")]

mod lab;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc;
use std::time::Duration;

use lab::{Lab, ip};
use vigie::decode::{Decoded, Decoder};
use vigie::source::live::{
    Backend, BpfProgram, InterfaceChoice, LiveEvent, LiveOptions, LiveSource, open,
};
use vigie::source::{Frame, Input, LinkType, ReadOptions, Reading, StreamPlan, StreamReader};

impl Lab {
    fn options(&self, interface: &str) -> LiveOptions {
        let choice = match interface {
            "any" => InterfaceChoice::Any,
            name => InterfaceChoice::Name(name.into()),
        };
        LiveOptions {
            interfaces: vec![choice],
            netns: Some(PathBuf::from("/run/netns").join(self.side("b"))),
            promiscuous: interface != "any",
            ..LiveOptions::default()
        }
    }
}

/// A frame that was read, live or from a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    octets: Vec<u8>,
    wire_len: u32,
    copy: bool,
}

impl From<&Frame<'_>> for Seen {
    fn from(frame: &Frame<'_>) -> Self {
        Self { octets: frame.captured.to_vec(), wire_len: frame.wire_len, copy: frame.copy }
    }
}

/// The frames of a capture.
fn frames_of(path: &Path) -> Vec<Seen> {
    let captures = vec![Input::File(path.to_path_buf())];
    let (plan, read) = (StreamPlan { captures, reading: Reading::InTurn }, AtomicU64::new(0));
    let mut reader = StreamReader::open(&plan, 0, ReadOptions::default(), &read);
    let mut frames = Vec::new();
    while let Some(batch) = reader.next_batch() {
        for frame in batch.frames() {
            assert_eq!(frame.link, LinkType(1), "{}", path.display());
            frames.push(Seen::from(&frame));
        }
    }
    assert!(!frames.is_empty(), "{}: no frames", path.display());
    frames
}

/// Reads until `frames` have come and then until nothing more does.
fn read(source: &mut LiveSource, frames: usize) -> Vec<Seen> {
    let (mut seen, mut idle) = (Vec::new(), 0);
    loop {
        match source.next_batch(Duration::from_millis(100)) {
            LiveEvent::Batch(batch) => {
                assert!(!batch.is_empty());
                seen.extend(batch.frames().map(|frame| Seen::from(&frame)));
                idle = 0;
            }
            LiveEvent::Idle => idle += 1,
            other => panic!("{other:?}"),
        }
        // Once enough came, a moment shows that there is not too much; else it is waited for.
        if idle > if seen.len() >= frames { 3 } else { 50 } {
            return seen;
        }
    }
}

fn capture(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join(name);
    assert!(path.exists(), "{} is needed", path.display());
    path
}

/// Ethernet, uncut, within the MTU: hellos and DNS; fragments of DNS answers; VXLAN; VLAN tags.
fn captures() -> Vec<PathBuf> {
    let corpus = "../shared/corpus/captures";
    let mut all = vec![capture("pcaps/car-hotspot.pcap"), capture("pcaps/nothing-tagged.pcap")];
    all.extend(TRANSPORTED.iter().map(|name| capture(&format!("{corpus}/{name}"))));
    all
}

const TRANSPORTED: [&str; 3] =
    ["ndpi/dns_fragmented.pcap", "zeek/ipv6-fragmented-dns.pcap", "ndpi/vxlan.pcap"];
const TAGGED: [&str; 3] =
    ["tcpdump/802.1ad_QinQ.pcap", "arkime/twovlan.pcap", "zeek/mixed-vlan-mpls.pcap"];

fn tagged() -> Vec<PathBuf> {
    TAGGED.iter().map(|name| capture(&format!("../shared/corpus/captures/{name}"))).collect()
}

fn is_tagged(frame: &Seen) -> bool {
    matches!(frame.octets.get(12..14), Some([0x81, 0] | [0x88, 0xa8]))
}

/// What the kernel does with the outermost tag, which pnet does not tell.
fn take_tag_off(frame: &mut Seen) {
    if is_tagged(frame) {
        frame.octets.drain(12..16);
        frame.wire_len -= 4;
    }
}

fn sorted(mut frames: Vec<Seen>) -> Vec<Seen> {
    frames.sort();
    frames
}

#[track_caller]
fn same(seen: &[Seen], expected: &[Seen], what: &str) {
    assert_eq!(seen.len(), expected.len(), "{what}");
    for (number, (seen, expected)) in (1..).zip(seen.iter().zip(expected)) {
        assert_eq!(seen, expected, "{what}, frame {number}");
    }
}

/// The source's account and the kernel's counters agree with what was seen.
fn account(source: &mut LiveSource, seen: &[Seen]) {
    let statistics = source.statistics().clone();
    let received: u64 = statistics.sockets.iter().map(|s| s.received).sum();
    assert_eq!((received, statistics.sockets[0].dropped), (seen.len() as u64, Some(0)));
    let account = source.account();
    assert_eq!(account.frames, seen.len() as u64);
    assert_eq!(account.octets, seen.iter().map(|s| u64::from(s.wire_len)).sum::<u64>());
    assert!(account.interfaces.iter().any(|i| i.dropped == Some(0)));
}

#[test]
#[ignore = "needs root and namespaces: tests/live.sh"]
fn a_ring_gives_every_frame_as_it_was_sent_tags_included() {
    let lab = Lab::new();
    for capture in captures().into_iter().chain(tagged()) {
        let expected = frames_of(&capture);
        let mut source = open(&lab.options("in")).unwrap();
        lab.replay(&capture);
        let seen = read(&mut source, expected.len());
        same(&seen, &expected, &capture.display().to_string());
        account(&mut source, &seen);
    }
}

#[test]
#[ignore = "needs root and namespaces: tests/live.sh"]
fn pnet_gives_every_frame_but_not_its_tag() {
    let lab = Lab::new();
    let options = LiveOptions { backend: Backend::Pnet, ..lab.options("in") };
    for capture in captures() {
        let mut expected = frames_of(&capture);
        let mut source = open(&options).unwrap();
        lab.replay(&capture);
        let seen = read(&mut source, expected.len());
        expected.iter_mut().for_each(take_tag_off);
        same(&seen, &expected, &capture.display().to_string());
        account(&mut source, &seen);
    }
}

#[test]
#[ignore = "needs root and namespaces: tests/live.sh"]
fn two_threads_share_the_frames_and_what_two_hosts_exchange_comes_to_one() {
    let lab = Lab::new();
    for backend in [Backend::Ring, Backend::Pnet] {
        let options = LiveOptions { backend, fanout_threads: 2, ..lab.options("in") };
        let (mut both_used, mut pairs) = (false, 0);
        for capture in captures() {
            let mut expected = frames_of(&capture);
            if backend == Backend::Pnet {
                expected.iter_mut().for_each(take_tag_off);
            }
            let mut parts = open(&options).unwrap().split();
            assert_eq!(parts.len(), 2);
            lab.replay(&capture);
            let shares: Vec<_> = std::thread::scope(|scope| {
                let readers: Vec<_> =
                    parts.iter_mut().map(|part| scope.spawn(|| read(part, 0))).collect();
                readers.into_iter().map(|r| r.join().unwrap()).collect()
            });
            for (index, part) in (0..).zip(&parts) {
                assert_eq!(part.account().index, index);
            }
            both_used |= shares.iter().all(|share| !share.is_empty());
            pairs += one_part_each(&shares);
            let what = format!("{backend:?}, {}", capture.display());
            same(&sorted(shares.concat()), &sorted(expected), &what);
        }
        assert!(both_used && pairs > 50, "{pairs} pairs");
    }
}

/// Checks that all packets between two hosts, in tunnels and fragments too, are in one share; gives
/// the pairs of hosts.
fn one_part_each(shares: &[Vec<Seen>]) -> usize {
    let mut parts = HashMap::new();
    for (part, share) in shares.iter().enumerate() {
        for seen in share {
            let frame = Frame {
                capture: 0,
                number: 1,
                time: vigie::source::CaptureTime(0),
                dated: vigie::source::Dated::Recorded,
                link: LinkType(1),
                interface: 0,
                wire_len: seen.wire_len,
                digits: 9,
                captured: &seen.octets,
                copy: false,
            };
            let mut decoder = Decoder::default();
            let Decoded::Packet(packet) = decoder.decode(&frame) else { continue };
            let mut ends = [packet.tuple.source, packet.tuple.destination];
            ends.sort();
            let first = *parts.entry((ends, packet.vni)).or_insert(part);
            assert_eq!(first, part, "{:?} is in two parts", packet.tuple);
        }
    }
    parts.len()
}

#[test]
#[ignore = "needs root and namespaces: tests/live.sh"]
fn a_source_that_is_not_split_reads_the_frames_of_all_threads() {
    let lab = Lab::new();
    let capture = capture("pcaps/car-hotspot.pcap");
    let options = LiveOptions { fanout_threads: 3, ..lab.options("in") };
    let expected = frames_of(&capture);
    let mut source = open(&options).unwrap();
    lab.replay(&capture);
    let seen = read(&mut source, expected.len());
    same(&sorted(seen), &sorted(expected), "three threads, one reader");
}

#[test]
#[ignore = "needs root and namespaces: tests/live.sh"]
fn any_gives_every_frame_once_and_marks_what_two_interfaces_show() {
    let lab = Lab::new();
    for threads in [1, 2] {
        for capture in captures() {
            let expected = frames_of(&capture);
            let options = LiveOptions { fanout_threads: threads, ..lab.options("any") };
            let mut source = open(&options).unwrap();
            lab.replay(&capture);
            let seen = read(&mut source, expected.len());
            let what = format!("any, {threads} threads, {}", capture.display());
            same(&sorted(seen.clone()), &sorted(expected), &what);
            let names: Vec<_> =
                source.account().interfaces.iter().filter_map(|i| i.name.clone()).collect();
            assert_eq!(names, ["any", "in"]);
        }
    }
    // Both ends in one namespace: every frame is seen on its way out and on its way in.
    let b = lab.side("b");
    ip(&["-n", &lab.side("a"), "link", "set", "out", "netns", &b]);
    ip(&["-n", &b, "link", "set", "out", "up"]);
    for capture in captures() {
        let expected = frames_of(&capture);
        let mut source = open(&lab.options("any")).unwrap();
        lab.run("b", &["tcpreplay", "-q", "--topspeed", "-i", "out", capture.to_str().unwrap()]);
        let seen = read(&mut source, 2 * expected.len());
        let (copies, once): (Vec<_>, Vec<_>) = seen.into_iter().partition(|frame| frame.copy);
        same(&sorted(once), &sorted(expected), &capture.display().to_string());
        assert_eq!(copies.len(), frames_of(&capture).len());
    }
}

#[test]
#[ignore = "needs root and namespaces: tests/live.sh"]
fn what_loopback_shows_on_its_way_out_is_a_copy() {
    let lab = Lab::new();
    ip(&["-n", &lab.side("b"), "link", "set", "lo", "up"]);
    let send = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
                for n in range(50): s.sendto(b'%d' % n, ('127.0.0.1', 9))";
    for interface in ["lo", "any"] {
        let options = LiveOptions {
            filter: Some(BpfProgram::compile("udp port 9").unwrap()),
            ..lab.options(interface)
        };
        let mut source = open(&options).unwrap();
        lab.run("b", &["python3", "-c", send]);
        let seen = read(&mut source, 100);
        assert_eq!(seen.iter().filter(|frame| !frame.copy).count(), 50, "{interface}");
        assert_eq!(seen.len(), 100, "{interface}");
    }
}

#[test]
#[ignore = "needs root and namespaces: tests/live.sh"]
fn a_tunnel_gives_its_packets_without_a_link_header() {
    let lab = Lab::new();
    let b = lab.side("b");
    ip(&["-n", &b, "tuntap", "add", "tun0", "mode", "tun"]);
    ip(&["-n", &b, "address", "add", "192.0.2.1/24", "dev", "tun0"]);
    // Nobody reads the tunnel: frames end in its queue, after they were seen.
    let send = "import fcntl, os, socket, struct, sys\n\
                t = os.open('/dev/net/tun', os.O_RDWR)\n\
                fcntl.ioctl(t, 0x400454ca, struct.pack('16sH', b'tun0', 0x1001))\n\
                os.system('ip link set tun0 up')\n\
                print('up', flush=True); sys.stdin.readline()\n\
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
                for n in range(20): s.sendto(b'payload', ('192.0.2.7', 9))\n\
                sys.stdin.readline()";
    let mut child = Command::new("ip")
        .args(["netns", "exec", &b, "python3", "-c", send])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let output = child.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line).unwrap();
    for interface in ["tun0", "any"] {
        let filter = Some(BpfProgram::compile("dst host 192.0.2.7 and udp dst port 9").unwrap());
        let mut source = open(&LiveOptions { filter, ..lab.options(interface) }).unwrap();
        if interface == "tun0" {
            assert_eq!(source.account().interfaces[0].link, LinkType(101));
            std::io::Write::write_all(child.stdin.as_mut().unwrap(), b"\n").unwrap();
            let seen = read(&mut source, 20);
            assert_eq!(seen.len(), 20);
            assert!(seen.iter().all(|f| f.octets[0] == 0x45 && f.wire_len == 35), "{seen:?}");
        }
    }
    drop(child.stdin.take());
    child.wait().unwrap();
}

#[test]
#[ignore = "needs root and namespaces: tests/live.sh"]
fn snaplen_keeps_the_length_on_the_wire() {
    let lab = Lab::new();
    for backend in [Backend::Ring, Backend::Pnet] {
        for capture in captures().into_iter().chain(tagged()) {
            if backend == Backend::Pnet && frames_of(&capture).iter().any(is_tagged) {
                continue;
            }
            let mut expected = frames_of(&capture);
            for frame in &mut expected {
                frame.octets.truncate(60);
            }
            let options = LiveOptions { backend, snaplen: Some(60), ..lab.options("in") };
            let mut source = open(&options).unwrap();
            lab.replay(&capture);
            let seen = read(&mut source, expected.len());
            same(&seen, &expected, &format!("{backend:?}, {}", capture.display()));
        }
    }
}

#[test]
#[ignore = "needs root and namespaces: tests/live.sh"]
fn a_filter_lets_pass_what_tcpdump_would() {
    let lab = Lab::new();
    let capture = capture("pcaps/car-hotspot.pcap");
    for expression in ["udp port 53", "tcp port 443", "not tcp", "net 10.0.0.0/8 or icmp6"] {
        let count = Command::new("tcpdump")
            .args(["-r", capture.to_str().unwrap(), "--count", expression])
            .output()
            .expect("tcpdump is needed");
        let said = String::from_utf8(count.stdout).unwrap();
        let expected: usize = said.split(' ').next().unwrap().parse().unwrap();
        for (backend, threads) in [(Backend::Ring, 1), (Backend::Ring, 2), (Backend::Pnet, 1)] {
            let filter = Some(BpfProgram::compile(expression).unwrap());
            let options =
                LiveOptions { filter, backend, fanout_threads: threads, ..lab.options("in") };
            let mut source = open(&options).unwrap();
            lab.replay(&capture);
            let seen = read(&mut source, expected);
            assert_eq!(seen.len(), expected, "{expression}, {backend:?}, {threads}");
            account(&mut source, &seen);
        }
    }
}

/// What a reader without rights tells.
#[derive(Debug, PartialEq)]
enum Told {
    Down { removed: bool },
    Up,
    Frames(usize),
}

/// Reads on a thread that has given up all capabilities, and tells what it sees.
fn read_without_rights<'scope>(
    mut source: LiveSource,
    scope: &'scope std::thread::Scope<'scope, '_>,
) -> mpsc::Receiver<Told> {
    let (tell, told) = mpsc::channel();
    scope.spawn(move || {
        let none = rustix::thread::CapabilitySet::empty();
        let sets =
            rustix::thread::CapabilitySets { effective: none, permitted: none, inheritable: none };
        rustix::thread::set_capabilities(None, sets).unwrap();
        assert!(
            open(&LiveOptions { interfaces: vec![InterfaceChoice::Any], ..LiveOptions::default() })
                .is_err()
        );
        loop {
            let what = match source.next_batch(Duration::from_millis(200)) {
                LiveEvent::Batch(batch) => Told::Frames(batch.len()),
                LiveEvent::Idle => Told::Frames(0),
                LiveEvent::InterfaceDown(change) => Told::Down { removed: change.removed },
                LiveEvent::InterfaceUp(_) => Told::Up,
                LiveEvent::Failed(failure) => panic!("{failure}"),
            };
            if tell.send(what).is_err() {
                return;
            }
        }
    });
    told
}

fn wait_for(told: &mpsc::Receiver<Told>, what: &Told) {
    for _ in 0..100 {
        let next = told.recv_timeout(Duration::from_secs(20)).unwrap();
        if next == *what {
            return;
        }
        // What is removed goes down first, what is made anew is down at first: both may be seen.
        let on_the_way = next == (Told::Down { removed: false });
        if on_the_way && matches!(what, Told::Down { removed: true } | Told::Up) {
            continue;
        }
        assert_eq!(next, Told::Frames(0), "waiting for {what:?}");
    }
    panic!("{what:?} never came");
}

fn wait_for_frames(told: &mpsc::Receiver<Told>, expected: usize) {
    let (mut seen, mut idle) = (0, 0);
    while idle < 3 || (seen < expected && idle < 50) {
        match told.recv_timeout(Duration::from_secs(20)).unwrap() {
            Told::Frames(0) => idle += 1,
            Told::Frames(more) => {
                seen += more;
                idle = 0;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(seen, expected);
}

#[test]
#[ignore = "needs root and namespaces: tests/live.sh"]
fn an_interface_that_goes_and_comes_back_is_read_again_without_rights() {
    let capture = capture("pcaps/car-hotspot.pcap");
    let expected = frames_of(&capture).len();
    for (backend, threads) in
        [(Backend::Ring, 1), (Backend::Ring, 2), (Backend::Pnet, 1), (Backend::Pnet, 2)]
    {
        let lab = Lab::new();
        let options = LiveOptions { backend, fanout_threads: threads, ..lab.options("in") };
        let source = open(&options).unwrap();
        println!("{backend:?}, {threads} threads");
        std::thread::scope(|scope| {
            let told = read_without_rights(source, scope);
            lab.replay(&capture);
            wait_for_frames(&told, expected);
            ip(&["-n", &lab.side("b"), "link", "set", "in", "down"]);
            wait_for(&told, &Told::Down { removed: false });
            ip(&["-n", &lab.side("b"), "link", "set", "in", "up"]);
            wait_for(&told, &Told::Up);
            lab.replay(&capture);
            wait_for_frames(&told, expected);
            for _ in 0..2 {
                ip(&["-n", &lab.side("b"), "link", "del", "in"]);
                wait_for(&told, &Told::Down { removed: true });
                lab.link();
                wait_for(&told, &Told::Up);
                lab.replay(&capture);
                wait_for_frames(&told, expected);
            }
        });
    }
}

#[test]
#[ignore = "needs root and namespaces: tests/live.sh"]
fn what_does_not_fit_the_ring_is_counted_as_dropped() {
    let lab = Lab::new();
    let capture = capture("pcaps/car-hotspot.pcap");
    let frames = frames_of(&capture).len() as u64;
    let rounds = 60;
    let options = LiveOptions { ring_octets: 1, ..lab.options("in") };
    let mut source = open(&options).unwrap();
    for _ in 0..rounds {
        lab.replay(&capture);
    }
    let seen = read(&mut source, 0).len() as u64;
    let socket = source.statistics().sockets[0].clone();
    let dropped = socket.dropped.unwrap();
    assert!(dropped > 0 && socket.freezes > 0, "{socket:?}");
    assert_eq!((socket.received, seen + dropped), (seen, frames * rounds), "{socket:?}");
    assert_eq!(source.into_account().dropped(), Some(dropped));
}

#[test]
#[ignore = "needs root and namespaces: tests/live.sh"]
fn an_interface_that_is_not_there_or_no_right_says_so() {
    let lab = Lab::new();
    let missing = open(&lab.options("nowhere")).unwrap_err();
    assert_eq!(missing.to_string(), "nowhere: no such interface; vigie interfaces lists them");
    std::thread::spawn(move || {
        let none = rustix::thread::CapabilitySet::empty();
        let sets =
            rustix::thread::CapabilitySets { effective: none, permitted: none, inheritable: none };
        rustix::thread::set_capabilities(None, sets).unwrap();
        let choice = InterfaceChoice::Name("lo".into());
        let options = LiveOptions { interfaces: vec![choice], ..LiveOptions::default() };
        assert_eq!(open(&options).unwrap_err().to_string(), "lo: no right to capture");
    })
    .join()
    .unwrap();
}
