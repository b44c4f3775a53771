//! Requests under a withdrawn credential: whatever they ask for, they are refused and on record (READ-1, READ-8).
//!
//! What the registrar decides it refuses and enters by itself. Lists, and requests that cannot be understood, do not come
//! that far: their refusals are exchanged here for the one that is entered.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, ResponseError, web};

use super::super::peer::Peer;
use super::super::problem::{AUDIT_ENTRY, ApiProblem};
use super::super::state::State;
use crate::pure::domain::command::Command;
use crate::pure::domain::refusal::Unrecognised;
use crate::service::registrar::NotDone;

/// The middleware around the room.
pub(super) async fn enter(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    // Who asks too often is not heard, whoever it is.
    let is_heard = response.status() != StatusCode::TOO_MANY_REQUESTS;
    if !is_heard || !response.status().is_client_error() || response.headers().contains_key(AUDIT_ENTRY) {
        return Ok(response);
    }
    match refusal(response.request()).await {
        Some(problem) => Ok(response.into_response(problem.error_response())),
        None => Ok(response),
    }
}

/// The refusal of a request whose credential was withdrawn, once it is on record.
async fn refusal(request: &HttpRequest) -> Option<ApiProblem> {
    let state = request.app_data::<web::Data<State>>()?;
    // A certificate that its CA revoked, or that expired, was refused for that.
    let peer = Peer::again(request).ok()?;
    match state.repository.standing(peer.credential) {
        Err(NotDone::Unrecognised(Unrecognised::Revoked)) => {}
        _ => return None,
    }
    let pattern = request.match_pattern().unwrap_or_else(|| "/v1".to_owned());
    let command = Command::Browse { method: request.method().to_string(), pattern };
    state
        .repository
        .submit(peer.credential, command, None)
        .await
        .err()
        .map(|refused| ApiProblem::from(refused).closing())
}
