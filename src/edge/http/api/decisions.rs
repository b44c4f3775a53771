//! `/decisions`: resolutions of bodies by recorded votes (GOV-2 to GOV-4).

use std::sync::Arc;

use actix_web::{HttpResponse, web};

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::answering::{Act, act, created, entered, exempt_asker, json, list_asker, look_up, unexpected, unseen};
use super::asking::{Asked, DecisionName, IdempotencyKey, Paging, Posted, PostedIfAny, handle, label};
use super::shapes::Shapes;
use super::{POST, READ, READ_POST, posting, reading, resource};
use crate::pure::domain::command::{AskedSubject, Command};
use crate::pure::domain::decision::{Decision, DecisionKind, Meeting, Vote};
use crate::pure::domain::docket::{self, DecisionFilter, may_know_of_decision};
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::id::{DecisionId, SuspensionId};
use crate::pure::wire::decision::{
    self as wire, CloseDecision, DecisionState, DecisionsQuery, NewDecision, NewMeeting, NewSubject, NewVote,
};

/// Puts the room's URLs under `/v1`.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(resource("/decisions", READ_POST).route(reading(list)).route(posting(open)))
        .service(resource("/decisions/{id}", READ).route(reading(show)))
        .service(resource("/decisions/{id}/votes", POST).route(posting(vote)))
        .service(resource("/decisions/{id}/close", POST).route(posting(close)));
}

/// `POST /decisions`.
async fn open(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NewDecision>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let command = Command::OpenDecision {
        body: handle(&new.body)?,
        decision_kind: kind(&new.kind)?,
        subject: subject(new.subject)?,
        question: new.question,
        meeting: new.meeting.map(meeting).transpose()?,
    };
    let act = act(&state, peer, command, key.0).await?;
    let id = DecisionId(act.entry);
    let decision = act.named(after_act(&state, peer, act, id).await)?;
    Ok(created(act.entry, format!("/v1/decisions/{id}"), &decision))
}

/// `GET /decisions`.
async fn list(
    peer: Peer,
    Asked(query): Asked<DecisionsQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let filter = DecisionFilter {
        body: query.body.as_deref().map(handle).transpose()?,
        open: query.state.map(|state| state == DecisionState::Open),
        kind: query.kind.as_deref().map(kind).transpose()?,
    };
    // No suspension keeps what lifts one from those who decide on it (EMERGENCY-1).
    let lifting = filter.kind == Some(DecisionKind::LiftSuspension);
    let standing = if lifting { exempt_asker(&state, peer)? } else { list_asker(&state, peer)? };
    let paging = Paging::of(&state, format!("decisions {filter:?}"), query.limit, query.after.as_deref())?;
    let (after, look_for) = (paging.after, paging.look_for());
    let found = look_up(&state, move |facts| {
        let decisions = docket::decisions(facts, &standing, &filter, after, look_for)?.items;
        Shapes::new(facts, &standing)?.decisions(&decisions)
    });
    Ok(json(&paging.page(&state, found.await?, |decision| decision.entry)))
}

/// `GET /decisions/{id}`.
async fn show(peer: Peer, DecisionName(id): DecisionName, state: web::Data<State>) -> Result<HttpResponse, ApiProblem> {
    let decision = seen(&state, peer, id).await?;
    Ok(json(&shape(&state, peer, decision).await?))
}

/// `POST /decisions/{id}/votes`.
async fn vote(
    peer: Peer,
    DecisionName(decision): DecisionName,
    key: IdempotencyKey,
    Posted(new): Posted<NewVote>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let vote = match new.vote {
        wire::Vote::For => Vote::For,
        wire::Vote::Against => Vote::Against,
        wire::Vote::Abstain => Vote::Abstain,
    };
    let seat = new.seat.as_deref().map(handle).transpose()?;
    let act = act(&state, peer, Command::CastVote { decision, vote, seat }, key.0).await?;
    let decision = act.named(after_act(&state, peer, act, decision).await)?;
    Ok(entered(act.entry, &decision))
}

/// `POST /decisions/{id}/close`.
async fn close(
    peer: Peer,
    DecisionName(decision): DecisionName,
    key: IdempotencyKey,
    PostedIfAny(CloseDecision {}): PostedIfAny<CloseDecision>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let act = act(&state, peer, Command::CloseDecision { decision }, key.0).await?;
    let decision = act.named(after_act(&state, peer, act, decision).await)?;
    Ok(entered(act.entry, &decision))
}

