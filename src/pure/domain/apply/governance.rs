//! Conflicts, breaches, suspensions, appeals, decisions.

use std::sync::Arc;

use super::super::appeal::{Appeal, AppealOutcome, Measure};
use super::super::conflict::Conflict;
use super::super::decision::{CastVote, Closing, Decision};
use super::super::event::{Event, Suspended};
use super::super::facts::{Change, Fact, FactKey, FactsDamaged, FactsExt};
use super::super::id::DecisionId;
use super::super::suspension::{Breach, Suspension};
use super::register::organisation_fact;
use super::{Applied, Applying};

impl Applying<'_> {
    pub(super) fn governance_event(&self, event: &Event) -> Applied {
        let time = self.entry.time;
        let changes = match event {
            Event::ConflictDeclared { conflict, person, about, statement } => {
                let (id, about, statement) = (*conflict, about.clone(), statement.clone());
                let declared = Conflict { id, about, statement, declared_at: time, lifted: false, appeals: Vec::new() };
                let mut changes = self.person(person, |one| one.conflicts.push(declared))?;
                changes.push((FactKey::Conflict(id), Some(Fact::Slug(person.clone()))));
                Ok(changes)
            }
            Event::ConflictLifted { conflict, person, .. } => self.person(person, |one| {
                one.conflicts.iter_mut().filter(|held| held.id == *conflict).for_each(|held| held.lifted = true);
            }),
            Event::BreachRecorded { breach, person, statement } => {
                let (id, statement) = (*breach, statement.clone());
                let recorded = Breach { id, statement, recorded_at: time, lifted: false, appeals: Vec::new() };
                let mut changes = self.person(person, |one| one.breaches.push(recorded))?;
                changes.push((FactKey::Breach(id), Some(Fact::Slug(person.clone()))));
                Ok(changes)
            }
            Event::BreachLifted { breach, person, .. } => self.person(person, |one| {
                one.breaches.iter_mut().filter(|held| held.id == *breach).for_each(|held| held.lifted = true);
            }),
            Event::SuspensionImposed { suspension, whom, scope, grounds } => {
                let imposed = Suspension {
                    id: *suspension,
                    scope: *scope,
                    grounds: grounds.clone(),
                    imposed_at: time,
                    imposed_by: self.entry.person.cloned(),
                    lifted: false,
                    appeals: Vec::new(),
                };
                let mut changes = self.suspensions(whom, |suspensions| suspensions.push(imposed))?;
                changes.push((FactKey::Suspension(*suspension), Some(Fact::Suspended(whom.clone()))));
                Ok(changes)
            }
            Event::SuspensionLifted { suspension, whom, .. } => self.suspensions(whom, |suspensions| {
                suspensions.iter_mut().filter(|one| one.id == *suspension).for_each(|one| one.lifted = true);
            }),
            Event::Appealed { against, statement } => {
                let appeal = Appeal {
                    by: self.actor()?.clone(),
                    statement: statement.clone(),
                    at: time,
                    entry: self.entry.index,
                    outcome: None,
                };
                self.appeals(*against, |appeals| appeals.push(appeal))
            }
            Event::AppealSettled { against, upheld, reason } => {
                let (upheld, reason, entry) = (*upheld, reason.clone(), self.entry.index);
                let outcome = AppealOutcome { upheld, reason, at: time, entry };
                let mut appellants = Vec::new();
                let changes = self.appeals(*against, |appeals| {
                    for appeal in appeals.iter_mut().filter(|appeal| appeal.outcome.is_none()) {
                        appeal.outcome = Some(outcome.clone());
                        appellants.push(appeal.by.clone());
                    }
                });
                // What became of an appeal is a record of whoever appealed (AUDIT-1).
                let trails = appellants.into_iter().map(|by| (FactKey::EntryOf(by, entry), Some(Fact::Index(entry))));
                changes.map(|changes| changes.into_iter().chain(trails).collect())
            }
            Event::DecisionOpened { decision, body, decision_kind, subject, question, meeting, as_chair } => {
                let opened = Decision {
                    id: *decision,
                    body: body.clone(),
                    kind: *decision_kind,
                    subject: subject.clone(),
                    question: question.clone(),
                    meeting: meeting.clone(),
                    opened_by: self.actor()?.clone(),
                    opened_by_chair: *as_chair,
                    opened_at: time,
                    votes: Vec::new(),
                    closed: None,
                    appeals: Vec::new(),
                };
                Ok(vec![(FactKey::Decision(*decision), Some(Fact::Decision(Arc::new(opened))))])
            }
            Event::VoteCast { decision, seat, as_alternate, credential, vote } => {
                let cast = CastVote {
                    seat: seat.clone(),
                    by: self.actor()?.clone(),
                    as_alternate: *as_alternate,
                    credential: *credential,
                    vote: *vote,
                    at: time,
                    entry: self.entry.index,
                };
                self.decision(*decision, |decision| decision.votes.push(cast))
            }
            Event::DecisionClosed { decision, outcome, count } => {
                let (by, entry) = (self.actor()?.clone(), self.entry.index);
                let closing = Closing { outcome: *outcome, count: (**count).clone(), by, at: time, entry };
                self.decision(*decision, |decision| decision.closed = Some(closing))
            }
            _ => return Ok(None),
        };
        changes.map(Some)
    }

    fn decision(&self, id: DecisionId, change: impl FnOnce(&mut Decision)) -> Result<Vec<Change>, FactsDamaged> {
        let mut changed = (*self.found(self.facts.decision(id)?, "decision")?).clone();
        change(&mut changed);
        Ok(vec![(FactKey::Decision(id), Some(Fact::Decision(Arc::new(changed))))])
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
                Ok(vec![organisation_fact(changed)])
            }
            Suspended::Service => self.service(|service| change(&mut service.suspensions)),
        }
    }

    /// Changes the appeals against a measure, wherever it is kept.
    fn appeals(&self, against: Measure, change: impl FnOnce(&mut Vec<Appeal>)) -> Result<Vec<Change>, FactsDamaged> {
        match against {
            Measure::Conflict(id) => {
                let person = self.found(self.facts.conflicted(id)?, "conflict")?;
                self.person(&person, |one| {
                    if let Some(held) = one.conflicts.iter_mut().find(|held| held.id == id) {
                        change(&mut held.appeals);
                    }
                })
            }
            Measure::Breach(id) => {
                let person = self.found(self.facts.breaching(id)?, "breach")?;
                self.person(&person, |one| {
                    if let Some(held) = one.breaches.iter_mut().find(|held| held.id == id) {
                        change(&mut held.appeals);
                    }
                })
            }
            Measure::Suspension(id) => {
                let whom = self.found(self.facts.suspended(id)?, "suspension")?;
                self.suspensions(&whom, |suspensions| {
                    if let Some(held) = suspensions.iter_mut().find(|one| one.id == id) {
                        change(&mut held.appeals);
                    }
                })
            }
            Measure::Decision(id) => self.decision(id, |decision| change(&mut decision.appeals)),
        }
    }
}
