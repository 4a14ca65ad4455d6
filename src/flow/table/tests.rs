use std::time::Duration;

use super::*;
use crate::decode::{FiveTuple, Ported, Protocol, TcpFlags};
use crate::flow::{HomeNet, ScopeId};

struct Counted {
    key: FlowKey,
    packets: u32,
}

impl FlowState for Counted {
    fn key(&self) -> &FlowKey {
        &self.key
    }
    fn prefetch(&self) {}
}

struct Rig {
    table: FlowTable<Counted>,
    ended: Vec<(EndCause, i64, u32)>,
}

const SECOND: i64 = 1_000_000_000;
const UDP: Transport = Transport::Udp;

fn segment(flags: u8) -> Transport {
    Transport::Tcp { seq: 0, ack: 0, flags: TcpFlags(flags) }
}

impl Rig {
    fn new(max: Option<usize>) -> Self {
        Self { table: FlowTable::new(IdleLimits::default(), max), ended: Vec::new() }
    }

    fn arrival(&self, port: u16, transport: Transport, seconds: i64) -> Arrival {
        let protocol =
            if matches!(transport, Transport::Tcp { .. }) { Protocol::TCP } else { Protocol::UDP };
        let tuple = FiveTuple {
            protocol,
            source: "192.0.2.1".parse().unwrap(),
            destination: "198.51.100.1".parse().unwrap(),
            source_port: port,
            destination_port: 443,
            ported: Ported::Yes,
        };
        let (key, sender) = FlowKey::of(&tuple, ScopeId::default());
        let hash = self.table.hash(&key);
        let expected = self.table.prefetch_flow(hash);
        let now = CaptureTime(seconds * SECOND);
        Arrival { key, hash, sender, transport, now, expected }
    }

    fn packet(&mut self, port: u16, transport: Transport, seconds: i64) -> u32 {
        let arrival = self.arrival(port, transport, seconds);
        let Arrival { key, sender, .. } = arrival;
        let ended = &mut self.ended;
        let mut note =
            |e: Ended<Counted>| ended.push((e.cause, e.at.0 / SECOND, e.flow.state.packets));
        self.table.expire(arrival.now, &mut note);
        let flow = self.table.meet(
            &arrival,
            || {
                let home = HomeNet::default();
                let told = Orientation::of_first(&key, sender, transport, &home);
                (Counted { key, packets: 0 }, told)
            },
            &mut note,
        );
        flow.state.packets += 1;
        flow.state.packets
    }
}

#[test]
fn silence_longer_than_the_limit_starts_a_new_flow_and_silence_of_the_limit_does_not() {
    let mut rig = Rig::new(None);
    assert_eq!(rig.packet(1, UDP, 0), 1);
    assert_eq!(rig.packet(1, UDP, 300), 2);
    assert_eq!(rig.packet(1, UDP, 601), 1);
    assert_eq!(rig.ended, [(EndCause::Silence, 600, 2)]);
}

#[test]
fn a_syn_after_fin_or_reset_starts_a_new_flow_and_a_repeated_syn_does_not() {
    let mut rig = Rig::new(None);
    rig.packet(1, segment(0x02), 0);
    assert_eq!(rig.packet(1, segment(0x02), 1), 2);
    rig.packet(1, segment(0x04), 2);
    assert_eq!(rig.packet(1, segment(0x10), 3), 4);
    assert_eq!(rig.packet(1, segment(0x02), 4), 1);
    assert_eq!(rig.ended, [(EndCause::Replaced, 4, 4)]);
}

#[test]
fn a_closed_connection_ends_after_its_shorter_limit() {
    let mut rig = Rig::new(None);
    rig.packet(1, segment(0x02), 0);
    rig.packet(1, segment(0x14), 10);
    rig.packet(2, UDP, 100);
    assert_eq!(rig.ended, [(EndCause::Silence, 70, 2)]);
    assert_eq!(rig.table.len(), 1);
}

#[test]
fn a_long_silence_of_the_capture_ends_every_flow_at_its_own_time() {
    let mut rig = Rig::new(None);
    rig.packet(1, UDP, 0);
    rig.packet(2, segment(0x02), 7);
    rig.packet(3, UDP, 1_000_000);
    rig.ended.sort_by_key(|e| e.1);
    assert_eq!(rig.ended, [(EndCause::Silence, 300, 1), (EndCause::Silence, 3607, 1)]);
}

