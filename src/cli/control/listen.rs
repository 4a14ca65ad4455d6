//! The running side.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use super::folders;
use crate::export::rfc3339;
use crate::ledger::Marker;
use crate::pipeline::Request;

/// Longer than any marker: what is longer is not read.
const LONGEST_REQUEST: u64 = 4096;
/// How long a request, and its answer, may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A socket that waits for requests; removed when it is dropped.
#[derive(Debug)]
pub(in crate::cli) struct ControlSocket {
    listener: UnixListener,
    path: PathBuf,
}

impl ControlSocket {
    /// Makes a socket of this process's, for its owner alone; `Err` where there is no folder for
    /// it.
    pub(in crate::cli) fn make() -> io::Result<Self> {
        let mut failure = io::Error::new(io::ErrorKind::NotFound, "there is no runtime directory");
        for folder in folders() {
            match Self::make_in(&folder) {
                Ok(socket) => return Ok(socket),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    fn make_in(folder: &Path) -> io::Result<Self> {
        // The folder keeps others out before the socket's own mode does.
        match DirBuilder::new().mode(0o700).create(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let path = folder.join(format!("{}.sock", std::process::id()));
        // Left by a process of the same number that was ended by force.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        let socket = Self { listener, path };
        fs::set_permissions(&socket.path, Permissions::from_mode(0o600))?;
        Ok(socket)
    }

    /// Where it lies.
    pub(in crate::cli) fn path(&self) -> &Path {
        &self.path
    }

    /// Answers requests on a thread of its own, as long as the process lives.
    pub(in crate::cli) fn serve(&self, requests: Sender<Request>) -> io::Result<()> {
        let listener = self.listener.try_clone()?;
        let serve = move || {
            for stream in listener.incoming() {
                let served = stream.and_then(|stream| answer(stream, &requests));
                if let Err(error) = served {
                    tracing::debug!("control socket: {error}");
                }
            }
        };
        std::thread::Builder::new().name("control".to_owned()).spawn(serve)?;
        Ok(())
    }
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        // Whoever finds it later finds that nobody answers.
        let _ = fs::remove_file(&self.path);
    }
}

/// One request and its answer.
fn answer(mut stream: UnixStream, requests: &Sender<Request>) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut request = Vec::new();
    (&stream).take(LONGEST_REQUEST).read_to_end(&mut request)?;
    let said = match text_of(request) {
        Err(why) => Err(why),
        Ok(text) => {
            let (tell, told) = channel();
            match requests.send(Request::Mark(text, tell)) {
                Err(_) => Err("the capture is at its end".to_owned()),
                Ok(()) => match told.recv_timeout(PATIENCE) {
                    Ok(set) => set.map_err(|refused| refused.to_string()),
                    Err(_) => {
                        Err("no answer from the capture; it may set the marker yet".to_owned())
                    }
                },
            }
        }
    };
    let line = match said {
        Ok(Marker { time, after_frames, .. }) => {
            let time = time.map_or_else(|| "-".to_owned(), |time| rfc3339(time, 9).to_string());
            format!("ok {time} {after_frames}\n")
        }
        Err(why) => format!("no {why}\n"),
    };
    stream.write_all(line.as_bytes())
}

/// The text of a marker, or why it is none.
fn text_of(request: Vec<u8>) -> Result<String, String> {
    let text = String::from_utf8(request).map_err(|_| "the text is not UTF-8".to_owned())?;
    let text = text.trim();
    if text.is_empty() {
        return Err("the text is empty".to_owned());
    }
    if text.len() > Marker::LONGEST_TEXT {
        return Err(format!("the text is longer than {} octets", Marker::LONGEST_TEXT));
    }
    if text.chars().any(char::is_control) {
        return Err("the text holds control characters; write one line".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_markers_text_is_one_line_that_is_not_too_long() {
        assert_eq!(text_of(b" set to required \n".to_vec()).unwrap(), "set to required");
        for wrong in [&b""[..], b" \n", b"a\x1b[31m", b"\xff\xfe", &[b'a'; 1025]] {
            assert!(text_of(wrong.to_vec()).is_err());
        }
    }
}
