//! `/register/bodies`.

use actix_web::{HttpResponse, web};

use super::super::super::peer::Peer;
use super::super::super::problem::ApiProblem;
use super::super::super::state::State;
use super::super::answering::{act, created, entered, json, list_asker, look_up, unseen};
use super::super::asking::{Asked, IdempotencyKey, Paging, Posted, handle};
use super::super::shapes::{self, Shapes, seat_role};
use super::names::BodyName;
use crate::pure::domain::body::{BodyRules, Fraction, Seat};
use crate::pure::domain::command::Command;
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::id::Handle;
use crate::pure::domain::register::{self, Knowing};
use crate::pure::wire;
use crate::pure::wire::body::{BodyDetail, NewBody, NewReview, NewRules, NewSeat};
use crate::pure::wire::page::PageQuery;

/// `GET /register/bodies`.
pub(super) async fn list(
    peer: Peer,
    Asked(query): Asked<PageQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let standing = list_asker(&state, peer)?;
    let paging = Paging::of(&state, "bodies".into(), query.limit, query.after.as_deref())?;
    let (after, look_for) = (paging.after, paging.look_for());
    let found = look_up(&state, move |facts| {
        let bodies = register::bodies(facts, &standing, after, look_for)?.items;
        let shapes = Shapes::new(facts, &standing)?;
        bodies.iter().map(|listed| Ok((listed.index, shapes.body(&listed.item)?))).collect()
    });
    let page = paging.page::<(u64, wire::body::Body)>(&state, found.await?, |(index, _)| *index);
    Ok(json(&page.map(|(_, body)| body)))
}

/// `POST /register/bodies`.
pub(super) async fn establish(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NewBody>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let body = handle(&new.body)?;
    let command = Command::EstablishBody {
        body: body.clone(),
        name: new.name,
        answers_to: new.answers_to.as_deref().map(handle).transpose()?,
        agreement: new.agreement,
        confirmation: new.confirmation,
        rules: new.rules.map(rules).transpose()?,
        seats: new.seats.into_iter().map(seat).collect::<Result<_, _>>()?,
    };
    let act = act(&state, peer, command, key.0).await?;
    let established = act.named(seen(&state, peer, body).await)?;
    Ok(created(act.entry, format!("/v1/register/bodies/{}", established.body.handle), &established))
}

/// `GET /register/bodies/{body}`.
pub(super) async fn show(
    peer: Peer,
    BodyName(body): BodyName,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    Ok(json(&seen(&state, peer, body).await?))
}

/// `POST /register/bodies/{body}/reviews`.
pub(super) async fn review(
    peer: Peer,
    BodyName(body): BodyName,
    key: IdempotencyKey,
    Posted(NewReview { of, outcome }): Posted<NewReview>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let command = Command::RecordBodyReview { body: body.clone(), of: shapes::review_subject(of), outcome };
    let act = act(&state, peer, command, key.0).await?;
    Ok(entered(act.entry, &act.named(seen(&state, peer, body).await)?))
}

async fn seen(state: &web::Data<State>, peer: Peer, body: Handle) -> Result<BodyDetail, ApiProblem> {
    let standing = list_asker(state, peer)?;
    let seen = look_up(state, move |facts| {
        let knowing = Knowing::of(facts, &standing)?;
        let Some(body) = facts.body(&body)?.filter(|body| knowing.knows_body(body)) else { return Ok(None) };
        Shapes::new(facts, &standing)?.body_detail(&body).map(Some)
    });
    seen.await?.ok_or_else(unseen)
}

fn seat(new: NewSeat) -> Result<Seat, ApiProblem> {
    Ok(Seat { handle: handle(&new.seat)?, role: seat_role(new.role), constituency: new.constituency })
}

fn rules(new: NewRules) -> Result<BodyRules, ApiProblem> {
    let common = BodyRules::default();
    Ok(BodyRules {
        quorum: fraction("quorum", new.quorum, common.quorum)?,
        quorum_needs_chair: new.quorum_needs_chair.unwrap_or(common.quorum_needs_chair),
        majority: fraction("majority", new.majority, common.majority)?,
        chair_casts_only: new.chair_casts_only.unwrap_or(common.chair_casts_only),
        term_months: new.term_months.unwrap_or(common.term_months),
        membership_review_months: new.membership_review_months.unwrap_or(common.membership_review_months),
        chair_review_months: new.chair_review_months.unwrap_or(common.chair_review_months),
        term_warning_days: new.term_warning_days.unwrap_or(common.term_warning_days),
    })
}

fn fraction(name: &str, text: Option<String>, common: Fraction) -> Result<Fraction, ApiProblem> {
    let Some(text) = text else { return Ok(common) };
    Fraction::try_from(text).map_err(|error| ApiProblem::malformed(format!("rules.{name}: {error}.")))
}
