//! Governance bodies and their seats (ToR section 9).

use serde::{Deserialize, Serialize};

use super::id::{Digest, Handle};
use super::time::Instant;

/// A governance group: the PMA, the Panel, a sub-committee, a working group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Its handle, for example `pma`.
    pub handle: Handle,
    /// Its name as people write it.
    pub name: String,
    /// Its seats.
    pub seats: Vec<Seat>,
    /// The organisation that is its Secretariat (ToR section 11), if it has one.
    pub secretariat: Option<Handle>,
    /// Whether its members receive every body's AMBER papers, as the SEC Panel does (AMBER-1).
    pub receives_amber: bool,
    /// The version of the Terms of Reference whose Confidentiality and Disclosure Agreement its members sign: the
    /// SHA-256 of the exact text (GOV-1).
    pub agreement_text: Digest,
    /// That text itself; absent where an earlier release kept the digest alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<String>,
    /// The text by which its members confirm that they serve (ToR section 7.9); the common one if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<String>,
    /// The body that it answers to, as a sub-committee to its Panel: that one speaks where the Chair would speak for
    /// themself (SELF-1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers_to: Option<Handle>,
    /// How it decides, and for how long its members serve.
    #[serde(default, skip_serializing_if = "BodyRules::are_the_common_ones")]
    pub rules: BodyRules,
    /// Reviews of its membership and of its Chair that were recorded, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<BodyReview>,
}

/// How a body decides, and for how long its members serve: data of the authority (GOV-2, GOV-3; ToR sections 7.2, 7.4
/// and 7.7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BodyRules {
    /// The part of the appointed voting members that makes a quorum, rounded up.
    pub quorum: Fraction,
    /// Whether the Chair, or the Chair's alternate, must be among them.
    pub quorum_needs_chair: bool,
    /// The part of the votes cast that must be exceeded for a question to be carried.
    pub majority: Fraction,
    /// Whether the Chair votes only to break a tie; else like any member.
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

impl Default for BodyRules {
    /// Those of the SMKI PMA.
    fn default() -> Self {
        Self {
            quorum: Fraction(1, 2),
            quorum_needs_chair: true,
            majority: Fraction(1, 2),
            chair_casts_only: true,
            term_months: 24,
            membership_review_months: 24,
            chair_review_months: 36,
            term_warning_days: 90,
        }
    }
}

impl BodyRules {
    fn are_the_common_ones(&self) -> bool {
        *self == Self::default()
    }
}

/// A part of a whole, for example `1/2`: both numbers are positive, and the first is at most the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fraction(u32, u32);

impl Fraction {
    /// The part of `whole`, rounded up.
    pub fn of_rounded_up(self, whole: u32) -> u32 {
        let part = (u64::from(whole) * u64::from(self.0)).div_ceil(u64::from(self.1));
        // At most the whole, since the fraction is at most one.
        u32::try_from(part).unwrap_or(whole)
    }

    /// Whether `part` of `whole` is more than this fraction.
    pub fn is_exceeded_by(self, part: u32, whole: u32) -> bool {
        u64::from(part) * u64::from(self.1) > u64::from(whole) * u64::from(self.0)
    }
}

impl TryFrom<String> for Fraction {
    type Error = InvalidFraction;

    fn try_from(text: String) -> Result<Self, InvalidFraction> {
        let (part, whole) = text.split_once('/').ok_or(InvalidFraction)?;
        let number = |digits: &str| digits.parse::<u32>().ok().filter(|number| number.to_string() == digits);
        let (part, whole) = number(part).zip(number(whole)).ok_or(InvalidFraction)?;
        if part == 0 || part > whole { Err(InvalidFraction) } else { Ok(Self(part, whole)) }
    }
}

impl From<Fraction> for String {
    fn from(Fraction(part, whole): Fraction) -> Self {
        format!("{part}/{whole}")
    }
}

/// The text is not a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fraction is two positive numbers of which the first is at most the second, for example 1/2")]
pub struct InvalidFraction;

/// A recorded review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyReview {
    /// What was reviewed.
    pub of: ReviewSubject,
    /// What came out, in words.
    pub outcome: String,
    /// When it was recorded.
    pub at: Instant,
    /// The index of the entry.
    pub entry: u64,
}

/// What a periodic review of a body is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewSubject {
    /// The membership, by the Chair (ToR section 7.7).
    Membership,
    /// The Chair's appointment, by the body that it answers to (ToR section 7.4).
    Chair,
}

/// A place on a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Its handle, unique in its body.
    pub handle: Handle,
    /// What its holder may do.
    pub role: SeatRole,
    /// The constituency that it represents, for example a party category.
    pub constituency: String,
}

/// What the holder of a seat may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatRole {
    /// Chairs the body: determines classifications and has the casting vote only.
    Chair,
    /// A voting member.
    Voting,
    /// A non-voting representative.
    NonVoting,
}

/// The text by which members confirm that they serve, where a body has none of its own (ToR section 7.9).
pub const COMMON_CONFIRMATION: &str = "\
I agree to serve on this body in accordance with the Code and its Terms of Reference, and I will be available as
reasonably required to attend meetings and to undertake work outside of the meetings.
";

impl Body {
    /// The text by which its members confirm that they serve.
    pub fn confirmation_words(&self) -> &str {
        self.confirmation.as_deref().unwrap_or(COMMON_CONFIRMATION)
    }

    /// The SHA-256 of that text: what a member confirms (GOV-1).
    pub fn confirmation_text(&self) -> Digest {
        Digest::of(self.confirmation_words().as_bytes())
    }

    /// The seat of that handle.
    pub fn seat(&self, handle: &Handle) -> Option<&Seat> {
        self.seats.iter().find(|seat| &seat.handle == handle)
    }
}
