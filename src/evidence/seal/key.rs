//! Who seals.

use std::io;
use std::path::{Path, PathBuf};

use ssh_key::{Algorithm, HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};

use super::NAMESPACE;
use super::agent::{Agent, AgentError};

/// What opens a key that is protected by a passphrase.
#[derive(Debug)]
pub enum Unlock {
    /// This passphrase.
    With(String),
    /// Nobody gave one.
    Nothing,
    /// Somebody was asked, and gave none.
    GivenUp,
}

/// Why there is no seal.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is no key.
    #[error("{}: not a key of OpenSSH; make one: ssh-keygen -t ed25519 -f FILE", .0.display())]
    NotAKey(PathBuf),
    /// It is a key, but of another kind.
    #[error("{}: a key of the kind {algorithm}, but a seal needs ssh-ed25519; make one: ssh-keygen -t ed25519 -f FILE", path.display())]
    NotEd25519 {
        /// Which file.
        path: PathBuf,
        /// Its kind.
        algorithm: String,
    },
    /// It is protected, and nobody said with what.
    #[error("{}: protected by a passphrase, and there is no terminal to ask for it; give a file with it (--passphrase-file), or add the key to the agent and give FILE.pub", .0.display())]
    Protected(PathBuf),
    /// It is protected, and whoever was asked typed no passphrase.
    #[error("{}: no passphrase was given; nothing was read or written", .0.display())]
    GivenUp(PathBuf),
    /// The passphrase is another one.
    #[error("{}: the passphrase does not open it", .0.display())]
    WrongPassphrase(PathBuf),
    /// A public key was given, and there is no agent.
    #[error("{}: a public key; the agent that holds the private one is not there (SSH_AUTH_SOCK)", .0.display())]
    NoAgent(PathBuf),
    /// The agent refused.
    #[error("the agent does not sign: {0}")]
    Agent(#[from] AgentError),
    /// The signature could not be made.
    #[error("the signature could not be made: {0}")]
    Unsigned(ssh_key::Error),
}

/// Seals bundles in somebody's name.
#[derive(Debug)]
pub struct Sealer {
    identity: String,
    public: PublicKey,
    signs: Signs,
}

#[derive(Debug)]
enum Signs {
    Key(Box<PrivateKey>),
    Agent(Agent),
}

/// Octets of a key file at most.
const LARGEST: u64 = 64 << 10;

impl Sealer {
    /// Loads a private key, or a public one whose private one an agent holds. `unlock` is asked
    /// where the key is protected. Without an identity, the key's comment is taken.
    pub fn load(
        path: &Path,
        identity: Option<&str>,
        unlock: impl FnOnce() -> Unlock,
        agent: Option<Agent>,
    ) -> Result<Self, KeyError> {
        let unreadable = |source| KeyError::Unreadable { path: path.to_owned(), source };
        let file = std::fs::File::open(path).map_err(unreadable)?;
        let octets = super::super::bag::read_bounded(&mut &file, LARGEST).map_err(unreadable)?;
        let text = String::from_utf8_lossy(&octets);
        if let Ok(public) = PublicKey::from_openssh(text.trim()) {
            check_kind(path, &public)?;
            let agent = agent.ok_or_else(|| KeyError::NoAgent(path.to_owned()))?;
            return Ok(Self::of(identity, public, Signs::Agent(agent)));
        }
        let key = PrivateKey::from_openssh(text.as_bytes());
        let key = key.map_err(|_| KeyError::NotAKey(path.to_owned()))?;
        check_kind(path, key.public_key())?;
        let key = if key.is_encrypted() {
            let passphrase = match unlock() {
                Unlock::With(passphrase) => passphrase,
                Unlock::GivenUp => return Err(KeyError::GivenUp(path.to_owned())),
                Unlock::Nothing => return Err(KeyError::Protected(path.to_owned())),
            };
            let opened = key.decrypt(passphrase.as_bytes());
            opened.map_err(|_| KeyError::WrongPassphrase(path.to_owned()))?
        } else {
            key
        };
        let public = PublicKey::new(key.public_key().key_data().clone(), key.comment());
        Ok(Self::of(identity, public, Signs::Key(Box::new(key))))
    }

    fn of(identity: Option<&str>, public: PublicKey, signs: Signs) -> Self {
        let identity = principal(identity.unwrap_or_else(|| public.comment()));
        Self { identity, public, signs }
    }

    /// In whose name.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// The key's fingerprint: `SHA256:…`.
    pub fn fingerprint(&self) -> String {
        self.public.fingerprint(HashAlg::Sha256).to_string()
    }

    /// The line of an allowed-signers file (ssh-keygen(1), ALLOWED SIGNERS).
    pub(in crate::evidence) fn allowed_signers(&self) -> Result<String, KeyError> {
        let key = PublicKey::new(self.public.key_data().clone(), "");
        let key = key.to_openssh().map_err(KeyError::Unsigned)?;
        Ok(format!("{} namespaces=\"{NAMESPACE}\" {}\n", self.identity, key.trim_end()))
    }

    /// The seal of a message, as `ssh-keygen -Y sign` writes it.
    pub(in crate::evidence) fn seal(&self, message: &[u8]) -> Result<String, KeyError> {
        let signature = match &self.signs {
            Signs::Key(key) => {
                key.sign(NAMESPACE, HashAlg::Sha512, message).map_err(KeyError::Unsigned)?
            }
            Signs::Agent(agent) => {
                let data = SshSig::signed_data(NAMESPACE, HashAlg::Sha512, message);
                let signature = agent.sign(&self.public, &data.map_err(KeyError::Unsigned)?)?;
                let key = self.public.key_data().clone();
                SshSig::new(key, NAMESPACE, HashAlg::Sha512, signature)
                    .map_err(KeyError::Unsigned)?
            }
        };
        signature.to_pem(LineEnding::LF).map_err(KeyError::Unsigned)
    }
}

fn check_kind(path: &Path, key: &PublicKey) -> Result<(), KeyError> {
    if key.algorithm() == Algorithm::Ed25519 {
        return Ok(());
    }
    let algorithm = key.algorithm().to_string();
    Err(KeyError::NotEd25519 { path: path.to_owned(), algorithm })
}

/// A name that stands in an allowed-signers file and on a command line as it is.
fn principal(name: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || "@._+-".contains(c);
    let name: String = name.trim().chars().map(|c| if kept(c) { c } else { '_' }).collect();
    let name = name.trim_start_matches('-');
    if name.is_empty() { "vigie".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_one_word_that_no_shell_reads_otherwise() {
        assert_eq!(principal("anne@example.org"), "anne@example.org");
        assert_eq!(principal("Anne O'Neil; rm"), "Anne_O_Neil__rm");
        assert_eq!([principal(" "), principal("-I")], ["vigie", "I"]);
    }
}
