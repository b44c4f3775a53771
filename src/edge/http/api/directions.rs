//! `/directions`: issuing, listing and settling directions to lodge (LODGE-2).

use std::sync::Arc;

use actix_web::{HttpResponse, web};

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::answering::{Act, act, created, entered, json, list_asker, look_up, unexpected, unseen};
use super::asking::{Asked, DirectionName, IdempotencyKey, Paging, Posted, handle};
use super::shapes::Shapes;
use crate::pure::domain::audience::may_know_of_direction;
use crate::pure::domain::catalogue::{self, DirectionFilter};
use crate::pure::domain::command::{Command, Settlement};
use crate::pure::domain::direction::Direction;
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::id::DirectionId;
use crate::pure::wire;
use crate::pure::wire::direction::{NewAcceptance, NewDirection, Outcome};

/// `POST /directions`.
pub(super) async fn issue(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NewDirection>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let command = Command::IssueDirection {
        document: handle(&new.document)?,
        title: new.title,
        requirement: new.requirement,
        due: new.due,
        decision: new.decision,
    };
    let act = act(&state, peer, command, key.0).await?;
    let id = DirectionId(act.entry);
    let direction = act.named(after_act(&state, peer, act, id).await)?;
    Ok(created(act.entry, format!("/v1/directions/{id}"), &direction))
}

/// The query of `GET /directions`: the state's name, or `overdue`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    state: Option<String>,
    limit: Option<u32>,
    after: Option<String>,
}

/// `GET /directions`.
pub(super) async fn list(
    peer: Peer,
    Asked(query): Asked<Query>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let standing = list_asker(&state, peer)?;
    let filter = query.state.as_deref().map(|name| DirectionFilter::parse(name).ok_or_else(no_state)).transpose()?;
    let paging = Paging::of(&state, format!("directions {filter:?}"), query.limit, query.after.as_deref())?;
    let (after, look_for) = (paging.after, paging.look_for());
    let found = look_up(&state, move |facts| {
        let directions = catalogue::directions(facts, &standing, filter, after, look_for)?.items;
        let shapes = Shapes::new(facts, &standing)?;
        directions.iter().map(|direction| shapes.direction(direction)).collect::<Result<Vec<_>, _>>()
    });
    Ok(json(&paging.page(&state, found.await?, |direction| direction.entry)))
}

/// `GET /directions/{id}`.
pub(super) async fn show(
    peer: Peer,
    DirectionName(id): DirectionName,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let direction = seen(&state, peer, id).await?;
    Ok(json(&shape(&state, peer, direction).await?))
}

/// `POST /directions/{id}/acceptance`.
pub(super) async fn settle(
    peer: Peer,
    DirectionName(direction): DirectionName,
    key: IdempotencyKey,
    Posted(new): Posted<NewAcceptance>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let outcome = match new.outcome {
        Outcome::Accepted => Settlement::Accepted,
        Outcome::Returned => Settlement::Returned,
    };
    let command = Command::SettleDirection { direction, outcome, reason: new.reason };
    let act = act(&state, peer, command, key.0).await?;
    let settled = act.named(after_act(&state, peer, act, direction).await)?;
    Ok(entered(act.entry, &settled))
}

/// The direction, if the one who asks may know of it.
async fn seen(state: &web::Data<State>, peer: Peer, id: DirectionId) -> Result<Arc<Direction>, ApiProblem> {
    let standing = list_asker(state, peer)?;
    let seen = look_up(state, move |facts| match facts.direction(id)? {
        Some(direction) => Ok(may_know_of_direction(facts, &standing, &direction)?.then_some(direction)),
        None => Ok(None),
    });
    seen.await?.ok_or_else(unseen)
}

/// What a direction is after an act on it. A repetition may come from one who may no longer know of it (READ-8).
async fn after_act(
    state: &web::Data<State>,
    peer: Peer,
    act: Act,
    id: DirectionId,
) -> Result<wire::direction::Direction, ApiProblem> {
    let direction = if act.repeated {
        seen(state, peer, id).await?
    } else {
        state.repository.facts().direction(id)?.ok_or_else(unexpected)?
    };
    shape(state, peer, direction).await
}

async fn shape(
    state: &web::Data<State>,
    peer: Peer,
    direction: Arc<Direction>,
) -> Result<wire::direction::Direction, ApiProblem> {
    let standing = state.repository.standing(peer.credential)?;
    look_up(state, move |facts| Shapes::new(facts, &standing)?.direction(&direction)).await
}

fn no_state() -> ApiProblem {
    ApiProblem::malformed("state is open, lodged, accepted, returned or overdue.")
}
