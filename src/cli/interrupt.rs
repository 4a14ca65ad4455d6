//! Ctrl-C: the first ends the reading, the second the program.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Whether the user asked for an early end.
#[derive(Clone, Debug)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Takes over SIGINT and SIGTERM. The second of them kills, as if nobody had taken it over.
    pub(super) fn listen() -> io::Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // The order matters: the default must be looked at before the flag is set.
            flag::register_conditional_default(signal, Arc::clone(&asked))?;
            flag::register(signal, Arc::clone(&asked))?;
        }
        Ok(Self(asked))
    }

    /// Whether a signal came.
    pub(super) fn was_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
impl Interrupt {
    /// One that never comes.
    pub(super) fn never() -> Self {
        Self(Arc::new(AtomicBool::new(false)))
    }

    /// One that has come.
    pub(super) fn already() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }
}
