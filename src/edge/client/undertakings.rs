//! The calls on agreements and confirmations.

use super::connection::{Answer, Client};
use super::error::ClientError;
use crate::pure::wire::page::Page;
use crate::pure::wire::undertaking::{Agreement, AgreementText, Confirmation, NewAgreementText, NewUndertaking};

impl Client {
    /// `GET /agreements`: those signed, and those asked for.
    pub fn agreements(&self) -> Result<Answer<Page<Agreement>>, ClientError> {
        self.get("/agreements", &())
    }

    /// `POST /agreements`: what was signed.
    pub fn sign_agreement(&self, undertaking: &NewUndertaking) -> Result<Answer<Page<Agreement>>, ClientError> {
        self.post("/agreements", undertaking)
    }

    /// `POST /agreements/texts`.
    pub fn adopt_agreement_text(&self, text: &NewAgreementText) -> Result<Answer<AgreementText>, ClientError> {
        self.post("/agreements/texts", text)
    }

    /// `GET /confirmations`: one's own appointments, with the text that each asks for.
    pub fn confirmations(&self) -> Result<Answer<Page<Confirmation>>, ClientError> {
        self.get("/confirmations", &())
    }

    /// `POST /confirmations`: what was confirmed.
    pub fn confirm_membership(&self, undertaking: &NewUndertaking) -> Result<Answer<Page<Confirmation>>, ClientError> {
        self.post("/confirmations", undertaking)
    }
}
