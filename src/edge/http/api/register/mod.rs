//! `/register`: who is who, and who sits where (ToR sections 7.4 to 7.9 and 11).
//!
//! Reading is a list without an entry; what a person may not know of is left out, or is 404 like what does not exist
//! (READ-6). Every change is an act: the answer is what the register says after it.

mod alternates;
mod appointments;
mod bodies;
mod credentials;
mod names;
mod offices;
mod organisations;
mod people;
mod seats;

use actix_web::web;

use super::{POST, READ, READ_POST, posting, reading, resource};

/// Puts the room's URLs under `/v1`.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .configure(credentials::configure)
        .service(
            resource("/register/organisations", READ_POST)
                .route(reading(organisations::list))
                .route(posting(organisations::register)),
        )
        .service(resource("/register/organisations/{organisation}", READ).route(reading(organisations::show)))
        .service(resource("/register/people", READ_POST).route(reading(people::list)).route(posting(people::register)))
        .service(resource("/register/people/{person}", READ).route(reading(people::show)))
        .service(resource("/register/people/{person}/removal", POST).route(posting(people::remove)))
        .service(resource("/register/bodies", READ_POST).route(reading(bodies::list)).route(posting(bodies::establish)))
        .service(resource("/register/bodies/{body}", READ).route(reading(bodies::show)))
        .service(resource("/register/bodies/{body}/reviews", POST).route(posting(bodies::review)))
        .service(resource("/register/bodies/{body}/seats/{seat}", READ).route(reading(seats::show)))
        .service(resource("/register/bodies/{body}/seats/{seat}/abolition", POST).route(posting(seats::abolish)))
        .service(resource("/register/bodies/{body}/secretariat", POST).route(posting(offices::name)))
        .service(resource("/register/bodies/{body}/secretariat/{person}/removal", POST).route(posting(offices::unname)))
        .service(resource("/register/seats", READ_POST).route(reading(seats::list)).route(posting(seats::establish)))
        .service(
            resource("/register/appointments", READ_POST)
                .route(reading(appointments::list))
                .route(posting(appointments::propose)),
        )
        .service(resource("/register/appointments/{id}", READ).route(reading(appointments::show)))
        .service(resource("/register/appointments/{id}/approval", POST).route(posting(appointments::approve)))
        .service(resource("/register/appointments/{id}/end", POST).route(posting(appointments::end)))
        .service(
            resource("/register/alternates", READ_POST)
                .route(reading(alternates::list))
                .route(posting(alternates::propose)),
        )
        .service(resource("/register/alternates/{id}", READ).route(reading(alternates::show)))
        .service(resource("/register/alternates/{id}/approval", POST).route(posting(alternates::approve)))
        .service(resource("/register/alternates/{id}/end", POST).route(posting(alternates::end)))
        .service(resource("/register/auditors", POST).route(posting(offices::appoint_auditor)))
        .service(resource("/register/auditors/{person}/removal", POST).route(posting(offices::dismiss_auditor)));
}
