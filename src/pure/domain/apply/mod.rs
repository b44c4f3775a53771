//! Apply: from an event to the facts that it changes. It holds no policy: the event happened.

mod directions;
mod governance;
mod people;
mod reading;
mod register;
mod versions;

use std::sync::Arc;

use super::document::{Document, VersionClass};
use super::event::Event;
use super::facts::{Change, Fact, FactKey, Facts, FactsDamaged, FactsExt, Made, Overlay};
use super::id::{Handle, Label};
use super::log_keys::Rotation;
use super::person::Person;
use super::suspension::Service;
use super::time::Instant;
use super::version::Version;

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
        if let Some(person) = event.concerns() {
            overlay.lay([(FactKey::EntryOf(person.clone(), entry.index), Some(Fact::Index(entry.index)))]);
        }
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
        let rooms = [
            Self::register_event,
            Self::person_event,
            Self::version_event,
            Self::reading_event,
            Self::direction_event,
            Self::governance_event,
        ];
        for room in rooms {
            if let Some(changes) = room(self, event)? {
                return Ok(changes);
            }
        }
        match event {
            Event::RecordsRead
            | Event::AccessExplained { .. }
            | Event::ReadersListed { .. }
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
            _ => Err(FactsDamaged("an event that no room applies".into())),
        }
    }

    fn service(&self, change: impl FnOnce(&mut Service)) -> Result<Vec<Change>, FactsDamaged> {
        let mut service = self.facts.service()?.map(|service| (*service).clone()).unwrap_or_default();
        change(&mut service);
        Ok(vec![(FactKey::Service, Some(Fact::Service(Arc::new(service))))])
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
        let lodged = self.lodged(document, label)?;
        let mut changed = (*self.found(self.facts.version(document, lodged)?, "version")?).clone();
        let before = VersionClass::of(&changed);
        change(&mut changed);
        let after = VersionClass::of(&changed);
        let mut changes = vec![(FactKey::Version(document.clone(), lodged), Some(Fact::Version(Arc::new(changed))))];
        if before != after {
            let mut document = (*self.found(self.facts.document(document)?, "document")?).clone();
            document.versions.change(lodged, before, after);
            changes.push(document_fact(document));
        }
        Ok(changes)
    }

    fn lodged(&self, document: &Handle, label: &Label) -> Result<u64, FactsDamaged> {
        self.found(self.facts.label(document, label)?, "label")
    }

    fn actor(&self) -> Result<&Handle, FactsDamaged> {
        self.found(self.entry.person, "actor")
    }

    fn found<T>(&self, fact: Option<T>, what: &str) -> Result<T, FactsDamaged> {
        fact.ok_or_else(|| FactsDamaged(format!("entry {} names a {what} that is missing", self.entry.index)))
    }
}

/// What a room makes of an event: `None` where the event is another room's.
type Applied = Result<Option<Vec<Change>>, FactsDamaged>;

fn person_fact(person: Person) -> Change {
    (FactKey::Person(person.handle.clone()), Some(Fact::Person(Arc::new(person))))
}

fn document_fact(document: Document) -> Change {
    (FactKey::Document(document.slug.clone()), Some(Fact::Document(Arc::new(document))))
}
