//! A person, as other people see them.

use serde::{Deserialize, Serialize};

/// A natural person, or one named system of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The handle in the register, for example `chair`.
    pub handle: String,
    /// The name as it is shown.
    pub name: String,
}
