//! `/register/organisations`.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;

use super::super::super::peer::Peer;
use super::super::super::problem::ApiProblem;
use super::super::super::state::State;
use super::super::answering::{act, created, json, list_asker, look_up, unseen};
use super::super::asking::{Asked, IdempotencyKey, Paging, Posted, handle};
use super::super::shapes;
use super::names::OrganisationName;
use crate::pure::domain::command::Command;
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::id::Handle;
use crate::pure::domain::organisation::{OrganisationKind, PartyCategory};
use crate::pure::domain::register::{self, Knowing};
use crate::pure::wire::organisation::{NewOrganisation, Organisation};
use crate::pure::wire::page::PageQuery;

/// `GET /register/organisations`.
pub(super) async fn list(
    peer: Peer,
    Asked(query): Asked<PageQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let standing = list_asker(&state, peer)?;
    let paging = Paging::of(&state, "organisations".into(), query.limit, query.after.as_deref())?;
    let (after, look_for) = (paging.after, paging.look_for());
    let found = look_up(&state, move |facts| Ok(register::organisations(facts, &standing, after, look_for)?.items));
    let page = paging.page(&state, found.await?, |listed| listed.index);
    Ok(json(&page.map(|listed| shapes::organisation(&listed.item))))
}

/// `POST /register/organisations`.
pub(super) async fn register(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NewOrganisation>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let organisation = handle(&new.organisation)?;
    let command = Command::RegisterOrganisation {
        organisation: organisation.clone(),
        name: new.name,
        organisation_kind: kind(&new.kind)?,
        category: new.category.map(PartyCategory),
    };
    let act = act(&state, peer, command, key.0).await?;
    let registered = act.named(seen(&state, peer, organisation).await)?;
    Ok(created(act.entry, format!("/v1/register/organisations/{}", registered.handle), &registered))
}

/// `GET /register/organisations/{organisation}`.
pub(super) async fn show(
    peer: Peer,
    OrganisationName(organisation): OrganisationName,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    Ok(json(&seen(&state, peer, organisation).await?))
}

async fn seen(state: &web::Data<State>, peer: Peer, organisation: Handle) -> Result<Organisation, ApiProblem> {
    let standing = list_asker(state, peer)?;
    let seen = look_up(state, move |facts| {
        if !Knowing::of(facts, &standing)?.knows_organisation(&organisation) {
            return Ok(None);
        }
        facts.organisation(&organisation)
    });
    Ok(shapes::organisation(&*seen.await?.ok_or_else(unseen)?))
}

fn kind(name: &str) -> Result<OrganisationKind, ApiProblem> {
    let name: serde::de::value::StrDeserializer<'_, Error> = name.into_deserializer();
    OrganisationKind::deserialize(name).map_err(|_| {
        ApiProblem::malformed(
            "kind is party, dcc, code_administrator, authority, government, stakeholder, assurance or host.",
        )
    })
}
