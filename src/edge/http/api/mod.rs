//! The resources under `/v1`.

use actix_web::web;

/// Registers every resource.
pub fn configure(_config: &mut web::ServiceConfig) {}
