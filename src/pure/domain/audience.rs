//! The audience of a version: who may know of it, under which rule, and what stands between them and its content
//! (ToR section 10).

use super::body::{Body, SeatRole};
use super::classification::{Classification, Level};
use super::command::Selector;
use super::conflict::ConflictSubject;
use super::direction::Direction;
use super::document::Document;
use super::facts::{Facts, FactsDamaged, FactsExt};
use super::grant::{Grant, GrantKind, Grantee};
use super::rule::Rule;
use super::selection::{Selection, any_visible, select};
use super::standing::Standing;
use super::version::Version;

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

    fn by(rule: Rule) -> Self {
        Self::Inside { rule, obstacle: None }
    }

    fn by_agreement(rule: Rule, signed: bool) -> Self {
        Self::Inside { rule, obstacle: (!signed).then_some(Obstacle::AgreementUnsigned) }
    }

    /// The better of two ways in: one without an obstacle before one with.
    fn or(self, other: impl FnOnce() -> Result<Self, FactsDamaged>) -> Result<Self, FactsDamaged> {
        match self {
            Self::Inside { obstacle: None, .. } => Ok(self),
            Self::Inside { .. } => {
                let other = other()?;
                Ok(if matches!(other, Self::Inside { obstacle: None, .. }) { other } else { self })
            }
            Self::Outside => other(),
        }
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
    let admission = match version.level() {
        Level::Undetermined => undetermined(facts, standing, &body, version)?,
        Level::Determined(Classification::White) => Admission::by(Rule::White1),
        Level::Determined(Classification::Green) => green(facts, standing)?,
        Level::Determined(Classification::Amber) => amber(facts, standing, &body, version)?,
        Level::Determined(Classification::Red) => red(facts, standing, &body, version)?,
    };
    Ok(match admission {
        Admission::Inside { rule, obstacle: None } if version.level().may_be_amber_or_red() => {
            Admission::Inside { rule, obstacle: personal_obstacle(facts, standing, document)? }
        }
        other => other,
    })
}

