//! Standard output, written on a thread of its own: no frame waits for who reads it.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Octets that may wait for the reader: beyond them, frames wait, too.
const MOST_WAITING: usize = 16 << 20;
/// Octets that are handed over at once while nobody asks for them.
const CHUNK: usize = 64 << 10;

/// Lets `run` write to `out` without waiting for it. Gives what it gave, once everything is
/// written, and whether it was.
///
/// An error of `out` comes back with a later write or flush, or at the end. Flushing hands over:
/// it does not wait.
///
/// # Errors
///
/// Where the system gives no thread; then `run` was not called.
pub(super) fn written_aside<R>(
    out: &mut (dyn Write + Send),
    run: impl FnOnce(&mut dyn Write) -> R,
) -> io::Result<(R, io::Result<()>)> {
    let waiting = Waiting::default();
    thread::scope(|scope| {
        let write = || waiting.write_to(out);
        thread::Builder::new().name("output".to_owned()).spawn_scoped(scope, write)?;
        // Whatever happens, that thread must see the end, or it would be waited for.
        let mut front = Front { waiting: &waiting, chunk: Vec::new() };
        let result = run(&mut front);
        let flushed = front.flush();
        drop(front);
        let written = waiting.until_written();
        Ok((result, flushed.and(written)))
    })
}

/// What waits to be written. `octets` is the sum over the chunks, `<= MOST_WAITING + CHUNK`.
#[derive(Debug, Default)]
struct Waiting {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    chunks: VecDeque<Vec<u8>>,
    octets: usize,
    /// Nothing more comes.
    has_ended: bool,
    /// Nothing more is written: all is, or there is an error.
    is_over: bool,
    /// Why not.
    error: Option<io::Error>,
}

impl Waiting {
    /// Writes what comes until the end.
    fn write_to(&self, out: &mut dyn Write) {
        let error = self.write_all(out).err();
        let mut state = self.state();
        (state.is_over, state.error) = (true, error);
        drop(state);
        self.changed.notify_all();
    }

    fn write_all(&self, out: &mut dyn Write) -> io::Result<()> {
        loop {
            let has_something = |s: &mut State| s.chunks.is_empty() && !s.has_ended;
            let state = self.changed.wait_while(self.state(), has_something);
            let mut state = state.unwrap_or_else(PoisonError::into_inner);
            let Some(chunk) = state.chunks.pop_front() else { return out.flush() };
            let is_last = state.chunks.is_empty();
            drop(state);
            out.write_all(&chunk)?;
            if is_last {
                out.flush()?;
            }
            // What is being written counts until it is.
            self.state().octets -= chunk.len();
            self.changed.notify_all();
        }
    }

    /// Hands a chunk over; waits while there is too much.
    fn push(&self, chunk: Vec<u8>) -> io::Result<()> {
        let is_full = |s: &mut State| s.octets >= MOST_WAITING && !s.is_over;
        let state = self.changed.wait_while(self.state(), is_full);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = &state.error {
            return Err(again(error));
        }
        if !chunk.is_empty() {
            state.octets += chunk.len();
            state.chunks.push_back(chunk);
            self.changed.notify_all();
        }
        Ok(())
    }

    fn until_written(&self) -> io::Result<()> {
        let state = self.changed.wait_while(self.state(), |s| !s.is_over);
        match &state.unwrap_or_else(PoisonError::into_inner).error {
            Some(error) => Err(again(error)),
            None => Ok(()),
        }
    }

    /// Each change leaves it whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same error once more.
fn again(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => error.kind().into(),
    }
}

/// The end of it that is written to.
struct Front<'w> {
    waiting: &'w Waiting,
    chunk: Vec<u8>,
}

impl Write for Front<'_> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.chunk.extend_from_slice(octets);
        if self.chunk.len() >= CHUNK {
            self.flush()?;
        }
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let next = Vec::with_capacity(if self.chunk.is_empty() { 0 } else { CHUNK });
        self.waiting.push(std::mem::replace(&mut self.chunk, next))
    }
}

impl Drop for Front<'_> {
    fn drop(&mut self) {
        self.waiting.state().has_ended = true;
        self.waiting.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::time::Duration;

    use super::*;

    /// A reader that takes nothing until it is told to, and says that it was asked.
    struct Slow {
        asked: Sender<()>,
        go: Receiver<()>,
        taken: Vec<u8>,
    }

    impl Write for Slow {
        fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
            if self.taken.is_empty() {
                self.asked.send(()).unwrap();
                self.go.recv().unwrap();
            }
            self.taken.extend_from_slice(octets);
            Ok(octets.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn who_writes_does_not_wait_for_who_reads_and_all_arrives_in_order() {
        let ((asked, was_asked), (let_go, go)) = (channel(), channel());
        let mut slow = Slow { asked, go, taken: Vec::new() };
        let line = |number: u32| format!("{number:>99}\n").into_bytes();
        let lines = 50_000;
        let went = written_aside(&mut slow, |out| {
            for number in 0..lines {
                out.write_all(&line(number)).unwrap();
            }
            out.flush().unwrap();
            // All of it was written, and nothing taken yet.
            was_asked.recv().unwrap();
            let_go.send(()).unwrap();
            7
        });
        let (result, written) = went.unwrap();
        assert_eq!((result, written.is_ok()), (7, true));
        assert!(slow.taken == (0..lines).flat_map(line).collect::<Vec<u8>>());
    }

    #[test]
    fn what_waits_is_bounded() {
        let waiting = Waiting::default();
        let mut given = 0;
        while waiting.state().octets < MOST_WAITING {
            waiting.push(vec![7; CHUNK]).unwrap();
            given += CHUNK;
        }
        thread::scope(|scope| {
            let (done, is_done) = channel();
            let waiting = &waiting;
            scope.spawn(move || {
                waiting.push(vec![7; 9]).unwrap();
                done.send(()).unwrap();
            });
            // Not a measure: only that it has not gone through at once.
            assert!(is_done.recv_timeout(Duration::from_millis(50)).is_err());
            scope.spawn(move || waiting.write_to(&mut io::sink()));
            is_done.recv().unwrap();
            waiting.state().has_ended = true;
            waiting.changed.notify_all();
            waiting.until_written().unwrap();
            given += 9;
        });
        assert_eq!(waiting.state().octets, 0);
        assert!(given > MOST_WAITING);
    }

    #[test]
    fn an_error_comes_back_and_nobody_waits_any_more() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let went = written_aside(&mut Gone, |out| {
            // More than may wait: it ends all the same.
            (0..3 * MOST_WAITING / CHUNK).find_map(|_| out.write_all(&vec![7; CHUNK]).err())
        });
        let (seen, written) = went.unwrap();
        assert_eq!(seen.map(|error| error.kind()), Some(io::ErrorKind::BrokenPipe));
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        let (_, written) = written_aside(&mut Gone, |out| out.write_all(b"x")).unwrap();
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
