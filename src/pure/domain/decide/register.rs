//! Decisions on the register (ToR sections 7.4 to 7.9 and 11; SELF-1, GOV-5).

use super::super::command::Command;
use super::super::may::Denied;
use super::{Context, Decision, misrouted};

/// Who is who, and who sits where.
pub(super) fn decide(_: &Context<'_>, _: &Command) -> Result<Decision, Denied> {
    Err(misrouted())
}
