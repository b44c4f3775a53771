//! `GET /me`: who asks. Never suspended (EMERGENCY-1).

use actix_web::{HttpResponse, web};

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::answering::{json, look_up};
use super::shapes;

/// `GET /me`.
pub(super) async fn show(peer: Peer, state: web::Data<State>) -> Result<HttpResponse, ApiProblem> {
    let standing = state.repository.standing(peer.credential)?;
    let me = look_up(&state, move |facts| shapes::me(facts, &standing, peer.not_after)).await?;
    Ok(json(&me))
}
