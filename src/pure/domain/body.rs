//! Governance bodies and their seats (ToR section 9).

use serde::{Deserialize, Serialize};

use super::id::{Digest, Handle};

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

impl Body {
    /// The seat of that handle.
    pub fn seat(&self, handle: &Handle) -> Option<&Seat> {
        self.seats.iter().find(|seat| &seat.handle == handle)
    }
}
