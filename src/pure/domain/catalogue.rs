//! The catalogue: lists of what a person may know of. They disclose no content and make no entry (READ-6).

use std::sync::Arc;

use jiff::civil::Date;

use super::audience::{may_know_of, may_know_of_direction, may_know_of_grant};
use super::classification::Level;
use super::direction::{Direction, DirectionState};
use super::document::Document;
use super::facts::{Fact, FactList, Facts, FactsDamaged, FactsExt, granted_version};
use super::grant::{Grant, GrantKind, Grantee};
use super::id::{GrantId, Handle, Label};
use super::need::Need;
use super::refusal::Refusal;
use super::refusals::suspended;
use super::selection::{position_in_force, visible_versions};
use super::standing::Standing;
use super::time::Instant;
use super::version::Version;

/// A part of a list: its items, and the index after which the list goes on.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<u64>,
}

/// Which documents are asked for.
#[derive(Clone, Default)]
#[cfg_attr(test, derive(Debug))]
pub struct DocumentFilter {
    /// Of this set.
    pub set: Option<Handle>,
    /// Of this type.
    pub kind: Option<String>,
    /// Whose version in force has this level.
    pub level: Option<Level>,
    /// Whose slug or title contains this text, whatever its case.
    pub text: Option<String>,
    /// The day of which the version in force is meant; today if absent.
    pub as_of: Option<Date>,
    /// The instant whose knowledge is meant; now if absent.
    pub known_at: Option<Instant>,
}

untold!(DocumentFilter);

/// A document that a person may know of, with its versions that the person may know of.
#[derive(Clone, Debug)]
pub struct Known {
    /// The document.
    pub document: Arc<Document>,
    /// Its visible versions in the order of lodgement.
    pub versions: Vec<Arc<Version>>,
    /// The position in `versions` of the one in force.
    pub in_force: Option<usize>,
}

/// Whether this person may ask for lists at all: a suspension of everything stops them (EMERGENCY-1).
pub fn may_ask(standing: &Standing) -> Result<(), Refusal> {
    if standing.is_suspended(|scope| scope.stops_everything()) {
        return Err(suspended("everything but your own record, your own trail and an appeal"));
    }
    Ok(())
}

/// The documents that the person may know of, in the order of their registration.
pub fn documents(
    facts: &dyn Facts,
    standing: &Standing,
    filter: &DocumentFilter,
    after: Option<u64>,
    limit: usize,
) -> Result<Page<Known>, FactsDamaged> {
    page(facts, &FactList::Documents, after, limit, |fact| {
        let Fact::Slug(slug) = fact else { return Err(misplaced("a slug")) };
        let Some(document) = facts.document(&slug)? else { return Ok(None) };
        if !matches_document(filter, &document) || !may_know_of(facts, standing, &document)? {
            return Ok(None);
        }
        let known = known(facts, standing, document, filter.as_of, filter.known_at)?;
        let level = known.in_force.and_then(|position| known.versions.get(position)).map(|version| version.level());
        Ok((filter.level.is_none() || filter.level == level).then_some(known))
    })
}

/// One document with the versions that the person may know of; the caller has decided that the person may know of it.
pub fn known(
    facts: &dyn Facts,
    standing: &Standing,
    document: Arc<Document>,
    as_of: Option<Date>,
    known_at: Option<Instant>,
) -> Result<Known, FactsDamaged> {
    let versions: Vec<_> =
        visible_versions(facts, standing, &document)?.into_iter().map(|selected| selected.version).collect();
    let as_of = match as_of {
        Some(day) => day,
        None => today(facts, standing.now)?,
    };
    let in_force = position_in_force(versions.iter().map(Arc::as_ref), as_of, known_at.unwrap_or(standing.now));
    Ok(Known { document, versions, in_force })
}

/// When each of `versions` was superseded: at the start of the day on which a later one took its place, `None` for one
/// that holds or never held. Superseding is derived (LODGE-4).
pub fn superseded_on(versions: &[Arc<Version>]) -> Vec<Option<Date>> {
    let standing = |version: &Version| version.withdrawn.is_none();
    let follows = |position: usize, version: &Version| {
        let later = versions
            .iter()
            .enumerate()
            .filter(|(other, one)| standing(one) && (one.effective, *other) > (version.effective, position));
        later.map(|(_, one)| one.effective).min()
    };
    versions.iter().enumerate().map(|(position, version)| follows(position, version)).collect()
}

