//! Decisions with their votes and their arithmetic.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Shapes, missing};
use crate::pure::domain::audience::may_know_of_direction;
use crate::pure::domain::ballot::{Sitting, last_vote};
use crate::pure::domain::decision::{
    Count, Decision, DecisionKind, DecisionOutcome, DecisionSubject, LeftOutReason, Resolution, Vote,
};
use crate::pure::domain::docket::{deciding_body, directions_citing, may_know_of_subject};
use crate::pure::domain::facts::{FactsDamaged, FactsExt};
use crate::pure::domain::id::Handle;
use crate::pure::domain::version::Version;
use crate::pure::wire::decision as wire;
use crate::pure::wire::digest::Digest;

impl Shapes<'_> {
    /// A decision. The caller has decided that the asker may know of it.
    pub(in super::super) fn decision(&self, decision: &Decision) -> Result<wire::Decision, FactsDamaged> {
        self.decision_among(decision, &mut BTreeMap::new())
    }

    /// Decisions of which the asker may know. Who sits on a body is looked up once.
    pub(in super::super) fn decisions(&self, decisions: &[Arc<Decision>]) -> Result<Vec<wire::Decision>, FactsDamaged> {
        let mut sittings = BTreeMap::new();
        decisions.iter().map(|decision| self.decision_among(decision, &mut sittings)).collect()
    }

    /// What decisions said about a version, for everybody who may know of the version.
    pub(super) fn resolutions(&self, version: &Version) -> Result<Vec<wire::VersionResolution>, FactsDamaged> {
        let said = version.resolved.iter().map(|resolved| {
            let decision = self.facts.decision(resolved.decision)?.ok_or_else(|| missing("a decision"))?;
            let count = &decision.closed.as_ref().ok_or_else(|| missing("the close of a decision"))?.count;
            Ok(wire::VersionResolution {
                decision: resolved.decision.to_string(),
                resolution: resolution(resolved.resolution).into(),
                at: resolved.at.to_timestamp(),
                entry: resolved.entry,
                votes_for: count.votes_for,
                votes_against: count.votes_against,
                casting: count.casting.map(vote),
            })
        });
        said.collect()
    }

    fn decision_among(
        &self,
        decision: &Decision,
        sittings: &mut BTreeMap<Handle, Sitting>,
    ) -> Result<wire::Decision, FactsDamaged> {
        let counted = match &decision.closed {
            Some(closing) => closing.count.clone(),
            None => self.as_it_stands(decision, sittings)?,
        };
        let closed = match &decision.closed {
            Some(closing) => {
                let (at, entry) = (closing.at.to_timestamp(), closing.entry);
                Some(wire::Closed { at, by: self.person(&closing.by)?, entry })
            }
            None => None,
        };
        Ok(wire::Decision {
            id: decision.id.to_string(),
            body: decision.body.to_string(),
            kind: decision.kind.as_str().into(),
            subject: self.subject(decision)?,
            question: decision.question.clone(),
            meeting: decision.meeting.as_ref().map(|meeting| wire::Meeting {
                reference: meeting.reference.clone(),
                exceptional: meeting.exceptional,
                present: meeting.present.iter().map(Handle::to_string).collect(),
            }),
            state: if decision.is_open() { wire::DecisionState::Open } else { wire::DecisionState::Closed },
            opened_at: decision.opened_at.to_timestamp(),
            opened_by: self.person(&decision.opened_by)?,
            opened_as_chair: decision.opened_by_chair,
            votes: self.votes(decision, &counted)?,
            count: count(&counted),
            outcome: decision.closed.as_ref().map(|closing| outcome(closing.outcome)),
            closed,
            effect: effect(decision),
            directions: self.directions(decision)?,
            entry: decision.id.0,
        })
    }

    fn as_it_stands(
        &self,
        decision: &Decision,
        sittings: &mut BTreeMap<Handle, Sitting>,
    ) -> Result<Count, FactsDamaged> {
        if !sittings.contains_key(&decision.body) {
            let body = deciding_body(self.facts, decision)?;
            sittings.insert(decision.body.clone(), Sitting::of(self.facts, body, self.standing.now)?);
        }
        let sitting = sittings.get(&decision.body).ok_or_else(|| missing("a body"))?;
        sitting.count(self.facts, decision, None)
    }

    /// The subject. A version that the asker may not know of is left out (READ-6).
    fn subject(&self, decision: &Decision) -> Result<wire::Subject, FactsDamaged> {
        let none = wire::Subject::default();
        Ok(match &decision.subject {
            DecisionSubject::Version { document, label, digest, to } => {
                let document = Some(document.to_string());
                if may_know_of_subject(self.facts, self.standing, decision)? {
                    let (version, digest) = (Some(label.to_string()), Some(Digest(digest.0)));
                    wire::Subject { document, version, digest, to: to.as_ref().map(Handle::to_string), ..none }
                } else {
                    wire::Subject { document, ..none }
                }
            }
            DecisionSubject::Document { document } => wire::Subject { document: Some(document.to_string()), ..none },
            DecisionSubject::Suspension { suspension } => {
                wire::Subject { suspension: Some(suspension.to_string()), ..none }
            }
            DecisionSubject::Participant { organisation, services } => wire::Subject {
                organisation: organisation.as_ref().map(Handle::to_string),
                service: organisation.is_none(),
                services: Some(services.clone()),
                ..none
            },
            DecisionSubject::Matter { matter } => wire::Subject { matter: Some(matter.clone()), ..none },
        })
    }

    fn votes(&self, decision: &Decision, count: &Count) -> Result<Vec<wire::CastVote>, FactsDamaged> {
        let votes = decision.votes.iter().map(|cast| {
            let is_last = last_vote(decision, &cast.seat).is_some_and(|last| last.entry == cast.entry);
            let left_out = count.left_out.iter().find(|out| out.seat == cast.seat).map(|out| reason(out.reason));
            let reason = if is_last { left_out } else { Some("replaced") };
            Ok(wire::CastVote {
                seat: cast.seat.to_string(),
                by: self.person(&cast.by)?,
                alternate: cast.as_alternate,
                vote: vote(cast.vote),
                counted: reason.is_none(),
                reason: reason.map(str::to_owned),
                at: cast.at.to_timestamp(),
                entry: cast.entry,
            })
        });
        votes.collect()
    }

    /// The directions that cite it and that the asker may know of.
    fn directions(&self, decision: &Decision) -> Result<Vec<String>, FactsDamaged> {
        let mut known = Vec::new();
        if decision.kind != DecisionKind::DirectDcc || !decision.is_carried() {
            return Ok(known);
        }
        for id in directions_citing(self.facts, decision.id)? {
            let direction = self.facts.direction(id)?.ok_or_else(|| missing("a direction"))?;
            if may_know_of_direction(self.facts, self.standing, &direction)? {
                known.push(id.to_string());
            }
        }
        Ok(known)
    }
}

