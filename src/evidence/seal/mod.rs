//! The seal: an SSH signature (PROTOCOL.sshsig of OpenSSH) over the manifest of the tag files,
//! which `ssh-keygen -Y verify` checks.

mod agent;
mod check;
mod key;

pub use agent::{Agent, AgentError};
pub(super) use check::{Broken, Sealed, check, first_signer};
pub use key::{KeyError, Sealer, Unlock};

/// What a signature of ours is for: one for anything else seals no bundle.
pub const NAMESPACE: &str = "vigie-evidence";
/// The signature's file in a bag.
pub(super) const SIGNATURE: &str = "tagmanifest-sha256.txt.sig";
/// The file that says which key belongs to whom.
pub(super) const SIGNERS: &str = "allowed_signers";
