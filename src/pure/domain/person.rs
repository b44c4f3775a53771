//! People: who they are, where they sit, what they signed.

use serde::{Deserialize, Serialize};

use super::conflict::Conflict;
use super::id::{CredentialId, Digest, Handle};
use super::suspension::{Breach, Suspension};
use super::time::Instant;

/// A natural person, or one named system of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The person's handle.
    pub handle: Handle,
    /// The person's name as people write it.
    pub name: String,
    /// The organisation the person belongs to.
    pub organisation: Handle,
    /// Whether the person is active; a removed person keeps the record (GOV-5).
    pub active: bool,
    /// Seats the person was appointed to, past ones included.
    pub appointments: Vec<Appointment>,
    /// Members for whom the person may act (ToR section 7.6).
    pub alternates: Vec<Alternate>,
    /// Confidentiality and Disclosure Agreements the person signed.
    pub agreements: Vec<Agreement>,
    /// Bodies whose RED papers the person handles as named staff of the Secretariat (RED-1).
    pub named_secretariat: Vec<Handle>,
    /// Whether the Chair appointed the person as auditor (AUDIT-1).
    pub auditor: bool,
    /// Declared conflicts of interest, lifted ones included.
    pub conflicts: Vec<Conflict>,
    /// Recorded breaches, lifted ones included.
    pub breaches: Vec<Breach>,
    /// Suspensions of the person, lifted ones included.
    pub suspensions: Vec<Suspension>,
}

/// A person in a seat for a term (ToR section 7.7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// The body.
    pub body: Handle,
    /// The seat on the body.
    pub seat: Handle,
    /// The first instant of the term.
    pub from: Instant,
    /// The first instant after the term: an appointment expires by itself (GOV-5).
    pub until: Instant,
    /// Whether the person gave the member confirmation (ToR section 7.9).
    pub confirmed: bool,
    /// When the person resigned or was removed, if so.
    pub ended: Option<Instant>,
}

impl Appointment {
    /// Whether the appointment is in force at `now`: confirmed, within its term and not ended.
    pub fn in_force(&self, now: Instant) -> bool {
        self.confirmed && self.from <= now && now < self.until && self.ended.is_none_or(|ended| now < ended)
    }
}

/// A person whom a member proposed to act in the member's seat (ToR section 7.6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternate {
    /// The member for whom the alternate acts.
    pub member: Handle,
    /// The body.
    pub body: Handle,
    /// Whether the body approved the alternate; only then does it count.
    pub approved: bool,
    /// Whether it has ended.
    pub ended: bool,
}

/// A signed Confidentiality and Disclosure Agreement (ToR section 10 and Appendix A).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// The body whose agreement it is.
    pub body: Handle,
    /// The SHA-256 of the exact text that was agreed to.
    pub text: Digest,
    /// When it was signed.
    pub signed_at: Instant,
}

/// A client certificate's key, bound to one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// The SHA-256 of the SubjectPublicKeyInfo.
    pub id: CredentialId,
    /// The person it is bound to.
    pub person: Handle,
    /// Whether it is in effect.
    pub state: CredentialState,
}

/// Whether a bound credential is in effect (SELF-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialState {
    /// Bound, but not yet confirmed by the holder's existing credential or the Chair.
    Proposed,
    /// In effect.
    Confirmed,
    /// Revoked; it never comes back.
    Revoked,
}
