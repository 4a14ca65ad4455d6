//! What befalls a live capture, told so that each reader can say it in its own language.

use std::fmt;

use crate::ledger::Marker;

/// What happened to the sources of a live capture, or to what is written of it. It is displayed
/// in English; a name of an interface is as the system gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// An interface was removed; it is waited for.
    Gone(String),
    /// An interface gives no frames until it is up again.
    Down(String),
    /// An interface is there again, from [`Gone`](Self::Gone) or [`Down`](Self::Down).
    Back(String),
    /// An interface is read no more.
    Failed {
        /// Its name.
        interface: String,
        /// The system call that failed.
        call: &'static str,
        /// What the system said.
        cause: String,
    },
    /// The kernel's ring contradicted itself.
    Block {
        /// The interface's name.
        interface: String,
        /// Frames that were not read.
        frames: u32,
    },
    /// A file cannot be written on: in one sentence.
    Unwritten(String),
}

impl Happening {
    /// Whether the result is incomplete by it.
    pub fn is_failure(&self) -> bool {
        !matches!(self, Self::Down(_) | Self::Back(_))
    }
}

impl fmt::Display for Happening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone(name) => {
                write!(f, "{name}: the interface is gone; waiting for it to come back")
            }
            Self::Down(name) => write!(f, "{name}: the interface is down"),
            Self::Back(name) => write!(f, "{name}: the interface is there again"),
            Self::Failed { interface, call, cause } => {
                write!(f, "{interface}: {call} failed: {cause}; nothing more is read there")
            }
            Self::Block { interface, frames } => {
                write!(f, "{interface}: a block of the ring is broken; ")?;
                write!(f, "{frames} frames in it are lost")
            }
            Self::Unwritten(why) => f.write_str(why),
        }
    }
}

/// Why a marker is not set. Displayed in English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkerRefused {
    /// The run has [`Marker::MOST_KEPT`] already.
    TooMany,
    /// The text has more than [`Marker::LONGEST_TEXT`] octets.
    TooLong,
}

impl MarkerRefused {
    /// Whether a marker is taken beside so many others.
    pub(super) fn look_at(marker: &Marker, others: usize) -> Result<(), Self> {
        if others >= Marker::MOST_KEPT {
            return Err(Self::TooMany);
        }
        if marker.text.len() > Marker::LONGEST_TEXT {
            return Err(Self::TooLong);
        }
        Ok(())
    }
}

impl fmt::Display for MarkerRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany => write!(f, "this run has {} markers already", Marker::MOST_KEPT),
            Self::TooLong => write!(f, "longer than {} octets", Marker::LONGEST_TEXT),
        }
    }
}
