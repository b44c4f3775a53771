//! Audit entries, as the auditor and an entry's subject read them.

use serde::{Deserialize, Serialize};

/// One entry of `GET /audit/entries`, which answers a page of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// The index in the log.
    pub index: u64,
    /// The record. The exact bytes over which the log commits are its RFC 8785 canonical form.
    pub record: serde_json::Value,
    /// The 32 bytes that open the entry's commitment, in lower-case hex: with them the reader makes the entry again and
    /// finds it in the log.
    pub opening: String,
}

/// The query of `GET /audit/entries`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// The cursor of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The most entries wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Only entries of which this person is the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Only entries about this document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}
