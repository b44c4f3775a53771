//! `Idempotency-Key`: the name under which the same request may be sent again.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::fields::field;
use crate::edge::http::problem::ApiProblem;

/// The client's key, if it gave one.
pub(in super::super) struct IdempotencyKey(pub Option<String>);

impl FromRequest for IdempotencyKey {
    type Error = ApiProblem;
    type Future = Ready<Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request))
    }
}

fn parse(request: &HttpRequest) -> Result<IdempotencyKey, ApiProblem> {
    let key = field(request, "Idempotency-Key")?;
    let well_formed =
        |key: &String| (1..=MAX_LEN).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if key.as_ref().is_none_or(well_formed) {
        return Ok(IdempotencyKey(key));
    }
    Err(ApiProblem::malformed("Idempotency-Key is one word of 1 to 128 visible ASCII characters, for example a UUID."))
}

/// The longest key in bytes.
const MAX_LEN: usize = 128;

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn key(value: &str) -> Option<String> {
        let request = TestRequest::default().insert_header(("Idempotency-Key", value)).to_http_request();
        parse(&request).ok().and_then(|key| key.0)
    }

    #[test]
    fn a_key_is_one_bounded_visible_word() {
        assert_eq!(key("7f3c-9"), Some("7f3c-9".into()));
        assert_eq!(key(&"k".repeat(128)), Some("k".repeat(128)));
        for wrong in ["", "two words", &"k".repeat(129)] {
            assert_eq!(key(wrong), None, "{wrong}");
        }
        let none = TestRequest::default().to_http_request();
        assert!(parse(&none).is_ok_and(|key| key.0.is_none()));
        let twice =
            TestRequest::default().append_header(("Idempotency-Key", "a")).append_header(("Idempotency-Key", "b"));
        assert!(parse(&twice.to_http_request()).is_err());
    }
}
