//! Decisions on appointments (ToR section 7.7; GOV-5, SELF-1).

use super::super::super::body::{Body, SeatRole};
use super::super::super::command::Command;
use super::super::super::event::Event;
use super::super::super::facts::FactsExt;
use super::super::super::id::{AppointmentId, Handle};
use super::super::super::may::Denied;
use super::super::super::person::{Appointment, Person};
use super::super::super::refusal::Refusal;
use super::super::super::refusals::{conflict, invalid, not_permitted};
use super::super::super::register::{Knowing, appointment, each_appointment, longest_term};
use super::super::super::rule::Rule;
use super::super::super::time::Instant;
use super::super::{Context, Decision, MAX_REASON, check_text, enter, grounds, misrouted};
use super::{check_natural, does_not_speak, is_for_those_above, named_body, named_natural_person, speaks};

pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    match command {
        Command::ProposeAppointment { person, body, seat, from, until } => {
            propose(context, (person, body, seat), *from, *until)
        }
        Command::ApproveAppointment { appointment } => approve(context, *appointment),
        Command::EndAppointment { appointment, reason } => end(context, *appointment, reason),
        _ => Err(misrouted()),
    }
}

/// The Secretariat proposes a person for a seat and a term.
fn propose(
    context: &Context<'_>,
    (person, body, seat): (&Handle, &Handle, &Handle),
    from: Option<Instant>,
    until: Instant,
) -> Result<Decision, Denied> {
    let body = named_body(context, body)?;
    if !is_secretariat(context, &body)? {
        return Err(not_permitted(
            Rule::Gov5,
            "People are proposed for seats by the Secretariat.",
            "Ask the Secretariat to propose the appointment.",
        )
        .into());
    }
    let person = named_natural_person(context, Rule::Gov5, person)?;
    let Some(seat) = body.seat(seat) else {
        let detail = "The body has no seat of that name.";
        return Err(invalid(Rule::Gov5, detail, "Name one of its seats, or have one established first.").into());
    };
    check_term(context, &body, from, until)?;
    let repeats = |held: &Appointment| {
        held.body == body.handle && held.seat == seat.handle && held.approved.is_none() && held.ended.is_none()
    };
    if person.appointments.iter().any(|held| repeats(held) && context.at.now < held.until) {
        return Err(conflict(
            Rule::Gov5,
            "The person is proposed for this seat already.",
            "Have the proposal approved, or withdraw it first.",
        )
        .into());
    }
    check_free(context, &body, &seat.handle, from.unwrap_or(context.at.now), until)?;
    let event = Event::AppointmentProposed {
        appointment: AppointmentId(context.at.index),
        person: person.handle.clone(),
        body: body.handle.clone(),
        seat: seat.handle.clone(),
        from,
        until,
    };
    Ok(enter(vec![event], [Rule::Read1, Rule::Gov5], grounds([("body", body.handle.to_string())])))
}

/// The Chair of the body approves a proposal, and the body above where that would be the Chair's own: never the one
/// appointed, and never whoever proposed (SELF-1).
fn approve(context: &Context<'_>, id: AppointmentId) -> Result<Decision, Denied> {
    let (person, held) = known(context, id)?;
    let body = context.facts.body(&held.body)?.ok_or(Denied::Hidden)?;
    if person.handle == *context.standing.handle() {
        return Err(own("Nobody approves their own appointment.").into());
    }
    if held.proposed_by.as_ref() == Some(context.standing.handle()) || is_secretariat(context, &body)? {
        return Err(own("The Secretariat proposes appointments and approves none.").into());
    }
    let above = is_above(context, &body, &person, &held);
    if !speaks(context, &body, above)? {
        let rule = if above { Rule::Self1 } else { Rule::Gov5 };
        return Err(does_not_speak(rule, "This appointment is approved by", above).into());
    }
    check_open(context, &held)?;
    if held.approved.is_some() {
        return Err(conflict(Rule::Gov5, "The appointment is approved already.", "Nothing remains to be done.").into());
    }
    check_natural(Rule::Gov5, &person)?;
    if body.seat(&held.seat).is_none() {
        return Err(conflict(Rule::Gov5, "The seat was abolished.", "Propose the person for another seat.").into());
    }
    let from = held.from.unwrap_or(context.at.now);
    if from < context.at.now {
        return Err(conflict(
            Rule::Gov5,
            "The term would begin before it was approved.",
            "Withdraw the proposal, and propose it with a later start, or with none: it then begins with its approval.",
        )
        .into());
    }
    check_free(context, &body, &held.seat, from, held.until)?;
    let event = Event::AppointmentMade {
        person: person.handle.clone(),
        body: body.handle.clone(),
        seat: held.seat.clone(),
        from,
        until: held.until,
        appointment: Some(id),
    };
    let basis = grounds([("body", body.handle.to_string()), ("spoke", spoke(above))]);
    Ok(enter(vec![event], [Rule::Read1, Rule::Gov5, Rule::Self1], basis))
}

