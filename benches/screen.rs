//! A frame of the terminal's screen with a hundred thousand flows: `cargo bench --bench screen`.
//! The goal is 16 ms for what is drawn at 120 x 40; what a view shows is worked out on a thread
//! of its own and is timed apart. Fails where drawing takes more, in the fastest of its rounds.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use vigie::ledger::{
    Assignments, Devices, FlowPlace, Recorder, Slot, SlotRow, Snapshot, Watch, Watched, Watcher,
};
use vigie::pipeline::{self, Discard, Options, Run};
use vigie::signature::Database;
use vigie::source::plan_streams;
use vigie::tui::{Drawing, Settings, StillView};

/// Flows on the screen.
const FLOWS: u64 = 100_000;
/// The fastest of so many counts.
const ROUNDS: usize = 9;
/// What a frame may take.
const MOST: Duration = Duration::from_millis(16);

fn main() {
    let database = Database::shipped();
    let snapshot = many(&office(&database));
    let flows = snapshot.watched.as_ref().map_or(0, |watched| watched.flows.len());
    println!("{flows} flows, 120 x 40      drawn     worked out");
    let mut slow = false;
    for word in StillView::words() {
        let view = StillView::View(word);
        let (mut drawing, _) = Drawing::of(&snapshot, &database, &Settings::default(), &view)
            .expect("there is a view of this word");
        drawing.draw(120, 40);
        let worked = fastest(|| drawing.work(&snapshot));
        let drawn = fastest(|| drop(drawing.draw(120, 40)));
        slow |= drawn > MOST;
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        println!("{word:<20} {:>9.3} ms {:>9.3} ms", ms(drawn), ms(worked));
    }
    if slow {
        eprintln!("drawing takes more than {} ms", MOST.as_millis());
        std::process::exit(1);
    }
}

fn fastest(mut work: impl FnMut()) -> Duration {
    let timed = |()| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    std::iter::repeat_n((), ROUNDS).map(timed).min().unwrap_or_default()
}

/// The recorded office hour.
fn office(database: &Database) -> Snapshot {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps/office-hour.pcapng");
    let streams = plan_streams(&[path], false).streams;
    let watch = Arc::new(Watch::new(Watch::FEW));
    let run = Run { watch: Some(Arc::clone(&watch)), ..Run::default() };
    pipeline::run(&streams, &Options::default(), database, &Discard, &run).expect("it is readable");
    let (devices, assignments) = (Devices::default(), Assignments::default());
    let recorder = Recorder { database, devices: &devices, assignments: &assignments };
    Watcher::new(watch, recorder).snapshot()
}

/// The same flows again and again, each a flow of its own, until there are enough.
fn many(office: &Snapshot) -> Snapshot {
    let watched = office.watched.as_ref().expect("the flows are watched");
    let copies = FLOWS.div_ceil(watched.flows.len() as u64);
    let frames = 1 << 32;
    let flows = (0..copies).flat_map(|copy| {
        watched.flows.iter().cloned().map(move |mut flow| {
            let record = Arc::make_mut(&mut flow.record);
            record.first_frame += copy * frames;
            // No two rows are equal where rows are ordered by amount.
            record.counts.up.octets += copy;
            flow
        })
    });
    let slots = watched.slots.iter().map(|slot| {
        let rows = (0..copies).flat_map(|copy| {
            slot.rows.iter().map(move |row| SlotRow {
                flow: FlowPlace { first_frame: row.flow.first_frame + copy * frames, ..row.flow },
                ..*row
            })
        });
        Slot { rows: rows.collect(), ..*slot }
    });
    let flows = flows.take(usize::try_from(FLOWS).unwrap_or(usize::MAX)).collect();
    let many = Watched { flows, slots: slots.collect(), ..watched.as_ref().clone() };
    Snapshot { watched: Some(Arc::new(many)), ..office.clone() }
}
