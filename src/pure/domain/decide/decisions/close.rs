//! Closing: the votes are counted, and what the decision brings about happens in the same entry (GOV-2 to GOV-4, RED-2,
//! EMERGENCY-1).

use super::super::super::appeal::Measure;
use super::super::super::ballot::Sitting;
use super::super::super::classification::{Classification, Level};
use super::super::super::count::outcome;
use super::super::super::decision::{Decision as Question, DecisionKind, DecisionOutcome, DecisionSubject, Resolution};
use super::super::super::docket::deciding_body;
use super::super::super::event::Event;
use super::super::super::facts::{FactsDamaged, FactsExt};
use super::super::super::grant::{GrantKind, Grantee};
use super::super::super::id::{DecisionId, GrantId, SuspensionId};
use super::super::super::may::Denied;
use super::super::super::refusals::{conflict, not_permitted};
use super::super::super::rule::Rule;
use super::super::super::version::Version;
use super::super::{Context, Decision, enter, grounds};
use super::{is_appealed, known, suspension};

/// The Chair or the Secretariat closes a vote.
pub(super) fn close(context: &Context<'_>, decision: DecisionId) -> Result<Decision, Denied> {
    let Context { facts, standing, at } = context;
    let decision = known(context, decision)?;
    let body = deciding_body(*facts, &decision)?;
    let chairs = standing.chairs(*facts, &body)?;
    if !chairs && !standing.is_secretariat_of(&body) {
        return Err(not_permitted(
            Rule::Gov4,
            "A vote is closed by the Chair of the body, or by its Secretariat.",
            "Ask the Chair or the Secretariat.",
        )
        .into());
    }
    if !decision.is_open() {
        return Err(conflict(Rule::Gov4, "The decision is closed already.", "Read its outcome.").into());
    }
    let sitting = Sitting::of(*facts, body, at.now)?;
    let count = sitting.count(*facts, &decision, chairs.then(|| standing.handle()))?;
    let outcome = outcome(&sitting.body.rules, &count);
    let mut events = vec![Event::DecisionClosed { decision: decision.id, outcome, count: Box::new(count) }];
    events.extend(effect(context, &decision, outcome)?);
    let basis = grounds([("body", decision.body.to_string())]);
    Ok(enter(events, [Rule::Read1, Rule::Gov2, Rule::Gov3, Rule::Gov4], basis))
}

/// What the decision brings about. Without a quorum nothing is decided.
fn effect(context: &Context<'_>, decision: &Question, outcome: DecisionOutcome) -> Result<Vec<Event>, FactsDamaged> {
    let carried = match outcome {
        DecisionOutcome::Carried => true,
        DecisionOutcome::Rejected => false,
        DecisionOutcome::Inquorate => return Ok(Vec::new()),
    };
    Ok(match (decision.kind, carried) {
        (DecisionKind::ApproveCps, true) => resolved(decision, Resolution::Approved),
        (DecisionKind::ApproveCps, false) => resolved(decision, Resolution::Rejected),
        (DecisionKind::ReviewCps, true) => resolved(decision, Resolution::Reviewed),
        (DecisionKind::PublishGuidance, true) => resolved(decision, Resolution::ToBePublished),
        (DecisionKind::DiscloseRed, true) => disclosed(context, decision)?,
        (DecisionKind::LiftSuspension, carried) => match &decision.subject {
            DecisionSubject::Suspension { suspension } => lifted(context, decision, *suspension, carried)?,
            _ => Vec::new(),
        },
        _ => Vec::new(),
    })
}

fn resolved(decision: &Question, resolution: Resolution) -> Vec<Event> {
    let DecisionSubject::Version { document, label, digest, .. } = &decision.subject else { return Vec::new() };
    let (document, label, digest, decision) = (document.clone(), label.clone(), *digest, decision.id);
    vec![Event::VersionResolved { document, label, digest, decision, resolution }]
}

/// RED-2: the recorded approval admits the members of the other body.
fn disclosed(context: &Context<'_>, decision: &Question) -> Result<Vec<Event>, FactsDamaged> {
    let DecisionSubject::Version { document, label, to: Some(to), .. } = &decision.subject else {
        return Ok(Vec::new());
    };
    // What was withdrawn or determined anew since is not what was put to the vote.
    let version = match context.facts.label(document, label)? {
        Some(lodged) => context.facts.version(document, lodged)?,
        None => None,
    };
    let is_red = |version: &Version| version.level() == Level::Determined(Classification::Red);
    if !version.is_some_and(|version| is_red(&version) && version.withdrawn.is_none()) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::GrantGiven {
        grant: GrantId(context.at.index),
        document: document.clone(),
        label: label.clone(),
        grant_kind: GrantKind::RedDisclosure,
        to: Grantee::Body(to.clone()),
        action: decision.id.to_string(),
        valid_until: None,
        decision: Some(decision.id),
    }])
}

/// EMERGENCY-1: what was decided on lifting a suspension is the outcome of the appeals against it too. One that another
/// decision lifted meanwhile is left as it is.
fn lifted(
    context: &Context<'_>,
    decision: &Question,
    id: SuspensionId,
    carried: bool,
) -> Result<Vec<Event>, FactsDamaged> {
    let Some((whom, suspension)) = suspension(context, id)? else { return Ok(Vec::new()) };
    let mut events = Vec::new();
    if carried && !suspension.lifted {
        let (reason, decision) = (format!("Lifted by {}.", decision.id), Some(decision.id));
        events.push(Event::SuspensionLifted { suspension: id, whom, reason, decision });
    }
    if is_appealed(&suspension) {
        let reason = format!("{} by {}.", if carried { "Upheld" } else { "Dismissed" }, decision.id);
        events.push(Event::AppealSettled { against: Measure::Suspension(id), upheld: carried, reason });
    }
    Ok(events)
}
