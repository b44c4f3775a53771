//! Who is who, and who sits where.

mod credentials;

use actix_web::web;

/// Puts the room's URLs under `/v1`.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.configure(credentials::configure);
}
