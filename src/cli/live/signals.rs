//! What others tell by signals.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGUSR1};
use signal_hook::flag;

use crate::cli::interrupt::Interrupt;

/// Signals that have come and were not taken yet.
#[derive(Debug)]
pub(super) struct Signals {
    /// SIGINT and SIGTERM.
    pub(super) interrupt: Interrupt,
    hangup: Arc<AtomicBool>,
    user: Arc<AtomicBool>,
}

impl Signals {
    /// Takes the signals over.
    pub(super) fn listen() -> io::Result<Self> {
        let taken = |signal| {
            let came = Arc::new(AtomicBool::new(false));
            flag::register(signal, Arc::clone(&came)).map(|_| came)
        };
        let (hangup, user) = (taken(SIGHUP)?, taken(SIGUSR1)?);
        Ok(Self { interrupt: Interrupt::listen()?, hangup, user })
    }

    /// Whether files are to be opened again; once for each time it was asked.
    pub(super) fn wants_reopening(&self) -> bool {
        self.hangup.swap(false, Ordering::Relaxed)
    }

    /// Whether a summary is wanted; once for each time it was asked.
    pub(super) fn wants_summary(&self) -> bool {
        self.user.swap(false, Ordering::Relaxed)
    }
}
