//! Whether a seal holds.

use ssh_key::{Algorithm, HashAlg, LineEnding, PublicKey, SshSig};

use super::NAMESPACE;

/// A seal that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::evidence) struct Sealed {
    /// In whose name, as the allowed-signers file has it; none where it does not have the key.
    pub(in crate::evidence) identity: Option<String>,
    /// Fingerprint of the key.
    pub(in crate::evidence) fingerprint: String,
}

/// Why a seal does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::evidence) enum Broken {
    /// The signature cannot be read.
    Unreadable,
    /// It was made for something else.
    Namespace(String),
    /// It is not over these octets.
    Wrong,
}

/// Checks the signature over `message`, and looks for its key among the allowed signers.
pub(in crate::evidence) fn check(
    message: &[u8],
    signature: &str,
    signers: &str,
) -> Result<Sealed, Broken> {
    let text = signature;
    let signature = SshSig::from_pem(text).map_err(|_| Broken::Unreadable)?;
    // In one form only: no octet of the file can change unseen.
    if signature.to_pem(LineEnding::LF).ok().as_deref() != Some(text) {
        return Err(Broken::Unreadable);
    }
    if signature.namespace() != NAMESPACE {
        return Err(Broken::Namespace(signature.namespace().to_owned()));
    }
    let key = PublicKey::new(signature.public_key().clone(), "");
    if key.algorithm() != Algorithm::Ed25519 {
        return Err(Broken::Unreadable);
    }
    key.verify(NAMESPACE, message, &signature).map_err(|_| Broken::Wrong)?;
    let identity =
        signers.lines().filter_map(signer).find(|(_, known)| known.key_data() == key.key_data());
    Ok(Sealed {
        identity: identity.map(|(identity, _)| identity.to_owned()),
        fingerprint: key.fingerprint(HashAlg::Sha256).to_string(),
    })
}

/// The first of the allowed signers, whatever was sealed.
pub(in crate::evidence) fn first_signer(signers: &str) -> Option<Sealed> {
    let (identity, key) = signers.lines().find_map(signer)?;
    let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
    Some(Sealed { identity: Some(identity.to_owned()), fingerprint })
}

/// Identity and key of a line of an allowed-signers file. Lines for other namespaces, for
/// certificates or with limits of time are passed over: what they allow is ssh-keygen's to say.
fn signer(line: &str) -> Option<(&str, PublicKey)> {
    let line = line.trim();
    if line.starts_with('#') {
        return None;
    }
    let (identity, rest) = line.split_once(char::is_whitespace)?;
    let at = rest.find("ssh-ed25519 ")?;
    let (options, key) = rest.split_at_checked(at)?;
    let options = options.trim();
    let ours = format!("namespaces=\"{NAMESPACE}\"");
    if !options.is_empty() && options != ours {
        return None;
    }
    Some((identity, PublicKey::from_openssh(key).ok()?))
}
