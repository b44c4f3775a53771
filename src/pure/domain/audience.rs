//! The audience of a version: who may know of it, under which rule, and what stands between them and its content
//! (ToR section 10).

use super::body::Body;
use super::command::Selector;
use super::conflict::{Conflict, ConflictSubject};
use super::direction::Direction;
use super::document::Document;
use super::facts::{Facts, FactsDamaged, FactsExt};
use super::grant::{Grant, Grantee};
use super::rule::Rule;
use super::selection::{Selection, select};
use super::standing::Standing;
use super::suspension::{Breach, Suspension};
use super::version::Version;
use super::ways::{Verdict, Way, names, try_ways, try_ways_to_document};

/// Whether a person is in a version's audience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Outside: the version does not exist for this person (READ-6).
    Outside,
    /// Inside: the person may know of the version.
    Inside {
        /// The rule that admits.
        rule: Rule,
        /// What keeps the person from the content nevertheless.
        obstacle: Option<Obstacle>,
    },
}

/// What keeps a person who may know of a version from its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The seat is in force, but the agreement is unsigned (GOV-1).
    AgreementUnsigned,
    /// A declared conflict of interest (CONFLICT-1).
    ConflictOfInterest,
    /// A recorded breach (BREACH-1).
    Breach,
    /// A suspension of reading AMBER and RED (EMERGENCY-1).
    Suspension,
}

impl Admission {
    /// Whether the person may know of the version.
    pub fn is_inside(&self) -> bool {
        matches!(self, Self::Inside { .. })
    }

    /// Whether nothing keeps the person from the content.
    fn is_free(&self) -> bool {
        matches!(self, Self::Inside { obstacle: None, .. })
    }

    /// The better of two ways in: one without an obstacle before one with, else the first.
    pub(super) fn hear(&mut self, way: &Way<'_>) {
        let rule = way.rule;
        match way.verdict {
            Verdict::Admits if !self.is_free() => *self = Self::Inside { rule, obstacle: None },
            Verdict::Unsigned if !self.is_inside() => {
                *self = Self::Inside { rule, obstacle: Some(Obstacle::AgreementUnsigned) };
            }
            Verdict::Admits | Verdict::Unsigned | Verdict::Fails(_) => {}
        }
    }

    /// What it comes to with what is personal to the one who is inside.
    pub(super) fn with_personal_obstacle(
        self,
        facts: &dyn Facts,
        standing: &Standing,
        document: &Document,
        version: &Version,
    ) -> Result<Self, FactsDamaged> {
        let Self::Inside { rule, obstacle: None } = self else { return Ok(self) };
        let mut obstacle = None;
        for_each_personal_obstacle(facts, standing, document, version, &mut |first| {
            obstacle = Some(first.obstacle());
            false
        })?;
        Ok(Self::Inside { rule, obstacle })
    }
}

/// Whether the person is in the audience of `version`.
pub fn admission(
    facts: &dyn Facts,
    standing: &Standing,
    document: &Document,
    version: &Version,
) -> Result<Admission, FactsDamaged> {
    let body = originating_body(facts, document)?;
    let mut admission = Admission::Outside;
    try_ways(facts, standing, &body, version, &mut |way| {
        admission.hear(way);
        !admission.is_free()
    })?;
    admission.with_personal_obstacle(facts, standing, document, version)
}

/// Whether the person may know of `document`: of one of its versions, or of the document itself (READ-2).
pub fn may_know_of(facts: &dyn Facts, standing: &Standing, document: &Document) -> Result<bool, FactsDamaged> {
    let body = originating_body(facts, document)?;
    let mut knows = false;
    try_ways_to_document(facts, standing, &body, document, &mut |way| {
        knows = way.verdict == Verdict::Admits;
        !knows
    })?;
    Ok(knows)
}

/// Whether the person may know of `direction`: as the issuer's side, of the originating body, or of the organisation that
/// it is addressed to (LODGE-2). The label of what was lodged against it is for those who may know of the version:
/// `may_know_of_what_was_lodged`.
pub fn may_know_of_direction(
    facts: &dyn Facts,
    standing: &Standing,
    direction: &Direction,
) -> Result<bool, FactsDamaged> {
    let document = directed_document(facts, direction)?;
    let body = originating_body(facts, &document)?;
    Ok(direction.addressee == standing.person.organisation
        || standing.is_secretariat_of(&body)
        || standing.membership(facts, &body)?.is_some())
}

