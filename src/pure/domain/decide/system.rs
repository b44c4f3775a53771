//! Decisions on what Strongroom itself enters: the register's first entries, heartbeats, recoveries.

use super::super::command::{Command, System};
use super::super::event::Event;
use super::super::facts::{Facts, FactsExt};
use super::super::may::Denied;
use super::super::refusals::conflict;
use super::super::rule::Rule;
use super::{At, Decision, enter, grounds, is_of, log_life, system_only};

/// A command of Strongroom's own. The register's first entries are made once, before any person acts.
pub(super) fn by_system(facts: &dyn Facts, system: System, command: &Command, _: At) -> Result<Decision, Denied> {
    if !is_of(system, command) {
        return Err(system_only().into());
    }
    let event = match command {
        Command::Establish { event } => {
            if facts.service()?.is_some_and(|service| service.established) {
                return Err(conflict(
                    Rule::Self1,
                    "The register is established: from now on people change it.",
                    "Change the register with the credential of a person who may.",
                )
                .into());
            }
            (**event).clone()
        }
        Command::Beat => Event::Heartbeat,
        Command::EnterRecovery { cut_bytes, moved_to } => {
            Event::JournalRecovered { cut_bytes: *cut_bytes, moved_to: moved_to.clone() }
        }
        Command::AcceptClock { clock } => Event::ClockAccepted { clock: *clock },
        Command::RotateLogKey { epoch, keys, note } => log_life::rotate(facts, *epoch, keys, note)?,
        Command::SucceedLog { old_origin, new_origin, size, checkpoints } => {
            log_life::succeed(old_origin, new_origin, *size, checkpoints)?
        }
        _ => return Err(system_only().into()),
    };
    Ok(enter(vec![event], [], grounds([])))
}