/// GOV-5: the holder resigns, the Chair removes a member, and the body above the Chair; the Secretariat withdraws what is
/// a mere proposal.
fn end(context: &Context<'_>, id: AppointmentId, reason: &str) -> Result<Decision, Denied> {
    let (person, held) = known(context, id)?;
    let body = context.facts.body(&held.body)?.ok_or(Denied::Hidden)?;
    let above = is_above(context, &body, &person, &held);
    let own = person.handle == *context.standing.handle();
    let withdraws = held.approved.is_none() && is_secretariat(context, &body)?;
    if !own && !withdraws && !speaks(context, &body, above)? {
        let what = "An appointment is ended by its holder, while it is a proposal by the Secretariat, and otherwise by";
        return Err(does_not_speak(Rule::Gov5, what, above).into());
    }
    check_text(Rule::Gov5, "reason", reason, MAX_REASON)?;
    check_open(context, &held)?;
    let event = Event::AppointmentEnded {
        person: person.handle.clone(),
        body: body.handle.clone(),
        seat: held.seat.clone(),
        reason: reason.to_owned(),
        appointment: Some(id),
    };
    let by = if own { "holder".to_owned() } else { spoke(above) };
    let basis = grounds([("body", body.handle.to_string()), ("spoke", by)]);
    Ok(enter(vec![event], [Rule::Read1, Rule::Gov5], basis))
}

fn known(context: &Context<'_>, id: AppointmentId) -> Result<(std::sync::Arc<Person>, Appointment), Denied> {
    let (person, held) = appointment(context.facts, id)?.ok_or(Denied::Hidden)?;
    let knowing = Knowing::of(context.facts, context.standing)?;
    if knowing.knows_appointment(&person, &held)? { Ok((person, held)) } else { Err(Denied::Hidden) }
}

fn is_secretariat(context: &Context<'_>, body: &Body) -> Result<bool, Denied> {
    let knowing = Knowing::of(context.facts, context.standing)?;
    Ok(knowing.keeps_it() || context.standing.is_secretariat_of(body))
}

/// Whether the appointment is not for the Chair to approve or end: to the Chair's seat, or of the Chair.
fn is_above(context: &Context<'_>, body: &Body, person: &Person, held: &Appointment) -> bool {
    let to_chair = body.seat(&held.seat).is_some_and(|seat| seat.role == SeatRole::Chair);
    to_chair || is_for_those_above(context, body, person)
}

fn check_term(context: &Context<'_>, body: &Body, from: Option<Instant>, until: Instant) -> Result<(), Denied> {
    let now = context.at.now;
    if from.is_some_and(|from| from < now) {
        return Err(invalid(
            Rule::Gov5,
            "The term would begin in the past, before it was approved.",
            "Give a later start, or none: the term then begins with its approval.",
        )
        .into());
    }
    let start = from.unwrap_or(now);
    if until <= start {
        return Err(invalid(Rule::Gov5, "The term would end before it begins.", "Give a later end.").into());
    }
    let longest = longest_term(start, &body.rules, &context.profile()?.zone());
    if until > longest {
        return Err(invalid(
            Rule::Gov5,
            format!("A term on this body lasts {} months at most.", body.rules.term_months),
            format!("Let the term end at {longest} or before."),
        )
        .into());
    }
    Ok(())
}

/// A seat is held by one person at a time.
fn check_free(context: &Context<'_>, body: &Body, seat: &Handle, from: Instant, until: Instant) -> Result<(), Denied> {
    let mut taken_until = None;
    each_appointment(context.facts, |person, held| {
        let of_seat = held.body == body.handle && held.seat == *seat && held.approved.is_some();
        let Some(begins) = held.from.filter(|_| of_seat && person.active && held.ended.is_none()) else { return };
        if begins < until && from < held.until {
            taken_until = taken_until.max(Some(held.until));
        }
    })?;
    let Some(taken_until) = taken_until else { return Ok(()) };
    Err(conflict(
        Rule::Gov5,
        "The term would overlap with another appointment to the same seat.",
        &format!("Let the term begin at {taken_until} or later, or have the other appointment ended first."),
    )
    .into())
}

fn check_open(context: &Context<'_>, held: &Appointment) -> Result<(), Refusal> {
    let now = context.at.now;
    if held.ended.is_some() || held.until <= now {
        return Err(conflict(
            Rule::Gov5,
            "The appointment has ended.",
            "Nothing remains to be done; for another term, a person is proposed again.",
        ));
    }
    Ok(())
}

fn own(detail: &str) -> Refusal {
    not_permitted(
        Rule::Self1,
        detail,
        "Ask the Chair of the body, or, for the Chair's own, a member of the body above.",
    )
}

fn spoke(above: bool) -> String {
    if above { "body_above" } else { "chair" }.to_owned()
}
