//! Facts: what the entries so far amount to, and how the domain looks them up.
//!
//! A fact is derived: replaying the events of the journal makes every one of them again. `decide` reads facts, `apply`
//! says how an event changes them; where they are kept is somebody else's business.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::body::Body;
use super::decision::Decision;
use super::direction::Direction;
use super::document::Document;
use super::event::Suspended;
use super::id::{AlternateId, AppointmentId, BreachId, ConflictId, CredentialId, DecisionId, DirectionId, GrantId};
use super::id::{Handle, Label, NeedId, SuspensionId};
use super::log_keys::LogKeys;
use super::need::Need;
use super::organisation::Organisation;
use super::person::{Credential, Person};
use super::profile::Profile;
use super::suspension::Service;
use super::version::Version;

/// What a fact is looked up by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactKey {
    /// The adopted profile.
    Profile,
    /// The service as a whole.
    Service,
    /// An organisation.
    Organisation(Handle),
    /// A body.
    Body(Handle),
    /// A person.
    Person(Handle),
    /// A credential.
    Credential(CredentialId),
    /// A document.
    Document(Handle),
    /// The slug of the document that the entry of that index registered.
    DocumentOrder(u64),
    /// The version that the entry of that index lodged.
    Version(Handle, u64),
    /// The index of the entry that lodged the version of that label.
    Label(Handle, Label),
    /// A need.
    Need(NeedId),
    /// A need among its owner's.
    NeedOf(Handle, NeedId),
    /// A direction.
    Direction(DirectionId),
    /// What a person's request of that id made.
    Request(Handle, String),
    /// An entry among those of which a person is the subject (AUDIT-1).
    EntryOf(Handle, u64),
    /// An entry among those about a document.
    EntryAbout(Handle, u64),
    /// The epochs of the log's signing keys.
    LogKeys,
    /// The handle of the person whom the entry of that index registered.
    PersonOrder(u64),
    /// The handle of the organisation that the entry of that index registered.
    OrganisationOrder(u64),
    /// The handle of the body that the entry of that index established.
    BodyOrder(u64),
    /// A decision.
    Decision(DecisionId),
    /// The version that a grant is for.
    Grant(GrantId),
    /// Whose conflict it is.
    Conflict(ConflictId),
    /// Whose breach it is.
    Breach(BreachId),
    /// Whom a suspension concerns.
    Suspension(SuspensionId),
    /// Whose appointment it is.
    Appointment(AppointmentId),
    /// Who the alternate is.
    Alternate(AlternateId),
    /// Who first read the version that the entry of the second index lodged, by the entry of the third.
    Reader(Handle, u64, u64),
    /// The entry by which a person first read the version that the entry of that index lodged.
    FirstRead(Handle, u64, Handle),
}

/// A family of facts in the order of the entry index that ends their keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactList {
    /// `FactKey::DocumentOrder`.
    Documents,
    /// `FactKey::Version` of one document.
    Versions(Handle),
    /// `FactKey::NeedOf` of one person.
    NeedsOf(Handle),
    /// `FactKey::Direction`.
    Directions,
    /// `FactKey::EntryOf` of one person.
    EntriesOf(Handle),
    /// `FactKey::EntryAbout` of one document.
    EntriesAbout(Handle),
    /// `FactKey::PersonOrder`.
    People,
    /// `FactKey::OrganisationOrder`.
    Organisations,
    /// `FactKey::BodyOrder`.
    Bodies,
    /// `FactKey::Decision`.
    Decisions,
    /// `FactKey::Grant`.
    Grants,
    /// `FactKey::Conflict`.
    Conflicts,
    /// `FactKey::Breach`.
    Breaches,
    /// `FactKey::Suspension`.
    Suspensions,
    /// `FactKey::Appointment`.
    Appointments,
    /// `FactKey::Alternate`.
    Alternates,
    /// `FactKey::Reader` of one version.
    ReadersOf(Handle, u64),
}

impl FactList {
    /// The list's member at that index.
    pub fn at(&self, index: u64) -> FactKey {
        match self {
            Self::Documents => FactKey::DocumentOrder(index),
            Self::Versions(document) => FactKey::Version(document.clone(), index),
            Self::NeedsOf(person) => FactKey::NeedOf(person.clone(), NeedId(index)),
            Self::Directions => FactKey::Direction(DirectionId(index)),
            Self::EntriesOf(person) => FactKey::EntryOf(person.clone(), index),
            Self::EntriesAbout(document) => FactKey::EntryAbout(document.clone(), index),
            Self::People => FactKey::PersonOrder(index),
            Self::Organisations => FactKey::OrganisationOrder(index),
            Self::Bodies => FactKey::BodyOrder(index),
            Self::Decisions => FactKey::Decision(DecisionId(index)),
            Self::Grants => FactKey::Grant(GrantId(index)),
            Self::Conflicts => FactKey::Conflict(ConflictId(index)),
            Self::Breaches => FactKey::Breach(BreachId(index)),
            Self::Suspensions => FactKey::Suspension(SuspensionId(index)),
            Self::Appointments => FactKey::Appointment(AppointmentId(index)),
            Self::Alternates => FactKey::Alternate(AlternateId(index)),
            Self::ReadersOf(document, lodged) => FactKey::Reader(document.clone(), *lodged, index),
        }
    }

