//! A person, as other people see them.

use serde::{Deserialize, Serialize};

use super::organisation::Organisation;

/// A natural person, or one named system of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The handle in the register, for example `chair`.
    pub handle: String,
    /// The name as it is shown.
    pub name: String,
}

/// The body of `POST /register/people`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// The handle, which nobody else is ever given.
    pub person: String,
    /// The name as it is shown.
    pub name: String,
    /// The handle of the organisation.
    pub organisation: String,
    /// Whether it is a named system of that organisation and no natural person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub system: bool,
}

/// A person as the register has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredPerson {
    /// The handle.
    pub handle: String,
    /// The name as it is shown.
    pub name: String,
    /// The organisation.
    pub organisation: Organisation,
    /// Whether it is a named system of that organisation and no natural person.
    pub system: bool,
    /// Whether the person is registered still; a removed person has no access (GOV-5).
    pub active: bool,
    /// Whether the person is an appointed auditor (AUDIT-1); `null` for those who may not know.
    pub auditor: Option<bool>,
    /// The bodies whose RED papers the person handles for the Secretariat (RED-1); `null` for those who may not know.
    pub named_secretariat: Option<Vec<String>>,
}

/// The body of an act that names a person for an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedPerson {
    /// The person's handle.
    pub person: String,
}
