//! The docket: which decisions a person may know of (READ-6).
//!
//! A body's members, alternates and representatives and its Secretariat know of its decisions. Of a version that one is
//! about they learn no more than they may know of it anyway.

use std::sync::Arc;

use super::audience::{admission, may_know_of};
use super::ballot::is_suspended_themself;
use super::body::Body;
use super::catalogue::{Page, page};
use super::decision::{Decision, DecisionKind, DecisionSubject};
use super::facts::{Fact, FactList, Facts, FactsDamaged, FactsExt};
use super::id::{DecisionId, DirectionId, Handle, Label};
use super::standing::Standing;

/// Whether the person may know of `decision`.
///
/// A representative or the Secretariat does only who may know of what it is about. A voting member does in any case:
/// whatever is put to the vote is put to them. Nobody does whose own suspension it is to lift.
pub fn may_know_of_decision(facts: &dyn Facts, standing: &Standing, decision: &Decision) -> Result<bool, FactsDamaged> {
    let body = deciding_body(facts, decision)?;
    if let DecisionSubject::Suspension { suspension } = &decision.subject
        && facts.suspended(*suspension)?.is_some_and(|whom| is_suspended_themself(&standing.person, &whom))
    {
        return Ok(false);
    }
    let membership = standing.membership(facts, &body)?;
    if membership.is_some_and(|membership| membership.is_voting()) {
        return Ok(true);
    }
    Ok((membership.is_some() || standing.is_secretariat_of(&body)) && may_know_of_subject(facts, standing, decision)?)
}

/// Whether the person may know of what a decision is about, beside the decision.
pub fn may_know_of_subject(facts: &dyn Facts, standing: &Standing, decision: &Decision) -> Result<bool, FactsDamaged> {
    match &decision.subject {
        DecisionSubject::Version { document, label, .. } => may_know_of_label(facts, standing, document, label),
        DecisionSubject::Document { document } => may_know_of_slug(facts, standing, document),
        DecisionSubject::Suspension { .. } | DecisionSubject::Participant { .. } | DecisionSubject::Matter { .. } => {
            Ok(true)
        }
    }
}

/// Whether the person may know of the document of that slug.
pub fn may_know_of_slug(facts: &dyn Facts, standing: &Standing, slug: &Handle) -> Result<bool, FactsDamaged> {
    facts.document(slug)?.map_or(Ok(false), |document| may_know_of(facts, standing, &document))
}

fn may_know_of_label(
    facts: &dyn Facts,
    standing: &Standing,
    slug: &Handle,
    label: &Label,
) -> Result<bool, FactsDamaged> {
    let Some(document) = facts.document(slug)? else { return Ok(false) };
    let Some(lodged) = facts.label(slug, label)? else { return Ok(false) };
    let Some(version) = facts.version(slug, lodged)? else { return Ok(false) };
    Ok(admission(facts, standing, &document, &version)?.is_inside())
}

/// Which decisions are asked for.
#[derive(Clone, Debug, Default)]
pub struct DecisionFilter {
    /// Of this body.
    pub body: Option<Handle>,
    /// Open ones, or closed ones.
    pub open: Option<bool>,
    /// Of this kind.
    pub kind: Option<DecisionKind>,
}

impl DecisionFilter {
    fn admits(&self, decision: &Decision) -> bool {
        self.body.as_ref().is_none_or(|body| *body == decision.body)
            && self.open.is_none_or(|open| open == decision.is_open())
            && self.kind.is_none_or(|kind| kind == decision.kind)
    }
}

/// The decisions that the person may know of, in the order in which they were opened.
pub fn decisions(
    facts: &dyn Facts,
    standing: &Standing,
    filter: &DecisionFilter,
    after: Option<u64>,
    limit: usize,
) -> Result<Page<Arc<Decision>>, FactsDamaged> {
    page(facts, &FactList::Decisions, after, limit, |fact| {
        let Fact::Decision(decision) = fact else {
            return Err(FactsDamaged("another fact where a decision belongs".into()));
        };
        Ok((filter.admits(&decision) && may_know_of_decision(facts, standing, &decision)?).then_some(decision))
    })
}

/// The directions that cite a decision, in the order in which they were issued (LODGE-2).
pub fn directions_citing(facts: &dyn Facts, decision: DecisionId) -> Result<Vec<DirectionId>, FactsDamaged> {
    // A direction is younger than what it cites.
    let cited = page(facts, &FactList::Directions, Some(decision.0), usize::MAX, |fact| {
        let Fact::Direction(direction) = fact else {
            return Err(FactsDamaged("another fact where a direction belongs".into()));
        };
        Ok((direction.decision == Some(decision)).then_some(direction.id))
    })?;
    Ok(cited.items)
}

/// The body that decides.
pub fn deciding_body(facts: &dyn Facts, decision: &Decision) -> Result<Arc<Body>, FactsDamaged> {
    facts.body(&decision.body)?.ok_or_else(|| FactsDamaged("the body of a decision is missing".into()))
}
