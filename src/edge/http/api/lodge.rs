//! `PUT /documents/{doc}/versions/{label}`: lodging. Decided before the first byte is taken, and again when all are.

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
    let new = lodgement(&request, name, query)?;
    let Lodged { entry, document, version } = lodge(&request, peer, new, &mut upload, &state).await?;
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
    let limit = state.limits().max_document_bytes;
    let announced = field(request, CONTENT_LENGTH.as_str())?.and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(ApiProblem::too_large(limit));
    }
    let mut lodgement = state.repository.begin_lodgement(peer.credential, new, limit).await?;
    let taken = async {
        while let Some(bytes) = upload.next().await? {
            lodgement.write(bytes).await?;
        }
        // READ-8: an upload takes a while, in which a certificate can end.
        Peer::again(request)
    };
    match taken.await {
        Ok(_) => Ok(lodgement.finish().await?),
        Err(problem) => {
            lodgement.abort().await;
            Err(problem)
        }
    }
}
