//! Decisions on conflicts, breaches and suspensions, and on appeals (CONFLICT-1, BREACH-1, EMERGENCY-1).

use super::super::command::Command;
use super::super::may::Denied;
use super::{Context, Decision, misrouted};

/// What closes papers to a person, and what opens them again.
pub(super) fn decide(_: &Context<'_>, _: &Command) -> Result<Decision, Denied> {
    Err(misrouted())
}
