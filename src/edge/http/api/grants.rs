//! `/grants`: giving, listing, directing and revoking what widens an audience (AMBER-2 to AMBER-4, RED-1 to RED-3); and
//! the acts on a version that go with it.

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::answering::{Act, act, created, entered, json, list_asker, look_up, unseen};
use super::asking::{Asked, IdempotencyKey, Paging, Posted, RecordName, handle};
use super::shapes::{Shapes, grant_kind};
use super::{POST, READ_POST, posting, reading, resource, versions};
use crate::pure::domain::catalogue::{self, GrantFilter};
use crate::pure::domain::command::Command;
use crate::pure::domain::grant::Grantee;
use crate::pure::domain::id::{GrantId, Label};
use crate::pure::domain::organisation::OrganisationKind;
use crate::pure::wire;
use crate::pure::wire::grant::{GrantsQuery, NewGrant, Revocation};

/// Puts the room's URLs under `/v1`.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(resource("/grants", READ_POST).route(reading(list)).route(posting(give)))
        .service(resource("/grants/{id}", "GET, HEAD, DELETE").route(reading(show)).route(web::delete().to(revoke)))
        .service(resource("/grants/{id}/direction", POST).route(posting(direct)))
        .service(resource("/documents/{doc}/versions/{label}/tabling", POST).route(posting(versions::table)))
        .service(
            resource("/documents/{doc}/versions/{label}/classification/proposals", POST)
                .route(posting(versions::propose)),
        );
}

/// `POST /grants`.
async fn give(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NewGrant>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let command = Command::GiveGrant {
        document: handle(&new.document)?,
        label: label(&new.version)?,
        grant_kind: grant_kind(new.kind),
        to: grantee(&new.to)?,
        action: new.action,
        valid_until: new.valid_until.map(Into::into),
    };
    let act = act(&state, peer, command, key.0).await?;
    let id = GrantId(act.entry);
    let grant = act.named(seen(&state, peer, id).await)?;
    Ok(created(act.entry, format!("/v1/grants/{id}"), &grant))
}

/// `GET /grants`: who is admitted to what because of which grant.
async fn list(
    peer: Peer,
    Asked(query): Asked<GrantsQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let standing = list_asker(&state, peer)?;
    if query.version.is_some() && query.document.is_none() {
        return Err(ApiProblem::malformed("version goes with document: a label is of one document."));
    }
    let filter = GrantFilter {
        document: query.document.as_deref().map(handle).transpose()?,
        label: query.version.as_deref().map(label).transpose()?,
        person: query.person.as_deref().map(handle).transpose()?,
        organisation: query.organisation.as_deref().map(handle).transpose()?,
        kind: query.kind.map(grant_kind),
    };
    let paging = Paging::of(&state, format!("grants {filter:?}"), query.limit, query.after.as_deref())?;
    let (after, look_for) = (paging.after, paging.look_for());
    let found = look_up(&state, move |facts| {
        let grants = catalogue::grants(facts, &standing, &filter, after, look_for)?.items;
        let shapes = Shapes::new(facts, &standing)?;
        grants.iter().map(|granted| shapes.grant(granted)).collect::<Result<Vec<_>, _>>()
    });
    Ok(json(&paging.page(&state, found.await?, |grant| grant.entry)))
}

/// `GET /grants/{id}`.
async fn show(
    peer: Peer,
    RecordName(id): RecordName<GrantId>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    list_asker(&state, peer)?;
    Ok(json(&seen(&state, peer, id).await?))
}

/// `POST /grants/{id}/direction`.
async fn direct(
    peer: Peer,
    RecordName(grant): RecordName<GrantId>,
    key: IdempotencyKey,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let act = act(&state, peer, Command::DirectGrant { grant }, key.0).await?;
    after(&state, peer, act, grant).await
}

/// `DELETE /grants/{id}`: the reason may come in the query or in a body.
async fn revoke(
    peer: Peer,
    RecordName(grant): RecordName<GrantId>,
    Asked(query): Asked<Revocation>,
    Told(told): Told,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let reason = match (query.reason, told.reason) {
        (Some(one), Some(other)) if one != other => {
            return Err(ApiProblem::malformed(
                "The reason in the query and that in the body differ; send one of them.",
            ));
        }
        (one, other) => one.or(other),
    };
    let act = act(&state, peer, Command::RevokeGrant { grant, reason }, None).await?;
    after(&state, peer, act, grant).await
}

/// What a grant is after an act on it, as the one who acted may know of it.
async fn after(state: &web::Data<State>, peer: Peer, act: Act, id: GrantId) -> Result<HttpResponse, ApiProblem> {
    Ok(entered(act.entry, &act.named(seen(state, peer, id).await)?))
}

/// The grant, if the one who asks may know of it.
async fn seen(state: &web::Data<State>, peer: Peer, id: GrantId) -> Result<wire::grant::Grant, ApiProblem> {
    let standing = state.repository.standing(peer.credential)?;
    let seen = look_up(state, move |facts| {
        let granted = catalogue::grant(facts, &standing, id)?;
        granted.map(|granted| Shapes::new(facts, &standing)?.grant(&granted)).transpose()
    });
    seen.await?.ok_or_else(unseen)
}

/// What a `DELETE` says in its body, if it has one.
struct Told(Revocation);

impl FromRequest for Told {
    type Error = ApiProblem;
    type Future = futures_util::future::LocalBoxFuture<'static, Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let headers = request.headers();
        let has_body = headers.contains_key(TRANSFER_ENCODING)
            || headers.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0");
        if !has_body {
            return Box::pin(std::future::ready(Ok(Self(Revocation::default()))));
        }
        let posted = Posted::<Revocation>::from_request(request, payload);
        Box::pin(async move { posted.await.map(|Posted(revocation)| Self(revocation)) })
    }
}

fn label(text: &str) -> Result<Label, ApiProblem> {
    Label::parse(text).map_err(|error| ApiProblem::malformed(format!("version: {error}.")))
}

fn grantee(to: &wire::grant::Grantee) -> Result<Grantee, ApiProblem> {
    Ok(match to {
        wire::grant::Grantee::Person(name) => Grantee::Person(handle(name)?),
        wire::grant::Grantee::Organisation(name) => Grantee::Organisation(handle(name)?),
        wire::grant::Grantee::OrganisationKind(kind) => {
            Grantee::OrganisationKind(OrganisationKind::parse(kind).ok_or_else(no_kind)?)
        }
        wire::grant::Grantee::Body(name) => Grantee::Body(handle(name)?),
    })
}

fn no_kind() -> ApiProblem {
    ApiProblem::malformed(
        "organisation_kind is party, dcc, code_administrator, authority, government, stakeholder, assurance or host.",
    )
}
