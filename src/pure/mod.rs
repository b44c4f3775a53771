//! The ground floor: values and rules, as pure functions of their arguments.
//!
//! No I/O, no clock, no randomness, no async: time and ids come in as arguments. `domain`, `tlog`, `detached` and `lodger` use
//! nothing else of Strongroom; what an auditor needs in order to verify lies here alone:
//! `tlog`, `detached`, `lodger` and `audit` are built without the feature `server` too, for those who embed the verifier.

#[cfg(feature = "server")]
#[macro_use]
pub(crate) mod untold;

#[cfg(feature = "server")]
pub mod domain;
#[cfg(feature = "server")]
pub mod record;

pub mod tlog;

pub mod detached;
pub mod lodger;

pub mod audit;

#[cfg(feature = "server")]
pub mod wire;
