//! `PUT /documents/{doc}/versions/{label}`: lodging. Decided before the first byte is taken, and again when all are.

use std::time::Duration;

use actix_web::http::header::CONTENT_LENGTH;
use actix_web::{HttpRequest, HttpResponse, web};

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::super::transfer::{Upload, limited_upload};
use super::answering::{created, json};
use super::asking::{Asked, VersionName, field, lodgement};
use super::versions::shape;
use crate::pure::wire::lodgement::{LodgeQuery, Lodgement};
use crate::pure::wire::problem::Code;
use crate::service::lodging::{Lodged, NewVersion};

/// `PUT /documents/{doc}/versions/{label}`.
pub(super) async fn put(
    peer: Peer,
    name: VersionName,
    Asked(query): Asked<LodgeQuery>,
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let location = format!("/v1/documents/{}/versions/{}", name.document, name.label);
    let mut upload = limited_upload(payload, &state);
    let lodging = async {
        let new = lodgement(&request, name, query)?;
        lodge(&request, peer, new, &mut upload, &state).await
    };
    let Lodged { entry, document, version } = match lodging.await {
        Ok(lodged) => lodged,
        Err(problem) => return Err(after_hearing_out(problem, &mut upload).await),
    };
    let lodged = version.lodged;
    let version = shape(&state, peer, document, version).await;
    match entry {
        Some(entry) => {
            let version = version.map_err(|problem| problem.with_entry(entry))?;
            Ok(created(entry, location, &Lodgement { version, entry }))
        }
        None => Ok(json(&Lodgement { version: version?, entry: lodged })),
    }
}

async fn lodge(
    request: &HttpRequest,
    peer: Peer,
    new: NewVersion,
    upload: &mut Upload,
    state: &State,
) -> Result<Lodged, ApiProblem> {
    let limit = state.limits.max_document_bytes;
    let announced = field(request, CONTENT_LENGTH.as_str())?.and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(ApiProblem::too_large(limit));
    }
    let mut lodgement = state.repository.begin_lodgement(peer.credential, new, limit).await?;
    loop {
        match upload.next().await {
            Ok(Some(bytes)) => lodgement.write(bytes).await?,
            Ok(None) => return Ok(lodgement.finish().await?),
            Err(problem) => {
                lodgement.abort().await;
                return Err(problem);
            }
        }
    }
}

/// A refusal before the end of the body. A client that still sends would find the connection broken before it has read
/// the answer: a bounded part of what is under way is taken and thrown away first.
async fn after_hearing_out(problem: ApiProblem, upload: &mut Upload) -> ApiProblem {
    if problem.code() == Code::RequestTimeout {
        return problem;
    }
    let begun = upload.received();
    let hearing = async {
        while upload.received() - begun < HEAR_OUT_BYTES {
            match upload.next().await {
                Ok(Some(_)) => {}
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
        false
    };
    let heard_out = tokio::time::timeout(HEAR_OUT, hearing).await.unwrap_or(false);
    if heard_out { problem } else { problem.closing() }
}

const HEAR_OUT_BYTES: u64 = 1 << 20;
const HEAR_OUT: Duration = Duration::from_secs(1);
