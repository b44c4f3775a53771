//! Decisions on grants and on tabling (AMBER-1 to AMBER-4, RED-1, RED-3).

use super::super::command::Command;
use super::super::may::Denied;
use super::{Context, Decision, misrouted};

/// What widens the audience of a version.
pub(super) fn decide(_: &Context<'_>, _: &Command) -> Result<Decision, Denied> {
    Err(misrouted())
}
