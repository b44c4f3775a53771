//! The calls of the register: who is who, and who sits where.

use serde_json::{Value, json};

use super::connection::{Answer, Client};
use super::error::ClientError;
use super::request::segment;
use crate::pure::wire::alternate::{Alternate, AlternatesQuery, NewAlternate};
use crate::pure::wire::appointment::{Appointment, AppointmentsQuery, NewAppointment};
use crate::pure::wire::body::{Body, BodyDetail, NewBody, NewReview, NewSeatOfBody, Seat, SeatsQuery};
use crate::pure::wire::organisation::{NewOrganisation, Organisation};
use crate::pure::wire::page::{Page, PageQuery};
use crate::pure::wire::person::{NamedPerson, NewPerson, RegisteredPerson};
use crate::pure::wire::reason::Reason;

impl Client {
    /// `GET /register/organisations`: one page.
    pub fn organisations(&self, query: &PageQuery) -> Result<Answer<Page<Organisation>>, ClientError> {
        self.get("/register/organisations", query)
    }

    /// `POST /register/organisations`.
    pub fn register_organisation(&self, new: &NewOrganisation) -> Result<Answer<Organisation>, ClientError> {
        self.post("/register/organisations", new)
    }

    /// `GET /register/organisations/{organisation}`.
    pub fn organisation(&self, organisation: &str) -> Result<Answer<Organisation>, ClientError> {
        self.get(&format!("/register/organisations/{}", segment(organisation)), &())
    }

    /// `GET /register/people`: one page.
    pub fn people(&self, query: &PageQuery) -> Result<Answer<Page<RegisteredPerson>>, ClientError> {
        self.get("/register/people", query)
    }

    /// `POST /register/people`.
    pub fn register_person(&self, new: &NewPerson) -> Result<Answer<RegisteredPerson>, ClientError> {
        self.post("/register/people", new)
    }

    /// `GET /register/people/{person}`.
    pub fn person(&self, person: &str) -> Result<Answer<RegisteredPerson>, ClientError> {
        self.get(&format!("/register/people/{}", segment(person)), &())
    }

    /// `POST /register/people/{person}/removal`.
    pub fn remove_person(&self, person: &str, reason: &Reason) -> Result<Answer<RegisteredPerson>, ClientError> {
        self.post(&format!("/register/people/{}/removal", segment(person)), reason)
    }

    /// `GET /register/bodies`: one page.
    pub fn bodies(&self, query: &PageQuery) -> Result<Answer<Page<Body>>, ClientError> {
        self.get("/register/bodies", query)
    }

    /// `POST /register/bodies`.
    pub fn establish_body(&self, new: &NewBody) -> Result<Answer<BodyDetail>, ClientError> {
        self.post("/register/bodies", new)
    }

    /// `GET /register/bodies/{body}`.
    pub fn body(&self, body: &str) -> Result<Answer<BodyDetail>, ClientError> {
        self.get(&body_path(body), &())
    }

    /// `POST /register/bodies/{body}/reviews`.
    pub fn record_review(&self, body: &str, review: &NewReview) -> Result<Answer<BodyDetail>, ClientError> {
        self.post(&format!("{}/reviews", body_path(body)), review)
    }

    /// `GET /register/seats`: one page.
    pub fn seats(&self, query: &SeatsQuery) -> Result<Answer<Page<Seat>>, ClientError> {
        self.get("/register/seats", query)
    }

    /// `POST /register/seats`.
    pub fn establish_seat(&self, new: &NewSeatOfBody) -> Result<Answer<Seat>, ClientError> {
        self.post("/register/seats", new)
    }

    /// `GET /register/bodies/{body}/seats/{seat}`.
    pub fn seat(&self, body: &str, seat: &str) -> Result<Answer<Seat>, ClientError> {
        self.get(&format!("{}/seats/{}", body_path(body), segment(seat)), &())
    }

