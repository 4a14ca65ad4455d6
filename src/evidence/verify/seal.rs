//! The seal of a bag.

use super::super::bag::TAG_MANIFEST;
use super::super::seal::{Broken, SIGNATURE, SIGNERS, Sealed, check, first_signer};
use super::finding::{Verification, finding};
use super::structure::Bag;

/// Octets of a signature or a list of signers at most.
const LARGEST: u64 = 1 << 20;

/// Who is to have sealed a bag, as its own list of signers says; whether the seal holds is told by
/// [`seal`].
pub(super) fn signer(bag: &Bag) -> Option<Sealed> {
    first_signer(&bag.text(SIGNERS, LARGEST).ok()?)
}

/// Checks it. `signers` is a list that the reader brought: a key that it does not have seals
/// nothing.
pub(super) fn seal(bag: &Bag, signers: Option<&str>, verification: &mut Verification) {
    if !bag.files.contains_key(SIGNATURE) {
        if signers.is_some() || bag.files.contains_key(SIGNERS) {
            verification.wrong(finding("verify-seal-missing"));
        } else {
            verification.unchecked(finding("verify-unsealed"));
        }
        return;
    }
    let signature = bag.text(SIGNATURE, LARGEST);
    let message = bag.text(TAG_MANIFEST, 16 << 20);
    let (Ok(signature), Ok(message)) = (signature, message) else {
        verification.wrong(finding("verify-seal-unreadable"));
        return;
    };
    let own = bag.text(SIGNERS, LARGEST).unwrap_or_default();
    let brought = signers.is_some();
    match check(message.as_bytes(), &signature, signers.unwrap_or(&own)) {
        Ok(sealed) => {
            let fingerprint = sealed.fingerprint;
            let Some(identity) = sealed.identity else {
                let said = finding("verify-seal-stranger").with("fingerprint", fingerprint);
                verification.wrong(said);
                return;
            };
            let said = finding("verify-seal-holds").with("identity", identity);
            verification.holds_that(said.with("fingerprint", &fingerprint));
            if !brought {
                let said = finding("verify-seal-whose").with("fingerprint", fingerprint);
                verification.unchecked(said);
            }
        }
        Err(Broken::Unreadable) => verification.wrong(finding("verify-seal-unreadable")),
        Err(Broken::Namespace(namespace)) => {
            verification.wrong(finding("verify-seal-namespace").with("namespace", namespace));
        }
        Err(Broken::Wrong) => verification.wrong(finding("verify-seal-wrong")),
    }
}
