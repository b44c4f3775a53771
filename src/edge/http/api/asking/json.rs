//! JSON bodies.

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest, web};
use bytes::{Bytes, BytesMut};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

use super::content_type::essence;
use super::{field, malformed};
use crate::edge::http::peer::Peer;
use crate::edge::http::problem::ApiProblem;
use crate::edge::http::state::State;
use crate::edge::http::transfer::limited_upload;
use crate::pure::wire::problem::Code;

/// The body, as a shape that refuses members it does not know.
pub(in super::super) struct Posted<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Posted<T> {
    type Error = ApiProblem;
    type Future = LocalBoxFuture<'static, Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), web::Payload::from_request(request, payload));
        Box::pin(async move {
            check_fields(&request)?;
            let payload = payload.await.map_err(|_| malformed("the body cannot be read"))?;
            let body = body(&request, payload).await?;
            // READ-8: a certificate that was revoked while the body arrived acts no more.
            Peer::again(&request)?;
            parse(&body).map(Self)
        })
    }
}

/// The same, where the body may be left out: its default then.
pub(in super::super) struct PostedIfAny<T>(pub T);

impl<T: DeserializeOwned + Default + 'static> FromRequest for PostedIfAny<T> {
    type Error = ApiProblem;
    type Future = LocalBoxFuture<'static, Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), web::Payload::from_request(request, payload));
        Box::pin(async move {
            // A form that another site's page sends names its type, however empty it is.
            if request.headers().contains_key(CONTENT_TYPE) {
                check_fields(&request)?;
            }
            let payload = payload.await.map_err(|_| malformed("the body cannot be read"))?;
            let body = body(&request, payload).await?;
            // READ-8: as above.
            Peer::again(&request)?;
            if body.is_empty() {
                return Ok(Self(T::default()));
            }
            check_fields(&request)?;
            parse(&body).map(Self)
        })
    }
}

/// Reads a body. Every one is an object: the fields of a shape in their order are no way to write it, although serde would
/// take an array for that.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiProblem> {
    let posted = serde_json::from_slice(body).map_err(|error| malformed(format!("the body: {error}")))?;
    match body.trim_ascii_start().first() {
        Some(b'{') => Ok(posted),
        _ => Err(malformed("the body is not a JSON object")),
    }
}

fn check_fields(request: &HttpRequest) -> Result<(), ApiProblem> {
    let media_type = field(request, CONTENT_TYPE.as_str())?;
    if media_type.as_deref().and_then(essence).is_none_or(|media_type| media_type != "application/json") {
        return Err(unsupported("The body of this request is JSON: send it with Content-Type: application/json."));
    }
    let coding = field(request, CONTENT_ENCODING.as_str())?;
    if coding.is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
        return Err(unsupported("Bodies are taken as they are: send the request without Content-Encoding."));
    }
    Ok(())
}

async fn body(request: &HttpRequest, payload: web::Payload) -> Result<Bytes, ApiProblem> {
    let state = request.app_data::<web::Data<State>>().ok_or_else(ApiProblem::shutting_down)?;
    let limit = state.limits().max_body_bytes;
    let mut upload = limited_upload(payload, state);
    let mut body = BytesMut::new();
    while let Some(portion) = upload.next().await? {
        if body.len() + portion.len() > limit {
            return Err(ApiProblem::too_large(limit as u64));
        }
        body.extend_from_slice(&portion);
    }
    Ok(body.freeze())
}

fn unsupported(detail: &str) -> ApiProblem {
    ApiProblem::new(Code::UnsupportedMediaType, detail)
}
