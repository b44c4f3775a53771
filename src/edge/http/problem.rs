//! Refusals and failures as they leave: the one place where they become codes.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};

use crate::pure::domain::facts::FactsDamaged;
use crate::pure::domain::refusal::{Refusal, RefusalCode, Unrecognised};
use crate::pure::wire::problem::{Code, MEDIA_TYPE, Problem};
use crate::service::evidence::EvidenceError;
use crate::service::lodging::LodgeError;
use crate::service::reading::{DisclosureError, Unreleased};
use crate::service::registrar::NotDone;
use crate::storage::blobs::BlobError;

/// The header that names the log entry which a request made.
pub const AUDIT_ENTRY: &str = "Audit-Entry";

/// A problem with what HTTP says beside its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiProblem {
    /// The body.
    pub problem: Box<Problem>,
    entry: Option<u64>,
    retry_after: Option<u64>,
    allow: Option<String>,
    closes: bool,
}

impl ApiProblem {
    /// A problem of this code. `detail` is a sentence without titles, statements or paths of this machine.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        let retry_after = (code.status() == 503).then_some(RETRY_SECONDS);
        Self { problem: Box::new(Problem::new(code, detail)), entry: None, retry_after, allow: None, closes: false }
    }

    /// 400: the request cannot be understood.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(Code::Malformed, detail)
    }

    /// 422: well formed, but not acceptable.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(Code::Invalid, detail)
    }

    /// 404 of a URL that serves nothing for anyone, with no entry.
    pub fn no_such_url() -> Self {
        Self::new(Code::NotFound, "Nothing is served at this URL.")
    }

    /// 404 of what does not exist for the one who asks, whether it exists or not (READ-6).
    pub fn hidden(entry: u64) -> Self {
        Self::new(Code::NotFound, "There is no such thing, or none that you may know of.").with_entry(entry)
    }

    /// 405: the methods that the URL takes are `allow`.
    pub fn method_not_allowed(allow: &str) -> Self {
        let mut problem = Self::new(Code::MethodNotAllowed, format!("This URL takes {allow}."));
        problem.allow = Some(allow.to_owned());
        problem
    }

    /// 408: the body did not arrive in time; the connection is closed.
    pub fn request_timeout(detail: impl Into<String>) -> Self {
        Self::new(Code::RequestTimeout, detail).closing()
    }

    /// 413: the body is larger than `limit` bytes; the connection is closed, since the rest of the body is not read.
    pub fn too_large(limit: u64) -> Self {
        Self::new(Code::TooLarge, format!("The body is larger than {limit} bytes.")).closing()
    }

    /// 429: nothing more for so many seconds.
    pub fn too_many_requests(seconds: u64) -> Self {
        Self::new(Code::TooManyRequests, "You have sent too many requests in a short time.")
            .with_retry_after(seconds)
            .with_satisfy("Wait as long as Retry-After says, then go on more slowly.")
    }

    /// 429: nothing more from that address for so many seconds, whoever asks.
    pub fn too_many_requests_from_address(seconds: u64) -> Self {
        Self::new(Code::TooManyRequests, "Too many requests have come from your address in a short time.")
            .with_retry_after(seconds)
            .with_satisfy(
                "Wait as long as Retry-After says; where many people share the address, its operator can ask for more.",
            )
    }

    /// 429: the credential has as many connections as it may; this one is closed.
    pub fn too_many_connections() -> Self {
        Self::new(Code::TooManyRequests, "Your certificate has as many connections open as it may have.")
            .with_retry_after(1)
            .with_satisfy("Close connections that you do not need, and keep those that you do.")
            .closing()
    }

    /// 503: the server finishes what is under way and takes nothing new.
    pub fn shutting_down() -> Self {
        Self::new(Code::ShuttingDown, "The server is shutting down; try again when it is back.").closing()
    }

    /// 503: the log is known to have signed more than the data directory holds, so that nothing of it can be relied on.
    pub fn rolled_back() -> Self {
        let detail = "audit log: it was rolled back: this server signed entries that its data directory does not hold. \
                      Nothing is read, entered or published until its operator has seen to it.";
        Self::new(Code::LogUnavailable, detail).with_retry_after(ROLLED_BACK_SECONDS)
    }

    /// Names the rule that refused.
    #[must_use]
    pub fn with_rule(mut self, rule: impl Into<String>) -> Self {
        self.problem.rule = Some(rule.into());
        self
    }

    /// Says what would change the answer.
    #[must_use]
    pub fn with_satisfy(mut self, satisfy: impl Into<String>) -> Self {
        self.problem.satisfy = Some(satisfy.into());
        self
    }

    /// Names the log entry that the refusal made, in the body and in `Audit-Entry`.
    #[must_use]
    pub fn with_entry(mut self, entry: u64) -> Self {
        self.problem.entry = Some(entry);
        self.entry = Some(entry);
        self
    }

    /// Says after how many seconds it is worth trying again.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Closes the connection after the answer.
    #[must_use]
    pub fn closing(mut self) -> Self {
        self.closes = true;
        self
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.problem.code
    }

    /// The log entry that the refusal made.
    pub fn entry(&self) -> Option<u64> {
        self.entry
    }
}

