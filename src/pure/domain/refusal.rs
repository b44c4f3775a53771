//! Refusals: which rule refused, and what would satisfy it.

use serde::{Deserialize, Serialize};

use super::rule::Rule;

/// A refusal that may be explained (READ-7). It is an entry, like a read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of refusal it is.
    pub code: RefusalCode,
    /// The rule that refused.
    pub rule: Rule,
    /// What was refused and why, in one sentence without titles or statements.
    pub detail: String,
    /// What would change the answer, in one sentence.
    pub satisfy: String,
}

/// The kind of a refusal, as clients see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// The credential was withdrawn.
    CredentialRevoked,
    /// A suspension or breach stops the person.
    Suspended,
    /// The act is not for this person, on a thing that the person may see.
    NotPermitted,
    /// No need that holds.
    NeedRequired,
    /// The need does not suffice for the version's level.
    NeedInsufficient,
    /// The person's seat is in force, but the agreement is unsigned.
    AgreementRequired,
    /// The person declared a conflict of interest.
    ConflictOfInterest,
    /// Another thing stands in the way.
    Conflict,
    /// The words are well formed but cannot hold.
    Invalid,
}

/// Why nobody stands behind a request. One under an unknown credential makes no entry at all (READ-7): it is counted, not
/// recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unrecognised {
    /// The credential is bound to nobody, or not yet confirmed, or its person is no longer active.
    #[error("the credential is bound to no active person")]
    Unknown,
    /// The credential was revoked.
    #[error("the credential was revoked")]
    Revoked,
}
