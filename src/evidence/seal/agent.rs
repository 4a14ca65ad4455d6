//! An SSH agent that holds a private key (draft-ietf-sshm-ssh-agent).

use std::io::{self, Read, Write};
use std::sync::Mutex;
use std::sync::PoisonError;

use ssh_key::{Algorithm, PublicKey, Signature};

/// A connection to an agent.
#[derive(Debug)]
pub struct Agent {
    #[cfg(unix)]
    stream: Mutex<std::os::unix::net::UnixStream>,
}

/// Why an agent gives no signature.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// It cannot be reached.
    #[error("{0}")]
    Unreachable(#[from] io::Error),
    /// It does not have the key, or somebody refused.
    #[error("it does not have this key, or the use was refused; see: ssh-add -l")]
    Refused,
    /// It answers something else.
    #[error("its answer cannot be read")]
    Unreadable,
}

/// `SSH_AGENTC_SIGN_REQUEST`.
const SIGN_REQUEST: u8 = 13;
/// `SSH_AGENT_SIGN_RESPONSE`.
const SIGN_RESPONSE: u8 = 14;
/// Octets of an answer at most.
const LONGEST_ANSWER: u32 = 1 << 16;

impl Agent {
    /// Connects to the agent's socket, the one of `SSH_AUTH_SOCK`.
    #[cfg(unix)]
    pub fn connect(socket: &std::path::Path) -> Result<Self, AgentError> {
        let stream = std::os::unix::net::UnixStream::connect(socket)?;
        // Somebody may have to confirm.
        stream.set_read_timeout(Some(std::time::Duration::from_mins(2)))?;
        Ok(Self { stream: Mutex::new(stream) })
    }

    /// Its signature over these octets.
    pub(super) fn sign(&self, key: &PublicKey, data: &[u8]) -> Result<Signature, AgentError> {
        #[cfg(unix)]
        {
            let key = key.to_bytes().map_err(|_| AgentError::Unreadable)?;
            let stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
            let answer = ask(&mut &*stream, &request(&key, data))?;
            signature(&answer)
        }
        #[cfg(not(unix))]
        {
            let _ = (key, data);
            Err(AgentError::Unreadable)
        }
    }
}

/// A request with its length in front.
fn request(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut request = vec![SIGN_REQUEST];
    for part in [key, data] {
        request.extend(length(part));
        request.extend(part);
    }
    request.extend([0; 4]);
    let mut whole = length(&request).to_vec();
    whole.extend(request);
    whole
}

fn length(part: &[u8]) -> [u8; 4] {
    u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes()
}

/// Sends the request and reads the answer.
fn ask<S: Read + Write>(stream: &mut S, request: &[u8]) -> Result<Vec<u8>, AgentError> {
    stream.write_all(request)?;
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length);
    if length == 0 || length > LONGEST_ANSWER {
        return Err(AgentError::Unreadable);
    }
    let mut answer = vec![0; length as usize];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}

/// The signature in an answer.
fn signature(answer: &[u8]) -> Result<Signature, AgentError> {
    let (kind, rest) = answer.split_first().ok_or(AgentError::Unreadable)?;
    if *kind != SIGN_RESPONSE {
        return Err(AgentError::Refused);
    }
    let (blob, _) = string(rest)?;
    let (algorithm, rest) = string(blob)?;
    let (octets, _) = string(rest)?;
    if algorithm != b"ssh-ed25519" {
        return Err(AgentError::Unreadable);
    }
    Signature::new(Algorithm::Ed25519, octets).map_err(|_| AgentError::Unreadable)
}

/// A string (RFC 4251 §5), and what follows it.
fn string(octets: &[u8]) -> Result<(&[u8], &[u8]), AgentError> {
    let (length, rest) = octets.split_first_chunk().ok_or(AgentError::Unreadable)?;
    rest.split_at_checked(u32::from_be_bytes(*length) as usize).ok_or(AgentError::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_or_refused_whatever_it_holds() {
        let mut answer = vec![SIGN_RESPONSE, 0, 0, 0, 83, 0, 0, 0, 11];
        answer.extend(b"ssh-ed25519");
        answer.extend([0, 0, 0, 64]);
        answer.extend([7; 64]);
        assert_eq!(signature(&answer).unwrap().as_bytes(), [7; 64]);
        for len in 0..answer.len() {
            assert!(signature(&answer[..len]).is_err(), "{len}");
        }
        assert!(matches!(signature(&[5]), Err(AgentError::Refused)));
    }
}
