//! Resolutions of bodies by recorded votes.

use actix_web::web;

/// Puts the room's URLs under `/v1`.
pub(super) fn configure(_: &mut web::ServiceConfig) {}
