//! People: who they are, where they sit, what they signed.

use serde::{Deserialize, Serialize};

use super::conflict::Conflict;
use super::id::{AlternateId, AppointmentId, CredentialId, Digest, Handle};
use super::refusal::Unrecognised;
use super::signature::DetachedSignature;
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
    /// Whether it is a named system of its organisation and no natural person: it holds no seat, signs and votes on
    /// nothing.
    pub system: bool,
    /// Credentials that were bound to the person, revoked ones included.
    pub credentials: Vec<CredentialId>,
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
    /// The appointment's id.
    pub id: AppointmentId,
    /// The body.
    pub body: Handle,
    /// The seat on the body.
    pub seat: Handle,
    /// Who proposed it; `None` for one of the register's first entries.
    pub proposed_by: Option<Handle>,
    /// When it was approved; `None` while it is a proposal.
    pub approved: Option<Instant>,
    /// The first instant of the term; of a proposal that names none, the instant of its approval.
    pub from: Option<Instant>,
    /// The first instant after the term: an appointment expires by itself (GOV-5).
    pub until: Instant,
    /// Whether the person gave the member confirmation (ToR section 7.9).
    pub confirmed: bool,
    /// The index of the entry of that confirmation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<u64>,
    /// When the person resigned or was removed, if so.
    pub ended: Option<Instant>,
}

/// Where an appointment stands at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppointmentState {
    /// Nobody has approved it.
    Proposed,
    /// Its term has not begun.
    NotBegun,
    /// The person resigned or was removed.
    Ended,
    /// Its term is over (GOV-5).
    Expired,
    /// The person has not given the member confirmation (ToR section 7.9).
    Unconfirmed,
    /// The person sits in the seat.
    InForce,
}

impl Appointment {
    /// Where it stands at `now`.
    pub fn state(&self, now: Instant) -> AppointmentState {
        if self.approved.is_none() {
            AppointmentState::Proposed
        } else if self.ended.is_some_and(|ended| ended <= now) {
            AppointmentState::Ended
        } else if now >= self.until {
            AppointmentState::Expired
        } else if self.from.is_none_or(|from| now < from) {
            AppointmentState::NotBegun
        } else if !self.confirmed {
            AppointmentState::Unconfirmed
        } else {
            AppointmentState::InForce
        }
    }

    /// Whether the person is appointed at `now`: approved, within the term and not ended, confirmed or not (GOV-2).
    pub fn is_appointed(&self, now: Instant) -> bool {
        matches!(self.state(now), AppointmentState::Unconfirmed | AppointmentState::InForce)
    }

    /// Whether the appointment is in force at `now`: the person is appointed and has confirmed (ToR section 7.9).
    pub fn in_force(&self, now: Instant) -> bool {
        self.state(now) == AppointmentState::InForce
    }
}

/// A person whom a member proposed to act in the member's seat (ToR section 7.6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternate {
    /// The alternate's id.
    pub id: AlternateId,
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
    /// The detached signature over that text; without one it is an act in the person's own session (GOV-1).
    pub signature: Option<DetachedSignature>,
    /// The index of the entry.
    pub entry: u64,
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
    /// Who bound it; `None` for one of the register's first entries.
    pub bound_by: Option<Handle>,
    /// The credential that it replaces, and until when that one still holds once this one is confirmed.
    pub replaces: Option<Replacement>,
    /// The first instant at which it no longer holds, of one that was replaced.
    pub until: Option<Instant>,
}

impl Credential {
    /// READ-1: whether it is in effect at `now`, or why nobody stands behind it.
    pub fn recognise(&self, now: Instant) -> Result<(), Unrecognised> {
        match self.state {
            CredentialState::Confirmed if self.until.is_none_or(|until| now < until) => Ok(()),
            CredentialState::Proposed => Err(Unrecognised::Unknown),
            CredentialState::Confirmed | CredentialState::Revoked => Err(Unrecognised::Revoked),
        }
    }
}

/// That a credential takes another one's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// The credential that is replaced.
    pub credential: CredentialId,
    /// The first instant at which that one no longer holds: until then both do.
    pub overlap_until: Instant,
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
