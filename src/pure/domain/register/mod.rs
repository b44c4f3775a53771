//! The register as people read it: who is who, and who sits where (ToR sections 7.4 to 7.9 and 11).
//!
//! Invariants: the register is open to GREEN's audience (GREEN-1); a proposal only to those whom it concerns; outside of
//! that audience a person finds themself and their own things. What a person may not know of is left out of a list as if
//! it did not exist (READ-6). Lists make no entry.
//!
//! Not here: who may change the register (`decide::register`), and the credentials of people.

mod knowing;
mod lists;
mod terms;

pub use knowing::{Knowing, speaks_above};
pub use lists::{
    AppointmentFilter, Listed, PlacedSeat, alternate, alternates, appointment, appointments, bodies, each_appointment,
    organisations, people, seats,
};
pub use terms::{ReviewsDue, ends_soon, longest_term, reviews_due};
