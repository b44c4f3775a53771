//! Wholes: packs, minutes, exports and differences, which carry content of several versions (CLASS-2).
//!
//! Classifications are audiences and not ordered numbers, so that a whole is for a reader only if every part of it is.
//! What is ordered is the strictness of handling, which says under which marking the whole travels.

use super::classification::{Classification, Level};

/// What a whole comes to for one reader. The parts that are left out are not told to a reader who may not know of them
/// (READ-6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole<T> {
    /// The parts that it carries for this reader, in their order.
    pub carried: Vec<T>,
    /// The parts that are not for this reader, in their order.
    pub left_out: Vec<T>,
    /// The strictest level of what it carries; `None` if it carries nothing.
    pub level: Option<Level>,
}

impl<T> Whole<T> {
    /// The whole of `parts` for the reader of whom `is_for` says which parts are theirs, each part of the level that
    /// `level_of` says. Fails as the first of the questions fails.
    pub fn of<E>(
        parts: impl IntoIterator<Item = T>,
        level_of: impl Fn(&T) -> Level,
        mut is_for: impl FnMut(&T) -> Result<bool, E>,
    ) -> Result<Self, E> {
        let (mut carried, mut left_out) = (Vec::new(), Vec::new());
        for part in parts {
            if is_for(&part)? { carried.push(part) } else { left_out.push(part) }
        }
        let level = strictest(carried.iter().map(level_of));
        Ok(Self { carried, left_out, level })
    }

    /// Whether the whole is for this reader as it is.
    pub fn is_complete(&self) -> bool {
        self.left_out.is_empty()
    }
}

/// The level under which a whole of parts of these levels is handled; `None` for no part.
pub fn strictest(levels: impl IntoIterator<Item = Level>) -> Option<Level> {
    levels.into_iter().max_by_key(|level| strictness(*level))
}

/// How strictly a level is handled. Undetermined is handled as RED; beside a part that is RED, the whole is called RED.
fn strictness(level: Level) -> u8 {
    match level {
        Level::Determined(Classification::White) => 0,
        Level::Determined(Classification::Green) => 1,
        Level::Determined(Classification::Amber) => 2,
        Level::Undetermined => 3,
        Level::Determined(Classification::Red) => 4,
    }
}
