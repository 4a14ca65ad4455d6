//! What needs a right is opened, and what is left to be done without.

use std::path::PathBuf;

use super::LivePlan;
use super::plan::Source;
use crate::cli::control::ControlSocket;
use crate::cli::outcome::Refusal;
use crate::cli::sandbox;
use crate::export::WriteOptions;
use crate::privilege;
#[cfg(target_os = "linux")]
use crate::source::live::{self, LiveOpenError, LiveOptions, LiveSource};
use crate::source::{Input, StreamPlan};

/// What was opened while it could be.
pub(super) struct Opened {
    pub(super) frames: OpenSource,
    /// Where markers are taken; `None` where there is no place for it.
    pub(super) control: Option<ControlSocket>,
}

/// Where the frames come from.
pub(super) enum OpenSource {
    /// A FIFO is opened only when it is read: its writer may come later.
    Stream(StreamPlan),
    #[cfg(target_os = "linux")]
    Interfaces(Box<LiveSource>),
    /// One for each thread.
    #[cfg(target_os = "linux")]
    Threads(Vec<LiveSource>),
}

impl Opened {
    pub(super) fn open(plan: &LivePlan) -> Result<Self, Refusal> {
        let frames = match &plan.source {
            Source::Stream(stream) => {
                let mut stream = stream.clone();
                if sandbox::keep_open(plan.sandbox) > 0 {
                    stream.captures.iter_mut().for_each(keep_open);
                }
                OpenSource::Stream(stream)
            }
            #[cfg(target_os = "linux")]
            Source::Interfaces(options) => interfaces(options)?,
        };
        let control = match sandbox::as_later_user(plan.sandbox, ControlSocket::make)? {
            Ok(socket) => {
                tracing::info!("markers are taken at {}", socket.path().display());
                Some(socket)
            }
            Err(error) => {
                tracing::info!("markers cannot be set: {error}");
                None
            }
        };
        Ok(Self { frames, control })
    }

    /// What the rest of the run needs.
    ///
    /// With the screen that includes making files in the working directory, where the user may:
    /// pictures, tables and bundles are written there. Gives whether that is so, too.
    pub(super) fn rights(&self, plan: &LivePlan) -> Result<(privilege::Plan, bool), Refusal> {
        let folder_of_socket = self.control.as_ref().and_then(|socket| socket.path().parent());
        let mut write: Vec<PathBuf> =
            plan.write.iter().map(|write| WriteOptions::folder(write).into()).collect();
        let beside = PathBuf::from(".");
        let writable = plan.screen.is_some() && sandbox::may_write(plan.sandbox, &beside)?;
        if writable {
            write.push(beside);
        }
        let rights = privilege::Plan {
            read: self.frames.files(),
            write,
            remove: folder_of_socket.into_iter().map(Into::into).collect(),
            receive_only: self.frames.descriptors(),
            refilter: self.frames.refiltered(),
            serves: self.control.is_some(),
            screen: plan.screen.is_some(),
            ..privilege::Plan::default()
        };
        Ok((rights, writable))
    }
}

impl OpenSource {
    /// Files that are still to be opened for reading.
    fn files(&self) -> Vec<PathBuf> {
        match self {
            Self::Stream(stream) => {
                stream.captures.iter().filter_map(|input| Some(input.path()?.into())).collect()
            }
            #[cfg(target_os = "linux")]
            Self::Interfaces(_) | Self::Threads(_) => Vec::new(),
        }
    }

    /// Sockets from which nothing is ever sent.
    fn descriptors(&self) -> Vec<privilege::Descriptor> {
        match self {
            Self::Stream(_) => Vec::new(),
            #[cfg(target_os = "linux")]
            Self::Interfaces(source) => source.descriptors(),
            #[cfg(target_os = "linux")]
            Self::Threads(parts) => parts.iter().flat_map(LiveSource::descriptors).collect(),
        }
    }

    /// Those of them whose filter is replaced when their interface comes back.
    fn refiltered(&self) -> Vec<privilege::Descriptor> {
        match self {
            #[cfg(target_os = "linux")]
            Self::Threads(parts) => parts.iter().flat_map(LiveSource::refiltered).collect(),
            _ => Vec::new(),
        }
    }
}

/// Opens a file that root may read and the user afterwards perhaps not. What cannot be opened is
/// left to whoever reads it, who says why.
fn keep_open(input: &mut Input) {
    let Input::File(path) = &*input else { return };
    if path.is_file()
        && let Ok(file) = std::fs::File::open(path)
    {
        *input = Input::Open(path.clone(), file.into());
    }
}

#[cfg(target_os = "linux")]
fn interfaces(options: &LiveOptions) -> Result<OpenSource, Refusal> {
    let source = live::open(options).map_err(refusal)?;
    for limit in source.limits() {
        tracing::warn!("{limit}");
    }
    Ok(if options.fanout_threads > 1 {
        OpenSource::Threads(source.split())
    } else {
        OpenSource::Interfaces(Box::new(source))
    })
}

/// Why an interface cannot be captured from, and what to do.
#[cfg(target_os = "linux")]
fn refusal(error: LiveOpenError) -> Refusal {
    if let LiveOpenError::NoRight(_) = error {
        let what = "run: sudo setcap cap_net_raw+ep \"$(command -v vigie)\", or read a capture: \
                    vigie analyze FILE";
        return Refusal::impossible(anyhow::anyhow!("{error}; {what}"));
    }
    Refusal::impossible(error)
}
