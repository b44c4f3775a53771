//! The register: organisations, bodies, seats, credentials.

use std::sync::Arc;

use super::super::body::{Body, BodyReview};
use super::super::event::Event;
use super::super::facts::{Change, Fact, FactKey, FactsDamaged, FactsExt};
use super::super::id::{CredentialId, Handle};
use super::super::organisation::Organisation;
use super::super::person::{Credential, CredentialState, Person, Replacement};
use super::{Applied, Applying, person_fact};

impl Applying<'_> {
    pub(super) fn register_event(&self, event: &Event) -> Applied {
        let index = self.entry.index;
        Ok(Some(match event {
            Event::ProfileAdopted { profile } => {
                vec![(FactKey::Profile, Some(Fact::Profile(Arc::new((**profile).clone()))))]
            }
            Event::OrganisationRegistered { organisation, name, organisation_kind, category } => {
                let registered = Organisation {
                    handle: organisation.clone(),
                    name: name.clone(),
                    kind: *organisation_kind,
                    category: category.clone(),
                    suspensions: Vec::new(),
                };
                vec![
                    (FactKey::OrganisationOrder(index), Some(Fact::Slug(organisation.clone()))),
                    organisation_fact(registered),
                ]
            }
            Event::BodyEstablished { body } => vec![
                (FactKey::BodyOrder(index), Some(Fact::Slug(body.handle.clone()))),
                (FactKey::Body(body.handle.clone()), Some(Fact::Body(Arc::new((**body).clone())))),
            ],
            Event::SeatEstablished { body, seat } => self.body(body, |body| body.seats.push(seat.clone()))?,
            Event::SeatAbolished { body, seat, .. } => {
                self.body(body, |body| body.seats.retain(|one| one.handle != *seat))?
            }
            Event::BodyReviewed { body, of, outcome } => {
                let review = BodyReview { of: *of, outcome: outcome.clone(), at: self.entry.time, entry: index };
                self.body(body, |body| body.reviews.push(review))?
            }
            Event::AgreementTextAdopted { body, text, words } => self.body(body, |body| {
                body.agreement_text = *text;
                body.agreement.clone_from(words);
            })?,
            Event::PersonRegistered { person, name, organisation, system } => {
                self.found(self.facts.organisation(organisation)?, "organisation")?;
                let mut registered = new_person(person, name, organisation);
                registered.system = *system;
                vec![(FactKey::PersonOrder(index), Some(Fact::Slug(person.clone()))), person_fact(registered)]
            }
            Event::CredentialBound { person, credential, replaces, overlap_until } => {
                let bound = Credential {
                    id: *credential,
                    person: person.clone(),
                    state: CredentialState::Proposed,
                    bound_by: self.entry.person.cloned(),
                    replaces: replaces
                        .zip(*overlap_until)
                        .map(|(credential, overlap_until)| Replacement { credential, overlap_until }),
                    until: None,
                };
                let mut changes = self.person(person, |person| person.credentials.push(*credential))?;
                changes.push((FactKey::Credential(*credential), Some(Fact::Credential(Arc::new(bound)))));
                changes
            }
            Event::CredentialConfirmed { credential } => {
                let mut changes = self.credential(*credential, |one| one.state = CredentialState::Confirmed)?;
                let confirmed = self.found(self.facts.credential(*credential)?, "credential")?;
                changes.push(self.subject(&confirmed.person));
                if let Some(replacement) = confirmed.replaces {
                    let until = Some(replacement.overlap_until);
                    changes.extend(self.credential(replacement.credential, |replaced| replaced.until = until)?);
                }
                changes
            }
            Event::CredentialRevoked { credential, .. } => {
                let mut changes = self.credential(*credential, |one| one.state = CredentialState::Revoked)?;
                let revoked = self.found(self.facts.credential(*credential)?, "credential")?;
                changes.push(self.subject(&revoked.person));
                changes
            }
            Event::RegisterEstablished => self.service(|service| service.established = true)?,
            _ => return Ok(None),
        }))
    }

    /// The entry is about that person too, whom its event does not name (AUDIT-1).
    fn subject(&self, person: &Handle) -> Change {
        let index = self.entry.index;
        (FactKey::EntryOf(person.clone(), index), Some(Fact::Index(index)))
    }

    fn credential(&self, id: CredentialId, change: impl FnOnce(&mut Credential)) -> Result<Vec<Change>, FactsDamaged> {
        let mut changed = (*self.found(self.facts.credential(id)?, "credential")?).clone();
        change(&mut changed);
        Ok(vec![(FactKey::Credential(id), Some(Fact::Credential(Arc::new(changed))))])
    }

    fn body(&self, handle: &Handle, change: impl FnOnce(&mut Body)) -> Result<Vec<Change>, FactsDamaged> {
        let mut changed = (*self.found(self.facts.body(handle)?, "body")?).clone();
        change(&mut changed);
        Ok(vec![(FactKey::Body(handle.clone()), Some(Fact::Body(Arc::new(changed))))])
    }
}

pub(super) fn organisation_fact(organisation: Organisation) -> Change {
    (FactKey::Organisation(organisation.handle.clone()), Some(Fact::Organisation(Arc::new(organisation))))
}

fn new_person(person: &Handle, name: &str, organisation: &Handle) -> Person {
    Person {
        handle: person.clone(),
        name: name.to_owned(),
        organisation: organisation.clone(),
        system: false,
        credentials: Vec::new(),
        active: true,
        appointments: Vec::new(),
        alternates: Vec::new(),
        agreements: Vec::new(),
        named_secretariat: Vec::new(),
        auditor: false,
        conflicts: Vec::new(),
        breaches: Vec::new(),
        suspensions: Vec::new(),
    }
}
