//! How a run went; this file alone knows exit statuses.

use std::io;
use std::process::ExitCode;

use super::cause::in_words;

/// How a run went that was not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All of it was done.
    Done,
    /// No input could be read.
    NothingDone,
    /// Done, but input was damaged or unreadable, or the run was interrupted.
    Incomplete,
    /// What was checked does not hold.
    DoesNotHold,
}

/// Why nothing was done at all.
#[derive(Debug)]
pub(super) enum Refusal {
    /// What was typed makes no sense.
    Usage(anyhow::Error),
    /// It makes sense, but cannot be done: a file is missing or wrong.
    Impossible(anyhow::Error),
}

impl Refusal {
    /// A refusal of what was typed.
    pub(super) fn usage(cause: impl Into<anyhow::Error>) -> Self {
        Self::Usage(cause.into())
    }

    /// A refusal of what cannot be done.
    pub(super) fn impossible(cause: impl Into<anyhow::Error>) -> Self {
        Self::Impossible(cause.into())
    }

    /// The message for the user.
    pub(super) fn cause(&self) -> &anyhow::Error {
        match self {
            Self::Usage(cause) | Self::Impossible(cause) => cause,
        }
    }

    /// Whether somebody downstream closed the pipe, which is no fault of anybody's.
    pub(super) fn is_closed_pipe(&self) -> bool {
        self.cause()
            .chain()
            .filter_map(|cause| cause.downcast_ref::<io::Error>())
            .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<io::Error> for Refusal {
    /// What fails to be written.
    fn from(error: io::Error) -> Self {
        let why = format!("the output cannot be written: {}", in_words(&error));
        Self::Impossible(anyhow::Error::new(error).context(why))
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::NothingDone => Self::from(1),
            Outcome::Incomplete => Self::from(3),
            Outcome::DoesNotHold => Self::from(4),
        }
    }
}

impl From<&Refusal> for ExitCode {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            _ if refusal.is_closed_pipe() => Self::SUCCESS,
            Refusal::Usage(_) => Self::from(2),
            Refusal::Impossible(_) => Self::from(1),
        }
    }
}

/// The status for a command line that the parser refused.
pub(super) fn of_parser() -> ExitCode {
    ExitCode::from(2)
}
