//! No form of another site's page is an act.
//!
//! A browser sends a form to any site, its person's certificate with it, and asks for no permission first; an old one does
//! not even say where it comes from. But a form has a type of its own, and JSON needs a permission. So a POST that names
//! its type names JSON, whether the act takes a body or not.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError};

use super::super::problem::ApiProblem;
use super::asking::essence;
use crate::pure::wire::problem::Code;

/// The middleware around the room.
pub(super) async fn refuse_forms(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let mut types = request.headers().get_all(CONTENT_TYPE);
    let is_json = types.all(|kind| kind.to_str().ok().and_then(essence).is_some_and(|kind| kind == "application/json"));
    if request.method() != Method::POST || is_json {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let detail = "The body of this request is JSON: send it with Content-Type: application/json.";
    let problem = ApiProblem::new(Code::UnsupportedMediaType, detail);
    Ok(request.into_response(problem.error_response()))
}
