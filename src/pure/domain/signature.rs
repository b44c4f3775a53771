//! The lodger's own signature of a lodgement, as far as deciding on it goes (LODGE-6).
//!
//! Not here: what is signed, and verifying it (`pure::lodger`); the finding comes in with the command.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::id::CredentialId;

/// A detached CMS signature as it was sent: DER, here in base64. Whether it is any good is another's finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DetachedSignature(String);

impl DetachedSignature {
    /// From its DER.
    pub fn from_der(der: &[u8]) -> Self {
        Self(STANDARD.encode(der))
    }

    /// In base64.
    pub fn as_base64(&self) -> &str {
        &self.0
    }
}

/// A signature that came with a lodgement, and what was found when it was verified against the lodgement's text. The
/// finding is recorded with the command, so that the decision can be replayed; the signature itself proves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExaminedSignature {
    /// The signature.
    pub cms: DetachedSignature,
    /// What was found.
    pub finding: SignatureFinding,
}

/// What verifying a signature came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureFinding {
    /// This key signed exactly this lodgement.
    SignedBy(CredentialId),
    /// It is no signature of this lodgement: the rest of a sentence that begins with "the signature".
    Bad(String),
}
