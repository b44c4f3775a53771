//! Examining a signature that somebody sent: what is found goes with the command, so that its decision can be replayed.

use crate::pure::detached;
use crate::pure::domain::id::CredentialId;
use crate::pure::domain::signature::{DetachedSignature, ExaminedSignature, SignatureFinding};

/// The signature, in DER, with what verifying it against `text` came to.
pub(super) fn examined(der: &[u8], text: &[u8]) -> ExaminedSignature {
    let finding = match detached::verify(der, text) {
        Ok(signed) => SignatureFinding::SignedBy(CredentialId(signed.key)),
        Err(bad) => SignatureFinding::Bad(bad.to_string()),
    };
    ExaminedSignature { cms: DetachedSignature::from_der(der), finding }
}