/// The person's own needs, in the order of their recording.
pub fn needs(
    facts: &dyn Facts,
    person: &Handle,
    after: Option<u64>,
    limit: usize,
) -> Result<Page<Arc<Need>>, FactsDamaged> {
    page(facts, &FactList::NeedsOf(person.clone()), after, limit, |fact| {
        let Fact::Index(index) = fact else { return Err(misplaced("an index")) };
        facts.need(super::id::NeedId(index))
    })
}

/// The directions that the person may know of: the addressee's people, the originating body and its Secretariat
/// (LODGE-2).
pub fn directions(
    facts: &dyn Facts,
    standing: &Standing,
    state: Option<DirectionFilter>,
    after: Option<u64>,
    limit: usize,
) -> Result<Page<Arc<Direction>>, FactsDamaged> {
    let today = today(facts, standing.now)?;
    page(facts, &FactList::Directions, after, limit, |fact| {
        let Fact::Direction(direction) = fact else { return Err(misplaced("a direction")) };
        let wanted = state.is_none_or(|state| state.admits(&direction, today));
        Ok((wanted && may_know_of_direction(facts, standing, &direction)?).then_some(direction))
    })
}

/// Which grants are asked for; each that is given narrows.
#[derive(Clone, Debug, Default)]
pub struct GrantFilter {
    /// On versions of this document.
    pub document: Option<Handle>,
    /// On the version of this label.
    pub label: Option<Label>,
    /// That admit this person, by name, by their organisation or its kind, or by a body's seat.
    pub person: Option<Handle>,
    /// That admit this organisation, by name or by its kind.
    pub organisation: Option<Handle>,
    /// Of this kind.
    pub kind: Option<GrantKind>,
}

/// A grant, and the version that it is for.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The version.
    pub version: Arc<Version>,
    /// The grant, one of the version's.
    pub grant: Grant,
}

/// The grants that the person may know of, in the order in which they were given: those on versions of one's own body,
/// for its people and its Secretariat; those that admit oneself, for anybody else.
pub fn grants(
    facts: &dyn Facts,
    standing: &Standing,
    filter: &GrantFilter,
    after: Option<u64>,
    limit: usize,
) -> Result<Page<Granted>, FactsDamaged> {
    let person = filter.person.as_ref().map(|handle| facts.person(handle)).transpose()?;
    let receiver = match (&person, &filter.organisation) {
        (Some(None), _) => return Ok(Page { items: Vec::new(), next: None }),
        (Some(Some(person)), _) => Some(person.organisation.clone()),
        (None, organisation) => organisation.clone(),
    };
    let kind = receiver.as_ref().map(|handle| facts.organisation(handle)).transpose()?;
    let kind = kind.flatten().map(|organisation| organisation.kind);
    let person = person.flatten();
    let admits = |to: &Grantee| match to {
        Grantee::Person(handle) => person.as_ref().is_some_and(|person| person.handle == *handle),
        Grantee::Organisation(handle) => receiver.as_ref() == Some(handle),
        Grantee::OrganisationKind(named) => kind == Some(*named),
        Grantee::Body(body) => person.as_ref().is_some_and(|person| {
            person.appointments.iter().any(|held| held.body == *body && held.in_force(standing.now))
        }),
    };
    let is_of_both = |to: &Grantee| {
        // A person of another organisation than the one asked for is admitted by nothing that admits it.
        let elsewhere = filter.organisation.as_ref().is_some_and(|wanted| receiver.as_ref() != Some(wanted));
        !elsewhere && (filter.person.is_none() && filter.organisation.is_none() || admits(to))
    };
    indexed_page(facts, &FactList::Grants, after, limit, |index, fact| {
        let Fact::Place(slug, lodged) = fact else { return Err(misplaced("the place of a grant")) };
        if filter.document.as_ref().is_some_and(|wanted| *wanted != slug) {
            return Ok(None);
        }
        let version = facts.version(&slug, lodged)?.ok_or_else(|| misplaced("a granted version"))?;
        let found = version.grants.iter().find(|grant| grant.id.0 == index);
        let grant = found.cloned().ok_or_else(|| misplaced("a grant"))?;
        let wanted = filter.label.as_ref().is_none_or(|label| *label == version.label)
            && filter.kind.is_none_or(|kind| kind == grant.kind)
            && is_of_both(&grant.to);
        if !wanted {
            return Ok(None);
        }
        let document = facts.document(&slug)?.ok_or_else(|| misplaced("a granted document"))?;
        let known = may_know_of_grant(facts, standing, &document, &version, &grant)?;
        Ok(known.then_some(Granted { version, grant }))
    })
}

