//! `GET /openapi.json`: what this room offers, for programs (OpenAPI 3.1). It is the same for everyone.

use actix_web::HttpResponse;

use super::super::peer::Peer;

/// The document, as it is served.
pub(super) const DOCUMENT: &str = include_str!("openapi.json");

/// `GET /openapi.json`.
pub(super) async fn show(_: Peer) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(DOCUMENT)
}
