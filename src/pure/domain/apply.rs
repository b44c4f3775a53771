//! Apply: from an event to the facts that it changes. It holds no policy: the event happened.

use std::sync::Arc;

use super::conflict::Conflict;
use super::direction::{Direction, DirectionState};
use super::document::Document;
use super::event::{Event, Suspended};
use super::facts::{Change, Fact, FactKey, Facts, FactsDamaged, FactsExt, Made, Overlay};
use super::grant::Grant;
use super::id::{Handle, Label};
use super::log_keys::Rotation;
use super::need::Need;
use super::organisation::Organisation;
use super::person::{Agreement, Alternate, Appointment, Credential, CredentialState, Person};
use super::suspension::{Breach, Suspension};
use super::time::Instant;
use super::version::{Determination, Version, Withdrawal};

/// One entry, as far as applying it goes.
#[derive(Clone, Debug)]
pub struct Occurrence<'a> {
    /// Its index.
    pub index: u64,
    /// Its time.
    pub time: Instant,
    /// The person who gave the command; `None` for Strongroom itself.
    pub person: Option<&'a Handle>,
    /// The person's organisation at that time, for an entry with events.
    pub organisation: Option<&'a Handle>,
    /// The document that the command named, whether it exists or not.
    pub document: Option<&'a Handle>,
    /// Its events; none for a refusal.
    pub events: &'a [Event],
    /// For an entry that made something: the request's id and the command's fingerprint.
    pub made: Option<(&'a str, [u8; 32])>,
}

/// The changes that an entry makes to the facts.
pub fn apply(facts: &dyn Facts, entry: &Occurrence<'_>) -> Result<Vec<Change>, FactsDamaged> {
    let mut overlay = Overlay::over(facts);
    if let Some(person) = entry.person {
        overlay.lay([(FactKey::EntryOf(person.clone(), entry.index), Some(Fact::Index(entry.index)))]);
        if let Some((request, command)) = entry.made {
            let made = Made { entry: entry.index, command };
            overlay.lay([(FactKey::Request(person.clone(), request.to_owned()), Some(Fact::Made(Arc::new(made))))]);
        }
    }
    if let Some(document) = entry.document {
        overlay.lay([(FactKey::EntryAbout(document.clone(), entry.index), Some(Fact::Index(entry.index)))]);
    }
    for event in entry.events {
        let changes = Applying { facts: &overlay, entry }.event(event)?;
        overlay.lay(changes);
    }
    Ok(overlay.into_changes().into_iter().collect())
}

struct Applying<'a> {
    facts: &'a dyn Facts,
    entry: &'a Occurrence<'a>,
}