/// One grant, if the person may know of it.
pub fn grant(facts: &dyn Facts, standing: &Standing, id: GrantId) -> Result<Option<Granted>, FactsDamaged> {
    let Some(version) = granted_version(facts, id)? else { return Ok(None) };
    let Some(grant) = version.grants.iter().find(|grant| grant.id == id).cloned() else { return Ok(None) };
    let document = facts.document(&version.document)?.ok_or_else(|| misplaced("a granted document"))?;
    let known = may_know_of_grant(facts, standing, &document, &version, &grant)?;
    Ok(known.then_some(Granted { version, grant }))
}

/// Which directions are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectionFilter {
    /// Nothing lodged yet.
    Open,
    /// Lodged, waiting for acceptance.
    Lodged,
    /// Accepted.
    Accepted,
    /// Returned.
    Returned,
    /// Past the due day and not accepted or waiting for acceptance.
    Overdue,
}

impl DirectionFilter {
    /// Parses the name of a state, or `overdue`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            "lodged" => Some(Self::Lodged),
            "accepted" => Some(Self::Accepted),
            "returned" => Some(Self::Returned),
            "overdue" => Some(Self::Overdue),
            _ => None,
        }
    }

    fn admits(self, direction: &Direction, today: Date) -> bool {
        match self {
            Self::Open => direction.state == DirectionState::Open,
            Self::Lodged => matches!(direction.state, DirectionState::Lodged { .. }),
            Self::Accepted => matches!(direction.state, DirectionState::Accepted { .. }),
            Self::Returned => matches!(direction.state, DirectionState::Returned { .. }),
            Self::Overdue => is_overdue(direction, today),
        }
    }
}

/// Whether a version should have been lodged by now.
pub fn is_overdue(direction: &Direction, today: Date) -> bool {
    direction.state.awaits_lodgement() && direction.due < today
}

/// The day that it is in the profile's time zone.
pub fn today(facts: &dyn Facts, now: Instant) -> Result<Date, FactsDamaged> {
    let profile = facts.profile()?.ok_or_else(|| FactsDamaged("no profile was adopted".into()))?;
    Ok(now.day_in(&profile.zone()))
}

/// Walks a list from `after` until `limit` items are found. The list is walked in portions, so that what is passed over
/// costs no memory.
pub(super) fn page<T>(
    facts: &dyn Facts,
    list: &FactList,
    after: Option<u64>,
    limit: usize,
    mut item: impl FnMut(Fact) -> Result<Option<T>, FactsDamaged>,
) -> Result<Page<T>, FactsDamaged> {
    indexed_page(facts, list, after, limit, |_, fact| item(fact))
}

/// The same for items that are made from their index too.
pub(super) fn indexed_page<T>(
    facts: &dyn Facts,
    list: &FactList,
    mut after: Option<u64>,
    limit: usize,
    mut item: impl FnMut(u64, Fact) -> Result<Option<T>, FactsDamaged>,
) -> Result<Page<T>, FactsDamaged> {
    let mut items = Vec::new();
    loop {
        let portion = facts.list(list, after, PORTION)?;
        if portion.is_empty() {
            return Ok(Page { items, next: None });
        }
        for (index, fact) in portion {
            if items.len() == limit {
                return Ok(Page { items, next: after });
            }
            items.extend(item(index, fact)?);
            after = Some(index);
        }
    }
}

/// How many members of a list are looked up at once.
const PORTION: usize = 100;

fn matches_document(filter: &DocumentFilter, document: &Document) -> bool {
    let contains = |text: &String| {
        let text = text.to_lowercase();
        document.slug.as_str().contains(&text) || document.title.to_lowercase().contains(&text)
    };
    filter.set.as_ref().is_none_or(|set| *set == document.set)
        && filter.kind.as_ref().is_none_or(|kind| *kind == document.kind)
        && filter.text.as_ref().is_none_or(contains)
}

pub(super) fn misplaced(what: &str) -> FactsDamaged {
    FactsDamaged(format!("another fact where {what} belongs"))
}
