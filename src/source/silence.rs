//! Inputs that may fall silent: pipes, FIFOs, terminals. Waiting for them ends when the run is
//! stopped.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Opens standard input.
#[cfg(unix)]
pub(super) fn stdin(stop: &Arc<AtomicBool>) -> io::Result<Box<dyn Read + Send>> {
    use std::os::fd::AsFd;
    // Not through the buffer of io::Stdin: poll knows nothing of the octets in there.
    let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    Ok(patient(file, stop))
}

/// Opens standard input.
#[cfg(not(unix))]
pub(super) fn stdin(_: &Arc<AtomicBool>) -> io::Result<Box<dyn Read + Send>> {
    Ok(Box::new(io::stdin()))
}

/// Opens a file of any kind.
pub(super) fn file(path: &Path, stop: &Arc<AtomicBool>) -> io::Result<Box<dyn Read + Send>> {
    Ok(patient(open(path)?, stop))
}

/// Opens a FIFO without waiting for its writer, which [`Patient`] does.
#[cfg(target_os = "linux")]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::FileTypeExt;

    use rustix::fs::{Mode, OFlags};
    if !path.metadata()?.file_type().is_fifo() {
        return File::open(path);
    }
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

/// Elsewhere poll takes a FIFO without a writer for one that has ended.
#[cfg(not(target_os = "linux"))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// The file itself where it cannot fall silent.
fn patient(file: File, stop: &Arc<AtomicBool>) -> Box<dyn Read + Send> {
    if cfg!(not(unix)) || file.metadata().is_ok_and(|m| m.is_file() || m.is_dir()) {
        return Box::new(file);
    }
    Box::new(Patient { file, stop: Arc::clone(stop) })
}

/// Waits for octets, but not when the run is stopped: then reading fails.
struct Patient {
    file: File,
    stop: Arc<AtomicBool>,
}

impl Read for Patient {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Err(io::Error::other("stopped"));
            }
            if is_ready(&self.file)? {
                match self.file.read(into) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    result => return result,
                }
            }
        }
    }
}

/// Waits for octets or the end, for a moment.
#[cfg(unix)]
fn is_ready(file: &File) -> io::Result<bool> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    const MOMENT: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };
    match poll(&mut [PollFd::new(file, PollFlags::IN)], Some(&MOMENT)) {
        Ok(ready) => Ok(ready > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whoever cannot tell tries.
#[cfg(not(unix))]
fn is_ready(_: &File) -> io::Result<bool> {
    Ok(true)
}
