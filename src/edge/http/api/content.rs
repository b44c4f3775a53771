//! `/documents/{doc}/versions/{label}/content`: the bytes. GET, HEAD, ranges and conditions are each a read, decided
//! and entered before anything of the answer leaves.

use actix_web::{HttpRequest, HttpResponse, web};

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::super::transfer::{ContentResponse, Reader, range_in_force};
use super::answering::unexpected;
use super::asking::{Asked, VersionPick, need_claim};
use crate::pure::domain::command::Command;
use crate::pure::wire::need::NeedQuery;
use crate::service::registrar::Answered;

/// `GET` and `HEAD /documents/{doc}/versions/{label}/content`.
pub(super) async fn read(
    peer: Peer,
    pick: VersionPick,
    Asked(query): Asked<NeedQuery>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let command = Command::ReadContent {
        document: pick.document,
        version: pick.version,
        need: need_claim(&request, query.need.as_deref())?,
        method: request.method().to_string(),
        range: range_in_force(&request).map(|field| field.chars().take(MAX_RANGE_CHARS).collect()),
    };
    let answered = state.repository.submit(peer.credential, command, None).await?;
    let Answered::Content(permit) = answered else { return Err(unexpected()) };
    // A HEAD and a 304 tell of the content too, so that every answer waits for this.
    let release = state.repository.release(permit).await?;
    let response = ContentResponse::of(release.version(), Reader::Peer(peer)).entered(release.entry());
    response.answer(&request, &state, state.repository.disclose(&release)).await
}

/// The longest range that a record holds.
const MAX_RANGE_CHARS: usize = 200;
