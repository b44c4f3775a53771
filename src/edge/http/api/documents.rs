//! `/documents`: the list, and registering a document.

use actix_web::{HttpResponse, web};

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::answering::{act, created, json, list_asker, look_up, unexpected};
use super::asking::{Asked, IdempotencyKey, Paging, Posted, handle};
use super::document::detail;
use super::shapes::{Shapes, to_domain};
use crate::pure::domain::catalogue::{self, DocumentFilter};
use crate::pure::domain::classification::Level;
use crate::pure::domain::command::Command;
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::id::Handle;
use crate::pure::wire::document::{DocumentDetail, DocumentsQuery, NewDocument};

/// `GET /documents`.
pub(super) async fn list(
    peer: Peer,
    Asked(query): Asked<DocumentsQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let standing = list_asker(&state, peer)?;
    let filter = DocumentFilter {
        set: query.set.as_deref().map(handle).transpose()?,
        kind: query.kind,
        level: query.classification.map(|level| Level::Determined(to_domain(level))),
        text: query.q,
        as_of: query.as_of,
        known_at: query.known_at.map(Into::into),
    };
    let paging = Paging::of(&state, format!("documents {filter:?}"), query.limit, query.after.as_deref())?;
    let (after, look_for) = (paging.after, paging.look_for());
    let found = look_up(&state, move |facts| {
        let known = catalogue::documents(facts, &standing, &filter, after, look_for)?.items;
        let shapes = Shapes::new(facts, &standing)?;
        known.iter().map(|one| Ok((one.document.registered, shapes.listed(one)?))).collect::<Result<Vec<_>, _>>()
    });
    let page = paging.page(&state, found.await?, |(registered, _)| *registered);
    Ok(json(&page.map(|(_, document)| document)))
}

/// `POST /documents`.
pub(super) async fn register(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NewDocument>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let document = handle(&new.document)?;
    let command = Command::RegisterDocument {
        document: document.clone(),
        title: new.title,
        document_kind: new.kind,
        set: handle(&new.set)?,
        body: handle(&new.body)?,
    };
    let act = act(&state, peer, command, key.0).await?;
    let detail = if act.repeated {
        detail(&state, peer, document.clone()).await
    } else {
        registered(&state, peer, &document).await
    };
    let detail = act.named(detail)?;
    Ok(created(act.entry, format!("/v1/documents/{document}"), &detail))
}

/// The document that was just registered.
async fn registered(state: &web::Data<State>, peer: Peer, slug: &Handle) -> Result<DocumentDetail, ApiProblem> {
    let standing = state.repository.standing(peer.credential)?;
    let document = state.repository.facts().document(slug)?.ok_or_else(unexpected)?;
    look_up(state, move |facts| Shapes::new(facts, &standing)?.detail(document)).await
}
