//! Decisions on bodies, their seats and their reviews.

use super::super::super::body::{Body, BodyRules, ReviewSubject, Seat, SeatRole};
use super::super::super::command::Command;
use super::super::super::event::Event;
use super::super::super::facts::FactsExt;
use super::super::super::id::{Digest, Handle};
use super::super::super::may::Denied;
use super::super::super::refusal::Refusal;
use super::super::super::refusals::{conflict, invalid};
use super::super::super::register::each_appointment;
use super::super::super::rule::Rule;
use super::super::{Context, Decision, MAX_REASON, check_text, enter, grounds, misrouted};
use super::unregistered;
use super::{check_keeper, check_line, does_not_speak, has_chairs_seat, known_body, named_body, speaks, taken};

pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    match command {
        Command::EstablishBody { .. } => establish(context, command),
        Command::EstablishSeat { body, seat } => add_seat(context, body, seat),
        Command::AbolishSeat { body, seat, reason } => abolish_seat(context, body, seat, reason),
        Command::RecordBodyReview { body, of, outcome } => review(context, body, *of, outcome),
        _ => Err(misrouted()),
    }
}

/// The Secretariat of the authority establishes a body, which has the same Secretariat and receives no other body's AMBER
/// papers.
fn establish(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    let Command::EstablishBody { body, name, answers_to, agreement, confirmation, rules, seats } = command else {
        return Err(misrouted());
    };
    check_keeper(context)?;
    check_line(Rule::Self1, "name", name)?;
    check_text(Rule::Gov1, "agreement", agreement, MAX_WORDS)?;
    if let Some(confirmation) = confirmation {
        check_text(Rule::Gov1, "confirmation", confirmation, MAX_WORDS)?;
    }
    let rules = rules.clone().unwrap_or_default();
    check_rules(&rules)?;
    check_seats(seats)?;
    let authority = context.authority()?;
    let over = answers_to.as_ref().unwrap_or(&authority.handle);
    if context.facts.body(over)?.is_none() {
        return Err(unregistered("body", "GET /v1/register/bodies"));
    }
    if context.facts.body(body)?.is_some() {
        return Err(taken("body"));
    }
    let established = Body {
        handle: body.clone(),
        name: name.clone(),
        seats: seats.clone(),
        secretariat: authority.secretariat.clone(),
        receives_amber: false,
        agreement_text: Digest::of(agreement.as_bytes()),
        agreement: Some(agreement.clone()),
        confirmation: confirmation.clone(),
        answers_to: Some(over.clone()),
        rules,
        reviews: Vec::new(),
    };
    let basis = grounds([("answers_to", over.to_string())]);
    Ok(enter(vec![Event::BodyEstablished { body: Box::new(established) }], [Rule::Read1, Rule::Self1], basis))
}

fn add_seat(context: &Context<'_>, body: &Handle, seat: &Seat) -> Result<Decision, Denied> {
    check_keeper(context)?;
    let body = named_body(context, body)?;
    let seats: Vec<_> = body.seats.iter().chain([seat]).cloned().collect();
    check_seats(&seats)?;
    let event = Event::SeatEstablished { body: body.handle.clone(), seat: seat.clone() };
    Ok(enter(vec![event], [Rule::Read1, Rule::Self1], grounds([("body", body.handle.to_string())])))
}

/// A seat that somebody holds or is proposed for stays: who sits there leaves it first (GOV-5).
fn abolish_seat(context: &Context<'_>, body: &Handle, seat: &Handle, reason: &str) -> Result<Decision, Denied> {
    check_keeper(context)?;
    let body = known_body(context, body)?;
    let seat = body.seat(seat).ok_or(Denied::Hidden)?;
    check_text(Rule::Self1, "reason", reason, MAX_REASON)?;
    let (now, mut taken) = (context.at.now, false);
    each_appointment(context.facts, |person, held| {
        let open = person.active && held.ended.is_none() && now < held.until;
        taken |= open && held.body == body.handle && held.seat == seat.handle;
    })?;
    if taken {
        return Err(conflict(
            Rule::Gov5,
            "Somebody holds the seat, or is proposed for it.",
            "End the appointment or withdraw the proposal first.",
        )
        .into());
    }
    let (body, seat) = (body.handle.clone(), seat.handle.clone());
    let basis = grounds([("body", body.to_string())]);
    let event = Event::SeatAbolished { body, seat, reason: reason.to_owned() };
    Ok(enter(vec![event], [Rule::Read1, Rule::Self1], basis))
}

