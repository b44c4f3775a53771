//! `/register/alternates`: who acts for a member.

use actix_web::{HttpResponse, web};

use super::super::super::peer::Peer;
use super::super::super::problem::ApiProblem;
use super::super::super::state::State;
use super::super::answering::{Act, act, created, entered, json, list_asker, look_up, unseen};
use super::super::asking::{Asked, IdempotencyKey, Paging, Posted, handle};
use super::super::shapes::Shapes;
use super::names::AlternateName;
use crate::pure::domain::command::Command;
use crate::pure::domain::id::AlternateId;
use crate::pure::domain::register::{self, Knowing};
use crate::pure::wire::alternate::{Alternate, AlternatesQuery, NewAlternate};

/// `GET /register/alternates`.
pub(super) async fn list(
    peer: Peer,
    Asked(query): Asked<AlternatesQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let standing = list_asker(&state, peer)?;
    let body = query.body.as_deref().map(handle).transpose()?;
    let person = query.person.as_deref().map(handle).transpose()?;
    let list = format!("alternates {body:?} {person:?}");
    let paging = Paging::of(&state, list, query.limit, query.after.as_deref())?;
    let (after, look_for) = (paging.after, paging.look_for());
    let found = look_up(&state, move |facts| {
        let filter = (body.as_ref(), person.as_ref());
        let found = register::alternates(facts, &standing, filter, after, look_for)?.items;
        let shapes = Shapes::new(facts, &standing)?;
        found.iter().map(|(person, held)| shapes.alternate(person, held)).collect::<Result<Vec<_>, _>>()
    });
    Ok(json(&paging.page(&state, found.await?, |alternate| alternate.entry)))
}

/// `POST /register/alternates`.
pub(super) async fn propose(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NewAlternate>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let command = Command::ProposeAlternate { body: handle(&new.body)?, person: handle(&new.person)? };
    let act = act(&state, peer, command, key.0).await?;
    let proposed = act.named(seen(&state, peer, AlternateId(act.entry), Some(act)).await)?;
    Ok(created(act.entry, format!("/v1/register/alternates/{}", proposed.id), &proposed))
}

/// `GET /register/alternates/{id}`.
pub(super) async fn show(
    peer: Peer,
    AlternateName(id): AlternateName,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    Ok(json(&seen(&state, peer, id, None).await?))
}

/// `POST /register/alternates/{id}/approval`.
pub(super) async fn approve(
    peer: Peer,
    AlternateName(alternate): AlternateName,
    key: IdempotencyKey,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let act = act(&state, peer, Command::ApproveAlternate { alternate }, key.0).await?;
    Ok(entered(act.entry, &act.named(seen(&state, peer, alternate, Some(act)).await)?))
}

/// `POST /register/alternates/{id}/end`.
pub(super) async fn end(
    peer: Peer,
    AlternateName(alternate): AlternateName,
    key: IdempotencyKey,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let act = act(&state, peer, Command::EndAlternate { alternate }, key.0).await?;
    Ok(entered(act.entry, &act.named(seen(&state, peer, alternate, Some(act)).await)?))
}

/// The alternate, if the one who asks may know of it; after an act, whoever made it may, but for a repetition (READ-8).
async fn seen(
    state: &web::Data<State>,
    peer: Peer,
    id: AlternateId,
    act: Option<Act>,
) -> Result<Alternate, ApiProblem> {
    let acted = act.is_some_and(|act| !act.repeated);
    let standing = if acted { state.repository.standing(peer.credential)? } else { list_asker(state, peer)? };
    let seen = look_up(state, move |facts| {
        let Some((person, held)) = register::alternate(facts, id)? else { return Ok(None) };
        if !acted && !Knowing::of(facts, &standing)?.knows_alternate(&person, &held)? {
            return Ok(None);
        }
        Shapes::new(facts, &standing)?.alternate(&person, &held).map(Some)
    });
    seen.await?.ok_or_else(unseen)
}
