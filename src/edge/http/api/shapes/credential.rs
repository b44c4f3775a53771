//! Credentials.

use super::missing;
use crate::pure::domain::facts::{Facts, FactsDamaged, FactsExt};
use crate::pure::domain::id::Handle;
use crate::pure::domain::person::{Credential, CredentialState};
use crate::pure::domain::time::Instant;
use crate::pure::wire::credential as wire;
use crate::pure::wire::digest::Digest;
use crate::pure::wire::person::Person;

/// A credential as it stands at `now`. The caller has decided that the asker may know of it.
pub(in super::super) fn credential(
    facts: &dyn Facts,
    credential: &Credential,
    now: Instant,
) -> Result<wire::Credential, FactsDamaged> {
    Ok(wire::Credential {
        id: Digest(credential.id.0),
        person: person(facts, &credential.person)?,
        state: match credential.state {
            CredentialState::Proposed => wire::CredentialState::Proposed,
            CredentialState::Confirmed if credential.is_replaced(now) => wire::CredentialState::Replaced,
            CredentialState::Confirmed => wire::CredentialState::Confirmed,
            CredentialState::Revoked => wire::CredentialState::Revoked,
        },
        bound_by: credential.bound_by.as_ref().map(|handle| person(facts, handle)).transpose()?,
        replaces: credential.replaces.map(|replacement| Digest(replacement.credential.0)),
        overlap_until: credential.replaces.map(|replacement| replacement.overlap_until.to_timestamp()),
        until: credential.until.map(Instant::to_timestamp),
    })
}

fn person(facts: &dyn Facts, handle: &Handle) -> Result<Person, FactsDamaged> {
    let person = facts.person(handle)?.ok_or_else(|| missing("a person"))?;
    Ok(Person { handle: person.handle.to_string(), name: person.name.clone() })
}
