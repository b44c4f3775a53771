//! Undertakings: agreements and confirmations, each over one exact text (GOV-1).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::digest::Digest;

/// The body of `POST /agreements` and of `POST /confirmations`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewUndertaking {
    /// The SHA-256 of the exact text.
    pub text_digest: Digest,
    /// A detached CMS signature (RFC 5652) over exactly its bytes, by the key of the client certificate: DER in base64.
    /// Without one the act itself is on record, as attested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

/// The agreement of a body: signed by the one who asks, or asked for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Agreement {
    /// The body, for example `pma`.
    pub body: String,
    /// The body's name.
    pub body_name: String,
    /// The SHA-256 of the exact text.
    pub text_digest: Digest,
    /// The text; `null` of one that is no longer in force, or where the repository keeps its digest alone.
    pub text: Option<String>,
    /// Whether that text is the one in force.
    pub in_force: bool,
    /// How it was signed; `null` while it is asked for.
    pub signed: Option<Signed>,
}

untold!(Agreement);

/// That an agreement was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// When.
    pub at: Timestamp,
    /// The index of the entry.
    pub entry: u64,
    /// Whether it rests on the act alone and not on a signature.
    pub attested: bool,
    /// The detached CMS signature: DER in base64.
    pub signature: Option<String>,
}

/// An appointment and the member confirmation that goes with it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Confirmation {
    /// The appointment's id, for example `appointment-12`.
    pub appointment: String,
    /// The body.
    pub body: String,
    /// The body's name.
    pub body_name: String,
    /// The seat.
    pub seat: String,
    /// The SHA-256 of the body's present text.
    pub text_digest: Digest,
    /// That text.
    pub text: String,
    /// Whether it can be confirmed, or is.
    pub state: ConfirmationState,
}

untold!(Confirmation);

/// Where a confirmation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConfirmationState {
    /// The appointment is not approved yet.
    Proposed,
    /// The confirmation is asked for.
    Asked,
    /// It was given.
    Confirmed,
}

/// The body of `POST /agreements/texts`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct NewAgreementText {
    /// The body whose agreement it is.
    pub body: String,
    /// The text, to the last byte.
    pub text: String,
}

untold!(NewAgreementText);

/// The text of a body's agreement that is in force.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct AgreementText {
    /// The body.
    pub body: String,
    /// The SHA-256 of the text: what is signed.
    pub text_digest: Digest,
    /// The text; `null` where the repository keeps its digest alone.
    pub text: Option<String>,
}

untold!(AgreementText);

impl std::fmt::Display for ConfirmationState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Proposed => "proposed",
            Self::Asked => "asked",
            Self::Confirmed => "confirmed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_shown_as_it_is_written() {
        for state in [ConfirmationState::Proposed, ConfirmationState::Asked, ConfirmationState::Confirmed] {
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{state}\""));
        }
    }
}
