//! How a running `vigie live` is spoken to: a socket in the runtime directory, for its owner
//! alone.
//!
//! One connection carries one request: the text of a marker, at most 1,024 octets of UTF-8
//! without control characters, ended by the writer's shutdown. The answer is one line: `ok`, the
//! capture time (`-` before the first frame) and the number of frames before the marker; or `no`
//! and why.

#[cfg(unix)]
mod ask;
#[cfg(unix)]
mod listen;
mod place;

#[cfg(unix)]
pub(super) use ask::{Instance, instances, mark};
#[cfg(unix)]
pub(super) use listen::ControlSocket;
pub(super) use place::folders;
