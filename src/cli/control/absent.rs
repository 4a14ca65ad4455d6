//! Systems without such sockets.

use std::convert::Infallible;
use std::io;
use std::path::Path;
use std::sync::mpsc::Sender;

use crate::pipeline::Request;

/// There is none.
#[derive(Debug)]
pub(in crate::cli) struct ControlSocket(Infallible);

impl ControlSocket {
    /// Says that it cannot be made.
    pub(in crate::cli) fn make() -> io::Result<Self> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "this system has no such sockets"))
    }

    /// Where it would lie.
    pub(in crate::cli) fn path(&self) -> &Path {
        match self.0 {}
    }

    /// Would answer requests.
    pub(in crate::cli) fn serve(&self, _: Sender<Request>) -> io::Result<()> {
        match self.0 {}
    }
}
