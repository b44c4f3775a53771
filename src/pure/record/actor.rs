//! Who gave the command of a record.

use serde::{Deserialize, Serialize};

use crate::pure::domain::command::System;
use crate::pure::domain::id::{CredentialId, Handle};

/// Who gave a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RecordActor {
    /// A person, with the organisation and the credential at that time.
    Person {
        /// The person.
        person: Handle,
        /// The person's organisation; absent where the thing was hidden (READ-6).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organisation: Option<Handle>,
        /// The credential.
        credential: CredentialId,
    },
    /// Strongroom itself.
    System {
        /// Which part of it.
        system: System,
    },
}

impl RecordActor {
    /// The person.
    pub fn person(&self) -> Option<&Handle> {
        match self {
            Self::Person { person, .. } => Some(person),
            Self::System { .. } => None,
        }
    }

    /// The person's organisation, where the record holds it.
    pub fn organisation(&self) -> Option<&Handle> {
        match self {
            Self::Person { organisation, .. } => organisation.as_ref(),
            Self::System { .. } => None,
        }
    }

    pub(super) fn without_organisation(self) -> Self {
        match self {
            Self::Person { person, credential, .. } => Self::Person { person, organisation: None, credential },
            system => system,
        }
    }
}
