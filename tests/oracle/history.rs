//! Facts that entries amount to, through the domain's own `apply`, and how three histories make one situation.

use std::collections::BTreeMap;

use strongroom::pure::domain::apply::{Occurrence, apply};
use strongroom::pure::domain::event::Event;
use strongroom::pure::domain::facts::{Fact, FactKey, FactList, Facts, FactsDamaged};
use strongroom::pure::domain::id::{Handle, Label};
use strongroom::pure::domain::time::Instant;

/// When the one who reads asks.
pub const NOW: &str = "2026-11-24T09:30:00Z";

/// The instant after `NOW`.
pub const NEXT: &str = "2026-11-24T09:30:00.000001Z";

/// The person who reads, the person's organisation, and others.
pub const READER: &str = "reader";
pub const EMPLOYER: &str = "employer";
pub const ELSEWHERE: &str = "elsewhere";

/// The document and the version.
pub const POLICY: &str = "device-certificate-policy";
pub const LABEL: &str = "1.0";

/// Entries, and the facts that they amount to.
#[derive(Clone, Default)]
pub struct History {
    facts: BTreeMap<FactKey, Fact>,
    entries: u64,
    time: Option<Instant>,
}

impl History {
    /// From here on it is `time`.
    pub fn at(mut self, time: &str) -> Self {
        self.time = Some(instant(time));
        self
    }

    /// An event of nobody's.
    pub fn then(self, event: Event) -> Self {
        self.enter(None, event)
    }

    /// An event of `person`, who is then of `organisation`.
    pub fn by(self, person: &str, organisation: &str, event: Event) -> Self {
        self.enter(Some((handle(person), handle(organisation))), event)
    }

    fn enter(mut self, by: Option<(Handle, Handle)>, event: Event) -> Self {
        let occurrence = Occurrence {
            index: self.entries,
            time: self.time.unwrap_or_else(|| instant("2025-01-01T00:00:00Z")),
            person: by.as_ref().map(|(person, _)| person),
            organisation: by.as_ref().map(|(_, organisation)| organisation),
            document: None,
            events: &[event],
            made: None,
        };
        for (key, fact) in apply(&self, &occurrence).unwrap() {
            match fact {
                Some(fact) => self.facts.insert(key, fact),
                None => self.facts.remove(&key),
            };
        }
        self.entries += 1;
        self
    }
}

impl Facts for History {
    fn fact(&self, key: &FactKey) -> Result<Option<Fact>, FactsDamaged> {
        Ok(self.facts.get(key).cloned())
    }

    fn list(&self, list: &FactList, after: Option<u64>, limit: usize) -> Result<Vec<(u64, Fact)>, FactsDamaged> {
        let members = self.facts.iter().filter_map(|(key, fact)| Some((list.index_of(key)?, fact.clone())));
        Ok(members.filter(|(index, _)| after.is_none_or(|after| *index > after)).take(limit).collect())
    }
}

/// What a read is decided on: who reads, what, and which needs were recorded.
pub struct Situation<'a> {
    pub reader: &'a History,
    pub paper: &'a History,
    pub needs: &'a History,
}

impl Facts for Situation<'_> {
    fn fact(&self, key: &FactKey) -> Result<Option<Fact>, FactsDamaged> {
        match key {
            FactKey::Document(_)
            | FactKey::Version(..)
            | FactKey::Label(..)
            | FactKey::Direction(_)
            | FactKey::Decision(_)
            | FactKey::Grant(_) => self.paper.fact(key),
            FactKey::Need(_) => self.needs.fact(key),
            _ => self.reader.fact(key),
        }
    }

    fn list(&self, list: &FactList, after: Option<u64>, limit: usize) -> Result<Vec<(u64, Fact)>, FactsDamaged> {
        match list {
            FactList::Documents | FactList::Versions(_) | FactList::Directions => self.paper.list(list, after, limit),
            _ => self.reader.list(list, after, limit),
        }
    }
}

pub fn handle(text: &str) -> Handle {
    Handle::parse(text).unwrap()
}

pub fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

pub fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}
