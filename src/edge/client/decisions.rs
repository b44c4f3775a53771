//! The calls about decisions of bodies.

use super::connection::{Answer, Client};
use super::error::ClientError;
use super::request::segment;
use crate::pure::wire::decision::{CloseDecision, Decision, DecisionsQuery, NewDecision, NewVote};
use crate::pure::wire::page::Page;

impl Client {
    /// `POST /decisions`.
    pub fn open_decision(&self, decision: &NewDecision) -> Result<Answer<Decision>, ClientError> {
        self.post("/decisions", decision)
    }

    /// `GET /decisions`: one page.
    pub fn decisions(&self, query: &DecisionsQuery) -> Result<Answer<Page<Decision>>, ClientError> {
        self.get("/decisions", query)
    }

    /// `GET /decisions/{id}`.
    pub fn decision(&self, id: &str) -> Result<Answer<Decision>, ClientError> {
        self.get(&decision_path(id), &())
    }

    /// `POST /decisions/{id}/votes`.
    pub fn vote(&self, id: &str, vote: &NewVote) -> Result<Answer<Decision>, ClientError> {
        self.post(&format!("{}/votes", decision_path(id)), vote)
    }

    /// `POST /decisions/{id}/close`.
    pub fn close_decision(&self, id: &str) -> Result<Answer<Decision>, ClientError> {
        self.post(&format!("{}/close", decision_path(id)), &CloseDecision {})
    }
}

fn decision_path(id: &str) -> String {
    format!("/decisions/{}", segment(id))
}
