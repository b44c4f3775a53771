//! Uploads: a request's body, portion by portion, for as long as it comes at a bearable pace.

use std::time::Duration;

use actix_web::dev;
use actix_web::error::PayloadError;
use actix_web::web;
use bytes::Bytes;
use futures_util::StreamExt;
use tokio::time::Instant;

use crate::edge::http::metrics::Metrics;
use crate::edge::http::problem::ApiProblem;
use crate::edge::http::state::State;
use crate::edge::http::transport::pace::Pace;

/// The body of a request under the limits of uploads. Only the time that the client lets the server wait counts.
pub struct Upload {
    payload: dev::Payload,
    pace: Pace,
    minimum_rate: u32,
    total: Duration,
    received: u64,
    waited: Duration,
    metrics: Metrics,
}

/// Takes a request's body under the limits of `state`.
pub fn limited_upload(payload: web::Payload, state: &State) -> Upload {
    let limits = state.limits();
    Upload {
        payload: payload.into_inner(),
        pace: Pace::new(limits.upload_idle),
        minimum_rate: limits.upload_minimum_rate,
        total: limits.upload_total,
        received: 0,
        waited: Duration::ZERO,
        metrics: state.metrics.clone(),
    }
}

impl Upload {
    /// The next bytes; `None` at the end of the body. A problem that closes the connection if the client is silent, on
    /// average too slow, or takes too long (408), or if the body is cut off or malformed (400).
    pub async fn next(&mut self) -> Result<Option<Bytes>, ApiProblem> {
        let begun = Instant::now();
        let (patience, too_slow) = self.patience();
        let portion = tokio::time::timeout(patience, self.payload.next()).await;
        let waited = begun.elapsed();
        self.waited += waited;
        match portion {
            Err(_) => Err(ApiProblem::request_timeout(too_slow)),
            Ok(None) => Ok(None),
            Ok(Some(Ok(bytes))) => {
                self.pace.moved(waited, bytes.len(), self.minimum_rate);
                self.received += bytes.len() as u64;
                self.metrics.received(bytes.len() as u64);
                Ok(Some(bytes))
            }
            Ok(Some(Err(error))) => Err(broken(&error)),
        }
    }

    /// How many bytes have come so far.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// How long the next portion may take, and what is wrong if it takes longer.
    fn patience(&self) -> (Duration, &'static str) {
        let left = self.total.saturating_sub(self.waited);
        let patience = self.pace.patience();
        match (left < patience, self.pace.is_in_arrears()) {
            (true, _) => (left, "The upload takes too long."),
            (false, true) => (patience, "The upload is too slow."),
            (false, false) => (patience, "The upload was silent for too long."),
        }
    }
}

fn broken(error: &PayloadError) -> ApiProblem {
    match error {
        PayloadError::Overflow => ApiProblem::malformed("The body is larger than it may be.").closing(),
        _ => ApiProblem::malformed("The body was cut off or is not in a form that HTTP/1.1 knows.").closing(),
    }
}