/// The decision, if the one who asks may know of it.
async fn seen(state: &web::Data<State>, peer: Peer, id: DecisionId) -> Result<Arc<Decision>, ApiProblem> {
    let standing = exempt_asker(state, peer)?;
    let seen = look_up(state, move |facts| match facts.decision(id)? {
        Some(decision) => Ok(may_know_of_decision(facts, &standing, &decision)?.then_some(decision)),
        None => Ok(None),
    });
    let seen = seen.await?;
    // A suspension of everything answers alike whatever is asked for, but for what lifts (EMERGENCY-1).
    if !seen.as_ref().is_some_and(|decision| decision.lifts_a_suspension()) {
        list_asker(state, peer)?;
    }
    seen.ok_or_else(unseen)
}

/// What a decision is after an act on it. A repetition may come from one who may no longer know of it (READ-8).
async fn after_act(
    state: &web::Data<State>,
    peer: Peer,
    act: Act,
    id: DecisionId,
) -> Result<wire::Decision, ApiProblem> {
    let decision = if act.repeated {
        seen(state, peer, id).await?
    } else {
        state.repository.facts().decision(id)?.ok_or_else(unexpected)?
    };
    shape(state, peer, decision).await
}

async fn shape(state: &web::Data<State>, peer: Peer, decision: Arc<Decision>) -> Result<wire::Decision, ApiProblem> {
    let standing = state.repository.standing(peer.credential)?;
    look_up(state, move |facts| Shapes::new(facts, &standing)?.decision(&decision)).await
}

fn kind(name: &str) -> Result<DecisionKind, ApiProblem> {
    DecisionKind::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| {
        let known = DecisionKind::ALL.map(DecisionKind::as_str).join(", ");
        ApiProblem::malformed(format!("The kind of a decision is one of {known}."))
    })
}

/// The one thing that the members name.
fn subject(new: NewSubject) -> Result<AskedSubject, ApiProblem> {
    match new {
        NewSubject {
            document: Some(document),
            version,
            to,
            suspension: None,
            organisation: None,
            service: false,
            services: None,
            matter: None,
        } => {
            let document = handle(&document)?;
            let to = to.as_deref().map(handle).transpose()?;
            match (version, to) {
                (Some(version), to) => Ok(AskedSubject::Version { document, version: label(&version)?, to }),
                (None, None) => Ok(AskedSubject::Document { document }),
                (None, Some(_)) => Err(no_subject()),
            }
        }
        NewSubject {
            document: None,
            version: None,
            to: None,
            suspension: Some(suspension),
            organisation: None,
            service: false,
            services: None,
            matter: None,
        } => {
            let suspension = SuspensionId::parse(&suspension);
            let suspension = suspension.map_err(|error| ApiProblem::malformed(format!("The suspension: {error}.")))?;
            Ok(AskedSubject::Suspension { suspension })
        }
        NewSubject {
            document: None,
            version: None,
            to: None,
            suspension: None,
            organisation,
            service,
            services: Some(services),
            matter: None,
        } if organisation.is_some() != service => {
            Ok(AskedSubject::Participant { organisation: organisation.as_deref().map(handle).transpose()?, services })
        }
        NewSubject {
            document: None,
            version: None,
            to: None,
            suspension: None,
            organisation: None,
            service: false,
            services: None,
            matter: Some(matter),
        } => Ok(AskedSubject::Matter { matter }),
        _ => Err(no_subject()),
    }
}

fn meeting(new: NewMeeting) -> Result<Meeting, ApiProblem> {
    Ok(match new {
        NewMeeting::Named(reference) => Meeting { reference, exceptional: false, present: Vec::new() },
        NewMeeting::Held(meeting) => Meeting {
            reference: meeting.reference,
            exceptional: meeting.exceptional,
            present: meeting.present.iter().map(|person| handle(person)).collect::<Result<_, _>>()?,
        },
    })
}

fn no_subject() -> ApiProblem {
    ApiProblem::malformed(
        "The subject names one thing: document and version (and to), document, suspension, organisation or service with \
         services, or matter.",
    )
}
