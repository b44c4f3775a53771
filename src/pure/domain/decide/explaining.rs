//! Decisions on explaining access (READ-6, READ-7).

use super::super::command::Command;
use super::super::may::Denied;
use super::{Context, Decision, misrouted};

/// Why somebody may read, or may not.
pub(super) fn decide(_: &Context<'_>, _: &Command) -> Result<Decision, Denied> {
    Err(misrouted())
}
