//! Answering evenly: when a refusal, a list or a description leaves does not tell how much there was to look at (READ-6).
//!
//! What is hidden and what is absent take the same way, but not for exactly as long: one is found and judged, the other is
//! not found. So such an answer leaves at the next multiple of [`STEP`] after its request came. What remains visible is
//! only work that goes over a step, which the same few look-ups do not.
//!
//! Content that is read does not wait: who gets it may know of it.

use std::time::Duration;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::rt::time::{Instant, sleep_until};

/// The middleware around the room.
pub(super) async fn answer_evenly<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let came = Instant::now();
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    let answered = next.call(request).await;
    let waits = match &answered {
        Ok(response) => is_even(response.status(), looks, response.request().match_pattern().as_deref()),
        // A refusal of an extractor or a handler, which becomes an answer outside of here.
        Err(_) => true,
    };
    if waits {
        sleep_until(came + next_step(came.elapsed())).await;
    }
    answered
}

/// Whether an answer waits: refusals that may be about something hidden, and what is shown of what may have hidden parts.
fn is_even(status: StatusCode, looks: bool, route: Option<&str>) -> bool {
    if status.is_success() {
        // A read of content, and what is the same for everyone.
        let as_it_is = ["/content", "/diff", "/evidence", "/openapi.json", "/me"];
        return looks && route.is_some_and(|route| !as_it_is.iter().any(|end| route.ends_with(end)));
    }
    matches!(
        status,
        StatusCode::NOT_FOUND | StatusCode::FORBIDDEN | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY
    )
}

/// The first multiple of [`STEP`] that is longer than `took`.
fn next_step(took: Duration) -> Duration {
    let steps = took.as_micros() / STEP.as_micros() + 1;
    STEP.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))
}

/// Several times as long as an entry takes to become durable on a disk of today, and too short for a person to notice.
const STEP: Duration = Duration::from_millis(5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_leaves_at_the_next_step() {
        for (took, leaves) in [(0, 5_000), (1, 5_000), (4_999, 5_000), (5_000, 10_000), (12_345, 15_000)] {
            assert_eq!(next_step(Duration::from_micros(took)), Duration::from_micros(leaves));
        }
    }

    #[test]
    fn what_may_be_about_something_hidden_waits_and_content_does_not() {
        let content = Some("/v1/documents/{doc}/versions/{label}/content");
        assert!(!is_even(StatusCode::OK, true, content));
        assert!(!is_even(StatusCode::PARTIAL_CONTENT, true, content));
        assert!(is_even(StatusCode::NOT_FOUND, true, content));
        assert!(is_even(StatusCode::CONFLICT, false, Some("/v1/documents/{doc}/versions/{label}")));
        assert!(is_even(StatusCode::OK, true, Some("/v1/documents")));
        assert!(!is_even(StatusCode::CREATED, false, Some("/v1/needs")));
        assert!(!is_even(StatusCode::METHOD_NOT_ALLOWED, true, content));
    }
}
