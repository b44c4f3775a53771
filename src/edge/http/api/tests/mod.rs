//! The room from outside: over real TLS with certificates of a development CA, on a real repository.

mod acts;
mod audit;
mod credentials;
mod decisions;
mod desk;
mod diff;
mod directions;
mod explaining;
mod grants;
mod hiding;
mod lists;
mod lodging;
mod malformed;
mod measures;
mod openapi;
mod reading;
mod register;
mod undertakings;
mod wire;
mod witnessed;

use desk::Desk;
