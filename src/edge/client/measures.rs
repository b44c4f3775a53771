//! Conflicts, breaches, suspensions and appeals.

use super::connection::{Answer, Client};
use super::error::ClientError;
use super::request::segment;
use crate::pure::wire::appeal::{InstructionAppeals, NewAppeal, NewAppealOutcome};
use crate::pure::wire::breach::{Breach, NewBreach};
use crate::pure::wire::conflict::{Conflict, NewConflict};
use crate::pure::wire::measure::NewLift;
use crate::pure::wire::page::{Page, PageQuery};
use crate::pure::wire::suspension::{NewSuspension, Suspension};

impl Client {
    /// `POST /conflicts`.
    pub fn declare_conflict(&self, conflict: &NewConflict) -> Result<Answer<Conflict>, ClientError> {
        self.post("/conflicts", conflict)
    }

    /// `GET /conflicts`: one page.
    pub fn conflicts(&self, query: &PageQuery) -> Result<Answer<Page<Conflict>>, ClientError> {
        self.get("/conflicts", query)
    }

    /// `GET /conflicts/{id}`.
    pub fn conflict(&self, id: &str) -> Result<Answer<Conflict>, ClientError> {
        self.get(&format!("/conflicts/{}", segment(id)), &())
    }

    /// `POST /conflicts/{id}/lift`.
    pub fn lift_conflict(&self, id: &str, lift: &NewLift) -> Result<Answer<Conflict>, ClientError> {
        self.post(&format!("/conflicts/{}/lift", segment(id)), lift)
    }

    /// `POST /conflicts/{id}/appeal`.
    pub fn appeal_conflict(&self, id: &str, appeal: &NewAppeal) -> Result<Answer<Conflict>, ClientError> {
        self.post(&format!("/conflicts/{}/appeal", segment(id)), appeal)
    }

    /// `POST /conflicts/{id}/appeal/outcome`.
    pub fn settle_conflict(&self, id: &str, outcome: &NewAppealOutcome) -> Result<Answer<Conflict>, ClientError> {
        self.post(&format!("/conflicts/{}/appeal/outcome", segment(id)), outcome)
    }

    /// `POST /breaches`.
    pub fn record_breach(&self, breach: &NewBreach) -> Result<Answer<Breach>, ClientError> {
        self.post("/breaches", breach)
    }

    /// `GET /breaches`: one page.
    pub fn breaches(&self, query: &PageQuery) -> Result<Answer<Page<Breach>>, ClientError> {
        self.get("/breaches", query)
    }

    /// `GET /breaches/{id}`.
    pub fn breach(&self, id: &str) -> Result<Answer<Breach>, ClientError> {
        self.get(&format!("/breaches/{}", segment(id)), &())
    }

    /// `POST /breaches/{id}/lift`.
    pub fn lift_breach(&self, id: &str, lift: &NewLift) -> Result<Answer<Breach>, ClientError> {
        self.post(&format!("/breaches/{}/lift", segment(id)), lift)
    }

    /// `POST /breaches/{id}/appeal`.
    pub fn appeal_breach(&self, id: &str, appeal: &NewAppeal) -> Result<Answer<Breach>, ClientError> {
        self.post(&format!("/breaches/{}/appeal", segment(id)), appeal)
    }

    /// `POST /breaches/{id}/appeal/outcome`.
    pub fn settle_breach(&self, id: &str, outcome: &NewAppealOutcome) -> Result<Answer<Breach>, ClientError> {
        self.post(&format!("/breaches/{}/appeal/outcome", segment(id)), outcome)
    }

    /// `POST /suspensions`.
    pub fn impose_suspension(&self, suspension: &NewSuspension) -> Result<Answer<Suspension>, ClientError> {
        self.post("/suspensions", suspension)
    }

    /// `GET /suspensions`: one page.
    pub fn suspensions(&self, query: &PageQuery) -> Result<Answer<Page<Suspension>>, ClientError> {
        self.get("/suspensions", query)
    }

    /// `GET /suspensions/{id}`.
    pub fn suspension(&self, id: &str) -> Result<Answer<Suspension>, ClientError> {
        self.get(&format!("/suspensions/{}", segment(id)), &())
    }

    /// `POST /suspensions/{id}/lift`.
    pub fn lift_suspension(&self, id: &str, lift: &NewLift) -> Result<Answer<Suspension>, ClientError> {
        self.post(&format!("/suspensions/{}/lift", segment(id)), lift)
    }

    /// `POST /suspensions/{id}/appeal`.
    pub fn appeal_suspension(&self, id: &str, appeal: &NewAppeal) -> Result<Answer<Suspension>, ClientError> {
        self.post(&format!("/suspensions/{}/appeal", segment(id)), appeal)
    }

    /// `POST /suspensions/{id}/appeal/outcome`.
    pub fn settle_suspension(&self, id: &str, outcome: &NewAppealOutcome) -> Result<Answer<Suspension>, ClientError> {
        self.post(&format!("/suspensions/{}/appeal/outcome", segment(id)), outcome)
    }

    /// `POST /decisions/{id}/appeal`: to the regulator, against an instruction to the operator of the PKI.
    pub fn appeal_instruction(&self, id: &str, appeal: &NewAppeal) -> Result<Answer<InstructionAppeals>, ClientError> {
        self.post(&format!("/decisions/{}/appeal", segment(id)), appeal)
    }

    /// `POST /decisions/{id}/appeal/outcome`: the regulator's.
    pub fn settle_instruction(
        &self,
        id: &str,
        outcome: &NewAppealOutcome,
    ) -> Result<Answer<InstructionAppeals>, ClientError> {
        self.post(&format!("/decisions/{}/appeal/outcome", segment(id)), outcome)
    }
}
