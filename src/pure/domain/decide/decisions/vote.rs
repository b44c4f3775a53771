//! Voting: one vote a seat, by whoever acts in it (GOV-1, GOV-3, CONFLICT-1; ToR sections 7.4 to 7.6 and 7.10).

use super::super::super::ballot::{Acting, Sitting, acting, is_suspended_themself};
use super::super::super::body::{Body, SeatRole};
use super::super::super::count::is_tied;
use super::super::super::decision::{Decision as Question, DecisionSubject, Vote};
use super::super::super::docket::deciding_body;
use super::super::super::event::Event;
use super::super::super::facts::FactsExt;
use super::super::super::id::{DecisionId, Handle};
use super::super::super::may::Denied;
use super::super::super::refusals::{agreement_required, conflict, conflict_of_interest, invalid, not_permitted};
use super::super::super::rule::Rule;
use super::super::{Context, Decision, enter, grounds};
use super::known;

/// A vote is cast in a seat; in the one named, where the person acts in several.
pub(super) fn cast(
    context: &Context<'_>,
    decision: DecisionId,
    vote: Vote,
    seat: Option<&Handle>,
) -> Result<Decision, Denied> {
    let decision = known(context, decision)?;
    let body = deciding_body(context.facts, &decision)?;
    let acting = voting_seat(context, &body, seat)?;
    if !decision.is_open() {
        return Err(conflict(Rule::Gov4, "The decision is closed.", "Ask for the question to be put again.").into());
    }
    if !context.standing.has_signed(&body) {
        return Err(agreement_required(Rule::Gov1).into());
    }
    check_own_suspension(context, &decision, &acting)?;
    let sitting = Sitting::of(context.facts, body, context.at.now)?;
    if sitting.is_conflicted(&decision, &acting.seat, &context.standing.person) {
        return Err(conflict_of_interest().into());
    }
    if let Some(before) = sitting.barring(context.facts, &decision, &acting.seat)? {
        let detail = if before.by == *context.standing.handle() {
            "You voted in this seat already."
        } else if before.as_alternate {
            "The member's alternate voted in this seat already, in the member's absence."
        } else {
            "The member voted in this seat already: an alternate votes only in the member's absence."
        };
        return Err(conflict(Rule::Gov3, detail, "Nothing: a seat has one vote.").into());
    }
    let casts_only = acting.role == SeatRole::Chair && sitting.body.rules.chair_casts_only;
    if casts_only && !is_tied(&sitting.count(context.facts, &decision, None)?) {
        return Err(conflict(
            Rule::Gov3,
            "The Chair votes only to break a tie, and the votes are not tied.",
            "Vote when as many have voted for the question as against it.",
        )
        .into());
    }
    let event = Event::VoteCast {
        decision: decision.id,
        seat: acting.seat.clone(),
        as_alternate: acting.as_alternate,
        credential: context.standing.credential,
        vote,
    };
    let basis = grounds([("body", decision.body.to_string()), ("seat", acting.seat.to_string())]);
    Ok(enter(vec![event], [Rule::Read1, Rule::Gov1, Rule::Gov3], basis))
}

/// The seat with a say in which the person acts.
fn voting_seat(context: &Context<'_>, body: &Body, named: Option<&Handle>) -> Result<Acting, Denied> {
    let person = &context.standing.person;
    let mut seats = acting(context.facts, person, body, context.at.now)?;
    if let Some(named) = named {
        seats.retain(|one| one.seat == *named);
    }
    let has_a_say = |one: &Acting| one.role != SeatRole::NonVoting && !person.system;
    let mut voting = seats.iter().filter(|one| has_a_say(one));
    match (voting.next(), voting.next()) {
        (Some(seat), None) => Ok(seat.clone()),
        (Some(_), Some(_)) => Err(invalid(
            Rule::Gov3,
            "You act in several seats of this body, and each has a vote of its own.",
            format!(
                "Name the seat: {}.",
                seats.iter().filter(|one| has_a_say(one)).map(|one| one.seat.as_str()).collect::<Vec<_>>().join(" or ")
            ),
        )
        .into()),
        (None, _) if awaits_confirmation(context, body, named) => Err(not_permitted(
            Rule::Gov1,
            "You are appointed to a seat of this body, but have not confirmed that you serve in it.",
            "Confirm your membership (POST /v1/confirmations), then vote.",
        )
        .into()),
        (None, _) => Err(not_permitted(
            Rule::Gov3,
            "Only members in a voting seat vote, their alternates in their absence, and the Chair to break a tie.",
            "Nothing that you can do, unless another seat is yours: name it.",
        )
        .into()),
    }
}

fn awaits_confirmation(context: &Context<'_>, body: &Body, named: Option<&Handle>) -> bool {
    context.standing.person.appointments.iter().any(|one| {
        one.body == body.handle
            && named.is_none_or(|named| one.seat == *named)
            && one.is_appointed(context.at.now)
            && !one.confirmed
            && body.seat(&one.seat).is_some_and(|seat| seat.role != SeatRole::NonVoting)
    })
}

/// SELF-1: in the seat of the person whose suspension it is nobody votes on lifting it.
fn check_own_suspension(context: &Context<'_>, decision: &Question, acting: &Acting) -> Result<(), Denied> {
    let DecisionSubject::Suspension { suspension } = &decision.subject else { return Ok(()) };
    let (whom, member) = (context.facts.suspended(*suspension)?, context.facts.person(&acting.member)?);
    let is_own = member.zip(whom).is_some_and(|(member, whom)| is_suspended_themself(&member, &whom));
    if !is_own {
        return Ok(());
    }
    Err(not_permitted(
        Rule::Self1,
        "It is the suspension of the member whose seat this is, or of the member's organisation: nobody votes on lifting it there.",
        "Leave the vote to the other members.",
    )
    .into())
}
