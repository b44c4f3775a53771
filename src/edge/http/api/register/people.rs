//! `/register/people`.

use std::sync::Arc;

use actix_web::{HttpResponse, web};

use super::super::super::peer::Peer;
use super::super::super::problem::ApiProblem;
use super::super::super::state::State;
use super::super::answering::{act, created, entered, json, list_asker, look_up, unseen};
use super::super::asking::{Asked, IdempotencyKey, Paging, Posted, handle};
use super::super::shapes::Shapes;
use super::names::PersonName;
use crate::pure::domain::command::Command;
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::id::Handle;
use crate::pure::domain::register::{self, Knowing};
use crate::pure::wire::page::PageQuery;
use crate::pure::wire::person::{NewPerson, RegisteredPerson};
use crate::pure::wire::reason::Reason;

/// `GET /register/people`.
pub(super) async fn list(
    peer: Peer,
    Asked(query): Asked<PageQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let standing = list_asker(&state, peer)?;
    let paging = Paging::of(&state, "people".into(), query.limit, query.after.as_deref())?;
    let (after, look_for) = (paging.after, paging.look_for());
    let found = look_up(&state, move |facts| {
        let people = register::people(facts, &standing, after, look_for)?.items;
        let shapes = Shapes::new(facts, &standing)?;
        people.iter().map(|listed| Ok((listed.index, shapes.registered_person(&listed.item)?))).collect()
    });
    let page = paging.page::<(u64, RegisteredPerson)>(&state, found.await?, |(index, _)| *index);
    Ok(json(&page.map(|(_, person)| person)))
}

/// `POST /register/people`.
pub(super) async fn register(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NewPerson>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let person = handle(&new.person)?;
    let organisation = handle(&new.organisation)?;
    let command = Command::RegisterPerson { person: person.clone(), name: new.name, organisation, system: new.system };
    let act = act(&state, peer, command, key.0).await?;
    let registered = act.named(seen(&state, peer, person).await)?;
    Ok(created(act.entry, format!("/v1/register/people/{}", registered.handle), &registered))
}

/// `GET /register/people/{person}`.
pub(super) async fn show(
    peer: Peer,
    PersonName(person): PersonName,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    Ok(json(&seen(&state, peer, person).await?))
}

/// `POST /register/people/{person}/removal`.
pub(super) async fn remove(
    peer: Peer,
    PersonName(person): PersonName,
    key: IdempotencyKey,
    Posted(Reason { reason }): Posted<Reason>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let act = act(&state, peer, Command::RemovePerson { person: person.clone(), reason }, key.0).await?;
    Ok(entered(act.entry, &act.named(seen(&state, peer, person).await)?))
}

/// The person, if the one who asks may know of them.
pub(super) async fn seen(state: &web::Data<State>, peer: Peer, person: Handle) -> Result<RegisteredPerson, ApiProblem> {
    let standing = list_asker(state, peer)?;
    let seen = look_up(state, move |facts| {
        let known = Knowing::of(facts, &standing)?.knows_person(&person);
        let person: Option<Arc<_>> = if known { facts.person(&person)? } else { None };
        let shapes = Shapes::new(facts, &standing)?;
        person.map(|person| shapes.registered_person(&person)).transpose()
    });
    seen.await?.ok_or_else(unseen)
}
