//! Decisions on classification (CLASS-1, CLASS-4).

use super::super::command::Command;
use super::super::event::Event;
use super::super::may::Denied;
use super::super::refusals::not_permitted;
use super::super::rule::Rule;
use super::versions::known_version;
use super::{Context, Decision, MAX_REASON, check_text, enter, grounds, misrouted};

/// CLASS-1: anybody who knows of a version proposes; the Chair, or the Chair's alternate, determines, with a reason.
pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    match command {
        Command::DetermineClassification { .. } => determine(context, command),
        _ => Err(misrouted()),
    }
}

fn determine(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    let Command::DetermineClassification { document, label, classification, reason, tlp } = command else {
        return Err(misrouted());
    };
    let (document, version) = known_version(context, document, label)?;
    let body = context.body_of(&document)?;
    if !context.standing.chairs(context.facts, &body)? {
        return Err(not_permitted(
            Rule::Class1,
            "Only the Chair of the originating body, or the Chair's alternate, determines a classification.",
            "Propose a classification when you lodge, or ask the Chair.",
        )
        .into());
    }
    check_text(Rule::Class1, "reason", reason, MAX_REASON)?;
    let event = Event::ClassificationDetermined {
        document: document.slug.clone(),
        label: label.clone(),
        classification: *classification,
        reason: reason.into(),
        tlp: *tlp,
    };
    let basis = grounds([("level_before", version.level().as_str().into()), ("chairs", body.handle.to_string())]);
    Ok(enter(vec![event], [Rule::Read1, Rule::Class1], basis))
}
