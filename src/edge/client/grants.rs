//! Calls about grants, tabling and proposals of a classification.

use super::calls::version_path;
use super::connection::{Answer, Client};
use super::error::ClientError;
use super::request::segment;
use crate::pure::wire::classification::NewClassification;
use crate::pure::wire::grant::{Grant, GrantsQuery, NewGrant, NewTabling};
use crate::pure::wire::page::Page;
use crate::pure::wire::version::Version;

impl Client {
    /// `POST /grants`.
    pub fn give_grant(&self, grant: &NewGrant) -> Result<Answer<Grant>, ClientError> {
        self.post("/grants", grant)
    }

    /// `GET /grants`: one page.
    pub fn grants(&self, query: &GrantsQuery) -> Result<Answer<Page<Grant>>, ClientError> {
        self.get("/grants", query)
    }

    /// `POST /grants/{id}/direction`.
    pub fn direct_grant(&self, id: &str) -> Result<Answer<Grant>, ClientError> {
        self.post(&format!("/grants/{}/direction", segment(id)), &serde_json::json!({}))
    }

    /// `DELETE /grants/{id}?reason=`.
    pub fn revoke_grant(&self, id: &str, reason: Option<&str>) -> Result<Answer<Grant>, ClientError> {
        let reason = reason.map(|reason| format!("?reason={}", segment(reason))).unwrap_or_default();
        self.delete(&format!("/grants/{}{reason}", segment(id)))
    }

    /// `POST /documents/{doc}/versions/{label}/tabling`.
    pub fn table_version(
        &self,
        document: &str,
        label: &str,
        tabling: &NewTabling,
    ) -> Result<Answer<Version>, ClientError> {
        self.post(&format!("{}/tabling", version_path(document, label)), tabling)
    }

    /// `POST /documents/{doc}/versions/{label}/classification/proposals`.
    pub fn propose_classification(
        &self,
        document: &str,
        label: &str,
        proposal: &NewClassification,
    ) -> Result<Answer<Version>, ClientError> {
        self.post(&format!("{}/classification/proposals", version_path(document, label)), proposal)
    }
}
