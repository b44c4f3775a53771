//! Problems: `application/problem+json` (RFC 9457), and the one table from code to status and title.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A refusal or failure, as it goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A relative URI that ends in the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code's title, the same for every occurrence.
    pub title: String,
    /// The HTTP status, from the table.
    pub status: u16,
    /// What happened this time, in a sentence.
    pub detail: String,
    /// The code that programs branch on.
    pub code: Code,
    /// The rule that refused, for example `READ-3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What would change the answer, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub satisfy: Option<String>,
    /// The index of the log entry that this refusal made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
}

impl Problem {
    /// A problem with the status and title of `code`.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{code}"),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            code,
            rule: None,
            satisfy: None,
            entry: None,
        }
    }

    /// Names the rule that refused.
    #[must_use]
    pub fn with_rule(mut self, rule: impl Into<String>) -> Self {
        self.rule = Some(rule.into());
        self
    }

    /// Says what would change the answer.
    #[must_use]
    pub fn with_satisfy(mut self, satisfy: impl Into<String>) -> Self {
        self.satisfy = Some(satisfy.into());
        self
    }

    /// Names the log entry that the refusal made.
    #[must_use]
    pub fn with_entry(mut self, entry: u64) -> Self {
        self.entry = Some(entry);
        self
    }
}

impl Code {
    /// The HTTP status of every problem with this code.
    pub const fn status(self) -> u16 {
        self.row().1
    }

    /// The title of every problem with this code.
    pub const fn title(self) -> &'static str {
        self.row().2
    }

    /// The code as it is written: `snake_case`.
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Writes the enum, the list of all codes and the table from one set of rows, so that no code lacks a row.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = ($name:literal, $status:literal, $title:literal);)*) => {
        /// What went wrong, for programs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            const fn row(self) -> (&'static str, u16, &'static str) {
                match self {
                    $(Self::$variant => ($name, $status, $title),)*
                }
            }
        }
    };
}

codes! {
    /// The request cannot be understood.
    Malformed = ("malformed", 400, "The request is malformed");
    /// The certificate is bound to no active person.
    CredentialUnknown = ("credential_unknown", 403, "The certificate is bound to nobody here");
    /// The certificate or its binding is revoked or has expired.
    CredentialRevoked = ("credential_revoked", 403, "The credential is revoked or has expired");
    /// The person, the organisation or the service is suspended.
    Suspended = ("suspended", 403, "Suspended");
    /// The person may see the thing but not do this to it.
    NotPermitted = ("not_permitted", 403, "Not permitted");
    /// No need was given.
    NeedRequired = ("need_required", 403, "A recorded need is required");
    /// The need given does not suffice.
    NeedInsufficient = ("need_insufficient", 403, "The need does not suffice");
    /// The agreement is unsigned.
    AgreementRequired = ("agreement_required", 403, "A signed agreement is required");
    /// A conflict of interest is declared.
    ConflictOfInterest = ("conflict_of_interest", 403, "A conflict of interest is declared");
    /// A state-changing request came from another site.
    CrossOrigin = ("cross_origin", 403, "The request came from another site");
    /// There is no such thing, or none that this person may know of (READ-6).
    NotFound = ("not_found", 404, "Not found");
    /// The URL does not take this method.
    MethodNotAllowed = ("method_not_allowed", 405, "Method not allowed");
    /// No representation suits the `Accept` header.
    NotAcceptable = ("not_acceptable", 406, "Not acceptable");
    /// The request took too long to arrive.
    RequestTimeout = ("request_timeout", 408, "The request took too long");
    /// The state does not allow it, for example other bytes under a label that is taken.
    Conflict = ("conflict", 409, "Conflict with what is there");
    /// A body needs a length here.
    LengthRequired = ("length_required", 411, "A length is required");
    /// A precondition of the request does not hold.
    PreconditionFailed = ("precondition_failed", 412, "A precondition failed");
    /// The body is over the configured limit.
    TooLarge = ("too_large", 413, "Too large");
    /// The URL is over the configured limit.
    UriTooLong = ("uri_too_long", 414, "The URL is too long");
    /// The body's media type is not taken here.
    UnsupportedMediaType = ("unsupported_media_type", 415, "Unsupported media type");
    /// No byte of the range exists.
    RangeNotSatisfiable = ("range_not_satisfiable", 416, "Range not satisfiable");
    /// The request names another host than this server's.
    MisdirectedRequest = ("misdirected_request", 421, "The request is for another host");
    /// The bytes received are not the bytes announced.
    DigestMismatch = ("digest_mismatch", 422, "The digest does not match");
    /// Well formed but not acceptable, also a slug that is taken, seen or unseen.
    Invalid = ("invalid", 422, "Not valid");
    /// Over the person's budget.
    TooManyRequests = ("too_many_requests", 429, "Too many requests");
    /// The header fields are over the limit.
    HeaderFieldsTooLarge = ("header_fields_too_large", 431, "The header fields are too large");
    /// The audit log cannot be written, or has not signed what was asked for yet.
    LogUnavailable = ("log_unavailable", 503, "The audit log is unavailable");
    /// No space is left for documents.
    StorageFull = ("storage_full", 503, "The storage is full");
    /// The storage of documents cannot be read or written for another reason than space.
    StorageUnavailable = ("storage_unavailable", 503, "The document storage is unavailable");
    /// The server's clock is not to be trusted.
    ClockBehind = ("clock_behind", 503, "The clock is not to be trusted");
    /// The server is finishing and takes no new work.
    ShuttingDown = ("shutting_down", 503, "The server is shutting down");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_name_a_status_and_a_title_of_its_own() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        for code in Code::ALL {
            assert!((400..600).contains(&code.status()), "{code} has status {}", code.status());
            assert!(!code.title().is_empty() && !code.title().ends_with('.'));
            assert!(code.as_str().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{code}\""));
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }

    #[test]
    fn a_refusal_says_which_rule_and_what_would_satisfy_it() {
        let problem = Problem::new(Code::NeedRequired, "no need of yours covers this version")
            .with_rule("READ-3")
            .with_satisfy("record a need, or send one in Reasonable-Need")
            .with_entry(1042);
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "type": "/problems/need_required",
                "title": "A recorded need is required",
                "status": 403,
                "detail": "no need of yours covers this version",
                "code": "need_required",
                "rule": "READ-3",
                "satisfy": "record a need, or send one in Reasonable-Need",
                "entry": 1042,
            })
        );
        assert_eq!(serde_json::from_value::<Problem>(json).unwrap(), problem);
    }

    #[test]
    fn what_is_hidden_has_no_members_that_would_tell() {
        let json = serde_json::to_string(&Problem::new(Code::NotFound, "no such thing")).unwrap();
        assert!(!json.contains("rule") && !json.contains("satisfy") && !json.contains("entry"), "{json}");
    }
}
