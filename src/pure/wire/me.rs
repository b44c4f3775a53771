//! The answer of `GET /me`: who asks, with what standing, and what is missing for more access.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::organisation::Organisation;
use super::person::Person;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The person that the certificate is bound to.
    pub person: Person,
    /// The person's organisation.
    pub organisation: Organisation,
    /// Every seat held, those whose term has ended or not begun included.
    pub seats: Vec<Seat>,
    /// The agreements that this person signed.
    pub agreements: Vec<Agreement>,
    /// The credential of this connection.
    pub credential: Credential,
    /// Every credential that is or was this person's, those that wait for a confirmation included.
    #[serde(default)]
    pub credentials: Vec<super::credential::Credential>,
    /// What is missing for more access, and what to do about it. Empty when nothing is.
    pub missing: Vec<Missing>,
    /// What will end soon, and what to do about it. Empty when nothing does.
    #[serde(default)]
    pub warnings: Vec<Missing>,
    /// Measures that hold against this person, and where to appeal. Empty when none does.
    #[serde(default)]
    pub measures: Vec<super::measure::HeldMeasure>,
}

/// A seat on a body, and the person's term in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The body, for example `pma`.
    pub body: String,
    /// The seat's handle, for example `large-supplier-1`.
    pub seat: String,
    /// Whether the seat votes.
    pub voting: bool,
    /// Whether the person acts in it as the member's alternate.
    pub alternate: bool,
    /// The instant at which the term begins; `null` of a proposal that begins with its approval.
    pub term_from: Option<Timestamp>,
    /// The instant at which it ends; `null` when it has no end.
    pub term_until: Option<Timestamp>,
    /// Whether the member has confirmed the appointment (GOV-1).
    pub confirmed: bool,
    /// Whether the appointment is in force now: confirmed, within its term, not ended early.
    pub in_force: bool,
    /// Whether it waits for its approval; an alternate's, whether the alternate does.
    #[serde(default)]
    pub proposed: bool,
    /// Whether the term ends so soon that its holder is warned.
    #[serde(default)]
    pub ends_soon: bool,
}

/// An agreement as signed by this person for one version of the terms of reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// The body whose agreement it is.
    pub body: String,
    /// The digest of the exact text that was signed.
    pub text_digest: Digest,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// Whether that text is the one in force.
    pub in_force: bool,
}

/// The credential of the connection that asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// SHA-256 of the certificate's SubjectPublicKeyInfo: what binds it to the person.
    pub spki_digest: Digest,
    /// When the certificate expires.
    pub not_after: Timestamp,
}

/// One thing that is missing for more access, or will be soon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// What is missing, or ends, in a sentence.
    pub detail: String,
    /// The rule that asks for it, for example `GOV-1`.
    pub rule: String,
    /// What would satisfy it.
    pub satisfy: String,
}
