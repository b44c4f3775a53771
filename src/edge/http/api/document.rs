//! `/documents/{doc}`: one document, or the version of it that was in force on a day.

use actix_web::{HttpResponse, web};

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::answering::{json, look_up, unexpected};
use super::asking::{Asked, DocumentName};
use super::shapes::Shapes;
use super::versions;
use crate::pure::domain::command::{Command, Selector};
use crate::pure::domain::id::Handle;
use crate::pure::wire::document::{AsOfQuery, DocumentDetail};
use crate::service::registrar::Answered;

/// `GET /documents/{doc}`.
pub(super) async fn show(
    peer: Peer,
    DocumentName(document): DocumentName,
    Asked(query): Asked<AsOfQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    if query == AsOfQuery::default() {
        return Ok(json(&detail(&state, peer, document).await?));
    }
    let version = Selector::InForce { as_of: query.as_of, known_at: query.known_at.map(Into::into) };
    Ok(json(&versions::looked_at(&state, peer, document, version).await?))
}

/// The document, if the one who asks may know of it.
pub(super) async fn detail(
    state: &web::Data<State>,
    peer: Peer,
    document: Handle,
) -> Result<DocumentDetail, ApiProblem> {
    let answered = state.repository.submit(peer.credential, Command::ViewDocument { document }, None).await?;
    let Answered::Document(document) = answered else { return Err(unexpected()) };
    let standing = state.repository.standing(peer.credential)?;
    look_up(state, move |facts| Shapes::new(facts, &standing)?.detail(document)).await
}
