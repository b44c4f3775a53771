//! Decisions on directions to lodge (SEC L5.9; LODGE-2).

use jiff::civil::Date;

use super::super::audience::may_know_of_direction;
use super::super::command::Settlement;
use super::super::decision::DecisionKind;
use super::super::direction::DirectionState;
use super::super::docket::may_know_of_decision;
use super::super::document::Document;
use super::super::event::Event;
use super::super::facts::FactsExt;
use super::super::id::{DecisionId, DirectionId, Handle};
use super::super::may::Denied;
use super::super::refusals::{conflict, invalid, not_permitted};
use super::super::rule::Rule;
use super::{Context, Decision, MAX_REASON, check_text, check_title, enter, grounds};

/// The Chair, or the Secretariat for the Chair, directs the operator of the PKI to lodge a version.
pub(super) fn issue(
    context: &Context<'_>,
    document: &Handle,
    title: &str,
    requirement: &str,
    due: Date,
    decision: Option<&str>,
) -> Result<Decision, Denied> {
    let document = context.known_document(document)?;
    if !is_issuers_side(context, &document.slug)? {
        return Err(not_permitted(
            Rule::Lodge2,
            "Directions are issued by the Chair of the originating body, or by its Secretariat for the Chair.",
            "Ask the Chair or the Secretariat.",
        )
        .into());
    }
    check_title(Rule::Lodge2, title)?;
    check_text(Rule::Lodge2, "requirement", requirement, MAX_REASON)?;
    let profile = context.profile()?;
    let today = context.at.now.day_in(&profile.zone());
    if due < today {
        return Err(
            invalid(Rule::Lodge2, "The direction would be due before it is issued.", "Give a later day.").into()
        );
    }
    let decision = decision.map(|id| cited(context, &document, id)).transpose()?;
    let event = Event::DirectionIssued {
        direction: DirectionId(context.at.index),
        document: document.slug.clone(),
        title: title.into(),
        requirement: requirement.into(),
        due,
        addressee: profile.direction_addressee.clone(),
        decision,
    };
    Ok(enter(vec![event], [Rule::Read1, Rule::Lodge2], grounds([("body", document.body.to_string())])))
}

/// The issuer's side accepts or returns what was lodged against a direction.
pub(super) fn settle(
    context: &Context<'_>,
    direction: DirectionId,
    outcome: Settlement,
    reason: &str,
) -> Result<Decision, Denied> {
    let direction = context.facts.direction(direction)?.ok_or(Denied::Hidden)?;
    if !may_know_of_direction(context.facts, context.standing, &direction)? {
        return Err(Denied::Hidden);
    }
    if !is_issuers_side(context, &direction.document)? {
        return Err(not_permitted(
            Rule::Lodge2,
            "What was lodged against a direction is accepted or returned by the issuer's side.",
            "Ask the Chair or the Secretariat.",
        )
        .into());
    }
    check_text(Rule::Lodge2, "reason", reason, MAX_REASON)?;
    let DirectionState::Lodged { label } = &direction.state else {
        return Err(conflict(
            Rule::Lodge2,
            "No version waits for acceptance under this direction.",
            "Wait until one is lodged against it.",
        )
        .into());
    };
    let (direction, label, reason) = (direction.id, label.clone(), reason.into());
    let event = match outcome {
        Settlement::Accepted => Event::DirectionAccepted { direction, label, reason },
        Settlement::Returned => Event::DirectionReturned { direction, label, reason },
    };
    Ok(enter(vec![event], [Rule::Read1, Rule::Lodge2], grounds([])))
}

/// The decision that a direction cites: carried, and on directing the operator of the PKI to lodge this document. One that
/// the issuer may not know of is refused like one that does not exist (READ-6).
fn cited(context: &Context<'_>, document: &Document, id: &str) -> Result<DecisionId, Denied> {
    let decision = DecisionId::parse(id).ok().map(|id| context.facts.decision(id)).transpose()?.flatten();
    if let Some(decision) = decision
        && decision.kind == DecisionKind::DirectDcc
        && decision.is_carried()
        && decision.body == document.body
        && decision.subject.document() == Some(&document.slug)
        && may_know_of_decision(context.facts, context.standing, &decision)?
    {
        return Ok(decision.id);
    }
    Err(invalid(
        Rule::Lodge2,
        "The decision cited is not a carried one of kind direct_dcc on this document.",
        "Cite the decision that directs this document to be lodged, or leave decision out: the direction is then issued \
         on the Chair's own word.",
    )
    .into())
}

fn is_issuers_side(context: &Context<'_>, document: &Handle) -> Result<bool, Denied> {
    let document = context.facts.document(document)?.ok_or(Denied::Hidden)?;
    let body = context.body_of(&document)?;
    Ok(context.standing.is_secretariat_of(&body) || context.standing.chairs(context.facts, &body)?)
}
