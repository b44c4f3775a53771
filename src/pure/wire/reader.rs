//! The access report: who may read a version and why, and who has.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::classification::Standing;
use super::explanation::{Ground, Obstacle, Refused};
use super::organisation::Organisation;
use super::person::Person;

/// One page of `GET /documents/{doc}/versions/{label}/readers`: everyone who may know of the version or has read it. A page
/// may hold fewer than were asked for although more follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readers {
    /// The slug of the document.
    pub document: String,
    /// The label of the version.
    pub version: String,
    /// What the Chair determined, or `undetermined`.
    pub classification: Standing,
    /// The people, in the order of their registration.
    pub items: Vec<Reader>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
}

/// Somebody who may know of a version, or has read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// The person.
    pub person: Person,
    /// The person's organisation.
    pub organisation: Organisation,
    /// `may_read` (under a need), `may_know_of`, or `nothing` for one who has read it and may no longer.
    pub access: String,
    /// The rule that admits; `null` where none does.
    pub rule: Option<String>,
    /// Why, in one sentence; `null` where no rule admits.
    pub why: Option<String>,
    /// The facts that it rests on.
    pub grounds: Vec<Ground>,
    /// What refuses the content; `null` where nothing but a need does.
    pub refusal: Option<Refused>,
    /// The facts that the refusal rests on.
    pub obstacles: Vec<Obstacle>,
    /// When the person first read it; `null` for one who has not.
    pub first_read: Option<FirstRead>,
}

/// The first time that a person read a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstRead {
    /// When.
    pub at: Timestamp,
    /// The index of the entry.
    pub entry: u64,
}