#[test]
fn frames_out_of_order_do_not_end_their_flow() {
    let mut rig = Rig::new(None);
    rig.packet(1, UDP, 100_000);
    // The clock stands at the newest frame; the caller passes it on.
    assert_eq!(rig.packet(2, UDP, 100_000), 1);
    assert_eq!(rig.packet(2, UDP, 100_000), 2);
    assert!(rig.ended.is_empty());
}

#[test]
fn a_packet_from_before_the_last_does_not_shorten_its_flow() {
    let mut rig = Rig::new(None);
    rig.packet(1, UDP, 200);
    // Not through `packet`, which tells the table that so much time has passed.
    let (late, now) = (rig.arrival(1, UDP, 0), CaptureTime(499 * SECOND));
    rig.table.meet(&late, || unreachable!("it is there"), &mut |_| panic!("it goes on"));
    rig.table.expire(now, &mut |_| panic!("299 seconds of silence"));
    assert_eq!(rig.packet(1, UDP, 500), 2);
}

#[test]
fn a_full_table_ends_the_flow_that_is_due_first_and_counts_it() {
    let mut rig = Rig::new(Some(2));
    rig.packet(1, UDP, 0);
    rig.packet(2, UDP, 5);
    rig.packet(3, UDP, 6);
    assert_eq!(rig.ended, [(EndCause::Evicted, 6, 1)]);
    assert_eq!(rig.table.len(), 2);
    assert_eq!(rig.packet(2, UDP, 7), 2);
}

#[test]
fn limits_longer_than_a_day_work() {
    let limits = IdleLimits { other: Duration::from_hours(30 * 24), ..IdleLimits::default() };
    let mut rig = Rig { table: FlowTable::new(limits, None), ended: Vec::new() };
    rig.packet(1, UDP, 0);
    assert_eq!(rig.packet(1, UDP, 29 * 86400), 2);
    rig.packet(2, UDP, 60 * 86400);
    assert_eq!(rig.ended, [(EndCause::Silence, 59 * 86400, 2)]);
}

#[test]
fn many_flows_come_and_go_and_none_is_lost() {
    let mut rig = Rig::new(None);
    for round in 0..4 {
        for port in 1..5000 {
            assert_eq!(rig.packet(port, UDP, round * 1000), 1);
        }
    }
    assert_eq!(rig.ended.len(), 3 * 4999);
    assert_eq!(rig.table.len(), 4999);
}

#[test]
fn at_the_end_every_flow_ends_once_in_order_or_without() {
    let full = || {
        let mut rig = Rig::new(None);
        for port in 1..9000 {
            rig.packet(port, UDP, i64::from(port / 20));
            // Slots are given anew.
            if port % 7 == 0 {
                rig.packet(port, segment(0x14), i64::from(port / 20));
            }
        }
        let before = rig.ended.len();
        (rig, before, CaptureTime(500 * SECOND))
    };
    let ends = |mut ended: Vec<(EndCause, i64, u16)>| {
        ended.sort_by_key(|(cause, at, port)| (*port, *at, *cause as u8));
        ended
    };
    let note = |e: &Ended<Counted>| (e.cause, e.at.0, e.flow.state.key.port(Side::Low));
    let (mut ordered, mut loose) = (Vec::new(), Vec::new());
    let (mut rig, before, now) = full();
    let live = rig.table.len();
    rig.table.finish_in_order(now, |state| state.key.port(Side::Low), &mut |e| {
        ordered.push(note(&e));
    });
    assert!(before > 0 && ordered.len() == live && rig.table.is_empty());
    let (mut rig, _, now) = full();
    rig.table.finish(now, &mut |e| loose.push(note(&e)));
    assert!(rig.table.is_empty());
    for cause in [EndCause::Silence, EndCause::StreamEnd] {
        assert!(loose.iter().any(|(because, ..)| *because == cause), "{cause:?}");
    }
    assert_eq!(ends(loose), ends(ordered));
}