    /// The index at the end of `key`, if the key belongs to this list.
    pub fn index_of(&self, key: &FactKey) -> Option<u64> {
        let index = match key {
            FactKey::DocumentOrder(index)
            | FactKey::Version(_, index)
            | FactKey::EntryOf(_, index)
            | FactKey::EntryAbout(_, index)
            | FactKey::PersonOrder(index)
            | FactKey::OrganisationOrder(index)
            | FactKey::BodyOrder(index)
            | FactKey::Reader(_, _, index) => *index,
            FactKey::Decision(decision) => decision.0,
            FactKey::Grant(grant) => grant.0,
            FactKey::Conflict(conflict) => conflict.0,
            FactKey::Breach(breach) => breach.0,
            FactKey::Suspension(suspension) => suspension.0,
            FactKey::Appointment(appointment) => appointment.0,
            FactKey::Alternate(alternate) => alternate.0,
            FactKey::NeedOf(_, need) => need.0,
            FactKey::Direction(direction) => direction.0,
            _ => return None,
        };
        (self.at(index) == *key).then_some(index)
    }
}

/// A fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// The adopted profile.
    Profile(Arc<Profile>),
    /// The service as a whole.
    Service(Arc<Service>),
    /// An organisation.
    Organisation(Arc<Organisation>),
    /// A body.
    Body(Arc<Body>),
    /// A person.
    Person(Arc<Person>),
    /// A credential.
    Credential(Arc<Credential>),
    /// A document.
    Document(Arc<Document>),
    /// A version.
    Version(Arc<Version>),
    /// A need.
    Need(Arc<Need>),
    /// A direction.
    Direction(Arc<Direction>),
    /// What a request made.
    Made(Arc<Made>),
    /// A name that leads on to a document, person, organisation or body.
    Slug(Handle),
    /// The version to which a grant leads on: its document, and the index of the entry that lodged it.
    Place(Handle, u64),
    /// Whom a suspension leads on to.
    Suspended(Suspended),
    /// A decision.
    Decision(Arc<Decision>),
    /// An index that leads on to an entry or a version.
    Index(u64),
    /// The epochs of the log's signing keys.
    LogKeys(Arc<LogKeys>),
}

/// What a person's request made, so that the same request again gets the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The index of the entry.
    pub entry: u64,
    /// The SHA-256 of the command's record: the same id for another command is refused.
    pub command: [u8; 32],
}

/// The facts cannot be looked up: the view is damaged or unreadable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the view of the journal is damaged ({0}); restart the server, which rebuilds it")]
pub struct FactsDamaged(pub String);

/// Where facts are looked up.
pub trait Facts {
    /// The fact of that key.
    fn fact(&self, key: &FactKey) -> Result<Option<Fact>, FactsDamaged>;

    /// Up to `limit` members of a list with an index over `after`, in order of their index.
    fn list(&self, list: &FactList, after: Option<u64>, limit: usize) -> Result<Vec<(u64, Fact)>, FactsDamaged>;
}

macro_rules! typed_lookups {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $kind:ty),*) -> $fact:ident($value:ty) = $key:expr;)*) => {
        /// Lookups by kind.
        pub trait FactsExt: Facts {
            $(
                $(#[$doc])*
                fn $name(&self, $($argument: $kind),*) -> Result<Option<$value>, FactsDamaged> {
                    match self.fact(&$key)? {
                        Some(Fact::$fact(value)) => Ok(Some(value)),
                        Some(_) => Err(FactsDamaged(concat!("another fact where a ", stringify!($name), " belongs").into())),
                        None => Ok(None),
                    }
                }
            )*
        }
    };
}

