//! The calls on credentials.

use serde_json::json;

use super::connection::{Answer, Client};
use super::error::ClientError;
use super::request::segment;
use crate::pure::wire::credential::{Credential, CredentialsQuery, NewCredential};
use crate::pure::wire::page::Page;
use crate::pure::wire::reason::Reason;

impl Client {
    /// `POST /register/credentials`.
    pub fn bind_credential(&self, credential: &NewCredential) -> Result<Answer<Credential>, ClientError> {
        self.post("/register/credentials", credential)
    }

    /// `GET /register/credentials`: one page.
    pub fn credentials(&self, query: &CredentialsQuery) -> Result<Answer<Page<Credential>>, ClientError> {
        self.get("/register/credentials", query)
    }

    /// `GET /register/credentials/{id}`.
    pub fn credential(&self, id: &str) -> Result<Answer<Credential>, ClientError> {
        self.get(&credential_path(id), &())
    }

    /// `POST /register/credentials/{id}/confirmation`.
    pub fn confirm_credential(&self, id: &str) -> Result<Answer<Credential>, ClientError> {
        self.post(&format!("{}/confirmation", credential_path(id)), &json!({}))
    }

    /// `POST /register/credentials/{id}/revocation`.
    pub fn revoke_credential(&self, id: &str, reason: &Reason) -> Result<Answer<Credential>, ClientError> {
        self.post(&format!("{}/revocation", credential_path(id)), reason)
    }
}

fn credential_path(id: &str) -> String {
    format!("/register/credentials/{}", segment(id))
}
