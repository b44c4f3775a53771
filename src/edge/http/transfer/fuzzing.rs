//! What the fuzzer asks of this room.

use std::ops::Range;

use actix_web::HttpRequest;
use actix_web::http::header::{EntityTag, HeaderName, HeaderValue};
use actix_web::test::TestRequest;
use jiff::Timestamp;

use super::conditions::{Representation, Selection};
use super::disposition;

/// The `Content-Disposition` of a document of this media type under this file name.
pub fn disposition(content_type: &str, file_name: &str) -> String {
    disposition::disposition(content_type, file_name)
}

/// The file name of a version.
pub fn file_name(slug: &str, label: &str, content_type: &str) -> String {
    disposition::file_name(slug, label, content_type)
}

/// A GET with these fields; those that no request can hold are left out.
pub fn request(fields: &[(&str, &[u8])]) -> HttpRequest {
    let mut request = TestRequest::get();
    for (name, value) in fields {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(*name), HeaderValue::from_bytes(value)) {
            request = request.append_header((name, value));
        }
    }
    request.to_http_request()
}

/// The status that the request gets of a representation with this tag, time in seconds and size, and which part of it.
pub fn select(request: &HttpRequest, tag: &str, modified: i64, size: u64) -> (u16, Option<Range<u64>>) {
    let modified = Timestamp::from_second(modified).unwrap_or_default();
    let representation = Representation { tag: EntityTag::new_strong(tag.into()), modified, size };
    match representation.select(request) {
        Selection::Whole => (200, Some(0..size)),
        Selection::Part(range) => (206, Some(range)),
        Selection::NotModified => (304, None),
        Selection::PreconditionFailed => (412, None),
        Selection::Unsatisfiable => (416, None),
    }
}
