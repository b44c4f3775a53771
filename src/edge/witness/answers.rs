//! What a witness answers over HTTP: the one place where its refusals become statuses.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};

use crate::pure::tlog::add_checkpoint::SIZE_MEDIA_TYPE;
use crate::service::witness::decision::Refusal;
use crate::service::witness::state::Cosigned;
use crate::service::witness::{Answer, NotCosigned};

/// The status of a refusal (C2SP tlog-witness).
pub fn status(not_cosigned: &NotCosigned) -> StatusCode {
    match not_cosigned {
        NotCosigned::Refused(refusal) => match refusal {
            Refusal::Malformed(_) | Refusal::Checkpoint(_) | Refusal::OldBeyond { .. } => StatusCode::BAD_REQUEST,
            Refusal::Untrusted(_) => StatusCode::FORBIDDEN,
            Refusal::UnknownLog => StatusCode::NOT_FOUND,
            Refusal::NotLatest { .. } => StatusCode::CONFLICT,
            Refusal::EmptyTree | Refusal::OtherRoot { .. } | Refusal::Proof(_) => StatusCode::UNPROCESSABLE_ENTITY,
        },
        NotCosigned::Clock | NotCosigned::Storage(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The answer to `add-checkpoint`.
pub fn added(result: &Result<Answer, NotCosigned>) -> HttpResponse {
    match result {
        Ok(Answer { cosignatures, .. }) => {
            text(StatusCode::OK, cosignatures.iter().map(|cosignature| format!("{cosignature}\n")).collect())
        }
        // "The response body MUST consist of the tree size of the latest cosigned checkpoint in decimal, followed by a
        // newline (U+000A). The response MUST have a `Content-Type` of `text/x.tlog.size`."
        Err(NotCosigned::Refused(Refusal::NotLatest { latest })) => {
            let mut response = HttpResponse::Conflict();
            response.insert_header((CONTENT_TYPE, SIZE_MEDIA_TYPE)).insert_header((CACHE_CONTROL, "no-store"));
            response.body(format!("{latest}\n"))
        }
        Err(other) => sentence(status(other), &other.to_string()),
    }
}

/// A log's latest cosigned checkpoint.
pub fn checkpoint(cosigned: &Cosigned) -> HttpResponse {
    text(StatusCode::OK, cosigned.note.clone())
}

/// A status with a sentence that says why.
pub fn sentence(status: StatusCode, why: &str) -> HttpResponse {
    let mut response = text(status, format!("{why}\n"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, actix_web::http::header::HeaderValue::from_static("5"));
    }
    response
}

/// The same, and the connection ends with it: what the client still sends is not read.
pub fn last_sentence(status: StatusCode, why: &str) -> HttpResponse {
    let mut response = sentence(status, why);
    response.head_mut().set_connection_type(actix_web::http::ConnectionType::Close);
    response
}

/// 405, with the methods that the URL takes.
pub fn method_not_allowed(allow: &'static str) -> HttpResponse {
    let mut response = sentence(StatusCode::METHOD_NOT_ALLOWED, &format!("this URL takes {allow}"));
    response.headers_mut().insert(ALLOW, actix_web::http::header::HeaderValue::from_static(allow));
    response
}

fn text(status: StatusCode, body: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(body)
}
