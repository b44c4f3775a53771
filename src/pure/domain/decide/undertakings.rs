//! Decisions on agreements and confirmations (ToR sections 7.5, 7.9 and 10; GOV-1).

use super::super::command::Command;
use super::super::may::Denied;
use super::{Context, Decision, misrouted};

/// What a person undertakes, over an exact text.
pub(super) fn decide(_: &Context<'_>, _: &Command) -> Result<Decision, Denied> {
    Err(misrouted())
}
