//! Decisions on needs.

use super::super::classification::Level;
use super::super::command::Selector;
use super::super::event::Event;
use super::super::facts::FactsExt;
use super::super::id::{Handle, Label, NeedId};
use super::super::may::{Denied, may_know_of_version};
use super::super::need::NeedReason;
use super::super::need_rules::{check_level, check_words, too_long};
use super::super::refusals::{conflict, invalid};
use super::super::rule::Rule;
use super::super::time::Instant;
use super::{Context, Decision, enter, grounds};

/// READ-3: records a need of this person, for what the person may know of.
pub(super) fn record(
    context: &Context<'_>,
    document: &Handle,
    version: Option<&Label>,
    reason: &NeedReason,
    valid_until: Option<Instant>,
) -> Result<Decision, Denied> {
    let profile = context.profile()?;
    let now = context.at.now;
    let (document, level) = match version {
        None => (context.known_document(document)?, None),
        Some(label) => {
            let document = context.facts.document(document)?.ok_or(Denied::Hidden)?;
            let selector = Selector::Label(label.clone());
            let selected = may_know_of_version(context.facts, context.standing, &document, &selector)?;
            (document, Some(selected.version.level()))
        }
    };
    check_words(&profile, context.standing, &*context.body_of(&document)?, reason)?;
    if let Some(level) = level {
        check_level(&profile, level, reason)?;
    }
    let longest = level.map_or(profile.longest_need(), |level| profile.need_limit(level).validity());
    let last = now.saturating_add(longest);
    let valid_until = valid_until.unwrap_or(last);
    if valid_until <= now {
        return Err(invalid(
            Rule::Read3,
            "The need would end before it begins.",
            "Give a later valid_until, or leave it out.",
        )
        .into());
    }
    if valid_until > last {
        return Err(too_long(level.map_or("any level", Level::as_str), longest).into());
    }
    let event = Event::NeedRecorded {
        need: NeedId(context.at.index),
        document: document.slug.clone(),
        version: version.cloned(),
        reason: reason.clone(),
        valid_until,
    };
    let basis = match level {
        Some(level) => grounds([("level", level.as_str().into())]),
        None => grounds([]),
    };
    Ok(enter(vec![event], [Rule::Read1, Rule::Read3], basis))
}

/// A need is withdrawn by its owner only; anyone else's does not exist.
pub(super) fn withdraw(context: &Context<'_>, need: NeedId) -> Result<Decision, Denied> {
    let own = context.facts.need(need)?.filter(|need| need.person == *context.standing.handle());
    let need = own.ok_or(Denied::Hidden)?;
    if need.withdrawn_at.is_some() {
        return Err(conflict(Rule::Read3, "The need is withdrawn already.", "Nothing remains to be done.").into());
    }
    Ok(enter(vec![Event::NeedWithdrawn { need: need.id }], [Rule::Read1, Rule::Read3], grounds([])))
}
