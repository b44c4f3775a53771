//! Measures that close things to people: whom they concern, who may know of them, and the lists of them (CONFLICT-1,
//! BREACH-1, EMERGENCY-1).
//!
//! Whoever is suspended from everything still knows of the measures that concern them, so that they can appeal, and of no
//! other.

use std::sync::Arc;

use super::audience::originating_body;
use super::body::Body;
use super::catalogue::{Page, indexed_page};
use super::conflict::{Conflict, ConflictSubject};
use super::decision::{Decision, DecisionKind, DecisionSubject};
use super::docket::{may_know_of_decision, may_know_of_slug};
use super::event::Suspended;
use super::facts::{FactList, Facts, FactsDamaged, FactsExt, authority};
use super::id::{BreachId, ConflictId, Handle, SuspensionId};
use super::organisation::OrganisationKind;
use super::register::speaks_above;
use super::standing::Standing;
use super::suspension::{Breach, Suspension};

/// A declared conflict of interest, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldConflict {
    /// Who declared it.
    pub person: Handle,
    /// The conflict.
    pub conflict: Conflict,
}

/// A recorded breach, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBreach {
    /// Whose it is.
    pub person: Handle,
    /// The breach.
    pub breach: Breach,
}

/// A suspension, and whom it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSuspension {
    /// Whom it concerns.
    pub whom: Suspended,
    /// The suspension.
    pub suspension: Suspension,
}

/// How far a conflict of interest has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictState {
    /// It closes papers and bars a vote.
    InForce,
    /// The Chair lifted it.
    Lifted,
    /// The decision that it is about was recorded.
    Ended,
}

/// The conflict of that id.
pub fn conflict(facts: &dyn Facts, id: ConflictId) -> Result<Option<HeldConflict>, FactsDamaged> {
    let Some(person) = facts.conflicted(id)? else { return Ok(None) };
    let holder = facts.person(&person)?.ok_or_else(missing)?;
    let held = holder.conflicts.iter().find(|held| held.id == id).cloned();
    Ok(held.map(|conflict| HeldConflict { person, conflict }))
}

/// The breach of that id.
pub fn breach(facts: &dyn Facts, id: BreachId) -> Result<Option<HeldBreach>, FactsDamaged> {
    let Some(person) = facts.breaching(id)? else { return Ok(None) };
    let holder = facts.person(&person)?.ok_or_else(missing)?;
    let held = holder.breaches.iter().find(|held| held.id == id).cloned();
    Ok(held.map(|breach| HeldBreach { person, breach }))
}

/// The suspension of that id.
pub fn suspension(facts: &dyn Facts, id: SuspensionId) -> Result<Option<HeldSuspension>, FactsDamaged> {
    let Some(whom) = facts.suspended(id)? else { return Ok(None) };
    let find = |held: &[Suspension]| held.iter().find(|held| held.id == id).cloned();
    let held = match &whom {
        Suspended::Person(person) => find(&facts.person(person)?.ok_or_else(missing)?.suspensions),
        Suspended::Organisation(handle) => find(&facts.organisation(handle)?.ok_or_else(missing)?.suspensions),
        Suspended::Service => find(&facts.service()?.unwrap_or_default().suspensions),
    };
    Ok(held.map(|suspension| HeldSuspension { whom, suspension }))
}

/// How far `conflict` has come.
pub fn conflict_state(facts: &dyn Facts, conflict: &Conflict) -> Result<ConflictState, FactsDamaged> {
    let recorded = match &conflict.about {
        ConflictSubject::Decision(id) => facts.decision(*id)?.is_some_and(|decision| !decision.is_open()),
        ConflictSubject::Document(_) => false,
    };
    Ok(match (conflict.lifted, recorded) {
        (true, _) => ConflictState::Lifted,
        (false, true) => ConflictState::Ended,
        (false, false) => ConflictState::InForce,
    })
}

/// The body whose matter a conflict is about.
pub fn body_of_conflict(facts: &dyn Facts, about: &ConflictSubject) -> Result<Arc<Body>, FactsDamaged> {
    match about {
        ConflictSubject::Document(slug) => originating_body(facts, &*facts.document(slug)?.ok_or_else(missing)?),
        ConflictSubject::Decision(id) => {
            let decision = facts.decision(*id)?.ok_or_else(missing)?;
            facts.body(&decision.body)?.ok_or_else(missing)
        }
    }
}

/// Whether `whom` is, or includes, the one who stands there.
pub fn concerns(standing: &Standing, whom: &Suspended) -> bool {
    match whom {
        Suspended::Person(person) => person == standing.handle(),
        Suspended::Organisation(organisation) => *organisation == standing.person.organisation,
        Suspended::Service => true,
    }
}

/// Whether the person may know that an instruction to the operator of the PKI was decided on, so that they can appeal or
/// settle: the people of the organisation that is to be suspended, the regulator (EMERGENCY-1), and whoever may know of
/// the decision. Of other decisions, and of one that was not carried, only these.
pub fn may_know_of_instruction(
    facts: &dyn Facts,
    standing: &Standing,
    decision: &Decision,
) -> Result<bool, FactsDamaged> {
    let instructs = decision.kind == DecisionKind::InstructDccSuspension && decision.is_carried();
    let affected = is_named_in(standing, decision) || standing.organisation.kind == OrganisationKind::Authority;
    Ok(instructs && affected || may_know_of_decision(facts, standing, decision)?)
}

