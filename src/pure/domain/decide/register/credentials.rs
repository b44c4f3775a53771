//! Decisions on credentials (SELF-1).

use super::super::super::command::Command;
use super::super::super::may::Denied;
use super::super::{Context, Decision, misrouted};

/// Whose key is in effect.
pub(super) fn decide(_: &Context<'_>, _: &Command) -> Result<Decision, Denied> {
    Err(misrouted())
}
