//! What the fuzzer asks of this room.

use actix_web::test::TestRequest;
use serde::de::DeserializeOwned;

use super::{content_type, json, query};
use crate::edge::http::problem::ApiProblem;
use crate::pure::domain::command::NeedClaim;
use crate::pure::wire::problem::Problem;
use crate::pure::wire::reasonable_need::HEADER;

/// A JSON body as that shape.
pub fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    json::parse(bytes).map_err(problem)
}

/// A query as that shape.
pub fn query<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    query::parse(text).map_err(problem)
}

/// The type and subtype of a media type that can be kept with a version.
pub fn media_type(text: &str) -> Option<String> {
    content_type::essence(text).filter(|_| content_type::is_media_type(text))
}

/// The need of a request with this header field; none if no field can hold the bytes.
pub fn need(field: &[u8]) -> Option<Result<Option<NeedClaim>, Problem>> {
    let value = actix_web::http::header::HeaderValue::from_bytes(field).ok()?;
    let request = TestRequest::default().insert_header((HEADER, value)).to_http_request();
    Some(super::need_claim(&request, None).map_err(problem))
}

fn problem(refused: ApiProblem) -> Problem {
    *refused.problem
}