/// Whether the person may know of `document`: of one of its versions, or of the document itself (READ-2).
pub fn may_know_of(facts: &dyn Facts, standing: &Standing, document: &Document) -> Result<bool, FactsDamaged> {
    let body = originating_body(facts, document)?;
    if standing.is_secretariat_of(&body) || standing.membership(facts, &body)?.is_some() {
        return Ok(true);
    }
    // Who lodged as a member lodged for the body, and that ends with the seat (GOV-5); the operator of the PKI lodged for
    // itself.
    if document.lodgers.contains(standing.handle()) {
        let profile = facts.profile()?.ok_or_else(|| FactsDamaged("no profile was adopted".into()))?;
        if profile.direction_addressee == standing.person.organisation {
            return Ok(true);
        }
    }
    for direction in &document.open_directions {
        let direction = facts.direction(*direction)?;
        if direction.is_some_and(|direction| direction.addressee == standing.person.organisation) {
            return Ok(true);
        }
    }
    any_visible(facts, standing, document)
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

/// READ-2: the lodger, the Secretariat, the Chair. Who must accept a version under a direction is Chair or Secretariat at
/// that time, whoever issued the direction.
fn undetermined(
    facts: &dyn Facts,
    standing: &Standing,
    body: &Body,
    version: &Version,
) -> Result<Admission, FactsDamaged> {
    let membership = standing.membership(facts, body)?;
    // A member lodges for the body, and that ends with the seat (GOV-5); against a direction one lodges for one's own
    // organisation.
    let lodged_it = version.lodger == *standing.handle()
        && (membership.is_some()
            || version.direction.is_some() && version.lodger_organisation == standing.person.organisation);
    if lodged_it || standing.is_secretariat_of(body) {
        return Ok(Admission::by(Rule::Read2));
    }
    Ok(match membership.filter(|membership| membership.role == SeatRole::Chair) {
        Some(chair) => Admission::by_agreement(Rule::Read2, chair.signed),
        None => Admission::Outside,
    })
}

/// GREEN-1: members of any governance body, and people of parties and stakeholders.
fn green(facts: &dyn Facts, standing: &Standing) -> Result<Admission, FactsDamaged> {
    let admitted = standing.organisation.kind.is_in_green_audience() || standing.sits_on_any_body(facts)?;
    Ok(if admitted { Admission::by(Rule::Green1) } else { Admission::Outside })
}

/// AMBER-1 to AMBER-4.
fn amber(facts: &dyn Facts, standing: &Standing, body: &Body, version: &Version) -> Result<Admission, FactsDamaged> {
    if standing.is_secretariat_of(body) {
        return Ok(Admission::by(Rule::Amber1));
    }
    let own_seat = match standing.membership(facts, body)? {
        Some(membership) => Admission::by_agreement(Rule::Amber1, membership.signed),
        None => Admission::Outside,
    };
    let by_grant = || {
        let admitting = version.grants.iter().find_map(|grant| amber_grant(standing, version, grant));
        Ok(admitting.map_or(Admission::Outside, Admission::by))
    };
    let by_seat = own_seat.or(|| amber_of_other_bodies(facts, standing, version))?;
    by_seat.or(by_grant)?.or(|| Ok(by_invitation(standing, body, version)))
}

/// RED-3: a person invited for an item, to its papers only, and only once they have signed as those present have.
fn by_invitation(standing: &Standing, body: &Body, version: &Version) -> Admission {
    let mut invitations = version.grants.iter().filter(|grant| grant.kind == GrantKind::Invitation);
    if invitations.any(|grant| grant.holds(standing.now) && names(standing, &grant.to)) {
        Admission::by_agreement(Rule::Red3, standing.has_signed(body))
    } else {
        Admission::Outside
    }
}

/// AMBER-1 for the Panel, and for bodies to which the version was tabled: their members, while non-voting representatives
/// belong to the originating body's audience only.
fn amber_of_other_bodies(facts: &dyn Facts, standing: &Standing, version: &Version) -> Result<Admission, FactsDamaged> {
    let mut best = Admission::Outside;
    for handle in bodies_of(standing) {
        let Some(body) = facts.body(&handle)? else { continue };
        if !body.receives_amber && !version.tabled_to.contains(&body.handle) {
            continue;
        }
        if let Some(membership) = standing.membership(facts, &body)?.filter(|membership| membership.is_voting()) {
            best = best.or(|| Ok(Admission::by_agreement(Rule::Amber1, membership.signed)))?;
        }
    }
    Ok(best)
}

fn amber_grant(standing: &Standing, version: &Version, grant: &Grant) -> Option<Rule> {
    if !grant.holds(standing.now) {
        return None;
    }
    let rule = match grant.kind {
        GrantKind::NeedToKnow => Rule::Amber2,
        GrantKind::CategoryShare if version.is_strict() => return None,
        GrantKind::CategoryShare => Rule::Amber3,
        GrantKind::WiderCirculation => Rule::Amber4,
        GrantKind::RedInclusion | GrantKind::RedDisclosure | GrantKind::Invitation => return None,
    };
    names(standing, &grant.to).then_some(rule)
}

/// RED-1 to RED-3.
fn red(facts: &dyn Facts, standing: &Standing, body: &Body, version: &Version) -> Result<Admission, FactsDamaged> {
    let admitted = has_red_seat(facts, standing, body, version)? || standing.is_named_secretariat_of(body);
    let own_seat =
        if admitted { Admission::by_agreement(Rule::Red1, standing.has_signed(body)) } else { Admission::Outside };
    let by_seat = own_seat.or(|| red_by_disclosure(facts, standing, version))?;
    by_seat.or(|| Ok(by_invitation(standing, body, version)))
}

/// RED-1: whether the person has a seat on `body` that admits to `version`, were it RED, so that not only the work of the
/// Secretariat does.
pub(super) fn has_red_seat(
    facts: &dyn Facts,
    standing: &Standing,
    body: &Body,
    version: &Version,
) -> Result<bool, FactsDamaged> {
    let membership = standing.membership(facts, body)?;
    Ok(membership.is_some_and(|membership| membership.is_voting() || is_included(standing, version)))
}

/// RED-1: whether the Chair included this non-voting representative for this version.
fn is_included(standing: &Standing, version: &Version) -> bool {
    let mut inclusions = version.grants.iter().filter(|grant| grant.kind == GrantKind::RedInclusion);
    inclusions.any(|grant| grant.holds(standing.now) && names(standing, &grant.to))
}

/// RED-2: members of a body to which the originating body approved disclosure.
fn red_by_disclosure(facts: &dyn Facts, standing: &Standing, version: &Version) -> Result<Admission, FactsDamaged> {
    let mut best = Admission::Outside;
    for grant in version.grants.iter().filter(|grant| grant.kind == GrantKind::RedDisclosure) {
        let Grantee::Body(handle) = &grant.to else { continue };
        let Some(body) = facts.body(handle)?.filter(|_| grant.holds(standing.now)) else { continue };
        if let Some(membership) = standing.membership(facts, &body)?.filter(|membership| membership.is_voting()) {
            best = best.or(|| Ok(Admission::by_agreement(Rule::Red2, membership.signed)))?;
        }
    }
    Ok(best)
}

/// What closes RED and AMBER to a person who is in the audience.
fn personal_obstacle(
    facts: &dyn Facts,
    standing: &Standing,
    document: &Document,
) -> Result<Option<Obstacle>, FactsDamaged> {
    if standing.is_in_breach() {
        return Ok(Some(Obstacle::Breach));
    }
    if standing.is_suspended(|scope| scope.stops_reading_amber_and_red()) {
        return Ok(Some(Obstacle::Suspension));
    }
    for conflict in standing.person.conflicts.iter().filter(|conflict| !conflict.lifted) {
        let concerns = match &conflict.about {
            ConflictSubject::Document(slug) => *slug == document.slug,
            // Its papers are closed until the decision is recorded.
            ConflictSubject::Decision(id) => facts
                .decision(*id)?
                .is_some_and(|decision| decision.is_open() && decision.subject.document() == Some(&document.slug)),
        };
        if concerns {
            return Ok(Some(Obstacle::ConflictOfInterest));
        }
    }
    Ok(None)
}

fn names(standing: &Standing, grantee: &Grantee) -> bool {
    match grantee {
        Grantee::Person(person) => person == standing.handle(),
        Grantee::Organisation(organisation) => *organisation == standing.person.organisation,
        Grantee::OrganisationKind(kind) => *kind == standing.organisation.kind,
        Grantee::Body(_) => false,
    }
}

/// The bodies on which the person sits or sat, for oneself or as an alternate, each once.
fn bodies_of(standing: &Standing) -> Vec<super::id::Handle> {
    let own = standing.person.appointments.iter().map(|appointment| &appointment.body);
    let others = standing.person.alternates.iter().map(|alternate| &alternate.body);
    let mut bodies: Vec<_> = own.chain(others).cloned().collect();
    bodies.sort_unstable();
    bodies.dedup();
    bodies
}
