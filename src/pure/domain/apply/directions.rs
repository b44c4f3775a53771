//! Directions.

use std::sync::Arc;

use super::super::direction::{Direction, DirectionState};
use super::super::event::Event;
use super::super::facts::{Change, Fact, FactKey, FactsDamaged, FactsExt};
use super::super::id::DirectionId;
use super::{Applied, Applying, document_fact};

impl Applying<'_> {
    pub(super) fn direction_event(&self, event: &Event) -> Applied {
        let changes = match event {
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
            _ => return Ok(None),
        };
        changes.map(Some)
    }

    fn direction_issued(&self, event: &Event) -> Result<Vec<Change>, FactsDamaged> {
        let Event::DirectionIssued { direction, document, title, requirement, due, addressee, decision } = event else {
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
            decision: *decision,
            issuer: self.actor()?.clone(),
            issued_at: self.entry.time,
            addressee: addressee.clone(),
            state: DirectionState::Open,
        };
        Ok(vec![(FactKey::Direction(*direction), Some(Fact::Direction(Arc::new(issued)))), document_fact(changed)])
    }

    fn direction_settled(&self, id: DirectionId, state: DirectionState) -> Result<Vec<Change>, FactsDamaged> {
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
}
