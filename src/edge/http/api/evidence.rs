//! `/documents/{doc}/versions/{label}/evidence`: the proof of the lodgement, for the version's audience.

use actix_web::{HttpResponse, web};

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::answering::proof;
use super::asking::VersionPick;
use super::versions::seen;

/// `GET /documents/{doc}/versions/{label}/evidence`.
pub(super) async fn show(peer: Peer, pick: VersionPick, state: web::Data<State>) -> Result<HttpResponse, ApiProblem> {
    let (_, version) = seen(&state, peer, pick.document, pick.version).await?;
    let text = state.repository.evidence().of_entry(version.lodged).await?;
    Ok(proof(None, text))
}
