//! Answering: what every handler of this room does with the service's answer.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpResponse, HttpResponseBuilder, web};
use serde::Serialize;

use super::super::peer::Peer;
use super::super::problem::{AUDIT_ENTRY, ApiProblem};
use super::super::state::State;
use crate::pure::domain::command::Command;
use crate::pure::domain::facts::{Facts, FactsDamaged};
use crate::pure::domain::standing::Standing;
use crate::pure::wire::problem::Code;
use crate::service::registrar::Answered;

/// An act that is entered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Act {
    /// The index of its entry.
    pub entry: u64,
    /// Whether the same request made that entry before, under the same idempotency key.
    pub repeated: bool,
}

impl Act {
    /// Names the entry in a problem that came after it.
    pub(super) fn named<T>(self, answer: Result<T, ApiProblem>) -> Result<T, ApiProblem> {
        let is_unnamed = |problem: &ApiProblem| !self.repeated && problem.entry().is_none();
        answer.map_err(|problem| if is_unnamed(&problem) { problem.with_entry(self.entry) } else { problem })
    }
}

/// Has an act decided.
pub(super) async fn act(
    state: &State,
    peer: Peer,
    command: Command,
    idempotency_key: Option<String>,
) -> Result<Act, ApiProblem> {
    match state.repository.submit(peer.credential, command, idempotency_key).await? {
        Answered::Entered { entry } => Ok(Act { entry, repeated: false }),
        Answered::EnteredBefore { entry } => Ok(Act { entry, repeated: true }),
        _ => Err(unexpected()),
    }
}

/// Who asks, for a list: a suspension of everything stops lists too (EMERGENCY-1).
pub(super) fn list_asker(state: &State, peer: Peer) -> Result<Standing, ApiProblem> {
    let standing = state.repository.standing(peer.credential)?;
    crate::pure::domain::catalogue::may_ask(&standing)?;
    Ok(standing)
}

/// Who asks, for what no suspension closes: what is shown is then what concerns them, or what lifts (EMERGENCY-1).
pub(super) fn exempt_asker(state: &State, peer: Peer) -> Result<Standing, ApiProblem> {
    Ok(state.repository.standing(peer.credential)?)
}

/// Looks facts up on a thread that may wait for the disk.
pub(super) async fn look_up<T: Send + 'static>(
    state: &web::Data<State>,
    work: impl FnOnce(&dyn Facts) -> Result<T, FactsDamaged> + Send + 'static,
) -> Result<T, ApiProblem> {
    let repository = state.repository.clone();
    let looking = web::block(move || work(repository.facts()));
    Ok(looking.await.map_err(|_| ApiProblem::shutting_down())??)
}

/// A JSON answer.
pub(super) fn json(body: &impl Serialize) -> HttpResponse {
    shown(StatusCode::OK).json(body)
}

/// A JSON answer that made an entry.
pub(super) fn entered(entry: u64, body: &impl Serialize) -> HttpResponse {
    shown(StatusCode::OK).insert_header((AUDIT_ENTRY, entry)).json(body)
}

/// 201: a thing was made, which is at `location`.
pub(super) fn created(entry: u64, location: String, body: &impl Serialize) -> HttpResponse {
    shown(StatusCode::CREATED).insert_header((AUDIT_ENTRY, entry)).insert_header((LOCATION, location)).json(body)
}

/// A proof, as text.
pub(super) fn proof(entry: Option<u64>, text: String) -> HttpResponse {
    let mut response = shown(StatusCode::OK);
    if let Some(entry) = entry {
        response.insert_header((AUDIT_ENTRY, entry));
    }
    response.content_type("text/plain; charset=utf-8").body(text)
}

/// 404 of a thing without an entry of its own, in the words of every other hidden or absent thing (READ-6).
pub(super) fn unseen() -> ApiProblem {
    ApiProblem::new(Code::NotFound, "There is no such thing, or none that you may know of.")
}

/// The registrar's answer was not one to this command.
pub(super) fn unexpected() -> ApiProblem {
    FactsDamaged("the registrar answered another command".into()).into()
}

/// What is shown to one person is nobody else's, so that nothing between keeps it.
fn shown(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, "no-store"));
    response
}
