//! Decisions on offices: named staff of a Secretariat (RED-1), and auditors (AUDIT-1).

use std::sync::Arc;

use super::super::super::body::Body;
use super::super::super::command::Command;
use super::super::super::event::Event;
use super::super::super::facts::FactsExt;
use super::super::super::id::Handle;
use super::super::super::may::Denied;
use super::super::super::organisation::OrganisationKind;
use super::super::super::refusal::Refusal;
use super::super::super::refusals::{conflict, invalid, not_permitted};
use super::super::super::register::Knowing;
use super::super::super::rule::Rule;
use super::super::{Context, Decision, MAX_REASON, check_text, enter, grounds, misrouted};
use super::{does_not_speak, has_chairs_seat, known_body, known_person, named_natural_person, speaks};

pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    match command {
        Command::NameSecretariat { person, body } => name(context, person, body),
        Command::UnnameSecretariat { person, body, reason } => unname(context, person, body, reason),
        Command::AppointAuditor { person } => appoint_auditor(context, person),
        Command::DismissAuditor { person, reason } => dismiss_auditor(context, person, reason),
        _ => Err(misrouted()),
    }
}

/// RED-1: the Chair names staff of the body's Secretariat who handle its RED papers.
fn name(context: &Context<'_>, person: &Handle, body: &Handle) -> Result<Decision, Denied> {
    let body = body_spoken_for(context, body)?;
    let person = named_natural_person(context, Rule::Red1, person)?;
    check_not_oneself(context, &person.handle, Rule::Self1)?;
    if body.secretariat.as_ref() != Some(&person.organisation) {
        return Err(invalid(
            Rule::Red1,
            "The person does not belong to the organisation that is the Secretariat of this body.",
            "Name a person of that organisation.",
        )
        .into());
    }
    if person.named_secretariat.contains(&body.handle) {
        return Err(conflict(Rule::Red1, "The person is named already.", "Nothing remains to be done.").into());
    }
    let event = Event::SecretariatNamed { person: person.handle.clone(), body: body.handle.clone() };
    Ok(enter(vec![event], [Rule::Read1, Rule::Red1], grounds([("body", body.handle.to_string())])))
}

fn unname(context: &Context<'_>, person: &Handle, body: &Handle, reason: &str) -> Result<Decision, Denied> {
    let body = body_spoken_for(context, body)?;
    let person = known_person(context, person)?;
    check_text(Rule::Red1, "reason", reason, MAX_REASON)?;
    if !person.named_secretariat.contains(&body.handle) {
        return Err(conflict(
            Rule::Red1,
            "The person is not named for the RED papers of this body.",
            "Nothing remains to be done.",
        )
        .into());
    }
    let basis = grounds([("body", body.handle.to_string())]);
    let (person, body, reason) = (person.handle.clone(), body.handle.clone(), reason.to_owned());
    Ok(enter(vec![Event::SecretariatUnnamed { person, body, reason }], [Rule::Read1, Rule::Red1], basis))
}

/// AUDIT-1: the Chair of the authority appoints an auditor, of an assurance organisation.
fn appoint_auditor(context: &Context<'_>, person: &Handle) -> Result<Decision, Denied> {
    check_chair_of_the_authority(context)?;
    let person = named_natural_person(context, Rule::Audit1, person)?;
    check_not_oneself(context, &person.handle, Rule::Self1)?;
    let organisation = context.facts.organisation(&person.organisation)?;
    if organisation.is_none_or(|organisation| organisation.kind != OrganisationKind::Assurance) {
        return Err(invalid(
            Rule::Audit1,
            "An auditor belongs to an organisation of the kind assurance.",
            "Name a person of the auditor's firm.",
        )
        .into());
    }
    if person.auditor {
        return Err(conflict(Rule::Audit1, "The person is auditor already.", "Nothing remains to be done.").into());
    }
    let event = Event::AuditorAppointed { person: person.handle.clone() };
    Ok(enter(vec![event], [Rule::Read1, Rule::Audit1], grounds([])))
}

fn dismiss_auditor(context: &Context<'_>, person: &Handle, reason: &str) -> Result<Decision, Denied> {
    check_chair_of_the_authority(context)?;
    let person = known_person(context, person)?;
    check_text(Rule::Audit1, "reason", reason, MAX_REASON)?;
    if !person.auditor {
        return Err(conflict(Rule::Audit1, "The person is no auditor.", "Nothing remains to be done.").into());
    }
    let event = Event::AuditorDismissed { person: person.handle.clone(), reason: reason.to_owned() };
    Ok(enter(vec![event], [Rule::Read1, Rule::Audit1], grounds([])))
}

/// The body, for its Chair; where it has no Chair's seat, for the body above.
fn body_spoken_for(context: &Context<'_>, body: &Handle) -> Result<Arc<Body>, Denied> {
    let body = known_body(context, body)?;
    let above = !has_chairs_seat(&body);
    if !speaks(context, &body, above)? {
        return Err(does_not_speak(Rule::Red1, "Staff of the Secretariat are named by", above).into());
    }
    Ok(body)
}

fn check_chair_of_the_authority(context: &Context<'_>) -> Result<(), Denied> {
    let authority = context.authority()?;
    if context.standing.chairs(context.facts, &authority)? {
        return Ok(());
    }
    if !Knowing::of(context.facts, context.standing)?.is_admitted() {
        return Err(Denied::Hidden);
    }
    Err(not_permitted(
        Rule::Audit1,
        "Auditors are appointed and dismissed by the Chair of the authority.",
        "Ask the Chair.",
    )
    .into())
}

fn check_not_oneself(context: &Context<'_>, person: &Handle, rule: Rule) -> Result<(), Refusal> {
    if context.standing.handle() == person {
        return Err(not_permitted(rule, "Nobody names themself.", "Ask somebody else who may."));
    }
    Ok(())
}
