//! The calls, one for each resource that the command line uses.

use std::io::Write;

use serde_json::Value;
use ureq::Body;
use ureq::http::Response;

use super::connection::{Answer, Client, entry_of};
use super::error::ClientError;
use super::request::segment;
use crate::pure::wire::audit::{AuditEntry, AuditQuery};
use crate::pure::wire::classification::NewClassification;
use crate::pure::wire::direction::{Direction, DirectionsQuery, NewAcceptance, NewDirection};
use crate::pure::wire::document::{AsOfQuery, Document, DocumentDetail, DocumentsQuery, NewDocument};
use crate::pure::wire::me::Me;
use crate::pure::wire::need::{Need, NewNeed};
use crate::pure::wire::page::{Page, PageQuery};
use crate::pure::wire::reason::Reason;
use crate::pure::wire::version::Version;

impl Client {
    /// `GET /me`.
    pub fn me(&self) -> Result<Answer<Me>, ClientError> {
        self.get("/me", &())
    }

    /// `GET /documents`: one page.
    pub fn documents(&self, query: &DocumentsQuery) -> Result<Answer<Page<Document>>, ClientError> {
        self.get("/documents", query)
    }

    /// `POST /documents`.
    pub fn register_document(&self, document: &NewDocument) -> Result<Answer<DocumentDetail>, ClientError> {
        self.post("/documents", document)
    }

    /// `GET /documents/{doc}`.
    pub fn document(&self, document: &str) -> Result<Answer<DocumentDetail>, ClientError> {
        self.get(&document_path(document), &())
    }

    /// `GET /documents/{doc}?as_of=&known_at=`: the version in force then. `query` must hold at least one of the two,
    /// or the answer is of another shape.
    pub fn document_as_of(&self, document: &str, query: &AsOfQuery) -> Result<Answer<Version>, ClientError> {
        self.get(&document_path(document), query)
    }

    /// `GET /documents/{doc}/versions/{label}`.
    pub fn version(&self, document: &str, label: &str) -> Result<Answer<Version>, ClientError> {
        self.get(&version_path(document, label), &())
    }

    /// `POST /documents/{doc}/versions/{label}/classification`.
    pub fn classify(
        &self,
        document: &str,
        label: &str,
        classification: &NewClassification,
    ) -> Result<Answer<Version>, ClientError> {
        self.post(&format!("{}/classification", version_path(document, label)), classification)
    }

    /// `POST /documents/{doc}/versions/{label}/publish`.
    pub fn publish(&self, document: &str, label: &str, reason: &Reason) -> Result<Answer<Version>, ClientError> {
        self.post(&format!("{}/publish", version_path(document, label)), reason)
    }

    /// `POST /documents/{doc}/versions/{label}/withdraw`.
    pub fn withdraw(&self, document: &str, label: &str, reason: &Reason) -> Result<Answer<Version>, ClientError> {
        self.post(&format!("{}/withdraw", version_path(document, label)), reason)
    }

    /// `POST /needs`.
    pub fn record_need(&self, need: &NewNeed) -> Result<Answer<Need>, ClientError> {
        self.post("/needs", need)
    }

    /// `GET /needs`: one page.
    pub fn needs(&self, query: &PageQuery) -> Result<Answer<Page<Need>>, ClientError> {
        self.get("/needs", query)
    }

    /// `DELETE /needs/{id}`.
    pub fn withdraw_need(&self, id: &str) -> Result<Answer<Value>, ClientError> {
        self.delete(&format!("/needs/{}", segment(id)))
    }

    /// `POST /directions`.
    pub fn issue_direction(&self, direction: &NewDirection) -> Result<Answer<Direction>, ClientError> {
        self.post("/directions", direction)
    }

    /// `GET /directions`: one page.
    pub fn directions(&self, query: &DirectionsQuery) -> Result<Answer<Page<Direction>>, ClientError> {
        self.get("/directions", query)
    }

    /// `POST /directions/{id}/acceptance`.
    pub fn accept_direction(&self, id: &str, acceptance: &NewAcceptance) -> Result<Answer<Direction>, ClientError> {
        self.post(&format!("/directions/{}/acceptance", segment(id)), acceptance)
    }

    /// `GET /audit/entries`: one page.
    pub fn audit_entries(&self, query: &AuditQuery) -> Result<Answer<Page<AuditEntry>>, ClientError> {
        self.get("/audit/entries", query)
    }

    /// `GET /audit/entries/{index}/evidence`: the text of the proof, as it was served. The server waits for the
    /// checkpoint that covers the entry.
    pub fn entry_evidence(&self, index: u64) -> Result<Answer<String>, ClientError> {
        self.evidence(&format!("/audit/entries/{index}/evidence"))
    }

    /// `GET /documents/{doc}/versions/{label}/evidence`: the proof of the lodgement.
    pub fn version_evidence(&self, document: &str, label: &str) -> Result<Answer<String>, ClientError> {
        self.evidence(&format!("{}/evidence", version_path(document, label)))
    }

    fn evidence(&self, path: &str) -> Result<Answer<String>, ClientError> {
        let response = self.accepted(self.agent.get(self.url(path)).call())?;
        let (status, entry) = (response.status().as_u16(), entry_of(&response));
        let value = self.as_text(response)?;
        Ok(Answer { json: Value::String(value.clone()), value, entry, status })
    }

    fn as_text(&self, response: Response<Body>) -> Result<String, ClientError> {
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        self.copy(response, &mut |chunk| bytes.write_all(chunk).map_err(ClientError::Sink))?;
        String::from_utf8(bytes).map_err(|_| self.not_understood(status, "it is not text".into()))
    }
}

pub(super) fn document_path(document: &str) -> String {
    format!("/documents/{}", segment(document))
}

pub(super) fn version_path(document: &str, label: &str) -> String {
    format!("{}/versions/{}", document_path(document), segment(label))
}
