//! The log as anyone may read it: the checkpoint, and tiles up to it (C2SP tlog-tiles). It tells how many things
//! happened, and nothing of what they were.
//!
//! Every tile has one URL, the canonical one: what is spelt in another way, percent-encoded for instance, is absent, so
//! that no cache holds it twice.

use actix_web::guard::{Any, Get, Guard, Head};
use actix_web::http::header::{self, ACCEPT_RANGES, CACHE_CONTROL, CONTENT_TYPE, ETAG, EntityTag, Header, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse, Resource, web};

use super::problem::ApiProblem;
use super::state::State;
use crate::pure::tlog::hash::sha256;
use crate::pure::tlog::tile::{Tile, TileKind};
use crate::pure::wire::problem::Code;
use crate::service::evidence::{Evidence, EvidenceError};

/// Registers `/log/`.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(resource("/log/checkpoint").route(web::route().guard(reads()).to(checkpoint)))
        .service(resource("/log/tile/{tile:.*}").route(web::route().guard(reads()).to(tile)));
}

async fn checkpoint(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, ApiProblem> {
    let published = state
        .repository
        .publications()
        .latest()
        .ok_or_else(|| ApiProblem::new(Code::NotFound, "The log has published no checkpoint yet."))?;
    let served = Served { content_type: "text/plain; charset=utf-8", caching: "no-cache" };
    Ok(served.answer(&request, published.note.clone().into_bytes()))
}

async fn tile(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, ApiProblem> {
    let absent = || ApiProblem::new(Code::NotFound, "The log's last checkpoint has no such tile.");
    // As it was sent, not as it decodes.
    let path = request.uri().path().strip_prefix(TILES).ok_or_else(absent)?;
    let tile = Tile::parse(path).map_err(|_| absent())?;
    let size = state.repository.publications().latest().map_or(0, |published| published.size);
    if !tile.is_in_tree(size) {
        return Err(absent());
    }
    let evidence = state.repository.evidence().clone();
    let bytes = web::block(move || read(&evidence, &tile)).await.map_err(|_| ApiProblem::shutting_down())?;
    let bytes = bytes.map_err(unreadable)?.ok_or_else(absent)?;
    // A partial tile never changes either, but nobody asks for it again once it is full.
    let caching = if tile.is_full() { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    Ok(Served { content_type: "application/octet-stream", caching }.answer(&request, bytes))
}

fn read(evidence: &Evidence, tile: &Tile) -> Result<Option<Vec<u8>>, EvidenceError> {
    match tile.kind() {
        TileKind::Hashes(level) => Ok(evidence.tiles.tile(level, tile.index(), tile.width())?),
        TileKind::Entries => evidence.bundle(tile.index(), tile.width()),
    }
}

fn unreadable(error: EvidenceError) -> ApiProblem {
    tracing::error!(%error, "audit log: a tile cannot be read");
    ApiProblem::new(Code::LogUnavailable, "audit log: the tile cannot be read; its operator must see to it.")
}

/// How bytes of the log are served.
struct Served {
    content_type: &'static str,
    caching: &'static str,
}

impl Served {
    /// 200, or 304 for a client that has them (RFC 9110, section 13.1.2). They are small, so that a range of them is
    /// answered with the whole, as section 14.2 allows.
    fn answer(&self, request: &HttpRequest, bytes: Vec<u8>) -> HttpResponse {
        let tag = EntityTag::new_strong(hex::encode(sha256(&bytes)));
        let mut response = if is_known(request, &tag) { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response.insert_header((ETAG, tag.to_string())).insert_header((CACHE_CONTROL, self.caching));
        if is_known(request, &tag) {
            return response.finish();
        }
        response.insert_header((CONTENT_TYPE, self.content_type)).insert_header((ACCEPT_RANGES, "none")).body(bytes)
    }
}

/// Whether the client says that it has the representation with this tag. What cannot be read is no condition.
fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    if !request.headers().contains_key(header::IF_NONE_MATCH) {
        return false;
    }
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}

/// A URL that is only read.
fn resource(path: &str) -> Resource {
    web::resource(path)
        .default_service(web::to(|| async { Err::<HttpResponse, _>(ApiProblem::method_not_allowed("GET, HEAD")) }))
}

fn reads() -> impl Guard {
    Any(Get()).or(Head())
}

/// What the path of every tile begins with.
const TILES: &str = "/log/tile/";
