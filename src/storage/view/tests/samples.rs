//! Samples: a key of every kind, a fact for every key, a view in a folder of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::date;
use tempfile::TempDir;

use crate::pure::domain::body::{Body, Seat, SeatRole};
use crate::pure::domain::classification::Classification;
use crate::pure::domain::conflict::{Conflict, ConflictSubject};
use crate::pure::domain::decision::{Decision, DecisionKind, DecisionSubject, Meeting};
use crate::pure::domain::direction::{Direction, DirectionState};
use crate::pure::domain::document::{Document, VersionClasses};
use crate::pure::domain::event::Suspended;
use crate::pure::domain::facts::{Change, Fact, FactKey, FactList, Made};
use crate::pure::domain::grant::{Grant, GrantKind, GrantState, Grantee};
use crate::pure::domain::id::{
    AlternateId, AppointmentId, BreachId, ConflictId, CredentialId, DecisionId, Digest, DirectionId, GrantId, Handle,
    Label, NeedId, SuspensionId,
};
use crate::pure::domain::log_keys::{LogKeys, Rotation};
use crate::pure::domain::need::{Need, NeedReason};
use crate::pure::domain::organisation::{Organisation, OrganisationKind, PartyCategory};
use crate::pure::domain::person::{Agreement, Alternate, Appointment, Credential, CredentialState, Person};
use crate::pure::domain::profile::{DocumentSet, NeedLimit, NeedLimits, Profile, Purpose};
use crate::pure::domain::signature::DetachedSignature;
use crate::pure::domain::suspension::{Breach, Service, Suspension, SuspensionScope};
use crate::pure::domain::time::Instant;
use crate::pure::domain::version::{Content, Determination, Version, Withdrawal};
use crate::storage::seal::secret::SecretKey;
use crate::storage::view::{Position, View, ViewError, ViewOptions};

/// A phrase that stands in every fact that holds words: it may not be found on the disk.
pub const CONFIDENTIAL: &str = "Compromised issuing key";

/// A folder that is removed after the test, and the view's place in it.
pub struct Place {
    directory: TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    pub fn folder(&self) -> PathBuf {
        self.directory.path().join("view")
    }

    pub fn open(&self) -> Result<View, ViewError> {
        View::open(&self.folder(), &key(), options())
    }
}

pub fn key() -> SecretKey {
    SecretKey::from_bytes([42; 32])
}

pub fn options() -> ViewOptions {
    ViewOptions { cache_bytes: 1024 * 1024, cached_facts: 8, ..ViewOptions::default() }
}

pub fn position(next_index: u64) -> Position {
    Position { next_index, chain: [u8::try_from(next_index % 251).unwrap(); 32] }
}

pub fn handle(text: &str) -> Handle {
    Handle::parse(text).unwrap()
}

/// A key of every kind, in the order of their declaration.
pub fn every_key() -> Vec<FactKey> {
    std::iter::successors(Some(FactKey::Profile), kind_after).collect()
}

/// A list of every kind.
pub fn every_list() -> Vec<FactList> {
    let lists = every_key().into_iter().filter_map(|key| match key {
        FactKey::DocumentOrder(_) => Some(FactList::Documents),
        FactKey::Version(document, _) => Some(FactList::Versions(document)),
        FactKey::NeedOf(person, _) => Some(FactList::NeedsOf(person)),
        FactKey::Direction(_) => Some(FactList::Directions),
        FactKey::EntryOf(person, _) => Some(FactList::EntriesOf(person)),
        FactKey::EntryAbout(document, _) => Some(FactList::EntriesAbout(document)),
        FactKey::PersonOrder(_) => Some(FactList::People),
        FactKey::OrganisationOrder(_) => Some(FactList::Organisations),
        FactKey::BodyOrder(_) => Some(FactList::Bodies),
        FactKey::Decision(_) => Some(FactList::Decisions),
        FactKey::Grant(_) => Some(FactList::Grants),
        FactKey::Conflict(_) => Some(FactList::Conflicts),
        FactKey::Breach(_) => Some(FactList::Breaches),
        FactKey::Suspension(_) => Some(FactList::Suspensions),
        FactKey::Appointment(_) => Some(FactList::Appointments),
        FactKey::Alternate(_) => Some(FactList::Alternates),
        FactKey::Reader(document, lodged, _) => Some(FactList::ReadersOf(document, lodged)),
        _ => None,
    });
    lists.collect()
}

