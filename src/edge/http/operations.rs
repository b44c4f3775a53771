//! The operator's listener: whether the server lives, whether it is ready and why not, and its metrics.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::metrics::{Levels, MEDIA_TYPE};
use super::state::State;

/// Registers `/healthz`, `/readyz` and `/metrics`.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/healthz").route(web::get().to(health)).route(web::head().to(health)))
        .service(web::resource("/readyz").route(web::get().to(readiness)).route(web::head().to(readiness)))
        .service(web::resource("/metrics").route(web::get().to(metrics)).route(web::head().to(metrics)));
}

/// The answer of `/readyz`.
#[derive(Clone, Debug, Serialize)]
struct Readiness {
    ready: bool,
    /// Why it is not, each naming the part that fails and the remedy.
    reasons: Vec<String>,
}

async fn health() -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body("alive\n")
}

async fn readiness(state: web::Data<State>) -> HttpResponse {
    let reasons = reasons(&state);
    let ready = reasons.is_empty();
    let mut response = if ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    response.json(Readiness { ready, reasons })
}

async fn metrics(state: web::Data<State>) -> HttpResponse {
    let repository = &state.repository;
    let levels = Levels {
        under_way: state.work.count(),
        entries: repository.evidence().records.next_index(),
        published: repository.publications().latest().map_or(0, |published| published.size),
        ready: reasons(&state).is_empty(),
    };
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, MEDIA_TYPE))
        .body(state.metrics.text(levels, &repository.witnessing()))
}

fn reasons(state: &State) -> Vec<String> {
    let now = state.repository.clock().now().to_timestamp();
    let mut reasons = Vec::new();
    if state.work.is_draining() {
        reasons.push("shutting down: what is under way is being finished".to_owned());
    }
    if let Some(finding) = state.repository.rolled_back() {
        reasons.push(format!("audit log: {finding}"));
    }
    reasons.extend(state.repository.obstacles());
    if let Some(reason) = state.repository.withheld() {
        reasons.push(format!("witnesses: nothing is read until the policy's quorum is met again: {reason}"));
    }
    if state.verifier.revocation_fresh_until().is_some_and(|until| until <= now) {
        reasons.push("revocation: a list is past its nextUpdate; fetch the current one and send SIGHUP".to_owned());
    }
    reasons
}
