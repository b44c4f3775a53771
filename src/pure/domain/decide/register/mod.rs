//! Decisions on the register (ToR sections 7.4 to 7.9 and 11; SELF-1, GOV-5): one file a noun.
//!
//! The Secretariat of the authority keeps the register and approves nothing in it; the Chair of a body approves who sits
//! there, and where the Chair would speak for themself, the body above does. Nobody approves what is their own.
//!
//! Not here: who may know of what (`domain::register`).

mod alternates;
mod appointments;
mod bodies;
mod credentials;
mod offices;
mod organisations;
mod people;

use std::sync::Arc;

use super::super::body::{Body, SeatRole};
use super::super::command::Command;
use super::super::facts::FactsExt;
use super::super::id::Handle;
use super::super::may::Denied;
use super::super::person::Person;
use super::super::refusal::Refusal;
use super::super::refusals::{invalid, not_permitted};
use super::super::register::{Knowing, speaks_above};
use super::super::rule::Rule;
use super::{Context, Decision, check_text, misrouted};

/// Who is who, and who sits where.
pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    match command {
        Command::RegisterOrganisation { .. } => organisations::decide(context, command),
        Command::RegisterPerson { .. } | Command::RemovePerson { .. } => people::decide(context, command),
        Command::EstablishBody { .. }
        | Command::EstablishSeat { .. }
        | Command::AbolishSeat { .. }
        | Command::RecordBodyReview { .. } => bodies::decide(context, command),
        Command::ProposeAppointment { .. } | Command::ApproveAppointment { .. } | Command::EndAppointment { .. } => {
            appointments::decide(context, command)
        }
        Command::ProposeAlternate { .. } | Command::ApproveAlternate { .. } | Command::EndAlternate { .. } => {
            alternates::decide(context, command)
        }
        Command::NameSecretariat { .. }
        | Command::UnnameSecretariat { .. }
        | Command::AppointAuditor { .. }
        | Command::DismissAuditor { .. } => offices::decide(context, command),
        Command::BindCredential { .. } | Command::ConfirmCredential { .. } | Command::RevokeCredential { .. } => {
            credentials::decide(context, command)
        }
        _ => Err(misrouted()),
    }
}

/// Refuses whoever does not keep the register: it is there to see for GREEN's audience, and hidden from anybody else.
fn check_keeper(context: &Context<'_>) -> Result<(), Denied> {
    let knowing = Knowing::of(context.facts, context.standing)?;
    if knowing.keeps_it() {
        return Ok(());
    }
    if !knowing.is_admitted() {
        return Err(Denied::Hidden);
    }
    Err(not_permitted(
        Rule::Self1,
        "The register is kept by the Secretariat of the authority.",
        "Ask the Secretariat to make the change.",
    )
    .into())
}

/// The body that a path names, if the person may know of it.
fn known_body(context: &Context<'_>, handle: &Handle) -> Result<Arc<Body>, Denied> {
    let knowing = Knowing::of(context.facts, context.standing)?;
    context.facts.body(handle)?.filter(|body| knowing.knows_body(body)).ok_or(Denied::Hidden)
}

/// The body that a request names: one to whom the register is open is told where there is none of that name.
fn named_body(context: &Context<'_>, handle: &Handle) -> Result<Arc<Body>, Denied> {
    let knowing = Knowing::of(context.facts, context.standing)?;
    match context.facts.body(handle)? {
        Some(body) if knowing.knows_body(&body) => Ok(body),
        None if knowing.is_admitted() => Err(unregistered("body", "GET /v1/register/bodies")),
        _ => Err(Denied::Hidden),
    }
}

/// The person that a path names, if the one who asks may know of them.
fn known_person(context: &Context<'_>, handle: &Handle) -> Result<Arc<Person>, Denied> {
    let knowing = Knowing::of(context.facts, context.standing)?;
    if !knowing.knows_person(handle) {
        return Err(Denied::Hidden);
    }
    context.facts.person(handle)?.ok_or(Denied::Hidden)
}

/// The person that a request names for a seat or an office: active, and no system.
fn named_natural_person(context: &Context<'_>, rule: Rule, handle: &Handle) -> Result<Arc<Person>, Denied> {
    let knowing = Knowing::of(context.facts, context.standing)?;
    if !knowing.knows_person(handle) {
        return Err(Denied::Hidden);
    }
    let person = context.facts.person(handle)?;
    let person = person.ok_or_else(|| unregistered("person", "GET /v1/register/people"))?;
    check_natural(rule, &person)?;
    Ok(person)
}

/// GOV-5: a removed person comes back to nothing, and a system holds no seat and no office.
fn check_natural(rule: Rule, person: &Person) -> Result<(), Refusal> {
    if !person.active {
        return Err(invalid(rule, "The person was removed from the register.", "Name a person who is registered."));
    }
    if person.system {
        return Err(invalid(
            rule,
            "This is a named system of an organisation: it holds no seat, stands in for nobody, and has no office.",
            "Name a natural person.",
        ));
    }
    Ok(())
}

/// Whether the approval of what concerns `member` on `body` is for the body above: where the member is the Chair, and
/// where the body has no Chair's seat (SELF-1).
fn is_for_those_above(context: &Context<'_>, body: &Body, member: &Person) -> bool {
    let chairs = |seat: &Handle| body.seat(seat).is_some_and(|seat| seat.role == SeatRole::Chair);
    let now = context.at.now;
    let mut held = member.appointments.iter().filter(|held| held.body == body.handle && held.is_appointed(now));
    held.any(|held| chairs(&held.seat)) || !has_chairs_seat(body)
}

fn has_chairs_seat(body: &Body) -> bool {
    body.seats.iter().any(|seat| seat.role == SeatRole::Chair)
}

/// Whether the person speaks for the body: as its Chair, or, for what is `above` the Chair, for the body above.
fn speaks(context: &Context<'_>, body: &Body, above: bool) -> Result<bool, Denied> {
    let Context { facts, standing, at: _ } = *context;
    Ok(if above { speaks_above(facts, standing, body)? } else { standing.chairs(facts, body)? })
}

/// The refusal of whoever does not speak for the body.
fn does_not_speak(rule: Rule, what: &str, above: bool) -> Refusal {
    if above {
        let detail = format!(
            "{what} the body that this body answers to, through one of its members; where it answers to none, a member of \
             its own."
        );
        not_permitted(rule, &detail, "Ask a member of that body.")
    } else {
        not_permitted(rule, &format!("{what} the Chair of the body, or the Chair's alternate."), "Ask the Chair.")
    }
}

/// A name or other text of one line.
fn check_line(rule: Rule, name: &str, text: &str) -> Result<(), Refusal> {
    check_text(rule, name, text, super::MAX_TITLE)?;
    if text.contains(char::is_control) {
        return Err(invalid(
            rule,
            format!("The {name} has more than one line."),
            format!("Give a {name} of one line, without tabs."),
        ));
    }
    Ok(())
}

fn taken(what: &str) -> Denied {
    let (detail, satisfy) = (format!("The handle of the {what} is taken."), "Choose another handle.");
    invalid(Rule::Self1, detail, satisfy).into()
}

fn unregistered(what: &str, list: &str) -> Denied {
    let detail = format!("The register has no {what} of that name.");
    invalid(Rule::Self1, detail, format!("Name one that it has ({list}), or have it registered first.")).into()
}
