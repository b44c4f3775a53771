//! Credentials: certificates' keys, as they are bound to people (SELF-1).

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::person::Person;

/// The body of `POST /register/credentials`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCredential {
    /// The handle of the person to whom the key is to be bound.
    pub person: String,
    /// The person's certificate in PEM, then its intermediate CAs, if there are any. Never a private key.
    pub certificate: String,
    /// The id of the same person's credential that it replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Digest>,
    /// Until when that one holds too, once this one is confirmed: at most 90 days from now; without it, 30 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlap_until: Option<Timestamp>,
}

/// A key that is bound to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// The id: SHA-256 of the certificate's SubjectPublicKeyInfo.
    pub id: Digest,
    /// Whose it is.
    pub person: Person,
    /// Where it stands.
    pub state: CredentialState,
    /// Who bound it; `null` for one of the register's first.
    pub bound_by: Option<Person>,
    /// The credential that it replaces.
    pub replaces: Option<Digest>,
    /// Until when that one holds too.
    pub overlap_until: Option<Timestamp>,
    /// The first instant at which this one no longer holds, of one that was replaced.
    pub until: Option<Timestamp>,
}

/// Where a credential stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialState {
    /// Bound, and of no effect before somebody else confirms it.
    Proposed,
    /// In effect.
    Confirmed,
    /// Another one has taken its place.
    Replaced,
    /// Revoked for good.
    Revoked,
}

/// The query of `GET /register/credentials`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialsQuery {
    /// Only those of this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The most items wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The cursor of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl fmt::Display for CredentialState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Proposed => "proposed",
            Self::Confirmed => "confirmed",
            Self::Replaced => "replaced",
            Self::Revoked => "revoked",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_shown_as_it_is_written() {
        use CredentialState::{Confirmed, Proposed, Replaced, Revoked};
        for state in [Proposed, Confirmed, Replaced, Revoked] {
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{state}\""));
        }
    }

    #[test]
    fn a_misspelt_member_is_an_error() {
        let wrong = r#"{"person": "chair", "certificate": "", "overlap": "2026-12-01T00:00:00Z"}"#;
        assert!(serde_json::from_str::<NewCredential>(wrong).is_err());
    }
}
