//! `/register/appointments`: proposing, approving and ending (GOV-5).

use actix_web::{HttpResponse, web};

use super::super::super::peer::Peer;
use super::super::super::problem::ApiProblem;
use super::super::super::state::State;
use super::super::answering::{Act, act, created, entered, json, list_asker, look_up, unseen};
use super::super::asking::{Asked, IdempotencyKey, Paging, Posted, handle};
use super::super::shapes::Shapes;
use super::names::AppointmentName;
use crate::pure::domain::command::Command;
use crate::pure::domain::id::AppointmentId;
use crate::pure::domain::register::{self, AppointmentFilter, Knowing};
use crate::pure::wire::appointment::{Appointment, AppointmentsQuery, NewAppointment};
use crate::pure::wire::reason::Reason;

/// `GET /register/appointments`.
pub(super) async fn list(
    peer: Peer,
    Asked(query): Asked<AppointmentsQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let standing = list_asker(&state, peer)?;
    let filter = AppointmentFilter {
        body: query.body.as_deref().map(handle).transpose()?,
        person: query.person.as_deref().map(handle).transpose()?,
        ending: query.ending,
    };
    let paging = Paging::of(&state, format!("appointments {filter:?}"), query.limit, query.after.as_deref())?;
    let (after, look_for) = (paging.after, paging.look_for());
    let found = look_up(&state, move |facts| {
        let found = register::appointments(facts, &standing, &filter, after, look_for)?.items;
        let shapes = Shapes::new(facts, &standing)?;
        found.iter().map(|(person, held)| shapes.appointment(person, held)).collect::<Result<Vec<_>, _>>()
    });
    Ok(json(&paging.page(&state, found.await?, |appointment| appointment.entry)))
}

/// `POST /register/appointments`.
pub(super) async fn propose(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NewAppointment>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let command = Command::ProposeAppointment {
        person: handle(&new.person)?,
        body: handle(&new.body)?,
        seat: handle(&new.seat)?,
        from: new.from.map(Into::into),
        until: new.until.into(),
    };
    let act = act(&state, peer, command, key.0).await?;
    let proposed = act.named(seen(&state, peer, AppointmentId(act.entry), Some(act)).await)?;
    Ok(created(act.entry, format!("/v1/register/appointments/{}", proposed.id), &proposed))
}

/// `GET /register/appointments/{id}`.
pub(super) async fn show(
    peer: Peer,
    AppointmentName(id): AppointmentName,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    Ok(json(&seen(&state, peer, id, None).await?))
}

/// `POST /register/appointments/{id}/approval`.
pub(super) async fn approve(
    peer: Peer,
    AppointmentName(appointment): AppointmentName,
    key: IdempotencyKey,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let act = act(&state, peer, Command::ApproveAppointment { appointment }, key.0).await?;
    Ok(entered(act.entry, &act.named(seen(&state, peer, appointment, Some(act)).await)?))
}

/// `POST /register/appointments/{id}/end`.
pub(super) async fn end(
    peer: Peer,
    AppointmentName(appointment): AppointmentName,
    key: IdempotencyKey,
    Posted(Reason { reason }): Posted<Reason>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let act = act(&state, peer, Command::EndAppointment { appointment, reason }, key.0).await?;
    Ok(entered(act.entry, &act.named(seen(&state, peer, appointment, Some(act)).await)?))
}

/// The appointment, if the one who asks may know of it; after an act, whoever made it may, but for a repetition (READ-8).
async fn seen(
    state: &web::Data<State>,
    peer: Peer,
    id: AppointmentId,
    act: Option<Act>,
) -> Result<Appointment, ApiProblem> {
    let acted = act.is_some_and(|act| !act.repeated);
    let standing = if acted { state.repository.standing(peer.credential)? } else { list_asker(state, peer)? };
    let seen = look_up(state, move |facts| {
        let Some((person, held)) = register::appointment(facts, id)? else { return Ok(None) };
        if !acted && !Knowing::of(facts, &standing)?.knows_appointment(&person, &held)? {
            return Ok(None);
        }
        Shapes::new(facts, &standing)?.appointment(&person, &held).map(Some)
    });
    seen.await?.ok_or_else(unseen)
}