/// What the decision brought about in the entry that closed it.
fn effect(decision: &Decision) -> Option<wire::Effect> {
    let closing = decision.closed.as_ref()?;
    let resolved = |said: Resolution| Some(wire::Effect::VersionResolved { resolution: resolution(said).into() });
    match (decision.kind, closing.outcome, &decision.subject) {
        (DecisionKind::ApproveCps, DecisionOutcome::Carried, _) => resolved(Resolution::Approved),
        (DecisionKind::ApproveCps, DecisionOutcome::Rejected, _) => resolved(Resolution::Rejected),
        (DecisionKind::ReviewCps, DecisionOutcome::Carried, _) => resolved(Resolution::Reviewed),
        (DecisionKind::PublishGuidance, DecisionOutcome::Carried, _) => resolved(Resolution::ToBePublished),
        (DecisionKind::DiscloseRed, DecisionOutcome::Carried, DecisionSubject::Version { to: Some(to), .. }) => {
            // A grant has the index of the entry that gave it.
            let grant = crate::pure::domain::id::GrantId(closing.entry).to_string();
            Some(wire::Effect::RedDisclosed { grant, to: to.to_string() })
        }
        (DecisionKind::LiftSuspension, DecisionOutcome::Carried, DecisionSubject::Suspension { suspension }) => {
            Some(wire::Effect::SuspensionLifted { suspension: suspension.to_string() })
        }
        _ => None,
    }
}

fn count(count: &Count) -> wire::Count {
    wire::Count {
        votes_for: count.votes_for,
        votes_against: count.votes_against,
        abstentions: count.abstentions,
        casting: count.casting.map(vote),
        appointed: count.appointed,
        present: count.present,
        required: count.required,
        chair_present: count.chair_present,
        chair_required: count.chair_required,
        exceptional: count.exceptional,
        quorate: count.quorate,
    }
}

fn vote(vote: Vote) -> wire::Vote {
    match vote {
        Vote::For => wire::Vote::For,
        Vote::Against => wire::Vote::Against,
        Vote::Abstain => wire::Vote::Abstain,
    }
}

fn outcome(outcome: DecisionOutcome) -> wire::Outcome {
    match outcome {
        DecisionOutcome::Carried => wire::Outcome::Carried,
        DecisionOutcome::Rejected => wire::Outcome::Rejected,
        DecisionOutcome::Inquorate => wire::Outcome::Inquorate,
    }
}

fn resolution(resolution: Resolution) -> &'static str {
    match resolution {
        Resolution::Approved => "approved",
        Resolution::Rejected => "rejected",
        Resolution::Reviewed => "reviewed",
        Resolution::ToBePublished => "to_be_published",
    }
}

fn reason(reason: LeftOutReason) -> &'static str {
    match reason {
        LeftOutReason::Conflict => "conflict",
        LeftOutReason::CredentialWithdrawn => "credential_withdrawn",
        LeftOutReason::NoLongerActing => "no_longer_acting",
        LeftOutReason::NoTie => "no_tie",
    }
}