/// Whether the decision is about the services of the person's organisation.
pub fn is_named_in(standing: &Standing, decision: &Decision) -> bool {
    matches!(&decision.subject, DecisionSubject::Participant { organisation: Some(organisation), .. }
        if *organisation == standing.person.organisation)
}

/// What one person may know of measures at an instant.
pub struct Overseeing<'a> {
    facts: &'a dyn Facts,
    standing: &'a Standing,
    oversees: bool,
    own_only: bool,
}

impl<'a> Overseeing<'a> {
    /// What the one who stands there may know of.
    pub fn of(facts: &'a dyn Facts, standing: &'a Standing) -> Result<Self, FactsDamaged> {
        let own_only = standing.is_suspended(|scope| scope.stops_everything());
        let oversees = match authority(facts)? {
            Some(_) if own_only => false,
            Some(authority) => {
                standing.is_secretariat_of(&authority)
                    || standing.chairs(facts, &authority)?
                    || speaks_above(facts, standing, &authority)?
            }
            None => false,
        };
        Ok(Self { facts, standing, oversees, own_only })
    }

    /// Whether the person may know of every measure: as the authority's Chair, its Secretariat, or a member of the body
    /// that it answers to.
    pub fn oversees(&self) -> bool {
        self.oversees
    }

    /// Whether the person may know of the conflict: their own, and those in matters of a body on which they sit, about what they may
    /// know of.
    pub fn knows_conflict(&self, held: &HeldConflict) -> Result<bool, FactsDamaged> {
        if self.oversees || held.person == *self.standing.handle() {
            return Ok(true);
        }
        if self.own_only {
            return Ok(false);
        }
        let known = match &held.conflict.about {
            ConflictSubject::Document(slug) => may_know_of_slug(self.facts, self.standing, slug)?,
            ConflictSubject::Decision(id) => match self.facts.decision(*id)? {
                Some(decision) => may_know_of_decision(self.facts, self.standing, &decision)?,
                None => false,
            },
        };
        if !known {
            return Ok(false);
        }
        let body = body_of_conflict(self.facts, &held.conflict.about)?;
        Ok(self.standing.is_secretariat_of(&body)
            || self.standing.membership(self.facts, &body)?.is_some()
            || speaks_above(self.facts, self.standing, &body)?)
    }

    /// Whether the person may read every appeal against the conflict: whoever may say what becomes of it.
    pub fn hears_appeals_against_conflict(&self, held: &HeldConflict) -> Result<bool, FactsDamaged> {
        if self.oversees || self.own_only {
            return Ok(self.oversees);
        }
        let body = body_of_conflict(self.facts, &held.conflict.about)?;
        Ok(self.standing.chairs(self.facts, &body)? || speaks_above(self.facts, self.standing, &body)?)
    }

    /// Whether the person may know of the breach: their own.
    pub fn knows_breach(&self, held: &HeldBreach) -> bool {
        self.oversees || held.person == *self.standing.handle()
    }

    /// Whether the person may know of the suspension: one that concerns them.
    pub fn knows_suspension(&self, held: &HeldSuspension) -> bool {
        self.oversees || concerns(self.standing, &held.whom)
    }
}

/// The conflicts that the person may know of, in the order of their declaration.
pub fn conflicts(
    facts: &dyn Facts,
    standing: &Standing,
    after: Option<u64>,
    limit: usize,
) -> Result<Page<HeldConflict>, FactsDamaged> {
    let overseeing = Overseeing::of(facts, standing)?;
    indexed_page(facts, &FactList::Conflicts, after, limit, |index, _| match conflict(facts, ConflictId(index))? {
        Some(held) => Ok(overseeing.knows_conflict(&held)?.then_some(held)),
        None => Ok(None),
    })
}

/// The breaches that the person may know of, in the order in which they were recorded.
pub fn breaches(
    facts: &dyn Facts,
    standing: &Standing,
    after: Option<u64>,
    limit: usize,
) -> Result<Page<HeldBreach>, FactsDamaged> {
    let overseeing = Overseeing::of(facts, standing)?;
    indexed_page(facts, &FactList::Breaches, after, limit, |index, _| {
        Ok(breach(facts, BreachId(index))?.filter(|held| overseeing.knows_breach(held)))
    })
}

/// The suspensions that the person may know of, in the order in which they were imposed.
pub fn suspensions(
    facts: &dyn Facts,
    standing: &Standing,
    after: Option<u64>,
    limit: usize,
) -> Result<Page<HeldSuspension>, FactsDamaged> {
    let overseeing = Overseeing::of(facts, standing)?;
    indexed_page(facts, &FactList::Suspensions, after, limit, |index, _| {
        Ok(suspension(facts, SuspensionId(index))?.filter(|held| overseeing.knows_suspension(held)))
    })
}

fn missing() -> FactsDamaged {
    FactsDamaged("a measure leads on to something that is missing".into())
}
