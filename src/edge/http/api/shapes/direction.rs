//! Directions.

use super::Shapes;
use crate::pure::domain::audience::admission;
use crate::pure::domain::catalogue::is_overdue;
use crate::pure::domain::direction::{Direction, DirectionState};
use crate::pure::domain::facts::{FactsDamaged, FactsExt};
use crate::pure::domain::id::{Handle, Label};
use crate::pure::domain::time::Instant;
use crate::pure::wire::direction::{self as wire, Outcome};

impl Shapes<'_> {
    /// A direction. The caller has decided that the asker may know of it.
    ///
    /// The version lodged against it has an audience of its own: to anyone outside it the direction shows how far it has
    /// come and no more (READ-6).
    pub(in super::super) fn direction(&self, direction: &Direction) -> Result<wire::Direction, FactsDamaged> {
        let lodged = match direction.state.lodged() {
            Some((label, _)) => self.lodged_at(&direction.document, label)?.map(|at| (label.to_string(), at)),
            None => None,
        };
        let (version, lodged_at) = lodged.unzip();
        let (state, acceptance) = match &direction.state {
            DirectionState::Open => (wire::DirectionState::Open, None),
            DirectionState::Lodged { .. } => (wire::DirectionState::Lodged, None),
            DirectionState::Accepted { reason, at, by, .. } => {
                (wire::DirectionState::Accepted, Some(self.acceptance(Outcome::Accepted, reason, *at, by)?))
            }
            DirectionState::Returned { reason, at, by, .. } => {
                (wire::DirectionState::Returned, Some(self.acceptance(Outcome::Returned, reason, *at, by)?))
            }
        };
        Ok(wire::Direction {
            id: direction.id.to_string(),
            document: direction.document.to_string(),
            title: direction.title.clone(),
            requirement: direction.requirement.clone(),
            due: direction.due,
            decision: direction.decision.map(|id| id.to_string()),
            state,
            overdue: is_overdue(direction, self.today),
            issued_at: direction.issued_at.to_timestamp(),
            issuer: self.person(&direction.issuer)?,
            addressee: self.organisation(&direction.addressee)?,
            version,
            lodged_at: lodged_at.map(Instant::to_timestamp),
            acceptance,
            entry: direction.id.0,
        })
    }

    /// When the version was lodged, if the asker may know of it.
    fn lodged_at(&self, slug: &Handle, label: &Label) -> Result<Option<Instant>, FactsDamaged> {
        let Some(document) = self.facts.document(slug)? else { return Ok(None) };
        let Some(lodged) = self.facts.label(slug, label)? else { return Ok(None) };
        let Some(version) = self.facts.version(slug, lodged)? else { return Ok(None) };
        let inside = admission(self.facts, self.standing, &document, &version)?.is_inside();
        Ok(inside.then_some(version.lodged_at))
    }

    fn acceptance(
        &self,
        outcome: Outcome,
        reason: &str,
        at: Instant,
        by: &Handle,
    ) -> Result<wire::Acceptance, FactsDamaged> {
        Ok(wire::Acceptance { outcome, reason: reason.to_owned(), at: at.to_timestamp(), by: self.person(by)? })
    }
}
