//! Documents: the series that versions belong to.

use serde::{Deserialize, Serialize};

use super::classification::{Classification, Level};
use super::id::{DirectionId, Handle};
use super::version::Version;

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
    /// Its versions by what their audience depends on.
    pub versions: VersionClasses,
}

/// The versions of a document by what their audience depends on. Whether a person may know of any is found from these,
/// at a cost that does not grow with how many are hidden (READ-6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionClasses {
    /// How many versions have each level and nothing that widens it: undetermined, RED, AMBER, GREEN, WHITE.
    plain: [u32; 5],
    /// The versions with grants or tablings, by the entries that lodged them: each has an audience of its own.
    widened: Vec<u64>,
}

/// What the audience of a version depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionClass {
    /// Its level alone; for an undetermined one also who lodged it.
    Plain(Level),
    /// What was granted of it, and to whom it was tabled.
    Widened,
}

impl VersionClass {
    /// The class of a version.
    pub fn of(version: &Version) -> Self {
        if version.grants.is_empty() && version.tabled_to.is_empty() {
            Self::Plain(version.level())
        } else {
            Self::Widened
        }
    }
}

impl VersionClasses {
    /// Counts a new version in.
    pub fn add(&mut self, lodged: u64, class: VersionClass) {
        match class {
            VersionClass::Plain(level) => {
                self.plain.iter_mut().skip(place(level)).take(1).for_each(|count| *count = count.saturating_add(1));
            }
            VersionClass::Widened => self.widened.push(lodged),
        }
    }

    /// Moves a version from one class to another.
    pub fn change(&mut self, lodged: u64, from: VersionClass, to: VersionClass) {
        match from {
            VersionClass::Plain(level) => {
                self.plain.iter_mut().skip(place(level)).take(1).for_each(|count| *count = count.saturating_sub(1));
            }
            VersionClass::Widened => self.widened.retain(|other| *other != lodged),
        }
        self.add(lodged, to);
    }

    /// The levels of which there is a version that nothing widens.
    pub fn plain_levels(&self) -> impl Iterator<Item = Level> {
        LEVELS.into_iter().zip(self.plain).filter(|(_, count)| *count > 0).map(|(level, _)| level)
    }

    /// The versions with an audience of their own, by the entries that lodged them.
    pub fn widened(&self) -> &[u64] {
        &self.widened
    }
}

fn place(level: Level) -> usize {
    LEVELS.iter().position(|other| *other == level).unwrap_or(LEVELS.len())
}

const LEVELS: [Level; 5] = [
    Level::Undetermined,
    Level::Determined(Classification::Red),
    Level::Determined(Classification::Amber),
    Level::Determined(Classification::Green),
    Level::Determined(Classification::White),
];

untold!(Document);
