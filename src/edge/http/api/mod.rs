//! The API under `/v1`: its tree mirrors the URLs.
//!
//! A handler says who asks ([`Peer`](super::peer::Peer)), what they ask ([`asking`]), calls the service, and answers
//! ([`answering`], [`shapes`]). What is offered is written down in `openapi/`, which is served too.
//!
//! Invariants:
//! - Nothing here decides: who may do what is the domain's, asked through the registrar or its catalogue.
//! - What is hidden and what is absent take the same way to the same answer (READ-6), which leaves at even steps of time
//!   ([`evenly`]).
//! - Every response that made an entry names it in `Audit-Entry`.
//! - After an act the answer is read back from the facts, so that a repetition under the same `Idempotency-Key` gets the
//!   same one; a repetition by somebody who may no longer know of the thing gets what anybody else would (READ-8).
//!
//! Not here: bytes on their way ([`transfer`](super::transfer)), problems ([`problem`](super::problem)).

mod answering;
mod asking;
mod audit;
mod content;
mod decisions;
mod diff;
mod directions;
mod document;
mod documents;
mod evenly;
mod evidence;
mod explaining;
mod forms;
mod grants;
mod hearing_out;
mod lodge;
mod me;
mod measures;
mod needs;
mod openapi;
mod register;
mod shapes;
mod undertakings;
mod versions;
mod withdrawn;

#[cfg(fuzzing)]
pub use asking::fuzzing;

#[cfg(test)]
mod tests;

use actix_web::middleware::from_fn;
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, Route, guard, web};

use super::problem::ApiProblem;

/// Puts the API under `/v1`.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("/v1")
            // The router tries one pattern after the other: first the one that is asked for most.
            .service(resource("/documents/{doc}/versions/{label}/content", READ).route(reading(content::read)))
            .service(resource("/openapi.json", READ).route(reading(openapi::show)))
            .service(resource("/me", READ).route(reading(me::show)))
            .service(
                resource("/documents", READ_POST).route(reading(documents::list)).route(posting(documents::register)),
            )
            .service(resource("/documents/{doc}", READ).route(reading(document::show)))
            .service(resource("/documents/{doc}/diff", READ).route(reading(diff::show)))
            .service(
                resource("/documents/{doc}/versions/{label}", "GET, HEAD, PUT")
                    .route(reading(versions::show))
                    .route(web::put().to(lodge::put)),
            )
            .service(resource("/documents/{doc}/versions/{label}/evidence", READ).route(reading(evidence::show)))
            .service(
                resource("/documents/{doc}/versions/{label}/classification", POST).route(posting(versions::classify)),
            )
            .service(resource("/documents/{doc}/versions/{label}/publish", POST).route(posting(versions::publish)))
            .service(resource("/documents/{doc}/versions/{label}/withdraw", POST).route(posting(versions::withdraw)))
            .service(resource("/needs", READ_POST).route(reading(needs::list)).route(posting(needs::record)))
            .service(
                resource("/needs/{id}", "GET, HEAD, DELETE")
                    .route(reading(needs::show))
                    .route(web::delete().to(needs::withdraw)),
            )
            .service(
                resource("/directions", READ_POST).route(reading(directions::list)).route(posting(directions::issue)),
            )
            .service(resource("/directions/{id}", READ).route(reading(directions::show)))
            .service(resource("/directions/{id}/acceptance", POST).route(posting(directions::settle)))
            .service(resource("/audit/entries", READ).route(reading(audit::list)))
            .service(resource("/audit/entries/{index}/evidence", READ).route(reading(audit::evidence)))
            .configure(register::configure)
            .configure(undertakings::configure)
            .configure(grants::configure)
            .configure(decisions::configure)
            .configure(measures::configure)
            .configure(explaining::configure)
            .default_service(web::to(|| async { refusal(ApiProblem::no_such_url()) }))
            .wrap(from_fn(forms::refuse_forms))
            .wrap(from_fn(withdrawn::enter))
            .wrap(from_fn(evenly::answer_evenly))
            .wrap(from_fn(hearing_out::hear_out)),
    );
}

const READ: &str = "GET, HEAD";
const POST: &str = "POST";
const READ_POST: &str = "GET, HEAD, POST";

/// A URL that takes the methods `allow`.
fn resource(path: &str, allow: &'static str) -> Resource {
    web::resource(path).default_service(web::to(move || async move { refusal(ApiProblem::method_not_allowed(allow)) }))
}

/// GET, and HEAD with the same answer less its body.
fn reading<F, Args>(handler: F) -> Route
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::route().guard(guard::Any(guard::Get()).or(guard::Head())).to(handler)
}

fn posting<F, Args>(handler: F) -> Route
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::post().to(handler)
}

fn refusal(problem: ApiProblem) -> Result<HttpResponse, ApiProblem> {
    Err(problem)
}
