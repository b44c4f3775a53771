//! The log as anyone may read it: the checkpoint, and tiles up to it (C2SP tlog-tiles). It tells how many things
//! happened, and nothing of what they were.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};

use super::problem::ApiProblem;
use super::state::State;
use crate::pure::tlog::tile::{TILE_WIDTH, Tile, TileKind, entry_bundle};
use crate::pure::wire::problem::Code;
use crate::service::evidence::Evidence;
use crate::storage::journal::JournalError;
use crate::storage::tiles::error::TileError;

/// Registers `/log/`.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/log/checkpoint").route(web::get().to(checkpoint)).route(web::head().to(checkpoint)))
        .service(web::resource("/log/tile/{tile:.*}").route(web::get().to(tile)).route(web::head().to(tile)));
}

async fn checkpoint(state: web::Data<State>) -> Result<HttpResponse, ApiProblem> {
    let published = state
        .repository
        .publications()
        .latest()
        .ok_or_else(|| ApiProblem::new(Code::NotFound, "The log has published no checkpoint yet."))?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(published.note.clone()))
}

async fn tile(path: web::Path<String>, state: web::Data<State>) -> Result<HttpResponse, ApiProblem> {
    let absent = || ApiProblem::new(Code::NotFound, "The log's last checkpoint has no such tile.");
    let tile = Tile::parse(&path).map_err(|_| absent())?;
    let size = state.repository.publications().latest().map_or(0, |published| published.size);
    if !tile.is_in_tree(size) {
        return Err(absent());
    }
    // A bundle decrypts up to 256 records to hand out their commitments, so only a few are made at a time.
    let _turn = match tile.kind() {
        TileKind::Entries => Some(state.bundles.acquire().await.map_err(|_| ApiProblem::shutting_down())?),
        TileKind::Hashes(_) => None,
    };
    let evidence = state.repository.evidence().clone();
    let bytes = web::block(move || read(&evidence, &tile)).await.map_err(|_| ApiProblem::shutting_down())??;
    let lasting = if tile.is_full() { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/octet-stream"))
        .insert_header((CACHE_CONTROL, lasting))
        .body(bytes.ok_or_else(absent)?))
}

fn read(evidence: &Evidence, tile: &Tile) -> Result<Option<Vec<u8>>, Unreadable> {
    match tile.kind() {
        TileKind::Hashes(level) => Ok(evidence.tiles.tile(level, tile.index(), tile.width())?),
        TileKind::Entries => {
            let first = tile.index().saturating_mul(u64::from(TILE_WIDTH));
            let entries: Result<Vec<_>, JournalError> = (first..first.saturating_add(u64::from(tile.width())))
                .map(|index| evidence.records.read(index).map(|stored| stored.entry))
                .collect();
            Ok(Some(entry_bundle(&entries?)))
        }
    }
}

/// Why a tile cannot be read: for the operator.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error(transparent)]
    Tiles(#[from] TileError),
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl From<Unreadable> for ApiProblem {
    fn from(error: Unreadable) -> Self {
        tracing::error!(%error, "audit log: a tile cannot be read");
        Self::new(Code::LogUnavailable, "audit log: the tile cannot be read; its operator must see to it.")
    }
}
