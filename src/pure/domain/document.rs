//! Documents: the series that versions belong to.

use serde::{Deserialize, Serialize};

use super::id::{DirectionId, Handle};

/// A series of versions, for example the Device Certificate Policy.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Document {
    /// Its slug.
    pub slug: Handle,
    /// Its title.
    pub title: String,
    /// Its type, one that the profile knows.
    pub kind: String,
    /// Its document set, one that the profile knows.
    pub set: Handle,
    /// The originating body: the group whose RED and AMBER its versions are.
    pub body: Handle,
    /// The index of the entry that registered it.
    pub registered: u64,
    /// Everyone who lodged a version of it or registered it (READ-2).
    pub lodgers: Vec<Handle>,
    /// Directions to lodge it that are not settled (LODGE-2).
    pub open_directions: Vec<DirectionId>,
}

untold!(Document);