/// A fact for every key.
pub fn one_of_each() -> Vec<Change> {
    every_key().into_iter().map(|key| (key.clone(), Some(fact_for(&key, 7)))).collect()
}

/// Every file in a folder and the folders in it.
pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_in(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// Copies a view's folder.
pub fn copy_folder(from: &Path, to: &Path) {
    for file in files_in(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(&file, target).unwrap();
    }
    std::fs::create_dir_all(to.join("blobs")).unwrap();
}

/// The next kind's sample; a new kind does not compile before it has one.
fn kind_after(key: &FactKey) -> Option<FactKey> {
    let name = || handle("cpso-member");
    Some(match key {
        FactKey::Profile => FactKey::Service,
        FactKey::Service => FactKey::Organisation(name()),
        FactKey::Organisation(_) => FactKey::Body(name()),
        FactKey::Body(_) => FactKey::Person(name()),
        FactKey::Person(_) => FactKey::Credential(CredentialId(*b"cpso-cpso-cpso-cpso-cpso-cpso-32")),
        FactKey::Credential(_) => FactKey::Document(name()),
        FactKey::Document(_) => FactKey::DocumentOrder(3),
        FactKey::DocumentOrder(_) => FactKey::Version(name(), 4),
        FactKey::Version(..) => FactKey::Label(name(), Label::parse("3.0-cpso").unwrap()),
        FactKey::Label(..) => FactKey::Need(NeedId(5)),
        FactKey::Need(_) => FactKey::NeedOf(name(), NeedId(5)),
        FactKey::NeedOf(..) => FactKey::Direction(DirectionId(6)),
        FactKey::Direction(_) => FactKey::Request(name(), "cpso-request".into()),
        FactKey::Request(..) => FactKey::EntryOf(name(), 8),
        FactKey::EntryOf(..) => FactKey::EntryAbout(name(), 8),
        FactKey::EntryAbout(..) => FactKey::LogKeys,
        FactKey::LogKeys => FactKey::PersonOrder(9),
        FactKey::PersonOrder(_) => FactKey::OrganisationOrder(9),
        FactKey::OrganisationOrder(_) => FactKey::BodyOrder(9),
        FactKey::BodyOrder(_) => FactKey::Decision(DecisionId(9)),
        FactKey::Decision(_) => FactKey::Grant(GrantId(9)),
        FactKey::Grant(_) => FactKey::Conflict(ConflictId(9)),
        FactKey::Conflict(_) => FactKey::Breach(BreachId(9)),
        FactKey::Breach(_) => FactKey::Suspension(SuspensionId(9)),
        FactKey::Suspension(_) => FactKey::Appointment(AppointmentId(9)),
        FactKey::Appointment(_) => FactKey::Alternate(AlternateId(9)),
        FactKey::Alternate(_) => FactKey::Reader(name(), 4, 9),
        FactKey::Reader(..) => FactKey::FirstRead(name(), 4, name()),
        FactKey::FirstRead(..) => return None,
    })
}

/// A fact as it stands at that key; `variant` tells one fact of a key from another.
pub fn fact_for(key: &FactKey, variant: u64) -> Fact {
    let words = format!("{CONFIDENTIAL} {variant}");
    match key {
        FactKey::Profile => Fact::Profile(Arc::new(profile(words))),
        FactKey::Service => {
            Fact::Service(Arc::new(Service { suspensions: vec![suspension(variant)], established: true }))
        }
        FactKey::Organisation(handle) => Fact::Organisation(Arc::new(Organisation {
            handle: handle.clone(),
            name: words,
            kind: OrganisationKind::Party,
            category: Some(PartyCategory("large_supplier".into())),
            suspensions: vec![suspension(variant)],
        })),
        FactKey::Body(handle) => Fact::Body(Arc::new(Body {
            handle: handle.clone(),
            name: words.clone(),
            seats: vec![Seat { handle: handle.clone(), role: SeatRole::Chair, constituency: words }],
            secretariat: Some(handle.clone()),
            receives_amber: true,
            agreement_text: Digest([3; 32]),
            agreement: None,
            answers_to: None,
            confirmation: None,
            rules: Default::default(),
            reviews: Vec::new(),
        })),
        FactKey::Person(handle) => Fact::Person(Arc::new(person(handle, words, variant))),
        FactKey::Credential(id) => Fact::Credential(Arc::new(Credential {
            id: *id,
            person: handle(&format!("person-{variant}")),
            state: CredentialState::Confirmed,
            bound_by: None,
            replaces: None,
            until: None,
        })),
        FactKey::Document(slug) => Fact::Document(Arc::new(Document {
            slug: slug.clone(),
            title: words,
            kind: "policy".into(),
            set: slug.clone(),
            body: slug.clone(),
            registered: variant,
            lodgers: vec![slug.clone()],
            open_directions: vec![DirectionId(variant)],
            versions: VersionClasses::default(),
        })),
        FactKey::DocumentOrder(index) => Fact::Slug(handle(&format!("document-{index}-{variant}"))),
        FactKey::Version(document, lodged) => Fact::Version(Arc::new(version(document, *lodged, words, variant))),
        FactKey::Need(id) => Fact::Need(Arc::new(Need {
            id: *id,
            person: handle("someone"),
            document: handle("something"),
            version: None,
            reason: NeedReason { purpose: "audit".into(), statement: words, reference: Some("Meeting 12".into()) },
            recorded_at: instant(variant),
            valid_until: instant(variant + 1),
            withdrawn_at: Some(instant(variant)),
        })),
        FactKey::Direction(id) => Fact::Direction(Arc::new(Direction {
            id: *id,
            document: handle("something"),
            title: words.clone(),
            requirement: words.clone(),
            due: date(2026, 2, 28),
            issuer: handle("chair"),
            issued_at: instant(variant),
            addressee: handle("dcc"),
            state: DirectionState::Returned {
                label: Label::parse("1.0").unwrap(),
                reason: words,
                at: Instant::EPOCH,
                by: handle("pma"),
            },
            decision: None,
        })),
        FactKey::Request(..) => Fact::Made(Arc::new(Made { entry: variant, command: [9; 32] })),
        FactKey::Label(..)
        | FactKey::NeedOf(..)
        | FactKey::EntryOf(..)
        | FactKey::EntryAbout(..)
        | FactKey::FirstRead(..) => Fact::Index(variant),
        FactKey::PersonOrder(_)
        | FactKey::OrganisationOrder(_)
        | FactKey::BodyOrder(_)
        | FactKey::Conflict(_)
        | FactKey::Breach(_)
        | FactKey::Appointment(_)
        | FactKey::Alternate(_)
        | FactKey::Reader(..) => Fact::Slug(handle(&format!("somebody-{variant}"))),
        FactKey::Decision(id) => Fact::Decision(Arc::new(decision(*id, words, variant))),
        FactKey::Grant(_) => Fact::Place(handle("something"), variant),
        FactKey::Suspension(_) => Fact::Suspended(Suspended::Person(handle(&format!("somebody-{variant}")))),
        FactKey::LogKeys => {
            let rotation = Rotation { epoch: 2, entry: variant, keys: vec![words.clone()], note: words };
            Fact::LogKeys(Arc::new(LogKeys { rotations: vec![rotation] }))
        }
    }
}

fn decision(id: DecisionId, question: String, variant: u64) -> Decision {
    Decision {
        id,
        body: handle("pma"),
        kind: DecisionKind::Other,
        subject: DecisionSubject::Matter { matter: question.clone() },
        meeting: Some(Meeting { reference: question.clone(), exceptional: true, present: vec![handle("chair")] }),
        question,
        opened_by: handle("chair"),
        opened_by_chair: true,
        opened_at: instant(variant),
        votes: Vec::new(),
        closed: None,
        appeals: Vec::new(),
    }
}

fn profile(words: String) -> Profile {
    let limit =
        || NeedLimit { hours: 24, reference: true, reference_begins_with: vec!["Meeting".into(), "Decision".into()] };
    Profile {
        name: handle("smki"),
        time_zone: "Europe/London".into(),
        direction_addressee: handle("dcc"),
        party_categories: vec![PartyCategory("large_supplier".into())],
        document_types: vec!["policy".into()],
        document_sets: vec![DocumentSet { set: handle("smki"), name: words.clone(), retention: "for ever".into() }],
        purposes: vec![Purpose { code: "audit".into(), covers: words, secretariat_only: true }],
        needs: NeedLimits { white: limit(), green: limit(), amber: limit(), red: limit() },
        bank_holidays: vec![date(2026, 12, 25)],
        authority: None,
    }
}

fn person(handle: &Handle, name: String, variant: u64) -> Person {
    Person {
        handle: handle.clone(),
        name,
        organisation: handle.clone(),
        active: true,
        appointments: vec![Appointment {
            body: handle.clone(),
            seat: handle.clone(),
            from: Some(instant(variant)),
            until: instant(variant + 1),
            confirmed: true,
            confirmation: Some(variant),
            ended: None,
            approved: Some(instant(variant)),
            id: AppointmentId(variant),
            proposed_by: None,
        }],
        alternates: vec![Alternate {
            member: handle.clone(),
            body: handle.clone(),
            approved: true,
            ended: false,
            id: AlternateId(variant),
        }],
        agreements: vec![Agreement {
            body: handle.clone(),
            text: Digest([4; 32]),
            signed_at: instant(variant),
            entry: variant,
            signature: None,
        }],
        named_secretariat: vec![handle.clone()],
        auditor: true,
        conflicts: vec![Conflict {
            id: ConflictId(variant),
            about: ConflictSubject::Document(handle.clone()),
            lifted: false,
            appeals: Vec::new(),
            declared_at: instant(variant),
            statement: CONFIDENTIAL.into(),
        }],
        breaches: vec![Breach {
            id: BreachId(variant),
            lifted: false,
            appeals: Vec::new(),
            recorded_at: instant(variant),
            statement: CONFIDENTIAL.into(),
        }],
        suspensions: vec![suspension(variant)],
        credentials: Vec::new(),
        system: false,
    }
}

fn version(document: &Handle, lodged: u64, words: String, variant: u64) -> Version {
    Version {
        document: document.clone(),
        label: Label::parse("3.0").unwrap(),
        content: Content {
            blob: "0123456789abcdef0123456789abcdef".into(),
            digest: Digest([5; 32]),
            size: variant,
            content_type: "application/pdf".into(),
        },
        proposed: Some(Classification::Red),
        incorporated: None,
        effective: date(2026, 1, 31),
        note: Some(words.clone()),
        direction: Some(DirectionId(variant)),
        signature: Some(DetachedSignature::from_der(&[0x30; 9])),
        lodger: handle("someone"),
        lodger_organisation: handle("dcc"),
        lodged_at: instant(variant),
        lodged,
        determinations: vec![Determination {
            classification: Classification::Red,
            at: instant(variant),
            entry: variant,
            by: None,
            reason: words.clone(),
            tlp: None,
        }],
        published_at: Some(instant(variant)),
        withdrawn: Some(Withdrawal { at: instant(variant), reason: words }),
        tabled_to: vec![document.clone()],
        grants: vec![Grant {
            id: GrantId(variant),
            kind: GrantKind::RedInclusion,
            to: Grantee::OrganisationKind(OrganisationKind::Assurance),
            until: Some(instant(variant)),
            action: CONFIDENTIAL.into(),
            by: None,
            at: instant(variant),
            decision: None,
            state: GrantState::Given,
        }],
        proposals: Vec::new(),
        resolved: Vec::new(),
        tlp: None,
    }
}

fn suspension(variant: u64) -> Suspension {
    Suspension {
        id: SuspensionId(variant),
        scope: SuspensionScope::ReadAmberRed,
        lifted: false,
        appeals: Vec::new(),
        grounds: CONFIDENTIAL.into(),
        imposed_at: instant(variant),
        imposed_by: None,
    }
}

fn instant(variant: u64) -> Instant {
    Instant::from_unix_micros(1_767_000_000_000_001 + i64::try_from(variant).unwrap()).unwrap()
}
