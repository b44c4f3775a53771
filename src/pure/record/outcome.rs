//! What became of a command.

use serde::{Deserialize, Serialize};

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done: its events happened.
    Done,
    /// A rule refused it, and said so.
    Refused,
    /// For the one who asked, the thing does not exist.
    NotFound,
}