impl fmt::Display for ApiProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.problem.code, self.problem.detail)
    }
}

impl std::error::Error for ApiProblem {}

impl ResponseError for ApiProblem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((CONTENT_TYPE, MEDIA_TYPE)).insert_header((CACHE_CONTROL, "no-store"));
        if let Some(entry) = self.entry {
            response.insert_header((AUDIT_ENTRY, entry));
        }
        if let Some(seconds) = self.retry_after {
            response.insert_header((RETRY_AFTER, seconds));
        }
        if let Some(allow) = &self.allow {
            response.insert_header((ALLOW, allow.as_str()));
        }
        if self.closes {
            response.force_close();
        }
        response.extensions_mut().insert(Answer { code: self.code(), entry: self.entry });
        // A problem is strings and numbers, which always make JSON.
        response.body(serde_json::to_vec(&*self.problem).unwrap_or_default())
    }
}

/// What a response with a problem says of itself to the request log and the metrics.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The problem's code.
    pub code: Code,
    /// The entry that it made.
    pub entry: Option<u64>,
}

impl From<NotDone> for ApiProblem {
    fn from(not_done: NotDone) -> Self {
        match not_done {
            NotDone::Unrecognised(Unrecognised::Unknown) => {
                Self::new(Code::CredentialUnknown, "Your certificate is valid, but bound to no active person here.")
                    .with_rule("READ-1")
                    .with_satisfy("Use the certificate that is bound to you; else ask the Secretariat to bind this one, and the Chair to confirm it.")
                    .closing()
            }
            NotDone::Unrecognised(Unrecognised::Revoked) => {
                Self::new(Code::CredentialRevoked, "The binding of your certificate was revoked.")
                    .with_rule("READ-1")
                    .with_satisfy("Ask the Secretariat to bind a new certificate to you.")
                    .closing()
            }
            NotDone::Refused { refusal, entry } => Self::from(refusal).with_entry(entry),
            NotDone::Hidden { entry } => Self::hidden(entry),
            NotDone::TooManyRefusals => {
                Self::new(Code::TooManyRequests, "You have had too many refusals in a short time.")
                    .with_rule("READ-7")
                    .with_retry_after(BUDGET_SECONDS)
                    .with_satisfy("Wait a minute, then ask for what you may have.")
            }
            NotDone::Unrecordable(detail) => Self::invalid(detail),
            NotDone::LogFull(reason) => {
                tracing::error!(%reason, "audit log: no space");
                Self::new(Code::LogUnavailable, "audit log: no space. Nothing is read or lodged until there is.")
                    .with_rule("READ-4")
                    .with_retry_after(LATER_SECONDS)
            }
            NotDone::LogUnavailable(reason) => log_unavailable(&reason),
            NotDone::Unwitnessed => unwitnessed(),
            NotDone::Clock(fault) => {
                tracing::error!(%fault, "the clock is not to be trusted");
                Self::new(Code::ClockBehind, "The server's clock cannot be right; its operator must see to it.")
                    .with_retry_after(LATER_SECONDS)
            }
            NotDone::QueueFull => {
                Self::new(Code::LogUnavailable, "audit log: more requests wait than are taken at once; try again.")
            }
            NotDone::ShuttingDown => Self::shutting_down(),
        }
    }
}

impl From<Refusal> for ApiProblem {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal.code {
            RefusalCode::CredentialRevoked => Code::CredentialRevoked,
            RefusalCode::Suspended => Code::Suspended,
            RefusalCode::NotPermitted => Code::NotPermitted,
            RefusalCode::NeedRequired => Code::NeedRequired,
            RefusalCode::NeedInsufficient => Code::NeedInsufficient,
            RefusalCode::AgreementRequired => Code::AgreementRequired,
            RefusalCode::ConflictOfInterest => Code::ConflictOfInterest,
            RefusalCode::Conflict => Code::Conflict,
            RefusalCode::Invalid => Code::Invalid,
        };
        Self::new(code, refusal.detail).with_rule(refusal.rule.to_string()).with_satisfy(refusal.satisfy)
    }
}

impl From<LodgeError> for ApiProblem {
    fn from(error: LodgeError) -> Self {
        match error {
            LodgeError::NotDone(not_done) => not_done.into(),
            LodgeError::Blob(error) => error.into(),
            LodgeError::NoRoom => {
                tracing::error!(%error, "documents: no space");
                storage_full()
            }
            LodgeError::DigestMismatch => Self::new(
                Code::DigestMismatch,
                "The bytes received have another SHA-256 than Content-Digest announced; nothing was lodged.",
            ),
            LodgeError::NotInView => log_unavailable("a version was lodged, but the view does not show it"),
        }
    }
}

impl From<DisclosureError> for ApiProblem {
    fn from(error: DisclosureError) -> Self {
        match error {
            DisclosureError::Blob(error) => error.into(),
            DisclosureError::Facts(damaged) => damaged.into(),
        }
    }
}