typed_lookups! {
    /// The adopted profile.
    profile() -> Profile(Arc<Profile>) = FactKey::Profile;
    /// The service as a whole.
    service() -> Service(Arc<Service>) = FactKey::Service;
    /// An organisation by its handle.
    organisation(handle: &Handle) -> Organisation(Arc<Organisation>) = FactKey::Organisation(handle.clone());
    /// A body by its handle.
    body(handle: &Handle) -> Body(Arc<Body>) = FactKey::Body(handle.clone());
    /// A person by their handle.
    person(handle: &Handle) -> Person(Arc<Person>) = FactKey::Person(handle.clone());
    /// A credential by its id.
    credential(id: CredentialId) -> Credential(Arc<Credential>) = FactKey::Credential(id);
    /// A document by its slug.
    document(slug: &Handle) -> Document(Arc<Document>) = FactKey::Document(slug.clone());
    /// The version that the entry `lodged` lodged.
    version(document: &Handle, lodged: u64) -> Version(Arc<Version>) = FactKey::Version(document.clone(), lodged);
    /// The index of the entry that lodged the version of that label.
    label(document: &Handle, label: &Label) -> Index(u64) = FactKey::Label(document.clone(), label.clone());
    /// A need by its id.
    need(id: NeedId) -> Need(Arc<Need>) = FactKey::Need(id);
    /// A direction by its id.
    direction(id: DirectionId) -> Direction(Arc<Direction>) = FactKey::Direction(id);
    /// A decision by its id.
    decision(id: DecisionId) -> Decision(Arc<Decision>) = FactKey::Decision(id);
    /// Whom a suspension concerns.
    suspended(id: SuspensionId) -> Suspended(Suspended) = FactKey::Suspension(id);
    /// Whose conflict it is.
    conflicted(id: ConflictId) -> Slug(Handle) = FactKey::Conflict(id);
    /// Whose breach it is.
    breaching(id: BreachId) -> Slug(Handle) = FactKey::Breach(id);
    /// Whose appointment it is.
    appointee(id: AppointmentId) -> Slug(Handle) = FactKey::Appointment(id);
    /// Who the alternate is.
    alternate(id: AlternateId) -> Slug(Handle) = FactKey::Alternate(id);
    /// The entry by which a person first read a version.
    first_read(document: &Handle, lodged: u64, person: &Handle) -> Index(u64) =
        FactKey::FirstRead(document.clone(), lodged, person.clone());
    /// The epochs of the log's signing keys; none while the first epoch lasts.
    log_keys() -> LogKeys(Arc<LogKeys>) = FactKey::LogKeys;
    /// What a person's request of that id made.
    made(person: &Handle, request: &str) -> Made(Arc<Made>) = FactKey::Request(person.clone(), request.to_owned());
}

impl<F: Facts + ?Sized> FactsExt for F {}

/// The body that governs the PKI (ToR section 1), if the register has one.
pub fn authority(facts: &dyn Facts) -> Result<Option<Arc<Body>>, FactsDamaged> {
    let handle = facts.profile()?.and_then(|profile| profile.authority());
    handle.map_or(Ok(None), |handle| facts.body(&handle))
}

/// The version that a grant is for.
pub fn granted_version(facts: &dyn Facts, id: GrantId) -> Result<Option<Arc<Version>>, FactsDamaged> {
    match facts.fact(&FactKey::Grant(id))? {
        Some(Fact::Place(document, lodged)) => facts.version(&document, lodged),
        Some(_) => Err(FactsDamaged("another fact where the place of a grant belongs".into())),
        None => Ok(None),
    }
}

/// A change of one fact: its new value, or `None` where it is removed.
pub type Change = (FactKey, Option<Fact>);

/// Changes laid over other facts: what a batch has decided but not yet made durable.
pub struct Overlay<'a> {
    base: &'a dyn Facts,
    pending: BTreeMap<FactKey, Option<Fact>>,
}

impl<'a> Overlay<'a> {
    /// No changes over `base`.
    pub fn over(base: &'a dyn Facts) -> Self {
        Self { base, pending: BTreeMap::new() }
    }

    /// Lays changes on top.
    pub fn lay(&mut self, changes: impl IntoIterator<Item = Change>) {
        self.pending.extend(changes);
    }

    /// All changes laid, the last of each key.
    pub fn into_changes(self) -> BTreeMap<FactKey, Option<Fact>> {
        self.pending
    }
}

impl Facts for Overlay<'_> {
    fn fact(&self, key: &FactKey) -> Result<Option<Fact>, FactsDamaged> {
        match self.pending.get(key) {
            Some(change) => Ok(change.clone()),
            None => self.base.fact(key),
        }
    }

    fn list(&self, list: &FactList, after: Option<u64>, limit: usize) -> Result<Vec<(u64, Fact)>, FactsDamaged> {
        let in_range = |index: u64| after.is_none_or(|after| index > after);
        let changed = self.pending.iter().filter_map(|(key, change)| Some((list.index_of(key)?, change)));
        let changed: BTreeMap<u64, _> = changed.filter(|(index, _)| in_range(*index)).collect();
        // A removal hides a member of the base, so that as many more are asked for.
        let base = self.base.list(list, after, limit.saturating_add(changed.len()))?;
        let mut members: BTreeMap<u64, Fact> = base.into_iter().collect();
        for (index, change) in changed {
            match change {
                Some(fact) => members.insert(index, fact.clone()),
                None => members.remove(&index),
            };
        }
        Ok(members.into_iter().take(limit).collect())
    }
}

/// No facts at all: what a journal without entries amounts to.
pub struct NoFacts;

impl Facts for NoFacts {
    fn fact(&self, _: &FactKey) -> Result<Option<Fact>, FactsDamaged> {
        Ok(None)
    }

    fn list(&self, _: &FactList, _: Option<u64>, _: usize) -> Result<Vec<(u64, Fact)>, FactsDamaged> {
        Ok(Vec::new())
    }
}
