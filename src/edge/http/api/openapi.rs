//! `GET /openapi.json`: what this room offers, for programs (OpenAPI 3.1). It is the same for everyone.

use actix_web::{HttpResponse, web};

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;

/// The document, as it is served.
pub(super) const DOCUMENT: &str = include_str!("openapi.json");

/// `GET /openapi.json`.
pub(super) async fn show(peer: Peer, state: web::Data<State>) -> Result<HttpResponse, ApiProblem> {
    // READ-1: nothing at all for a certificate that is bound to nobody.
    state.repository.standing(peer.credential)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(DOCUMENT))
}
