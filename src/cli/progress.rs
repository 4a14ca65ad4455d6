//! What happens beside the reading: the progress bar, and Ctrl-C handed to it.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::interrupt::Interrupt;
use crate::pipeline::Run;

/// Inputs that are read in less than this show no bar.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two looks at the run.
const STEP: Duration = Duration::from_millis(100);

/// Does `work` while a thread beside it draws progress on standard error, if it `may_show` it
/// and that is a terminal, and stops `run` when the user asks for it. `size` is the input's in
/// octets, where it is known.
pub(super) fn beside<T>(
    run: &Run,
    interrupt: &Interrupt,
    size: Option<u64>,
    may_show: bool,
    work: impl FnOnce() -> T,
) -> T {
    let done = AtomicBool::new(false);
    let show = may_show && io::stderr().is_terminal();
    thread::scope(|scope| {
        let watcher = scope.spawn(|| watch(run, interrupt, size, show, &done));
        let _end = End { done: &done, watcher: watcher.thread().clone() };
        work()
    })
}

/// Ends the watching thread, also when the work panics.
struct End<'a> {
    done: &'a AtomicBool,
    watcher: Thread,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Release);
        self.watcher.unpark();
    }
}

/// Looks at the run until it is done.
fn watch(run: &Run, interrupt: &Interrupt, size: Option<u64>, show: bool, done: &AtomicBool) {
    let start = Instant::now();
    let mut bar = None;
    while !done.load(Ordering::Acquire) {
        if interrupt.was_asked() {
            run.stop.store(true, Ordering::Relaxed);
        }
        if show && start.elapsed() >= PATIENCE {
            let bar = bar.get_or_insert_with(|| new_bar(size));
            bar.set_position(run.octets.load(Ordering::Relaxed));
        }
        thread::park_timeout(STEP);
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}

/// A bar where the size is known, else a running count.
fn new_bar(size: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(size, ProgressDrawTarget::stderr());
    let template = match size {
        Some(_) => "{bar:30} {percent:>3} %  {decimal_bytes} of {decimal_total_bytes}  {eta} left",
        None => "{spinner} {decimal_bytes} read  {elapsed}",
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_is_not_held_up_by_the_thread_beside_it() {
        let start = Instant::now();
        let run = Run::default();
        let interrupt = Interrupt::never();
        assert_eq!(beside(&run, &interrupt, None, false, || 7), 7);
        assert!(start.elapsed() < STEP);
    }

    #[test]
    fn an_interrupt_stops_the_run() {
        let run = Run::default();
        let interrupt = Interrupt::already();
        let stopped = beside(&run, &interrupt, None, false, || {
            let start = Instant::now();
            while !run.stop.load(Ordering::Relaxed) && start.elapsed() < 50 * STEP {
                thread::yield_now();
            }
            run.stop.load(Ordering::Relaxed)
        });
        assert!(stopped);
    }
}
