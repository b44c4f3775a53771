//! Needs, and who has read.

use std::sync::Arc;

use super::super::event::Event;
use super::super::facts::{Fact, FactKey, FactsExt};
use super::super::need::Need;
use super::{Applied, Applying};

impl Applying<'_> {
    pub(super) fn reading_event(&self, event: &Event) -> Applied {
        Ok(Some(match event {
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
                vec![
                    (FactKey::NeedOf(person.clone(), *need), Some(Fact::Index(need.0))),
                    (FactKey::Need(*need), Some(Fact::Need(Arc::new(recorded)))),
                ]
            }
            Event::NeedWithdrawn { need } => {
                let mut withdrawn = (*self.found(self.facts.need(*need)?, "need")?).clone();
                withdrawn.withdrawn_at = Some(self.entry.time);
                vec![(FactKey::Need(*need), Some(Fact::Need(Arc::new(withdrawn))))]
            }
            Event::ContentReleased { document, label, .. } => {
                let (person, index) = (self.actor()?, self.entry.index);
                let lodged = self.lodged(document, label)?;
                if self.facts.first_read(document, lodged, person)?.is_some() {
                    return Ok(Some(Vec::new()));
                }
                vec![
                    (FactKey::FirstRead(document.clone(), lodged, person.clone()), Some(Fact::Index(index))),
                    (FactKey::Reader(document.clone(), lodged, index), Some(Fact::Slug(person.clone()))),
                ]
            }
            _ => return Ok(None),
        }))
    }
}
