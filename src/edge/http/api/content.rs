//! `/documents/{doc}/versions/{label}/content`: the bytes. GET, HEAD, ranges and conditions are each a read, decided and
//! entered before anything of the answer leaves.

use actix_web::http::header::RANGE;
use actix_web::{HttpRequest, HttpResponse, web};

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::super::transfer::{ContentResponse, Reader};
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
        range: range_asked(&request),
    };
    let answered = state.repository.submit(peer.credential, command, None).await?;
    let Answered::Content(permit) = answered else { return Err(unexpected()) };
    let response = ContentResponse::of(permit.version(), Reader::Peer(peer)).entered(permit.entry());
    response.answer(&request, &state, state.repository.disclose(&permit)).await
}

/// The range that the record of the read names: as it was asked for, cut to what a record should hold.
fn range_asked(request: &HttpRequest) -> Option<String> {
    let field = request.headers().get(RANGE)?.to_str().ok()?;
    Some(field.chars().take(MAX_RANGE_CHARS).collect())
}

const MAX_RANGE_CHARS: usize = 200;
