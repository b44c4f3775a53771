//! An organisation, as `/me` and lists show it.

use serde::{Deserialize, Serialize};

/// A company or body of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// The handle in the register, for example `northern-power`.
    pub handle: String,
    /// The name as it is shown.
    pub name: String,
    /// `party`, `dcc`, `code_administrator`, `authority`, `government`, `stakeholder`, `assurance` or `host`.
    pub kind: String,
    /// The party category of a `party`, for example `large_supplier`; `null` for every other kind.
    pub category: Option<String>,
}

/// The body of `POST /register/organisations`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewOrganisation {
    /// The handle, which it keeps for ever.
    pub organisation: String,
    /// The name as it is shown.
    pub name: String,
    /// The kind, as in [`Organisation`].
    pub kind: String,
    /// The party category; for a `party` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}
