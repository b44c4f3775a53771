//! Names in the paths of the register.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::super::super::problem::ApiProblem;
use super::super::asking::{parsed, segment};
use crate::pure::domain::id::{AlternateId, AppointmentId, Handle};

/// `{organisation}`.
pub(super) struct OrganisationName(pub Handle);

/// `{person}`.
pub(super) struct PersonName(pub Handle);

/// `{body}`.
pub(super) struct BodyName(pub Handle);

/// `{body}` and the `{seat}` on it.
pub(super) struct SeatName {
    /// The body.
    pub body: Handle,
    /// The seat.
    pub seat: Handle,
}

/// `{body}` and the `{person}` of its Secretariat.
pub(super) struct StaffName {
    /// The body.
    pub body: Handle,
    /// The person.
    pub person: Handle,
}

/// The `{id}` of an appointment.
pub(super) struct AppointmentName(pub AppointmentId);

/// The `{id}` of an alternate.
pub(super) struct AlternateName(pub AlternateId);

macro_rules! from_path {
    ($($name:ty = $parse:expr;)*) => {
        $(impl FromRequest for $name {
            type Error = ApiProblem;
            type Future = Ready<Result<Self, ApiProblem>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let parse: fn(&HttpRequest) -> Result<Self, ApiProblem> = $parse;
                ready(parse(request))
            }
        })*
    };
}

from_path! {
    OrganisationName = |request| Ok(Self(parsed(segment(request, "organisation")?)?));
    PersonName = |request| Ok(Self(parsed(segment(request, "person")?)?));
    BodyName = |request| Ok(Self(parsed(segment(request, "body")?)?));
    SeatName = |request| Ok(Self { body: parsed(segment(request, "body")?)?, seat: parsed(segment(request, "seat")?)? });
    StaffName = |request| Ok(Self {
        body: parsed(segment(request, "body")?)?,
        person: parsed(segment(request, "person")?)?,
    });
    AppointmentName = |request| Ok(Self(parsed(segment(request, "id")?)?));
    AlternateName = |request| Ok(Self(parsed(segment(request, "id")?)?));
}
