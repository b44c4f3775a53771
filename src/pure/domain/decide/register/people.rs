//! Decisions on people: who is registered, and who no more.

use super::super::super::body::SeatRole;
use super::super::super::command::Command;
use super::super::super::event::Event;
use super::super::super::facts::FactsExt;
use super::super::super::id::Handle;
use super::super::super::may::Denied;
use super::super::super::person::Person;
use super::super::super::refusals::{conflict, not_permitted};
use super::super::super::register::speaks_above;
use super::super::super::rule::Rule;
use super::super::{Context, Decision, MAX_REASON, check_text, enter, grounds, misrouted};
use super::{check_keeper, check_line, known_person, taken, unregistered};

pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    match command {
        Command::RegisterPerson { person, name, organisation, system } => {
            register(context, person, name, organisation, *system)
        }
        Command::RemovePerson { person, reason } => remove(context, person, reason),
        _ => Err(misrouted()),
    }
}

/// The Secretariat registers a person, or a named system of an organisation. A handle is never given twice, so that a
/// record of a person who was removed stays one of that person.
fn register(
    context: &Context<'_>,
    person: &Handle,
    name: &str,
    organisation: &Handle,
    system: bool,
) -> Result<Decision, Denied> {
    check_keeper(context)?;
    check_line(Rule::Self1, "name", name)?;
    if context.facts.organisation(organisation)?.is_none() {
        return Err(unregistered("organisation", "GET /v1/register/organisations"));
    }
    if context.facts.person(person)?.is_some() {
        return Err(taken("person"));
    }
    let (person, name, organisation) = (person.clone(), name.to_owned(), organisation.clone());
    let event = Event::PersonRegistered { person, name, organisation, system };
    Ok(enter(vec![event], [Rule::Read1, Rule::Self1], grounds([])))
}

/// GOV-5: a removal ends access at that instant, and with it the person's seats. Nobody removes themself, and the
/// Secretariat does not remove the Chair of the authority: that is for the body above.
fn remove(context: &Context<'_>, person: &Handle, reason: &str) -> Result<Decision, Denied> {
    let Context { facts, standing, at } = *context;
    let removed = known_person(context, person)?;
    if removed.handle == *standing.handle() {
        return Err(not_permitted(
            Rule::Self1,
            "Nobody removes themself from the register.",
            "Ask somebody else of the Secretariat; to leave a seat, resign from it.",
        )
        .into());
    }
    let authority = context.authority()?;
    let is_authoritys_chair = removed.appointments.iter().any(|held| {
        let role = authority.seat(&held.seat).map(|seat| seat.role);
        held.body == authority.handle && role == Some(SeatRole::Chair) && held.is_appointed(at.now)
    });
    if is_authoritys_chair {
        if !speaks_above(facts, standing, &authority)? {
            return Err(not_permitted(
                Rule::Self1,
                "The Chair of the authority is removed by the body that the authority answers to.",
                "Ask a member of that body.",
            )
            .into());
        }
    } else {
        check_keeper(context)?;
        check_holds_no_seat(context, &removed)?;
    }
    check_text(Rule::Gov5, "reason", reason, MAX_REASON)?;
    if !removed.active {
        return Err(conflict(Rule::Gov5, "The person was removed already.", "Nothing remains to be done.").into());
    }
    let mut events = vec![Event::PersonRemoved { person: removed.handle.clone(), reason: reason.to_owned() }];
    events.extend(what_ends(context, &removed));
    Ok(enter(events, [Rule::Read1, Rule::Gov5], grounds([("organisation", removed.organisation.to_string())])))
}

/// GOV-5: the Secretariat ends nobody's membership. Else it could leave a body without those who judge what it does.
fn check_holds_no_seat(context: &Context<'_>, removed: &Person) -> Result<(), Denied> {
    let now = context.at.now;
    let holds =
        removed.appointments.iter().any(|held| held.approved.is_some() && held.ended.is_none() && now < held.until);
    if !holds {
        return Ok(());
    }
    Err(conflict(
        Rule::Gov5,
        "The person holds a seat, and a member leaves a body by resigning, or by its Chair's word.",
        "Let the appointment be ended first: POST /v1/register/appointments/{id}/end.",
    )
    .into())
}

/// The seats and proposals that end with the person, so that a seat is free for another.
fn what_ends(context: &Context<'_>, removed: &Person) -> Vec<Event> {
    let now = context.at.now;
    let open = removed.appointments.iter().filter(|held| held.ended.is_none() && now < held.until);
    let seats = open.map(|held| Event::AppointmentEnded {
        person: removed.handle.clone(),
        body: held.body.clone(),
        seat: held.seat.clone(),
        reason: REMOVED.to_owned(),
        appointment: Some(held.id),
    });
    let acting = removed.alternates.iter().filter(|held| !held.ended);
    let alternates = acting.map(|held| Event::AlternateEnded {
        member: held.member.clone(),
        alternate: removed.handle.clone(),
        body: held.body.clone(),
        proposal: Some(held.id),
    });
    seats.chain(alternates).collect()
}

/// Why a seat ended with its holder; the entry has the whole reason once.
const REMOVED: &str = "removed from the register";