impl Applying<'_> {
    fn event(&self, event: &Event) -> Result<Vec<Change>, FactsDamaged> {
        match event {
            Event::ProfileAdopted { profile } => {
                Ok(vec![(FactKey::Profile, Some(Fact::Profile(Arc::new((**profile).clone()))))])
            }
            Event::OrganisationRegistered { organisation, name, organisation_kind, category } => {
                Ok(vec![self.organisation_of(Organisation {
                    handle: organisation.clone(),
                    name: name.clone(),
                    kind: *organisation_kind,
                    category: category.clone(),
                    suspensions: Vec::new(),
                })])
            }
            Event::BodyEstablished { body } => {
                Ok(vec![(FactKey::Body(body.handle.clone()), Some(Fact::Body(Arc::new((**body).clone()))))])
            }
            Event::AgreementTextAdopted { body, text } => {
                let mut changed = (*self.found(self.facts.body(body)?, "body")?).clone();
                changed.agreement_text = *text;
                Ok(vec![(FactKey::Body(body.clone()), Some(Fact::Body(Arc::new(changed))))])
            }
            Event::PersonRegistered { person, name, organisation } => {
                self.found(self.facts.organisation(organisation)?, "organisation")?;
                Ok(vec![person_fact(new_person(person, name, organisation))])
            }
            Event::CredentialBound { person, credential } => {
                self.found(self.facts.person(person)?, "person")?;
                let bound = Credential { id: *credential, person: person.clone(), state: CredentialState::Proposed };
                Ok(vec![(FactKey::Credential(*credential), Some(Fact::Credential(Arc::new(bound))))])
            }
            Event::CredentialConfirmed { credential } => self.credential(*credential, CredentialState::Confirmed),
            Event::CredentialRevoked { credential, .. } => self.credential(*credential, CredentialState::Revoked),
            Event::RegisterEstablished => self.service(|service| service.established = true),
            Event::DocumentRegistered { document, title, document_kind, set, body } => {
                let registered = Document {
                    slug: document.clone(),
                    title: title.clone(),
                    kind: document_kind.clone(),
                    set: set.clone(),
                    body: body.clone(),
                    registered: self.entry.index,
                    lodgers: self.entry.person.into_iter().cloned().collect(),
                    open_directions: Vec::new(),
                };
                Ok(vec![
                    (FactKey::DocumentOrder(self.entry.index), Some(Fact::Slug(document.clone()))),
                    document_fact(registered),
                ])
            }
            Event::VersionLodged { .. } => self.version_lodged(event),
            Event::ClassificationDetermined { document, label, classification, .. } => {
                let determination =
                    Determination { classification: *classification, at: self.entry.time, entry: self.entry.index };
                self.version(document, label, |version| {
                    version.determinations.push(determination);
                    version.published_at = None;
                })
            }
            Event::VersionPublished { document, label, .. } => {
                self.version(document, label, |version| version.published_at = Some(self.entry.time))
            }
            Event::VersionWithdrawn { document, label, reason } => {
                let withdrawal = Withdrawal { at: self.entry.time, reason: reason.clone() };
                self.version(document, label, |version| version.withdrawn = Some(withdrawal))
            }
            Event::VersionTabled { document, label, body } => {
                self.version(document, label, |version| version.tabled_to.push(body.clone()))
            }
            Event::GrantGiven { grant, document, label, grant_kind, to, valid_until, .. } => {
                let given =
                    Grant { id: *grant, kind: *grant_kind, to: to.clone(), until: *valid_until, revoked: false };
                self.version(document, label, |version| version.grants.push(given))
            }
            Event::GrantRevoked { grant, document, label } => self.version(document, label, |version| {
                version.grants.iter_mut().filter(|one| one.id == *grant).for_each(|one| one.revoked = true);
            }),
            Event::NeedRecorded { need, document, version, reason, valid_until } => {
                let person = self.actor()?;
                let recorded = Need {
                    id: *need,
                    person: person.clone(),
                    document: document.clone(),
                    version: version.clone(),
                    reason: reason.clone(),
                    recorded_at: self.entry.time,
                    valid_until: *valid_until,
                    withdrawn_at: None,
                };
                Ok(vec![
                    (FactKey::NeedOf(person.clone(), *need), Some(Fact::Index(need.0))),
                    (FactKey::Need(*need), Some(Fact::Need(Arc::new(recorded)))),
                ])
            }
            Event::NeedWithdrawn { need } => {
                let mut withdrawn = (*self.found(self.facts.need(*need)?, "need")?).clone();
                withdrawn.withdrawn_at = Some(self.entry.time);
                Ok(vec![(FactKey::Need(*need), Some(Fact::Need(Arc::new(withdrawn))))])
            }
            Event::DirectionIssued { .. } => self.direction_issued(event),
            Event::DirectionAccepted { direction, label, reason } => {
                let (at, by) = (self.entry.time, self.actor()?.clone());
                let state = DirectionState::Accepted { label: label.clone(), reason: reason.clone(), at, by };
                self.direction_settled(*direction, state)
            }
            Event::DirectionReturned { direction, label, reason } => {
                let (at, by) = (self.entry.time, self.actor()?.clone());
                let state = DirectionState::Returned { label: label.clone(), reason: reason.clone(), at, by };
                self.direction_settled(*direction, state)
            }
            Event::SuspensionImposed { suspension, whom, scope, .. } => {
                let imposed = Suspension { id: *suspension, scope: *scope, lifted: false };
                self.suspensions(whom, |suspensions| suspensions.push(imposed))
            }
            Event::SuspensionLifted { suspension, whom, .. } => self.suspensions(whom, |suspensions| {
                suspensions.iter_mut().filter(|one| one.id == *suspension).for_each(|one| one.lifted = true);
            }),
            Event::ContentReleased { .. }
            | Event::RecordsRead
            | Event::Heartbeat
            | Event::JournalRecovered { .. }
            | Event::ClockAccepted { .. }
            | Event::LogSucceeded { .. } => Ok(Vec::new()),
            Event::LogKeyRotated { epoch, keys, note } => {
                let mut epochs = self.facts.log_keys()?.map(|epochs| (*epochs).clone()).unwrap_or_default();
                let (keys, note, entry) = (keys.clone(), note.clone(), self.entry.index);
                epochs.rotations.push(Rotation { epoch: *epoch, entry, keys, note });
                Ok(vec![(FactKey::LogKeys, Some(Fact::LogKeys(Arc::new(epochs))))])
            }
            _ => self.person_event(event),
        }
    }

    /// Events that change one person only.
    fn person_event(&self, event: &Event) -> Result<Vec<Change>, FactsDamaged> {
        let time = self.entry.time;
        match event {
            Event::PersonRemoved { person, .. } => self.person(person, |one| one.active = false),
            Event::AppointmentMade { person, body, seat, from, until } => self.person(person, |one| {
                one.appointments.push(Appointment {
                    body: body.clone(),
                    seat: seat.clone(),
                    from: *from,
                    until: *until,
                    confirmed: false,
                    ended: None,
                });
            }),
            Event::MemberConfirmed { person, body, seat } => {
                self.person(person, |one| held_seat(one, body, seat).for_each(|held| held.confirmed = true))
            }
            Event::AppointmentEnded { person, body, seat, .. } => {
                self.person(person, |one| held_seat(one, body, seat).for_each(|held| held.ended = Some(time)))
            }
            Event::AlternateProposed { member, alternate, body } => self.person(alternate, |one| {
                one.alternates.push(Alternate {
                    member: member.clone(),
                    body: body.clone(),
                    approved: false,
                    ended: false,
                });
            }),
            Event::AlternateApproved { member, alternate, body } => self.person(alternate, |one| {
                alternates_for(one, member, body).for_each(|alternate| alternate.approved = true);
            }),
            Event::AlternateEnded { member, alternate, body } => self.person(alternate, |one| {
                alternates_for(one, member, body).for_each(|alternate| alternate.ended = true);
            }),
            Event::AgreementSigned { person, body, text } => self.person(person, |one| {
                one.agreements.push(Agreement { body: body.clone(), text: *text, signed_at: time });
            }),
            Event::SecretariatNamed { person, body } => {
                self.person(person, |one| one.named_secretariat.push(body.clone()))
            }
            Event::AuditorAppointed { person } => self.person(person, |one| one.auditor = true),
            Event::ConflictDeclared { conflict, person, about, .. } => self.person(person, |one| {
                one.conflicts.push(Conflict { id: *conflict, about: about.clone(), lifted: false });
            }),
            Event::ConflictLifted { conflict, person, .. } => self.person(person, |one| {
                one.conflicts.iter_mut().filter(|held| held.id == *conflict).for_each(|held| held.lifted = true);
            }),
            Event::BreachRecorded { breach, person, .. } => self.person(person, |one| {
                one.breaches.push(Breach { id: *breach, lifted: false });
            }),
            Event::BreachLifted { breach, person, .. } => self.person(person, |one| {
                one.breaches.iter_mut().filter(|held| held.id == *breach).for_each(|held| held.lifted = true);
            }),
            _ => Err(FactsDamaged("an event that no room applies".into())),
        }
    }

    fn version_lodged(&self, event: &Event) -> Result<Vec<Change>, FactsDamaged> {
        let Event::VersionLodged {
            document,
            label,
            content,
            proposed,
            incorporated,
            effective,
            note,
            direction,
            signature,
        } = event
        else {
            return Err(FactsDamaged("another event where a lodgement belongs".into()));
        };
        let lodger = self.actor()?;
        let lodger_organisation = self.found(self.entry.organisation, "lodging organisation")?;
        let index = self.entry.index;
        let version = Version {
            document: document.clone(),
            label: label.clone(),
            content: content.clone(),
            proposed: *proposed,
            incorporated: *incorporated,
            effective: *effective,
            note: note.clone(),
            direction: *direction,
            signature: signature.clone(),
            lodger: lodger.clone(),
            lodger_organisation: lodger_organisation.clone(),
            lodged_at: self.entry.time,
            lodged: index,
            determinations: Vec::new(),
            published_at: None,
            withdrawn: None,
            tabled_to: Vec::new(),
            grants: Vec::new(),
        };
        let mut changed = (*self.found(self.facts.document(document)?, "document")?).clone();
        if !changed.lodgers.contains(lodger) {
            changed.lodgers.push(lodger.clone());
        }
        let mut changes = vec![
            (FactKey::Label(document.clone(), label.clone()), Some(Fact::Index(index))),
            (FactKey::Version(document.clone(), index), Some(Fact::Version(Arc::new(version)))),
            document_fact(changed),
        ];
        if let Some(id) = direction {
            let mut discharged = (*self.found(self.facts.direction(*id)?, "direction")?).clone();
            discharged.state = DirectionState::Lodged { label: label.clone() };
            changes.push((FactKey::Direction(*id), Some(Fact::Direction(Arc::new(discharged)))));
        }
        Ok(changes)
    }

    fn direction_issued(&self, event: &Event) -> Result<Vec<Change>, FactsDamaged> {
        let Event::DirectionIssued { direction, document, title, requirement, due, addressee } = event else {
            return Err(FactsDamaged("another event where a direction belongs".into()));
        };
        let mut changed = (*self.found(self.facts.document(document)?, "document")?).clone();
        changed.open_directions.push(*direction);
        let issued = Direction {
            id: *direction,
            document: document.clone(),
            title: title.clone(),
            requirement: requirement.clone(),
            due: *due,
            issuer: self.actor()?.clone(),
            issued_at: self.entry.time,
            addressee: addressee.clone(),
            state: DirectionState::Open,
        };
        Ok(vec![(FactKey::Direction(*direction), Some(Fact::Direction(Arc::new(issued)))), document_fact(changed)])
    }

    fn direction_settled(
        &self,
        id: super::id::DirectionId,
        state: DirectionState,
    ) -> Result<Vec<Change>, FactsDamaged> {
        let mut settled = (*self.found(self.facts.direction(id)?, "direction")?).clone();
        settled.state = state;
        let mut changes = Vec::with_capacity(2);
        if settled.state.is_settled() {
            let mut document = (*self.found(self.facts.document(&settled.document)?, "document")?).clone();
            document.open_directions.retain(|open| *open != id);
            changes.push(document_fact(document));
        }
        changes.push((FactKey::Direction(id), Some(Fact::Direction(Arc::new(settled)))));
        Ok(changes)
    }

    fn credential(&self, id: super::id::CredentialId, state: CredentialState) -> Result<Vec<Change>, FactsDamaged> {
        let mut changed = (*self.found(self.facts.credential(id)?, "credential")?).clone();
        changed.state = state;
        Ok(vec![(FactKey::Credential(id), Some(Fact::Credential(Arc::new(changed))))])
    }

    fn service(&self, change: impl FnOnce(&mut super::suspension::Service)) -> Result<Vec<Change>, FactsDamaged> {
        let mut service = self.facts.service()?.map(|service| (*service).clone()).unwrap_or_default();
        change(&mut service);
        Ok(vec![(FactKey::Service, Some(Fact::Service(Arc::new(service))))])
    }

    fn suspensions(
        &self,
        whom: &Suspended,
        change: impl FnOnce(&mut Vec<Suspension>),
    ) -> Result<Vec<Change>, FactsDamaged> {
        match whom {
            Suspended::Person(person) => self.person(person, |one| change(&mut one.suspensions)),
            Suspended::Organisation(handle) => {
                let mut changed = (*self.found(self.facts.organisation(handle)?, "organisation")?).clone();
                change(&mut changed.suspensions);
                Ok(vec![self.organisation_of(changed)])
            }
            Suspended::Service => self.service(|service| change(&mut service.suspensions)),
        }
    }

    fn person(&self, handle: &Handle, change: impl FnOnce(&mut Person)) -> Result<Vec<Change>, FactsDamaged> {
        let mut changed = (*self.found(self.facts.person(handle)?, "person")?).clone();
        change(&mut changed);
        Ok(vec![person_fact(changed)])
    }

    fn version(
        &self,
        document: &Handle,
        label: &Label,
        change: impl FnOnce(&mut Version),
    ) -> Result<Vec<Change>, FactsDamaged> {
        let lodged = self.found(self.facts.label(document, label)?, "label")?;
        let mut changed = (*self.found(self.facts.version(document, lodged)?, "version")?).clone();
        change(&mut changed);
        Ok(vec![(FactKey::Version(document.clone(), lodged), Some(Fact::Version(Arc::new(changed))))])
    }

    fn organisation_of(&self, organisation: Organisation) -> Change {
        (FactKey::Organisation(organisation.handle.clone()), Some(Fact::Organisation(Arc::new(organisation))))
    }

    fn actor(&self) -> Result<&Handle, FactsDamaged> {
        self.found(self.entry.person, "actor")
    }

    fn found<T>(&self, fact: Option<T>, what: &str) -> Result<T, FactsDamaged> {
        fact.ok_or_else(|| FactsDamaged(format!("entry {} names a {what} that is missing", self.entry.index)))
    }
}

fn new_person(person: &Handle, name: &str, organisation: &Handle) -> Person {
    Person {
        handle: person.clone(),
        name: name.to_owned(),
        organisation: organisation.clone(),
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

fn person_fact(person: Person) -> Change {
    (FactKey::Person(person.handle.clone()), Some(Fact::Person(Arc::new(person))))
}

fn document_fact(document: Document) -> Change {
    (FactKey::Document(document.slug.clone()), Some(Fact::Document(Arc::new(document))))
}

fn held_seat<'a>(
    person: &'a mut Person,
    body: &'a Handle,
    seat: &'a Handle,
) -> impl Iterator<Item = &'a mut Appointment> {
    let appointments = person.appointments.iter_mut();
    appointments.filter(move |held| held.body == *body && held.seat == *seat && held.ended.is_none())
}

fn alternates_for<'a>(
    person: &'a mut Person,
    member: &'a Handle,
    body: &'a Handle,
) -> impl Iterator<Item = &'a mut Alternate> {
    person.alternates.iter_mut().filter(move |held| held.member == *member && held.body == *body)
}