impl From<Unreleased> for ApiProblem {
    fn from(unreleased: Unreleased) -> Self {
        match unreleased {
            Unreleased::Unwitnessed { entry } => unwitnessed().with_entry(entry),
            Unreleased::Denied { entry, reason } => log_unavailable(&reason).with_entry(entry),
        }
    }
}

impl From<BlobError> for ApiProblem {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::NoSpace { .. } => {
                tracing::error!(%error, "documents: no space");
                storage_full()
            }
            BlobError::TooLarge { limit } => Self::too_large(limit),
            BlobError::OutOfRange { size } => {
                Self::new(Code::RangeNotSatisfiable, format!("The document has {size} bytes."))
            }
            BlobError::Interrupted => {
                Self::new(Code::StorageUnavailable, "documents: the upload was interrupted; start it again.").closing()
            }
            error => {
                tracing::error!(%error, "documents: the storage failed");
                Self::new(Code::StorageUnavailable, "documents: the storage failed; its operator must see to it.")
                    .with_retry_after(LATER_SECONDS)
                    .closing()
            }
        }
    }
}

impl From<EvidenceError> for ApiProblem {
    fn from(error: EvidenceError) -> Self {
        match error {
            EvidenceError::NotYet | EvidenceError::Interrupted => {
                Self::new(Code::LogUnavailable, "audit log: no checkpoint covers the entry yet; ask again in a second.")
            }
            error => log_unavailable(&error.to_string()),
        }
    }
}

impl From<FactsDamaged> for ApiProblem {
    fn from(damaged: FactsDamaged) -> Self {
        log_unavailable(&damaged.to_string())
    }
}

/// The reason is for the operator: it may name files of this machine.
fn log_unavailable(reason: &str) -> ApiProblem {
    tracing::error!(%reason, "audit log: unavailable");
    ApiProblem::new(Code::LogUnavailable, "audit log: it cannot be written or read; its operator must see to it.")
        .with_rule("READ-4")
        .with_retry_after(LATER_SECONDS)
}

fn storage_full() -> ApiProblem {
    ApiProblem::new(Code::StorageFull, "documents: no space. Nothing was lodged; try again when there is.")
        .with_retry_after(LATER_SECONDS)
        .closing()
}

fn unwitnessed() -> ApiProblem {
    ApiProblem::new(
        Code::LogUnavailable,
        "audit log: the witnesses whom this server's policy asks for are not there; nothing is disclosed without them.",
    )
    .with_rule("READ-4")
    .with_retry_after(WITNESS_SECONDS)
    .with_satisfy("Wait as long as Retry-After says, then ask again.")
}

/// When witnesses may be back.
const WITNESS_SECONDS: u64 = 5;

/// When something that passes by itself is worth trying again.
const RETRY_SECONDS: u64 = 1;

/// When something that an operator must see to is worth trying again.
const LATER_SECONDS: u64 = 30;

/// When a budget counted by the minute is whole again.
const BUDGET_SECONDS: u64 = 60;

/// After how many seconds a rolled-back log is worth another try: its operator has to act.
const ROLLED_BACK_SECONDS: u64 = 300;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pure::domain::rule::Rule;
    use crate::service::clock::ClockFault;

    #[test]
    fn what_is_hidden_says_nothing_but_its_entry() {
        let hidden = ApiProblem::from(NotDone::Hidden { entry: 7 });
        let json = serde_json::to_value(&*hidden.problem).unwrap();
        let mut members: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
        members.sort_unstable();
        assert_eq!(members, ["code", "detail", "entry", "status", "title", "type"]);
        assert_eq!(hidden.error_response().headers().get(AUDIT_ENTRY).unwrap(), "7");
    }

    #[test]
    fn a_refusal_names_its_rule_its_remedy_and_its_entry() {
        let refusal = Refusal {
            code: RefusalCode::NeedRequired,
            rule: Rule::Read3,
            detail: "No need of yours covers this version.".into(),
            satisfy: "Record a need.".into(),
        };
        let problem = ApiProblem::from(NotDone::Refused { refusal, entry: 7 });
        assert_eq!((problem.code(), problem.entry()), (Code::NeedRequired, Some(7)));
        assert_eq!(problem.problem.rule.as_deref(), Some("READ-3"));
        assert!(problem.problem.satisfy.is_some());
    }

    #[test]
    fn what_passes_says_when_to_try_again_and_what_failed_keeps_its_files_to_itself() {
        let secret = "/var/lib/strongroom/journal/1: input/output error";
        for failure in [
            NotDone::LogFull(secret.into()),
            NotDone::LogUnavailable(secret.into()),
            NotDone::Clock(ClockFault::Behind),
            NotDone::QueueFull,
            NotDone::ShuttingDown,
            NotDone::TooManyRefusals,
        ] {
            let problem = ApiProblem::from(failure);
            assert!(!problem.problem.detail.contains("/var"), "{problem}");
            assert!(problem.error_response().headers().contains_key(RETRY_AFTER), "{problem}");
        }
    }
}
