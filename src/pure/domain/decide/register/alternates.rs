//! Decisions on alternates (ToR section 7.6; SELF-1).

use std::sync::Arc;

use super::super::super::command::Command;
use super::super::super::event::Event;
use super::super::super::facts::FactsExt;
use super::super::super::id::{AlternateId, Handle};
use super::super::super::may::Denied;
use super::super::super::person::{Alternate, Person};
use super::super::super::refusals::{conflict, invalid, not_permitted};
use super::super::super::register::{Knowing, alternate};
use super::super::super::rule::Rule;
use super::super::{Context, Decision, enter, grounds, misrouted};
use super::{check_natural, does_not_speak, is_for_those_above, named_body, named_natural_person, speaks};

pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    match command {
        Command::ProposeAlternate { body, person } => propose(context, body, person),
        Command::ApproveAlternate { alternate } => approve(context, *alternate),
        Command::EndAlternate { alternate } => end(context, *alternate),
        _ => Err(misrouted()),
    }
}

/// A member in force proposes an alternate for themself.
fn propose(context: &Context<'_>, body: &Handle, person: &Handle) -> Result<Decision, Denied> {
    let body = named_body(context, body)?;
    let member = &context.standing.person;
    if !is_member(context, &body.handle, member) {
        return Err(not_permitted(
            Rule::Gov5,
            "An alternate is proposed by a member of the body whose seat is in force, for themself.",
            "Ask the member for whom the person is to act.",
        )
        .into());
    }
    let person = named_natural_person(context, Rule::Gov5, person)?;
    if person.handle == member.handle {
        return Err(invalid(Rule::Self1, "Nobody is their own alternate.", "Name another person.").into());
    }
    let mut held = person.alternates.iter().filter(|held| !held.ended);
    if held.any(|held| held.member == member.handle && held.body == body.handle) {
        return Err(conflict(
            Rule::Gov5,
            "The person is your alternate on this body already, or is proposed as such.",
            "Have the proposal approved.",
        )
        .into());
    }
    let event = Event::AlternateProposed {
        member: member.handle.clone(),
        alternate: person.handle.clone(),
        body: body.handle.clone(),
    };
    Ok(enter(vec![event], [Rule::Read1, Rule::Gov5], grounds([("body", body.handle.to_string())])))
}

/// The Chair approves a member's alternate, and the body above the Chair's own: neither the alternate nor the member does.
fn approve(context: &Context<'_>, id: AlternateId) -> Result<Decision, Denied> {
    let (person, held) = known(context, id)?;
    let body = context.facts.body(&held.body)?.ok_or(Denied::Hidden)?;
    let member = context.facts.person(&held.member)?.ok_or(Denied::Hidden)?;
    if [&person.handle, &member.handle].contains(&context.standing.handle()) {
        return Err(not_permitted(
            Rule::Self1,
            "Neither the alternate nor the member approves the alternate.",
            "Ask the Chair of the body, or, for the Chair's own, a member of the body above.",
        )
        .into());
    }
    let above = is_for_those_above(context, &body, &member);
    if !speaks(context, &body, above)? {
        let rule = if above { Rule::Self1 } else { Rule::Gov5 };
        return Err(does_not_speak(rule, "This alternate is approved by", above).into());
    }
    check_open(&held)?;
    if held.approved {
        return Err(conflict(Rule::Gov5, "The alternate is approved already.", "Nothing remains to be done.").into());
    }
    check_natural(Rule::Gov5, &person)?;
    if !is_member(context, &body.handle, &member) {
        return Err(conflict(
            Rule::Gov5,
            "The member's seat is not in force, so that there is nothing to act in.",
            "Wait until the member is appointed again and has confirmed.",
        )
        .into());
    }
    let event = Event::AlternateApproved {
        member: held.member.clone(),
        alternate: person.handle.clone(),
        body: held.body.clone(),
        proposal: Some(id),
    };
    Ok(enter(vec![event], [Rule::Read1, Rule::Gov5, Rule::Self1], grounds([("body", body.handle.to_string())])))
}

/// The member, the alternate or the Chair ends it.
fn end(context: &Context<'_>, id: AlternateId) -> Result<Decision, Denied> {
    let (person, held) = known(context, id)?;
    let body = context.facts.body(&held.body)?.ok_or(Denied::Hidden)?;
    let own = [&person.handle, &held.member].contains(&context.standing.handle());
    let above = !super::has_chairs_seat(&body);
    if !own && !speaks(context, &body, above)? {
        let what = "An alternate is ended by the member, by the alternate, or by";
        return Err(does_not_speak(Rule::Gov5, what, above).into());
    }
    check_open(&held)?;
    let event = Event::AlternateEnded {
        member: held.member.clone(),
        alternate: person.handle.clone(),
        body: held.body.clone(),
        proposal: Some(id),
    };
    Ok(enter(vec![event], [Rule::Read1, Rule::Gov5], grounds([("body", body.handle.to_string())])))
}

fn known(context: &Context<'_>, id: AlternateId) -> Result<(Arc<Person>, Alternate), Denied> {
    let (person, held) = alternate(context.facts, id)?.ok_or(Denied::Hidden)?;
    let knowing = Knowing::of(context.facts, context.standing)?;
    if knowing.knows_alternate(&person, &held)? { Ok((person, held)) } else { Err(Denied::Hidden) }
}

/// Whether the person has a seat of their own on the body that is in force.
fn is_member(context: &Context<'_>, body: &Handle, person: &Person) -> bool {
    let now = context.at.now;
    person.active && person.appointments.iter().any(|held| held.body == *body && held.in_force(now))
}

fn check_open(held: &Alternate) -> Result<(), Denied> {
    if held.ended {
        return Err(conflict(
            Rule::Gov5,
            "The alternate has ended.",
            "Nothing remains to be done; the member may propose an alternate again.",
        )
        .into());
    }
    Ok(())
}