    /// `POST /register/bodies/{body}/seats/{seat}/abolition`.
    pub fn abolish_seat(&self, body: &str, seat: &str, reason: &Reason) -> Result<Answer<Value>, ClientError> {
        self.post(&format!("{}/seats/{}/abolition", body_path(body), segment(seat)), reason)
    }

    /// `GET /register/appointments`: one page.
    pub fn appointments(&self, query: &AppointmentsQuery) -> Result<Answer<Page<Appointment>>, ClientError> {
        self.get("/register/appointments", query)
    }

    /// `POST /register/appointments`.
    pub fn propose_appointment(&self, new: &NewAppointment) -> Result<Answer<Appointment>, ClientError> {
        self.post("/register/appointments", new)
    }

    /// `GET /register/appointments/{id}`.
    pub fn appointment(&self, id: &str) -> Result<Answer<Appointment>, ClientError> {
        self.get(&format!("/register/appointments/{}", segment(id)), &())
    }

    /// `POST /register/appointments/{id}/approval`.
    pub fn approve_appointment(&self, id: &str) -> Result<Answer<Appointment>, ClientError> {
        self.post(&format!("/register/appointments/{}/approval", segment(id)), &json!({}))
    }

    /// `POST /register/appointments/{id}/end`.
    pub fn end_appointment(&self, id: &str, reason: &Reason) -> Result<Answer<Appointment>, ClientError> {
        self.post(&format!("/register/appointments/{}/end", segment(id)), reason)
    }

    /// `GET /register/alternates`: one page.
    pub fn alternates(&self, query: &AlternatesQuery) -> Result<Answer<Page<Alternate>>, ClientError> {
        self.get("/register/alternates", query)
    }

    /// `POST /register/alternates`.
    pub fn propose_alternate(&self, new: &NewAlternate) -> Result<Answer<Alternate>, ClientError> {
        self.post("/register/alternates", new)
    }

    /// `GET /register/alternates/{id}`.
    pub fn alternate(&self, id: &str) -> Result<Answer<Alternate>, ClientError> {
        self.get(&format!("/register/alternates/{}", segment(id)), &())
    }

    /// `POST /register/alternates/{id}/approval`.
    pub fn approve_alternate(&self, id: &str) -> Result<Answer<Alternate>, ClientError> {
        self.post(&format!("/register/alternates/{}/approval", segment(id)), &json!({}))
    }

    /// `POST /register/alternates/{id}/end`.
    pub fn end_alternate(&self, id: &str) -> Result<Answer<Alternate>, ClientError> {
        self.post(&format!("/register/alternates/{}/end", segment(id)), &json!({}))
    }

    /// `POST /register/bodies/{body}/secretariat`.
    pub fn name_secretariat(&self, body: &str, person: &NamedPerson) -> Result<Answer<RegisteredPerson>, ClientError> {
        self.post(&format!("{}/secretariat", body_path(body)), person)
    }

    /// `POST /register/bodies/{body}/secretariat/{person}/removal`.
    pub fn unname_secretariat(
        &self,
        body: &str,
        person: &str,
        reason: &Reason,
    ) -> Result<Answer<RegisteredPerson>, ClientError> {
        self.post(&format!("{}/secretariat/{}/removal", body_path(body), segment(person)), reason)
    }

    /// `POST /register/auditors`.
    pub fn appoint_auditor(&self, person: &NamedPerson) -> Result<Answer<RegisteredPerson>, ClientError> {
        self.post("/register/auditors", person)
    }

    /// `POST /register/auditors/{person}/removal`.
    pub fn dismiss_auditor(&self, person: &str, reason: &Reason) -> Result<Answer<RegisteredPerson>, ClientError> {
        self.post(&format!("/register/auditors/{}/removal", segment(person)), reason)
    }
}

fn body_path(body: &str) -> String {
    format!("/register/bodies/{}", segment(body))
}