/// Whether the person may know of the version that was lodged against `direction`; false where none was.
pub fn may_know_of_what_was_lodged(
    facts: &dyn Facts,
    standing: &Standing,
    direction: &Direction,
) -> Result<bool, FactsDamaged> {
    let Some((label, _)) = direction.state.lodged() else { return Ok(false) };
    let document = directed_document(facts, direction)?;
    let selector = Selector::Label(label.clone());
    Ok(matches!(select(facts, standing, &document, &selector)?, Selection::Found(_)))
}

/// Whether the person may know of a grant on `version`: the originating body and its Secretariat, of every grant on a
/// version that they may know of; whom a grant admits, of that one.
pub fn may_know_of_grant(
    facts: &dyn Facts,
    standing: &Standing,
    document: &Document,
    version: &Version,
    grant: &Grant,
) -> Result<bool, FactsDamaged> {
    if !admission(facts, standing, document, version)?.is_inside() {
        return Ok(false);
    }
    let body = originating_body(facts, document)?;
    if standing.is_secretariat_of(&body) || standing.membership(facts, &body)?.is_some() {
        return Ok(true);
    }
    if !grant.holds(standing.now) {
        return Ok(false);
    }
    let Grantee::Body(handle) = &grant.to else { return Ok(names(standing, &grant.to)) };
    let Some(body) = facts.body(handle)? else { return Ok(false) };
    Ok(standing.membership(facts, &body)?.is_some_and(|membership| membership.is_voting()))
}

/// The body whose RED and AMBER the versions of `document` are.
pub fn originating_body(facts: &dyn Facts, document: &Document) -> Result<std::sync::Arc<Body>, FactsDamaged> {
    facts.body(&document.body)?.ok_or_else(|| FactsDamaged("a document's originating body is missing".into()))
}

fn directed_document(facts: &dyn Facts, direction: &Direction) -> Result<std::sync::Arc<Document>, FactsDamaged> {
    facts.document(&direction.document)?.ok_or_else(|| FactsDamaged("a direction's document is missing".into()))
}

/// What closes RED and AMBER to a person who is in the audience.
#[derive(Clone, Copy, Debug)]
pub enum PersonalObstacle<'a> {
    /// A recorded breach.
    Breach(&'a Breach),
    /// A suspension.
    Suspension(&'a Suspension),
    /// A declared conflict of interest.
    Conflict(&'a Conflict),
}

impl PersonalObstacle<'_> {
    /// Its kind.
    pub fn obstacle(self) -> Obstacle {
        match self {
            Self::Breach(_) => Obstacle::Breach,
            Self::Suspension(_) => Obstacle::Suspension,
            Self::Conflict(_) => Obstacle::ConflictOfInterest,
        }
    }
}

/// Tells `visit` each of them, the one that refuses first; none at a level that they do not concern. It says whether to
/// go on.
pub fn for_each_personal_obstacle(
    facts: &dyn Facts,
    standing: &Standing,
    document: &Document,
    version: &Version,
    visit: &mut dyn FnMut(PersonalObstacle<'_>) -> bool,
) -> Result<(), FactsDamaged> {
    if !version.level().may_be_amber_or_red() {
        return Ok(());
    }
    let breaches = standing.breaches().map(PersonalObstacle::Breach);
    let suspensions = standing.suspensions().filter(|suspension| suspension.scope.stops_reading_amber_and_red());
    for obstacle in breaches.chain(suspensions.map(PersonalObstacle::Suspension)) {
        if !visit(obstacle) {
            return Ok(());
        }
    }
    for conflict in standing.person.conflicts.iter().filter(|conflict| !conflict.lifted) {
        let concerns = match &conflict.about {
            ConflictSubject::Document(slug) => *slug == document.slug,
            // Its papers are closed until the decision is recorded.
            ConflictSubject::Decision(id) => facts
                .decision(*id)?
                .is_some_and(|decision| decision.is_open() && decision.subject.document() == Some(&document.slug)),
        };
        if concerns && !visit(PersonalObstacle::Conflict(conflict)) {
            return Ok(());
        }
    }
    Ok(())
}
