//! `/register/seats`, and the seats of one body.

use actix_web::{HttpResponse, web};

use super::super::super::peer::Peer;
use super::super::super::problem::ApiProblem;
use super::super::super::state::State;
use super::super::answering::{act, created, entered, json, list_asker, look_up, unseen};
use super::super::asking::{Asked, IdempotencyKey, Paging, Posted, handle};
use super::super::shapes::{Shapes, seat_role};
use super::names::SeatName;
use crate::pure::domain::body::Seat;
use crate::pure::domain::command::Command;
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::id::Handle;
use crate::pure::domain::register::{self, Knowing};
use crate::pure::wire;
use crate::pure::wire::body::{NewSeatOfBody, SeatsQuery};
use crate::pure::wire::reason::Reason;

/// `GET /register/seats`.
pub(super) async fn list(
    peer: Peer,
    Asked(query): Asked<SeatsQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let standing = list_asker(&state, peer)?;
    let body = query.body.as_deref().map(handle).transpose()?;
    let paging = Paging::of(&state, format!("seats {body:?}"), query.limit, query.after.as_deref())?;
    let (after, look_for) = (paging.after, paging.look_for());
    let found = look_up(&state, move |facts| {
        let seats = register::seats(facts, &standing, body.as_ref(), after, look_for)?;
        let holders = Shapes::new(facts, &standing)?.holders()?;
        Ok(seats.iter().map(|seat| (seat.index, holders.seat(&seat.item.body, &seat.item.seat))).collect())
    });
    let page = paging.page::<(u64, wire::body::Seat)>(&state, found.await?, |(index, _)| *index);
    Ok(json(&page.map(|(_, seat)| seat)))
}

/// `POST /register/seats`.
pub(super) async fn establish(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NewSeatOfBody>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let body = handle(&new.body)?;
    let seat = Seat { handle: handle(&new.seat)?, role: seat_role(new.role), constituency: new.constituency };
    let name = seat.handle.clone();
    let act = act(&state, peer, Command::EstablishSeat { body: body.clone(), seat }, key.0).await?;
    let seat = act.named(seen(&state, peer, body, name).await)?;
    Ok(created(act.entry, format!("/v1/register/bodies/{}/seats/{}", seat.body, seat.seat), &seat))
}

/// `GET /register/bodies/{body}/seats/{seat}`.
pub(super) async fn show(
    peer: Peer,
    SeatName { body, seat }: SeatName,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    Ok(json(&seen(&state, peer, body, seat).await?))
}

/// `POST /register/bodies/{body}/seats/{seat}/abolition`. The seat is no more, so that its name and the reason are all
/// there is to answer.
pub(super) async fn abolish(
    peer: Peer,
    SeatName { body, seat }: SeatName,
    key: IdempotencyKey,
    Posted(Reason { reason }): Posted<Reason>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let answer = serde_json::json!({"body": body, "seat": seat, "reason": reason});
    let act = act(&state, peer, Command::AbolishSeat { body, seat, reason }, key.0).await?;
    Ok(entered(act.entry, &answer))
}

async fn seen(
    state: &web::Data<State>,
    peer: Peer,
    body: Handle,
    seat: Handle,
) -> Result<wire::body::Seat, ApiProblem> {
    let standing = list_asker(state, peer)?;
    let seen = look_up(state, move |facts| {
        let knowing = Knowing::of(facts, &standing)?;
        let Some(body) = facts.body(&body)?.filter(|body| knowing.knows_body(body)) else { return Ok(None) };
        let holders = Shapes::new(facts, &standing)?.holders()?;
        Ok(body.seat(&seat).map(|seat| holders.seat(&body, seat)))
    });
    seen.await?.ok_or_else(unseen)
}