/// ToR sections 7.4 and 7.7: the Chair reviews the membership, and the body above the Chair's appointment.
fn review(context: &Context<'_>, body: &Handle, of: ReviewSubject, outcome: &str) -> Result<Decision, Denied> {
    let body = known_body(context, body)?;
    let above = of == ReviewSubject::Chair || !has_chairs_seat(&body);
    if !speaks(context, &body, above)? {
        let rule = if of == ReviewSubject::Chair { Rule::Self1 } else { Rule::Gov5 };
        return Err(does_not_speak(rule, "This review is recorded by", above).into());
    }
    if of == ReviewSubject::Chair && context.standing.chairs(context.facts, &body)? {
        let refused = "Nobody reviews their own appointment.";
        return Err(super::not_permitted(Rule::Self1, refused, "Ask another member.").into());
    }
    if of == ReviewSubject::Chair && !has_chairs_seat(&body) {
        return Err(invalid(Rule::Gov5, "The body has no Chair's seat.", "Review the membership.").into());
    }
    check_text(Rule::Gov5, "outcome", outcome, MAX_REASON)?;
    let basis = grounds([("body", body.handle.to_string())]);
    let event = Event::BodyReviewed { body: body.handle.clone(), of, outcome: outcome.to_owned() };
    Ok(enter(vec![event], [Rule::Read1, Rule::Gov5], basis))
}

fn check_seats(seats: &[Seat]) -> Result<(), Refusal> {
    if seats.len() > MAX_SEATS {
        let detail = format!("A body has at most {MAX_SEATS} seats.");
        return Err(invalid(Rule::Self1, detail, "Leave some out."));
    }
    for (place, seat) in seats.iter().enumerate() {
        check_line(Rule::Self1, "constituency", &seat.constituency)?;
        if seats.iter().take(place).any(|other| other.handle == seat.handle) {
            return Err(invalid(
                Rule::Self1,
                "The handle of the seat is taken on this body.",
                "Choose another handle for the seat.",
            ));
        }
    }
    if seats.iter().filter(|seat| seat.role == SeatRole::Chair).count() > 1 {
        return Err(invalid(
            Rule::Self1,
            "A body has one Chair's seat at most.",
            "Make the seat voting or non_voting.",
        ));
    }
    Ok(())
}

fn check_rules(rules: &BodyRules) -> Result<(), Refusal> {
    let months = [
        ("term_months", rules.term_months),
        ("membership_review_months", rules.membership_review_months),
        ("chair_review_months", rules.chair_review_months),
    ];
    for (name, months) in months {
        if !(1..=MAX_MONTHS).contains(&months) {
            return Err(invalid(
                Rule::Gov5,
                format!("The rule {name} is out of range."),
                format!("Give a number of months from 1 to {MAX_MONTHS}."),
            ));
        }
    }
    if rules.term_warning_days > MAX_WARNING_DAYS {
        return Err(invalid(
            Rule::Gov5,
            "The rule term_warning_days is out of range.",
            format!("Give a number of days from 0 to {MAX_WARNING_DAYS}."),
        ));
    }
    Ok(())
}

/// The longest text of an agreement or a confirmation, in characters.
const MAX_WORDS: usize = 12_000;

/// The most seats of a body that is established here.
const MAX_SEATS: usize = 200;

/// The longest term, and the longest time between reviews, in months.
const MAX_MONTHS: u32 = 120;

/// The earliest warning before the end of a term, in days.
const MAX_WARNING_DAYS: u32 = 366;
