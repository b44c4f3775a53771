//! Decisions on classification (CLASS-1, CLASS-4).

use super::super::classification::{Classification, Tlp};
use super::super::command::Command;
use super::super::event::Event;
use super::super::may::Denied;
use super::super::refusal::Refusal;
use super::super::refusals::{conflict, invalid, not_permitted, withdrawn};
use super::super::rule::Rule;
use super::versions::known_version;
use super::{Context, Decision, MAX_REASON, check_text, enter, grounds, misrouted};

/// CLASS-1: anybody who knows of a version proposes; the Chair, or the Chair's alternate, determines, with a reason.
pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    match command {
        Command::DetermineClassification { .. } => determine(context, command),
        Command::ProposeClassification { .. } => propose(context, command),
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
            "Propose one: POST .../classification/proposals.",
        )
        .into());
    }
    check_text(Rule::Class1, "reason", reason, MAX_REASON)?;
    check_marking(*classification, *tlp)?;
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

fn propose(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    let Command::ProposeClassification { document, label, classification, reason, tlp } = command else {
        return Err(misrouted());
    };
    let (document, version) = known_version(context, document, label)?;
    check_text(Rule::Class1, "reason", reason, MAX_REASON)?;
    check_marking(*classification, *tlp)?;
    if version.withdrawn.is_some() {
        return Err(withdrawn().into());
    }
    let own = version.proposals.iter().rev().find(|proposal| proposal.by == *context.standing.handle());
    let since = version.determinations.last().map_or(0, |last| last.entry);
    if own.is_some_and(|own| own.entry > since && (own.classification, own.tlp) == (*classification, *tlp)) {
        return Err(conflict(
            Rule::Class1,
            "You proposed that already, and the Chair has determined nothing since.",
            "Wait for the Chair, or propose another classification.",
        )
        .into());
    }
    if version.proposals.len() >= MAX_PROPOSALS {
        return Err(conflict(
            Rule::Class1,
            "The version has as many proposals as are kept.",
            "Tell the Chair, who determines the classification.",
        )
        .into());
    }
    let event = Event::ClassificationProposed {
        document: document.slug.clone(),
        label: label.clone(),
        classification: *classification,
        reason: reason.into(),
        tlp: *tlp,
    };
    let basis = grounds([("level_before", version.level().as_str().into())]);
    Ok(enter(vec![event], [Rule::Read1, Rule::Class1], basis))
}

/// CLASS-4: a marking names the classification that it maps to.
fn check_marking(classification: Classification, tlp: Option<Tlp>) -> Result<(), Refusal> {
    if tlp.is_some_and(|tlp| tlp.classification() != classification) {
        return Err(invalid(
            Rule::Class4,
            "The marking of the Traffic Light Protocol maps to another classification.",
            "Name the marking alone, or the classification alone.",
        ));
    }
    Ok(())
}

/// How many proposals a version has at most: they are looked up with it on every read.
const MAX_PROPOSALS: usize = 50;
