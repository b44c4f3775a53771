//! The body of an act that needs nothing but a reason.

use serde::{Deserialize, Serialize};

/// The body of `POST .../publish` and `POST .../withdraw`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Why, in words that the audit log keeps.
    pub reason: String,
}
