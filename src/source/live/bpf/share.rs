//! Which of several sockets takes a frame.

use super::Instruction;
use super::machine::{
    ADD_X, GIVE, GIVE_A, IF_EQUAL, LOAD_HALF, LOAD_HALF_AT, LOAD_NUMBER, LOAD_WORD_AT, LOAD_X,
    MULTIPLY, NETWORK_HEADER, PROTOCOL, SAVE, SAVE_X, SHIFT_RIGHT, X_SAVED, straight,
};
use crate::source::share::{FACTOR, SHIFT};

/// A program that gives the same number for all frames between two hosts, in either direction;
/// the kernel takes it modulo the sockets of a group (`PACKET_FANOUT_CBPF`).
///
/// The kernel's own hash takes ports, so that it parts a datagram's fragments from the flow that
/// they belong to, and a tunnel's two directions from each other. By the outer addresses alone
/// all of them come together: a flow's packets, its fragments, and what is in tunnels between the
/// same two ends. The price is that the traffic of one pair of hosts is never shared. It is the
/// number of [`share_of_hosts`](crate::source::share_of_hosts). Frames
/// without an IP header right behind the link's or up to two VLAN tags come to the first socket.
pub(in crate::source::live) fn by_hosts() -> Vec<Instruction> {
    let mut program = vec![straight(LOAD_X, 0), straight(LOAD_HALF, PROTOCOL)];
    for behind in [0, TAG] {
        // Behind a tag the kind of what follows stands in its last two octets.
        let kind = straight(LOAD_HALF_AT, NETWORK_HEADER + 2);
        let next = [straight(LOAD_X, behind), kind, straight(LOAD_X, behind + TAG)];
        // Without a tag these three are skipped.
        program.extend([test(0x8100, 1, 0), test(0x88a8, 0, 3)]);
        program.extend(next);
    }
    let (v4, v6) = (sum(&[12, 16]), sum(&[8, 12, 16, 20, 24, 28, 32, 36]));
    let beyond = |part: &[Instruction]| u8::try_from(part.len()).unwrap_or(u8::MAX);
    program.push(test(0x0800, 0, beyond(&v4)));
    program.extend(&v4);
    program.push(test(0x86dd, 0, beyond(&v6)));
    program.extend(&v6);
    program.push(straight(GIVE, 0));
    program
}

/// Gives the sum of the words at these places behind the network header, well mixed. A sum is the
/// same in both directions.
fn sum(places: &[u32]) -> Vec<Instruction> {
    // Kept: the sum, and where the header starts, which X holds.
    let (sum, start) = (0, 1);
    let mut part = vec![straight(SAVE_X, start), straight(LOAD_NUMBER, 0), straight(SAVE, sum)];
    for place in places {
        part.extend([
            straight(LOAD_WORD_AT, NETWORK_HEADER + place),
            straight(X_SAVED, sum),
            straight(ADD_X, 0),
            straight(SAVE, sum),
            straight(X_SAVED, start),
        ]);
    }
    part.extend([straight(MULTIPLY, FACTOR), straight(SHIFT_RIGHT, SHIFT), straight(GIVE_A, 0)]);
    part
}

fn test(k: u32, yes: u8, no: u8) -> Instruction {
    Instruction { code: IF_EQUAL, yes, no, k }
}

/// Octets of a VLAN tag.
const TAG: u32 = 4;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::interpreter::{Kept, run};
    use super::*;
    use crate::source::share_of_hosts;

    fn frame(tags: &[u8], kind: [u8; 2], packet: &[u8]) -> Vec<u8> {
        [&[2; 12][..], tags, &kind, packet].concat()
    }

    /// An IPv4 packet with the start of its payload.
    fn v4(source: [u8; 4], destination: [u8; 4], fragment: u16, payload: &[u8]) -> Vec<u8> {
        let [f0, f1] = fragment.to_be_bytes();
        let head = [0x45, 0, 0, 40, 0, 7, f0, f1, 64, 17, 0, 0];
        [&head[..], &source, &destination, payload].concat()
    }

    fn v6(source: [u8; 16], destination: [u8; 16], next: u8) -> Vec<u8> {
        [&[0x60, 0, 0, 0, 0, 8, next, 64][..], &source, &destination, &[1; 8]].concat()
    }

    fn share(frame: &Kept) -> u32 {
        run(&by_hosts(), frame)
    }

    const IP: [u8; 2] = [8, 0];
    const IPV6: [u8; 2] = [0x86, 0xdd];

    proptest! {
        #[test]
        fn both_directions_fragments_and_tags_come_to_one(
            a in any::<[u8; 4]>(), b in any::<[u8; 4]>(),
            ports in any::<[u8; 8]>(), fragment in any::<u16>(), tag in any::<[u8; 2]>(),
        ) {
            let whole = share(&Kept::ethernet(&frame(&[], IP, &v4(a, b, 0, &ports))));
            let back = v4(b, a, fragment, &[9; 8]);
            let tag = [&[0x81, 0][..], &tag].concat();
            let twice = [&[0x88, 0xa8, 0, 1][..], &tag].concat();
            for tags in [&[][..], &tag, &twice] {
                let octets = frame(tags, IP, &back);
                prop_assert_eq!(share(&Kept::ethernet(&octets)), whole);
                prop_assert_eq!(share(&Kept::untagged(&octets)), whole);
            }
            prop_assert_eq!(share(&Kept::tunnel(&frame(&[], IP, &back))), whole);
            prop_assert_eq!(share_of_hosts(a.into(), b.into()), whole);
            prop_assert_eq!(share_of_hosts(b.into(), a.into()), whole);
        }

        #[test]
        fn so_do_those_of_ipv6(a in any::<[u8; 16]>(), b in any::<[u8; 16]>(), next in any::<u8>()) {
            let there = share(&Kept::ethernet(&frame(&[], IPV6, &v6(a, b, 17))));
            let back = frame(&[0x81, 0, 0, 3], IPV6, &v6(b, a, next));
            prop_assert_eq!(share(&Kept::ethernet(&back)), there);
            prop_assert_eq!(share(&Kept::untagged(&back)), there);
            prop_assert_eq!(share_of_hosts(a.into(), b.into()), there);
        }
    }

    #[test]
    fn pairs_of_hosts_are_shared_evenly() {
        for (threads, most) in [(2, 600), (3, 420), (4, 330)] {
            let mut shares = vec![0; threads as usize];
            for host in 0..1000_u32 {
                let [.., x, y] = host.to_be_bytes();
                let packet = v4([10, 0, 0, 5], [198, 51, x, y], 0, &[0; 8]);
                let share = share(&Kept::ethernet(&frame(&[], IP, &packet))) % threads;
                shares[share as usize] += 1;
            }
            assert!(shares.iter().all(|share| *share < most), "{threads}: {shares:?}");
        }
    }

    #[test]
    fn what_is_no_ip_or_too_short_comes_to_the_first() {
        for octets in [
            frame(&[], [8, 6], &[1; 28]),
            frame(&[0x81, 0, 0, 1], [8, 6], &[1; 28]),
            frame(&[], IP, &[0x45; 10]),
            frame(&[], IPV6, &[0x60; 30]),
            frame(&[0x81, 0], [0, 1], &[]),
        ] {
            assert_eq!(share(&Kept::ethernet(&octets)), 0);
        }
    }
}
