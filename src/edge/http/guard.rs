//! The guard around every handler: admits, counts, and sees to it that every answer has the headers and, if it is an
//! error, the shape that all have.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, ResponseError, web};
use bytes::Bytes;

use super::connection::Connection;
use super::gate::{Gate, Listener};
use super::headers;
use super::metrics::RequestLabels;
use super::problem::{AUDIT_ENTRY, Answer, ApiProblem};
use super::state::State;
use super::transport::places::Origin;
use super::work::UnderWay;
use crate::pure::wire::problem::Code;

/// The middleware of every listener. It expects a [`State`] and a [`Gate`] in the application's data.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<Tracked>, Error> {
    let begun = Instant::now();
    let (Some(state), Some(gate)) =
        (request.app_data::<web::Data<State>>().cloned(), request.app_data::<web::Data<Gate>>().cloned())
    else {
        return Err(ApiProblem::shutting_down().into());
    };
    let method = method_name(request.method());
    // Health is told, and metrics are given, until the end.
    let under_way = (gate.listener() != Listener::Operations).then(|| state.work.begin());
    let admitted = match under_way {
        Some(None) => Err(ApiProblem::shutting_down()),
        Some(_) if state.repository.rolled_back().is_some() => Err(ApiProblem::rolled_back()),
        Some(_) => within_limits(&request, &state, gate.listener())
            .and_then(|()| gate.admit(request.request(), &state.limits())),
        None => gate.admit(request.request(), &state.limits()),
    };
    let response = match admitted {
        Ok(()) => next.call(request).await?.map_into_boxed_body(),
        Err(problem) => {
            let refusal = gate.refusal(request.request(), &problem);
            request.into_response(refusal)
        }
    };
    if let Some(connection) = response.request().conn_data::<Connection>() {
        connection.hold().answered();
    }
    let mut response = in_one_shape(response);
    headers::complete(response.headers_mut(), gate.listener().is_tls());
    tell(&response, method, begun, &state, gate.listener());
    Ok(response.map_body(|_, body| Tracked { body, _under_way: under_way.flatten() }))
}

/// Whether the connection is one of those that its credential may have, and its address within its rate.
fn within_limits(request: &ServiceRequest, state: &State, listener: Listener) -> Result<(), ApiProblem> {
    let limited = |reason, problem| {
        state.metrics.connections().limited(listener.name(), reason);
        Err(problem)
    };
    if request.conn_data::<Connection>().is_some_and(Connection::is_excess) {
        return limited("connections_per_credential", ApiProblem::too_many_connections());
    }
    let origin = request.peer_addr().map(|peer| Origin::of(peer.ip()));
    match origin.map_or(Ok(()), |origin| state.take_request_from(origin)) {
        Ok(()) => Ok(()),
        Err(seconds) => limited("requests_per_minute_per_address", ApiProblem::too_many_requests_from_address(seconds)),
    }
}

/// What is served where nothing is.
pub async fn no_such_url() -> ApiProblem {
    ApiProblem::no_such_url()
}

/// A response's body, which counts as under way until it has been sent or given up.
pub struct Tracked {
    body: BoxBody,
    _under_way: Option<UnderWay>,
}

impl MessageBody for Tracked {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}

/// An error that a library made by itself, which is plain text or nothing, becomes a problem. What a handler says in
/// another form is meant so.
fn in_one_shape(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_meant = kind.is_some_and(|kind| !kind.starts_with(b"text/plain"));
    if !(status.is_client_error() || status.is_server_error()) || is_meant {
        return response;
    }
    let problem = match status.as_u16() {
        404 => ApiProblem::no_such_url(),
        405 => {
            let allow = response.headers().get(header::ALLOW).and_then(|allow| allow.to_str().ok());
            ApiProblem::method_not_allowed(allow.unwrap_or_default())
        }
        other => {
            let fallback = if status.is_server_error() { Code::StorageUnavailable } else { Code::Malformed };
            let code = Code::ALL.iter().copied().find(|code| code.status() == other).unwrap_or(fallback);
            ApiProblem::new(code, "The request cannot be served as it is.")
        }
    };
    let (request, _) = response.into_parts();
    ServiceResponse::new(request, problem.error_response())
}

/// One line of the log and one count for each request: by the pattern of the URL, never by the names in it.
fn tell(response: &ServiceResponse<BoxBody>, method: &'static str, begun: Instant, state: &State, listener: Listener) {
    let took = begun.elapsed();
    let status = response.status().as_u16();
    let route = response.request().match_pattern().unwrap_or_else(|| UNMATCHED.to_owned());
    let answer = response.response().extensions().get::<Answer>().copied();
    let entry = response.headers().get(AUDIT_ENTRY).and_then(|entry| entry.to_str().ok());
    let code = answer.map(|answer| answer.code.as_str());
    let milliseconds = took.as_millis() as u64;
    tracing::info!(listener = listener.name(), method, route, status, milliseconds, entry, code, "request");
    if let Some(answer) = answer {
        state.metrics.refused(answer.code);
    }
    state.metrics.answered(RequestLabels { listener: listener.name(), method, route, status }, took);
}

/// The method, if it is one that anything takes: a metric has few labels.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "OTHER",
    }
}

/// How extractors answer for what they cannot read.
pub fn extractors(config: &mut web::ServiceConfig, max_body_bytes: usize) {
    config
        .app_data(web::PayloadConfig::new(max_body_bytes))
        .app_data(web::JsonConfig::default().limit(max_body_bytes).error_handler(move |error, _| {
            use actix_web::error::JsonPayloadError as Json;
            match error {
                Json::Overflow { .. } | Json::OverflowKnownLength { .. } => {
                    ApiProblem::too_large(max_body_bytes as u64)
                }
                Json::ContentType => ApiProblem::new(Code::UnsupportedMediaType, "The body must be application/json."),
                Json::Deserialize(error) => ApiProblem::malformed(format!("The body is not as it must be: {error}.")),
                _ => ApiProblem::malformed("The body cannot be read."),
            }
            .into()
        }))
        .app_data(web::QueryConfig::default().error_handler(|error, _| {
            ApiProblem::malformed(format!("The query is not as it must be: {error}.")).into()
        }))
        .app_data(web::PathConfig::default().error_handler(|_, _| ApiProblem::no_such_url().into()));
}

/// The handler of an [`ApiProblem`] as an answer.
impl actix_web::Responder for ApiProblem {
    type Body = BoxBody;

    fn respond_to(self, _: &actix_web::HttpRequest) -> HttpResponse {
        self.error_response()
    }
}

const UNMATCHED: &str = "unmatched";
