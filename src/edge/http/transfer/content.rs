//! The answer with a stored document's bytes.

use std::future::Future;
use std::ops::Range;

use actix_web::body::SizedStream;
use actix_web::http::header::{self, EntityTag, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, web};
use bytes::{Bytes, BytesMut};
use futures_util::{TryStreamExt, stream};
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::conditions::{Representation, Selection};
use super::disposition::{PDF, disposition, file_name};
use super::download::{Download, Reader, Reading};
use crate::edge::http::problem::{AUDIT_ENTRY, ApiProblem};
use crate::edge::http::state::State;
use crate::pure::domain::version::Version;
use crate::pure::wire::digest::Digest;
use crate::pure::wire::problem::Code;
use crate::service::reading::{Disclosure, DisclosureError};
use crate::storage::blobs::BlobError;

/// Answers with a version's content: 200, 206, 304, 412 or 416, with the headers of a stored document.
#[derive(Clone, Debug)]
pub struct ContentResponse {
    representation: Representation,
    digest: Digest,
    content_type: String,
    classification: &'static str,
    file_name: String,
    reading: Reading,
    entry: Option<u64>,
}

impl ContentResponse {
    /// The content of `version` for `reader`.
    pub fn of(version: &Version, reader: Reader) -> Self {
        let content = &version.content;
        let digest = Digest(content.digest.0);
        Self {
            representation: Representation {
                tag: EntityTag::new_strong(hex::encode(content.digest.0)),
                modified: version.lodged_at.to_timestamp(),
                size: content.size,
            },
            digest,
            content_type: content.content_type.clone(),
            classification: version.level().as_str(),
            file_name: file_name(version.document.as_str(), version.label.as_str(), &content.content_type),
            reading: Reading { reader, document: version.document.clone(), label: version.label.clone() },
            entry: None,
        }
    }

    /// Names the log entry of the read.
    #[must_use]
    pub fn entered(mut self, entry: u64) -> Self {
        self.entry = Some(entry);
        self
    }

    /// The answer to `request`. `disclosure` opens the content, and is awaited only if bytes of it are sent.
    pub async fn answer(
        self,
        request: &HttpRequest,
        state: &web::Data<State>,
        disclosure: impl Future<Output = Result<Disclosure, DisclosureError>>,
    ) -> Result<HttpResponse, ApiProblem> {
        let (status, range) = match self.representation.select(request) {
            Selection::Whole => (StatusCode::OK, 0..self.representation.size),
            Selection::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
            Selection::NotModified => return Ok(self.head(StatusCode::NOT_MODIFIED).finish()),
            Selection::PreconditionFailed => {
                let detail = "The version is not the one that your condition names.";
                return Err(self.named(ApiProblem::new(Code::PreconditionFailed, detail)));
            }
            Selection::Unsatisfiable => return Ok(self.unsatisfiable()),
        };
        let mut response = self.head(status);
        self.describe(&mut response, status, &range, request.method());
        let length = range.end - range.start;
        if request.method() == Method::HEAD {
            return Ok(response.body(SizedStream::new(length, stream::empty::<Result<Bytes, BlobError>>())));
        }
        let disclosure = disclosure.await.map_err(|error| self.named(error.into()))?;
        if disclosure.size() != self.representation.size {
            let problem = ApiProblem::new(Code::StorageUnavailable, "documents: the stored size is another one.");
            return Err(self.named(problem));
        }
        let content = disclosure.bytes(range);
        if length <= AT_ONCE_LEN {
            let all = content.try_fold(BytesMut::new(), |mut all, bytes| async move {
                all.extend_from_slice(&bytes);
                Ok(all)
            });
            let all = all.await.map_err(|error| self.named(error.into()))?;
            state.metrics.sent(length);
            return Ok(response.body(all.freeze()));
        }
        let download = Download::watched(Box::pin(content), request, self.reading, state.clone());
        Ok(response.body(SizedStream::new(length, download)))
    }

    /// What every answer about the content says of it.
    fn head(&self, status: StatusCode) -> HttpResponseBuilder {
        let mut response = HttpResponse::build(status);
        response
            .insert_header((header::ETAG, self.representation.tag.to_string()))
            .insert_header((header::CACHE_CONTROL, self.cache_control()))
            .insert_header((CLASSIFICATION, self.classification));
        if let Some(date) = http_date(self.representation.modified) {
            response.insert_header((header::LAST_MODIFIED, date));
        }
        if let Some(entry) = self.entry {
            response.insert_header((AUDIT_ENTRY, entry));
        }
        response
    }

    /// What an answer with bytes, or a HEAD's, says besides.
    fn describe(&self, response: &mut HttpResponseBuilder, status: StatusCode, range: &Range<u64>, method: &Method) {
        // A media type that is no header value was refused when the version was lodged; nothing is guessed here.
        let content_type = HeaderValue::from_str(&self.content_type);
        let policy = if self.content_type == PDF { PDF_POLICY } else { SANDBOX_POLICY };
        response
            .insert_header((header::CONTENT_TYPE, content_type.unwrap_or(HeaderValue::from_static(OCTET_STREAM))))
            .insert_header((header::CONTENT_DISPOSITION, disposition(&self.content_type, &self.file_name)))
            .insert_header((header::ACCEPT_RANGES, "bytes"))
            .insert_header((header::CONTENT_SECURITY_POLICY, policy))
            .insert_header((REPR_DIGEST, self.digest.to_field()));
        if status == StatusCode::PARTIAL_CONTENT {
            let size = self.representation.size;
            let field = format!("bytes {}-{}/{size}", range.start, range.end.saturating_sub(1));
            response.insert_header((header::CONTENT_RANGE, field));
        } else if method != Method::HEAD {
            response.insert_header((CONTENT_DIGEST, self.digest.to_field()));
        }
    }

    fn unsatisfiable(&self) -> HttpResponse {
        let size = self.representation.size;
        let problem =
            ApiProblem::new(Code::RangeNotSatisfiable, format!("The version has {size} bytes, none of that range."));
        let mut response = self.named(problem).error_response();
        if let Ok(field) = HeaderValue::from_str(&format!("bytes */{size}")) {
            response.headers_mut().insert(header::CONTENT_RANGE, field);
        }
        response
    }

    /// A failure after the read was entered names the entry too.
    fn named(&self, problem: ApiProblem) -> ApiProblem {
        match self.entry {
            Some(entry) => problem.with_entry(entry),
            None => problem,
        }
    }

    fn cache_control(&self) -> &'static str {
        match self.reading.reader {
            Reader::Peer(_) => "no-store",
            // What is published can be withdrawn: it may be kept for a moment, then it is asked for again.
            Reader::Anyone => "public, max-age=60, must-revalidate",
        }
    }
}

/// The date as HTTP writes it; `None` outside the years 0 to 9999.
fn http_date(timestamp: Timestamp) -> Option<String> {
    rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&timestamp).ok()
}

/// Up to this many bytes are collected and sent at once.
const AT_ONCE_LEN: u64 = 64 << 10;

const CLASSIFICATION: &str = "Classification";
const REPR_DIGEST: &str = "Repr-Digest";
const CONTENT_DIGEST: &str = "Content-Digest";
const OCTET_STREAM: &str = "application/octet-stream";

/// A stored document that a browser opens all the same runs nothing and reaches nothing.
const SANDBOX_POLICY: &str = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `sandbox` would keep a browser's own viewer from showing a PDF.
const PDF_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
