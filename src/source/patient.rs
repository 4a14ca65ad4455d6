//! Input that comes at somebody else's pace: reading it can be stopped while nothing comes.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// A pipe, a socket or a terminal.
#[derive(Debug)]
pub(super) struct Patient {
    file: File,
    stop: Arc<AtomicBool>,
}

impl Patient {
    /// Between two looks at whether to stop.
    const STEP: Duration = Duration::from_millis(100);

    pub(super) fn new(file: File, stop: Arc<AtomicBool>) -> Self {
        Self { file, stop }
    }

    /// Waits for octets or the end, at most for a step.
    fn is_ready(&self) -> io::Result<bool> {
        let step = Timespec::try_from(Self::STEP).ok();
        let ready = poll(&mut [PollFd::new(&self.file, PollFlags::IN)], step.as_ref())?;
        Ok(ready > 0)
    }
}

impl Read for Patient {
    /// Fails once reading is to stop and nothing is there.
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while !self.is_ready()? {
            if self.stop.load(Ordering::Relaxed) {
                return Err(io::Error::other("stopped"));
            }
        }
        self.file.read(into)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// Both ends of a socket, the first as a file.
    fn pair() -> (File, std::os::unix::net::UnixStream) {
        let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
        (File::from(std::os::fd::OwnedFd::from(ours)), theirs)
    }

    #[test]
    fn what_is_there_is_read_even_when_reading_is_to_stop() {
        let (file, mut writer) = pair();
        writer.write_all(b"octets").unwrap();
        let mut patient = Patient::new(file, Arc::new(AtomicBool::new(true)));
        let mut octets = [0; 16];
        assert_eq!(patient.read(&mut octets).unwrap(), 6);
        assert!(patient.read(&mut octets).is_err());
    }

    #[test]
    fn reading_waits_for_octets_and_sees_the_end() {
        let (file, mut writer) = pair();
        let thread = std::thread::spawn(move || {
            std::thread::sleep(2 * Patient::STEP);
            writer.write_all(b"late").unwrap();
        });
        let mut patient = Patient::new(file, Arc::default());
        let mut octets = Vec::new();
        patient.read_to_end(&mut octets).unwrap();
        assert_eq!(octets, b"late");
        thread.join().unwrap();
    }
}
