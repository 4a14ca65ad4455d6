use proptest::prelude::*;

use super::*;

/// What comes out when the streams act in this order; a step is (stream, octets), and a stream
/// ends with its last step.
fn interleaved(streams: usize, steps: &[(usize, Vec<u8>)], limit: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let spool = Spool::new(&mut out, limit, None);
    let mut lanes: Vec<_> = (0..streams).map(|index| Some(spool.lane(index))).collect();
    for (at, (stream, octets)) in steps.iter().enumerate() {
        lanes[*stream].as_mut().unwrap().record(octets).unwrap();
        if !steps[at + 1..].iter().any(|(other, _)| other == stream) {
            lanes[*stream].take().unwrap().end().unwrap();
        }
    }
    lanes.into_iter().flatten().for_each(|lane| lane.end().unwrap());
    spool.finish(|_| Ok(())).unwrap();
    assert_eq!(spool.waiting().used, 0);
    drop(spool);
    out
}

/// The same without any interleaving.
fn in_turn(streams: usize, steps: &[(usize, Vec<u8>)]) -> Vec<u8> {
    let of = |stream| steps.iter().filter(move |(s, _)| *s == stream);
    (0..streams).flat_map(of).flat_map(|(_, octets)| octets.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_order_of_writing_gives_stream_after_stream(
        steps in prop::collection::vec((0..4_usize, 1..200_000_usize), 0..12),
        limit in 0..300_000_usize,
    ) {
        let steps: Vec<_> = (0_u8..)
            .zip(steps)
            .map(|(mark, (stream, octets))| (stream, vec![mark; octets]))
            .collect();
        prop_assert!(interleaved(4, &steps, limit) == in_turn(4, &steps));
    }
}

#[test]
fn threads_give_stream_after_stream() {
    const STREAMS: usize = 8;
    let mut out = Vec::new();
    let spool = Spool::new(&mut out, 100_000, None);
    std::thread::scope(|scope| {
        for stream in 0..STREAMS {
            let mut lane = spool.lane(stream);
            scope.spawn(move || {
                for number in 0..5_000 {
                    lane.record(format!("{stream} {number}\n").as_bytes()).unwrap();
                    if number % 1_000 == 0 {
                        std::thread::yield_now();
                    }
                }
                lane.end().unwrap();
            });
        }
    });
    spool.finish(|w| w.write_all(b"end\n")).unwrap();
    drop(spool);
    let lines = (0..STREAMS).flat_map(|s| (0..5_000).map(move |n| format!("{s} {n}\n")));
    let expected: String = lines.chain(["end\n".to_owned()]).collect();
    assert!(String::from_utf8(out).unwrap() == expected);
}

#[test]
fn memory_is_bounded_and_the_rest_goes_to_one_file() {
    let spool = Spool::new(Vec::new(), CHUNK * 2, None);
    let mut lane = spool.lane(1);
    for _ in 0..10 {
        lane.record(&vec![7; CHUNK]).unwrap();
    }
    assert_eq!(spool.waiting().used, CHUNK * 2);
    assert_eq!(spool.waiting().written, (CHUNK * 8) as u64);
    assert_eq!(lane.pieces.len(), 3, "neighbouring parts of the file are one piece");
}

#[test]
fn what_waits_behind_a_stream_that_never_ended_is_not_lost() {
    let mut out = Vec::new();
    let spool = Spool::new(&mut out, MEMORY, None);
    for (stream, text) in [(2, "c"), (1, "b")] {
        let mut lane = spool.lane(stream);
        lane.record(text.as_bytes()).unwrap();
        lane.end().unwrap();
    }
    spool.finish(|_| Ok(())).unwrap();
    drop(spool);
    assert_eq!(out, b"bc");
}

#[test]
fn the_turn_passes_over_streams_that_ended_before() {
    let spool = Spool::new(Vec::new(), MEMORY, None);
    let mut lanes: Vec<_> = (0..4).map(|index| spool.lane(index)).collect();
    let mut last = lanes.pop().unwrap();
    for (mark, mut lane) in [b'a', b'b', b'c'].into_iter().zip(lanes).rev() {
        lane.record(&[mark]).unwrap();
        lane.end().unwrap();
    }
    assert_eq!(*spool.writer(), b"abc");
    last.record(b"d").unwrap();
    assert_eq!(*spool.writer(), b"abcd", "whose turn it is writes straight through");
}

/// A pipe whose reader has gone.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_told_to_who_writes() {
    let spool = Spool::new(Closed, MEMORY, None);
    let mut waits = spool.lane(1);
    waits.record(b"x").unwrap();
    waits.end().unwrap();
    let mut lane = spool.lane(0);
    assert_eq!(lane.record(b"x").unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    assert_eq!(lane.end().unwrap_err().kind(), io::ErrorKind::BrokenPipe);
}
