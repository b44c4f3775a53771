//! Decisions on the decisions of bodies (GOV-2 to GOV-4, CONFLICT-1).

use super::super::command::Command;
use super::super::may::Denied;
use super::{Context, Decision, misrouted};

/// Opening, voting, closing.
pub(super) fn decide(_: &Context<'_>, _: &Command) -> Result<Decision, Denied> {
    Err(misrouted())
}
