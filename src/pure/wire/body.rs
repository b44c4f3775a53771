//! Governance bodies and their seats.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::organisation::Organisation;
use super::person::Person;

/// The body of `POST /register/bodies`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewBody {
    /// The handle.
    pub body: String,
    /// The name as it is shown.
    pub name: String,
    /// The body that it answers to; the authority if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers_to: Option<String>,
    /// The exact text of the Confidentiality and Disclosure Agreement that its members sign, up to 12,000 characters.
    pub agreement: String,
    /// The exact text by which its members confirm that they serve; the common one if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<String>,
    /// How it decides, and for how long its members serve; what is left out is as for the SMKI PMA.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<NewRules>,
    /// Its seats; more can be established later.
    #[serde(default)]
    pub seats: Vec<NewSeat>,
}

/// A seat of a body that is established.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewSeat {
    /// The handle, unique on its body.
    pub seat: String,
    /// What its holder may do.
    pub role: SeatRole,
    /// The constituency that it represents.
    pub constituency: String,
}

/// The body of `POST /register/seats`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewSeatOfBody {
    /// The body.
    pub body: String,
    /// The handle, unique on its body.
    pub seat: String,
    /// What its holder may do.
    pub role: SeatRole,
    /// The constituency that it represents.
    pub constituency: String,
}

/// What the holder of a seat may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatRole {
    /// Chairs the body.
    Chair,
    /// Votes.
    Voting,
    /// Represents without a vote.
    NonVoting,
}

/// How a body is to decide, and for how long its members are to serve. Fractions are written `1/2`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is documented at the response's, `Rules`")]
pub struct NewRules {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum_needs_chair: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub majority: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chair_casts_only: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_months: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub membership_review_months: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chair_review_months: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_warning_days: Option<u32>,
}

/// How a body decides, and for how long its members serve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// The part of the appointed voting members that makes a quorum, rounded up.
    pub quorum: String,
    /// Whether the Chair, or the Chair's alternate, must be among them.
    pub quorum_needs_chair: bool,
    /// The part of the votes cast that must be exceeded for a question to be carried.
    pub majority: String,
    /// Whether the Chair votes only to break a tie.
    pub chair_casts_only: bool,
    /// The longest term of a member, in months.
    pub term_months: u32,
    /// Months from one review of the membership to the next.
    pub membership_review_months: u32,
    /// Months from one review of the Chair's appointment to the next.
    pub chair_review_months: u32,
    /// Days before the end of a term from which its holder and the Secretariat are warned.
    pub term_warning_days: u32,
}

/// A body in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The handle, for example `pma`.
    pub handle: String,
    /// The name as it is shown.
    pub name: String,
    /// The organisation that is its Secretariat; `null` if none is.
    pub secretariat: Option<Organisation>,
    /// The body that it answers to; `null` if it answers to none.
    pub answers_to: Option<String>,
    /// Whether its members receive every body's AMBER papers (AMBER-1).
    pub receives_amber: bool,
}

/// A body with its seats, its rules and the words that its members sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyDetail {
    /// What a list shows of it.
    #[serde(flatten)]
    pub body: Body,
    /// Its seats.
    pub seats: Vec<Seat>,
    /// How it decides, and for how long its members serve.
    pub rules: Rules,
    /// The Confidentiality and Disclosure Agreement that its members sign (GOV-1).
    pub agreement: Words,
    /// The text by which its members confirm that they serve (GOV-1).
    pub confirmation: Words,
    /// The reviews that were recorded, oldest first.
    pub reviews: Vec<Review>,
    /// The day in the authority's time zone on which the membership is to be reviewed next; `null` before anybody was
    /// appointed.
    pub next_membership_review: Option<Date>,
    /// Whether that day has passed.
    pub membership_review_overdue: bool,
    /// The day on which the Chair's appointment is to be reviewed next; `null` while nobody holds the Chair's seat.
    pub next_chair_review: Option<Date>,
    /// Whether that day has passed.
    pub chair_review_overdue: bool,
}

/// An exact text that people undertake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The SHA-256 of the exact text: what a person signs.
    pub text_digest: Digest,
    /// The text; `null` where an earlier release kept the digest alone.
    pub words: Option<String>,
}

/// A seat on a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The body.
    pub body: String,
    /// The handle, unique on its body.
    pub seat: String,
    /// What its holder may do.
    pub role: SeatRole,
    /// The constituency that it represents.
    pub constituency: String,
    /// Who is appointed to it now, confirmed or not; `null` if nobody is.
    pub holder: Option<Person>,
}

/// The body of `POST /register/bodies/{body}/reviews`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewReview {
    /// What was reviewed.
    pub of: ReviewSubject,
    /// What came out, in words.
    pub outcome: String,
}

/// A recorded review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// What was reviewed.
    pub of: ReviewSubject,
    /// When it was recorded.
    pub at: Timestamp,
    /// What came out; `null` for those outside of the body, its Secretariat and the body above.
    pub outcome: Option<String>,
    /// The index of the entry that recorded it.
    pub entry: u64,
}

/// What a periodic review of a body is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewSubject {
    /// The membership, by the Chair.
    Membership,
    /// The Chair's appointment, by the body that it answers to.
    Chair,
}

/// The query of `GET /register/seats`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatsQuery {
    /// Of this body alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The most items wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The cursor of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl fmt::Display for SeatRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Chair => "chair",
            Self::Voting => "voting",
            Self::NonVoting => "non_voting",
        })
    }
}

impl fmt::Display for ReviewSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Membership => "membership",
            Self::Chair => "chair",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_and_a_subject_are_shown_as_they_are_written() {
        for role in [SeatRole::Chair, SeatRole::Voting, SeatRole::NonVoting] {
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{role}\""));
        }
        for of in [ReviewSubject::Membership, ReviewSubject::Chair] {
            assert_eq!(serde_json::to_string(&of).unwrap(), format!("\"{of}\""));
        }
    }

    #[test]
    fn a_rule_that_is_not_known_is_an_error() {
        assert!(serde_json::from_str::<NewRules>(r#"{"term_months":12}"#).is_ok());
        assert!(serde_json::from_str::<NewRules>(r#"{"terms":12}"#).is_err());
    }
}
