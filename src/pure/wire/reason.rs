//! The body of an act that needs nothing but a reason.

use serde::{Deserialize, Serialize};

/// The body of `POST .../publish` and `POST .../withdraw`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Why, in words that the audit log keeps.
    pub reason: String,
}

untold!(Reason);
