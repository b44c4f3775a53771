//! Conflicts, breaches, suspensions, and appeals against them.

use super::Shapes;
use crate::pure::domain::appeal::Appeal;
use crate::pure::domain::audience::may_know_of;
use crate::pure::domain::conflict::ConflictSubject;
use crate::pure::domain::decision::Decision;
use crate::pure::domain::docket::may_know_of_decision;
use crate::pure::domain::event::Suspended;
use crate::pure::domain::facts::{FactsDamaged, FactsExt};
use crate::pure::domain::measures::{
    ConflictState, HeldBreach, HeldConflict, HeldSuspension, Overseeing, conflict_state,
};
use crate::pure::domain::organisation::OrganisationKind;
use crate::pure::domain::register::Knowing;
use crate::pure::domain::rule::Rule;
use crate::pure::domain::suspension::{Suspension, SuspensionScope};
use crate::pure::wire::appeal::{self as wire, InstructionAppeals, Verdict};
use crate::pure::wire::breach::Breach;
use crate::pure::wire::conflict::Conflict;
use crate::pure::wire::measure::{HeldMeasure, MeasureState};
use crate::pure::wire::suspension::{self, Scope};

impl Shapes<'_> {
    /// A conflict. The caller has decided that the asker may know of it; what it is about has an audience of its own.
    pub(in super::super) fn conflict(&self, held: &HeldConflict) -> Result<Conflict, FactsDamaged> {
        let HeldConflict { person, conflict } = held;
        let hears = Overseeing::of(self.facts, self.standing)?.hears_appeals_against_conflict(held)?;
        let (decision, document) = self.known_subject(&conflict.about)?;
        Ok(Conflict {
            id: conflict.id.to_string(),
            person: self.person(person)?,
            decision,
            document,
            statement: conflict.statement.clone(),
            declared_at: conflict.declared_at.to_timestamp(),
            state: match conflict_state(self.facts, conflict)? {
                ConflictState::InForce => MeasureState::InForce,
                ConflictState::Lifted => MeasureState::Lifted,
                ConflictState::Ended => MeasureState::Ended,
            },
            appeals: self.appeals(&conflict.appeals, hears),
            entry: conflict.id.0,
        })
    }

    /// A breach. The caller has decided that the asker may know of it.
    pub(in super::super) fn breach(&self, held: &HeldBreach) -> Result<Breach, FactsDamaged> {
        let breach = &held.breach;
        Ok(Breach {
            id: breach.id.to_string(),
            person: self.person(&held.person)?,
            statement: breach.statement.clone(),
            recorded_at: breach.recorded_at.to_timestamp(),
            state: state(breach.lifted),
            appeals: self.appeals(&breach.appeals, Overseeing::of(self.facts, self.standing)?.oversees()),
            entry: breach.id.0,
        })
    }

    /// A suspension. The caller has decided that the asker may know of it.
    pub(in super::super) fn suspension(&self, held: &HeldSuspension) -> Result<suspension::Suspension, FactsDamaged> {
        let HeldSuspension { whom, suspension: imposed } = held;
        let (person, organisation) = match whom {
            Suspended::Person(person) => (Some(person.to_string()), None),
            Suspended::Organisation(organisation) => (None, Some(organisation.to_string())),
            Suspended::Service => (None, None),
        };
        let knowing = Knowing::of(self.facts, self.standing)?;
        let imposed_by = imposed.imposed_by.as_ref().filter(|by| knowing.knows_person(by));
        Ok(suspension::Suspension {
            id: imposed.id.to_string(),
            person,
            organisation,
            service: *whom == Suspended::Service,
            scope: to_wire(imposed.scope),
            grounds: imposed.grounds.clone(),
            imposed_at: imposed.imposed_at.to_timestamp(),
            imposed_by: imposed_by.map(|by| self.person(by)).transpose()?,
            state: state(imposed.lifted),
            appeals: self.appeals(&imposed.appeals, Overseeing::of(self.facts, self.standing)?.oversees()),
            entry: imposed.id.0,
        })
    }

    /// The appeals against an instruction to the operator of the PKI: one's own, all for the body and the regulator.
    pub(in super::super) fn instruction_appeals(
        &self,
        decision: &Decision,
    ) -> Result<InstructionAppeals, FactsDamaged> {
        let hears = self.standing.organisation.kind == OrganisationKind::Authority
            || may_know_of_decision(self.facts, self.standing, decision)?;
        Ok(InstructionAppeals { decision: decision.id.to_string(), appeals: self.appeals(&decision.appeals, hears) })
    }

    /// The measures that hold against the asker.
    pub(super) fn held_measures(&self) -> Result<Vec<HeldMeasure>, FactsDamaged> {
        let standing = self.standing;
        let mut held = Vec::new();
        let whole_service = self.facts.service()?.unwrap_or_default();
        for (whom, suspensions) in [
            ("you", &standing.person.suspensions),
            ("your organisation", &standing.organisation.suspensions),
            ("the whole service", &whole_service.suspensions),
        ] {
            for one in suspensions.iter().filter(|one| !one.lifted) {
                held.push(self.held_suspension(whom, one));
            }
        }
        for breach in standing.person.breaches.iter().filter(|breach| !breach.lifted) {
            held.push(HeldMeasure {
                id: breach.id.to_string(),
                rule: Rule::Breach1.id().into(),
                detail: "A recorded breach of an information-sharing rule closes RED and AMBER to you.".into(),
                statement: breach.statement.clone(),
                since: breach.recorded_at.to_timestamp(),
                appeal: format!("/v1/breaches/{}/appeal", breach.id),
                appealed: self.has_appealed(&breach.appeals),
            });
        }
        for conflict in &standing.person.conflicts {
            if conflict_state(self.facts, conflict)? != ConflictState::InForce {
                continue;
            }
            let about = match self.known_subject(&conflict.about)? {
                (Some(decision), _) => format!(" of {decision}"),
                (_, Some(document)) => format!(" of the document {document}"),
                (None, None) => String::new(),
            };
            held.push(HeldMeasure {
                id: conflict.id.to_string(),
                rule: Rule::Conflict1.id().into(),
                detail: format!(
                    "A conflict of interest that you declared closes the RED and AMBER papers{about} to you."
                ),
                statement: conflict.statement.clone(),
                since: conflict.declared_at.to_timestamp(),
                appeal: format!("/v1/conflicts/{}/appeal", conflict.id),
                appealed: self.has_appealed(&conflict.appeals),
            });
        }
        Ok(held)
    }

    fn held_suspension(&self, whom: &str, suspension: &Suspension) -> HeldMeasure {
        let what = match suspension.scope {
            SuspensionScope::Lodge => "lodging",
            SuspensionScope::ReadAmberRed => "reading AMBER and RED",
            SuspensionScope::ReadAll => "reading content of any level",
            SuspensionScope::All => "everything but your own record, your own trail, an appeal and what lifts it",
        };
        HeldMeasure {
            id: suspension.id.to_string(),
            rule: Rule::Emergency1.id().into(),
            detail: format!("A suspension of {whom} stops {what}."),
            statement: suspension.grounds.clone(),
            since: suspension.imposed_at.to_timestamp(),
            appeal: format!("/v1/suspensions/{}/appeal", suspension.id),
            appealed: self.has_appealed(&suspension.appeals),
        }
    }

    fn has_appealed(&self, appeals: &[Appeal]) -> bool {
        appeals.iter().any(|appeal| appeal.outcome.is_none() && appeal.by == *self.standing.handle())
    }

    /// What a conflict is about, as far as the asker may know of it (READ-6).
    fn known_subject(&self, about: &ConflictSubject) -> Result<(Option<String>, Option<String>), FactsDamaged> {
        match about {
            ConflictSubject::Decision(id) => {
                let Some(decision) = self.facts.decision(*id)? else { return Ok((None, None)) };
                let known = may_know_of_decision(self.facts, self.standing, &decision)?;
                Ok((known.then(|| id.to_string()), None))
            }
            ConflictSubject::Document(slug) => {
                let Some(document) = self.facts.document(slug)? else { return Ok((None, None)) };
                let known = may_know_of(self.facts, self.standing, &document)?;
                Ok((None, known.then(|| slug.to_string())))
            }
        }
    }

    /// One's own appeals, or all of them for whoever hears them.
    fn appeals(&self, appeals: &[Appeal], hears: bool) -> Vec<wire::Appeal> {
        let heard = appeals.iter().filter(|appeal| hears || appeal.by == *self.standing.handle());
        heard
            .map(|appeal| wire::Appeal {
                by: appeal.by.to_string(),
                statement: appeal.statement.clone(),
                at: appeal.at.to_timestamp(),
                outcome: appeal.outcome.as_ref().map(|outcome| wire::AppealOutcome {
                    outcome: if outcome.upheld { Verdict::Upheld } else { Verdict::Dismissed },
                    reason: outcome.reason.clone(),
                    at: outcome.at.to_timestamp(),
                    entry: outcome.entry,
                }),
                entry: appeal.entry,
            })
            .collect()
    }
}

fn state(lifted: bool) -> MeasureState {
    if lifted { MeasureState::Lifted } else { MeasureState::InForce }
}

fn to_wire(scope: SuspensionScope) -> Scope {
    match scope {
        SuspensionScope::Lodge => Scope::Lodge,
        SuspensionScope::ReadAmberRed => Scope::ReadAmberRed,
        SuspensionScope::ReadAll => Scope::ReadAll,
        SuspensionScope::All => Scope::All,
    }
}
