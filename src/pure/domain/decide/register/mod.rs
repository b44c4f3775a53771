//! Decisions on the register (ToR sections 7.4 to 7.9 and 11; SELF-1, GOV-5).

mod credentials;

use super::super::command::Command;
use super::super::may::Denied;
use super::{Context, Decision, misrouted};

/// Who is who, and who sits where.
pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    match command {
        Command::BindCredential { .. } | Command::ConfirmCredential { .. } | Command::RevokeCredential { .. } => {
            credentials::decide(context, command)
        }
        _ => Err(misrouted()),
    }
}
