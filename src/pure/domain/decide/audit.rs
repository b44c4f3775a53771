//! Decisions on reading the log's records (AUDIT-1). Reading records is itself an entry.

use super::super::command::Command;
use super::super::event::Event;
use super::super::facts::{FactKey, FactsDamaged};
use super::super::id::Handle;
use super::super::may::Denied;
use super::super::refusals::not_permitted;
use super::super::rule::Rule;
use super::{Context, Decision, enter, grounds};

/// The auditor reads every record; a person reads those of which they are the subject.
pub(super) fn read_records(context: &Context<'_>, person: Option<&Handle>) -> Result<Decision, Denied> {
    let own = person.is_none_or(|person| person == context.standing.handle());
    if !own && !context.standing.is_auditor() {
        return Err(not_permitted(
            Rule::Audit1,
            "A person reads the records of which they are the subject, and the auditor reads all.",
            "Leave the person out, or name yourself.",
        )
        .into());
    }
    Ok(records_read(context))
}

/// The evidence of one entry is for its subject and for the auditor; for anyone else there is no such entry.
pub(super) fn read_evidence(context: &Context<'_>, index: u64) -> Result<Decision, Denied> {
    let audited = context.standing.is_auditor() && index < context.at.index;
    if audited || is_subject(context, index)? { Ok(records_read(context)) } else { Err(Denied::Hidden) }
}

/// Whether the command reads records of which the person is the subject, and no others: what EMERGENCY-1 exempts.
pub(super) fn is_own_trail(context: &Context<'_>, command: &Command) -> Result<bool, FactsDamaged> {
    match command {
        Command::ReadRecords { person: Some(person), .. } => Ok(person == context.standing.handle()),
        Command::ReadRecords { person: None, .. } => Ok(!context.standing.is_auditor()),
        Command::ReadEvidence { index } => is_subject(context, *index),
        _ => Ok(false),
    }
}

fn is_subject(context: &Context<'_>, index: u64) -> Result<bool, FactsDamaged> {
    Ok(context.facts.fact(&FactKey::EntryOf(context.standing.handle().clone(), index))?.is_some())
}

fn records_read(context: &Context<'_>) -> Decision {
    let role = if context.standing.is_auditor() { "auditor" } else { "subject" };
    enter(vec![Event::RecordsRead], [Rule::Read1, Rule::Audit1], grounds([("as", role.into())]))
}
