//! Documents: series of versions in a document set.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::classification::Classification;
use super::version::Version;

/// The body of `POST /documents`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    /// The slug, for example `device-certificate-policy`.
    pub document: String,
    /// The title.
    pub title: String,
    /// The document type, one of the configuration's.
    #[serde(rename = "type")]
    pub kind: String,
    /// The document set, one of the configuration's.
    pub set: String,
    /// The originating body, for example `pma`.
    pub body: String,
}

untold!(NewDocument);

/// A document in a list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Document {
    /// The slug.
    pub document: String,
    /// The title.
    pub title: String,
    /// The document type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The document set.
    pub set: String,
    /// The originating body.
    pub body: String,
    /// The version in force on the date asked about, among those that this person may know of; `null` if there is none.
    pub in_force: Option<Version>,
}

untold!(Document);

/// One document with the versions that this person may know of: the answer of `GET /documents/{doc}`, and of
/// `POST /documents`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct DocumentDetail {
    /// The slug.
    pub document: String,
    /// The title.
    pub title: String,
    /// The document type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The document set.
    pub set: String,
    /// The originating body.
    pub body: String,
    /// The version in force today; `null` if there is none.
    pub in_force: Option<Version>,
    /// The versions in the order of lodgement.
    pub versions: Vec<Version>,
    /// The index of the entry that registered the document.
    pub entry: u64,
}

untold!(DocumentDetail);

/// The query of `GET /documents`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentsQuery {
    /// Only this document set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// Only this document type.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Only documents whose version in force has this classification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<Classification>,
    /// Words to search for in slugs and titles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// The day in Europe/London for which the version in force is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// Only what the repository knew at this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<Timestamp>,
    /// The most items wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The cursor of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// The query of `GET /documents/{doc}`. With `as_of` or `known_at` the answer is the one [`Version`] in force then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsOfQuery {
    /// The day in Europe/London.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// Only what the repository knew at this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_document_is_written_with_the_contract_s_names() {
        let body = r#"{"document":"device-certificate-policy","title":"T","type":"certificate_policy","set":"smki","body":"pma"}"#;
        let document: NewDocument = serde_json::from_str(body).unwrap();
        assert_eq!(document.kind, "certificate_policy");
        assert_eq!(serde_json::to_string(&document).unwrap(), body);
    }

    #[test]
    fn a_misspelt_member_is_refused() {
        let body = r#"{"document":"d","title":"T","type":"t","set":"s","body":"pma","owner":"me"}"#;
        assert!(serde_json::from_str::<NewDocument>(body).unwrap_err().to_string().contains("owner"));
    }
}
