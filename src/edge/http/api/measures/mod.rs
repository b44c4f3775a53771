//! `/conflicts`, `/breaches`, `/suspensions`: what closes papers to a person, appeals, and what opens them again
//! (CONFLICT-1, BREACH-1, EMERGENCY-1). Appeals to the regulator are under `/decisions/{id}/appeal`.
//!
//! Whoever is suspended from everything still sees the measures that concern them, and may appeal (EMERGENCY-1).

mod instructions;
mod kinds;

use actix_web::{HttpResponse, web};

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::answering::{Act, act, created, entered, exempt_asker, json, look_up, unexpected, unseen};
use super::asking::{Asked, IdempotencyKey, Paging, Posted, RecordName};
use super::{POST, READ, READ_POST, posting, reading, resource};
use crate::pure::domain::command::Command;
use crate::pure::domain::id::DecisionId;
use crate::pure::wire::appeal::{NewAppeal, NewAppealOutcome, Verdict};
use crate::pure::wire::measure::NewLift;
use crate::pure::wire::page::PageQuery;
use kinds::{Breaches, Conflicts, Kind, Suspensions};

/// Puts the room's URLs under `/v1`.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(resource("/conflicts", READ_POST).route(reading(list::<Conflicts>)).route(posting(take::<Conflicts>)))
        .service(resource("/conflicts/{id}", READ).route(reading(show::<Conflicts>)))
        .service(resource("/conflicts/{id}/appeal", POST).route(posting(appeal::<Conflicts>)))
        .service(resource("/conflicts/{id}/appeal/outcome", POST).route(posting(settle::<Conflicts>)))
        .service(resource("/conflicts/{id}/lift", POST).route(posting(lift::<Conflicts>)))
        .service(resource("/breaches", READ_POST).route(reading(list::<Breaches>)).route(posting(take::<Breaches>)))
        .service(resource("/breaches/{id}", READ).route(reading(show::<Breaches>)))
        .service(resource("/breaches/{id}/appeal", POST).route(posting(appeal::<Breaches>)))
        .service(resource("/breaches/{id}/appeal/outcome", POST).route(posting(settle::<Breaches>)))
        .service(resource("/breaches/{id}/lift", POST).route(posting(lift::<Breaches>)))
        .service(
            resource("/suspensions", READ_POST).route(reading(list::<Suspensions>)).route(posting(take::<Suspensions>)),
        )
        .service(resource("/suspensions/{id}", READ).route(reading(show::<Suspensions>)))
        .service(resource("/suspensions/{id}/appeal", POST).route(posting(appeal::<Suspensions>)))
        .service(resource("/suspensions/{id}/appeal/outcome", POST).route(posting(settle::<Suspensions>)))
        .service(resource("/suspensions/{id}/lift", POST).route(posting(lift::<Suspensions>)))
        .service(resource("/decisions/{id}/appeal", POST).route(posting(instructions::appeal)))
        .service(resource("/decisions/{id}/appeal/outcome", POST).route(posting(instructions::settle)));
}

/// `POST` to the collection: a measure is taken.
async fn take<K: Kind>(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<K::New>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let act = act(&state, peer, K::command(new)?, key.0).await?;
    let id = K::id(act.entry);
    let taken = act.named(after_act::<K>(&state, peer, act, id).await)?;
    Ok(created(act.entry, format!("/v1/{}/{id}", K::COLLECTION), &taken))
}

/// `GET` of the collection.
async fn list<K: Kind>(
    peer: Peer,
    Asked(query): Asked<PageQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let standing = exempt_asker(&state, peer)?;
    let paging = Paging::of(&state, K::COLLECTION.to_owned(), query.limit, query.after.as_deref())?;
    let (after, look_for) = (paging.after, paging.look_for());
    let found = look_up(&state, move |facts| K::page(facts, &standing, after, look_for)).await?;
    Ok(json(&paging.page(&state, found, K::entry)))
}

/// `GET` of one.
async fn show<K: Kind>(
    peer: Peer,
    RecordName(id): RecordName<K::Id>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    Ok(json(&seen::<K>(&state, peer, id).await?.ok_or_else(unseen)?))
}

/// `POST .../appeal`.
async fn appeal<K: Kind>(
    peer: Peer,
    RecordName(id): RecordName<K::Id>,
    key: IdempotencyKey,
    Posted(new): Posted<NewAppeal>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let command = Command::Appeal { against: K::measure(id), statement: new.statement };
    changed::<K>(&state, peer, id, command, key).await
}

/// `POST .../appeal/outcome`.
async fn settle<K: Kind>(
    peer: Peer,
    RecordName(id): RecordName<K::Id>,
    key: IdempotencyKey,
    Posted(new): Posted<NewAppealOutcome>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let upheld = new.outcome == Verdict::Upheld;
    let command = Command::SettleAppeal { against: K::measure(id), upheld, reason: new.reason };
    changed::<K>(&state, peer, id, command, key).await
}

/// `POST .../lift`.
async fn lift<K: Kind>(
    peer: Peer,
    RecordName(id): RecordName<K::Id>,
    key: IdempotencyKey,
    Posted(new): Posted<NewLift>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let decision = new.decision.as_deref().map(DecisionId::parse).transpose();
    let decision = decision.map_err(|error| ApiProblem::malformed(format!("decision: {error}.")))?;
    let command = Command::Lift { against: K::measure(id), reason: new.reason, decision };
    changed::<K>(&state, peer, id, command, key).await
}

/// Has an act on a measure decided; the answer is the measure.
async fn changed<K: Kind>(
    state: &web::Data<State>,
    peer: Peer,
    id: K::Id,
    command: Command,
    key: IdempotencyKey,
) -> Result<HttpResponse, ApiProblem> {
    let act = act(state, peer, command, key.0).await?;
    Ok(entered(act.entry, &act.named(after_act::<K>(state, peer, act, id).await)?))
}

/// What a measure is after an act on it. A repetition may come from one who may no longer know of it (READ-8).
async fn after_act<K: Kind>(state: &web::Data<State>, peer: Peer, act: Act, id: K::Id) -> Result<K::Shape, ApiProblem> {
    let absent = || if act.repeated { unseen() } else { unexpected() };
    seen::<K>(state, peer, id).await?.ok_or_else(absent)
}

/// The measure, if the one who asks may know of it.
async fn seen<K: Kind>(state: &web::Data<State>, peer: Peer, id: K::Id) -> Result<Option<K::Shape>, ApiProblem> {
    let standing = exempt_asker(state, peer)?;
    look_up(state, move |facts| K::one(facts, &standing, id)).await
}
