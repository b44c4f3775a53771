//! What is shown, and what it is derived from, over facts in memory.

use std::sync::Arc;

use super::{Shapes, me};
use crate::pure::domain::apply::{Occurrence, apply};
use crate::pure::domain::body::{Body, Seat, SeatRole};
use crate::pure::domain::classification::Classification;
use crate::pure::domain::direction::Direction;
use crate::pure::domain::event::Event;
use crate::pure::domain::facts::{Facts, FactsExt, NoFacts, Overlay};
use crate::pure::domain::id::{CredentialId, Digest, DirectionId, Handle, Label};
use crate::pure::domain::organisation::OrganisationKind;
use crate::pure::domain::profile::Profile;
use crate::pure::domain::standing::Standing;
use crate::pure::domain::time::Instant;
use crate::pure::domain::version::Content;
use crate::pure::wire::classification::Standing as WireStanding;
use crate::pure::wire::direction::{DirectionState, Outcome};
use crate::pure::wire::version::Version;

const PROFILE: &str = r#"
    name = "smki"
    time_zone = "Europe/London"
    direction_addressee = "dcc"
    party_categories = ["large_supplier"]
    document_types = ["certificate_policy"]
    document_sets = [{ set = "smki", name = "SMKI Document Set", retention = "seven years" }]
    purposes = [{ code = "operate", covers = "operating" }]
    bank_holidays = []
    [needs]
    WHITE = { hours = 2160 }
    GREEN = { hours = 2160 }
    AMBER = { hours = 720, reference = true }
    RED = { hours = 24, reference = true, reference_begins_with = ["meeting"] }
"#;

/// Facts that grow by events, an entry each.
struct World {
    facts: Overlay<'static>,
    next: u64,
}

impl World {
    fn new() -> Self {
        let mut world = Self { facts: Overlay::over(&NoFacts), next: 0 };
        world.system(Event::ProfileAdopted { profile: Box::new(toml::from_str::<Profile>(PROFILE).unwrap()) });
        for (name, kind) in [
            ("members", OrganisationKind::Stakeholder),
            ("dcc", OrganisationKind::Dcc),
            ("secas", OrganisationKind::CodeAdministrator),
        ] {
            world.system(Event::OrganisationRegistered {
                organisation: handle(name),
                name: name.to_uppercase(),
                organisation_kind: kind,
                category: None,
            });
        }
        let seat = |name: &str, role| Seat { handle: handle(name), role, constituency: "x".into() };
        let body = Body {
            handle: handle("pma"),
            name: "PMA".into(),
            seats: vec![
                seat("chair", SeatRole::Chair),
                seat("member", SeatRole::Voting),
                seat("rep", SeatRole::NonVoting),
            ],
            secretariat: Some(handle("secas")),
            receives_amber: false,
            agreement_text: Digest([7; 32]),
            agreement: None,
            answers_to: None,
            confirmation: None,
            rules: Default::default(),
            reviews: Vec::new(),
        };
        world.system(Event::BodyEstablished { body: Box::new(body) });
        for (name, organisation) in [
            ("chair", "members"),
            ("member", "members"),
            ("clerk", "secas"),
            ("operator", "dcc"),
            ("reader", "members"),
        ] {
            let person = handle(name);
            world.system(Event::PersonRegistered {
                person: person.clone(),
                name: format!("The {name}"),
                organisation: handle(organisation),
                system: false,
            });
            world.system(Event::CredentialBound {
                person,
                credential: credential(name),
                overlap_until: None,
                replaces: None,
            });
            world.system(Event::CredentialConfirmed { credential: credential(name) });
        }
        for name in ["chair", "member"] {
            world.seated(name, name, "2026-01-01", "2028-01-01");
            world.system(Event::AgreementSigned {
                person: handle(name),
                body: handle("pma"),
                text: Digest([7; 32]),
                signature: None,
            });
        }
        world.by(
            "clerk",
            Event::DocumentRegistered {
                document: handle("policy"),
                title: "The policy".into(),
                document_kind: "certificate_policy".into(),
                set: handle("smki"),
                body: handle("pma"),
            },
        );
        world
    }

    fn system(&mut self, event: Event) -> u64 {
        self.enter(None, event)
    }

    fn by(&mut self, person: &str, event: Event) -> u64 {
        self.enter(Some(handle(person)), event)
    }

    fn enter(&mut self, person: Option<Handle>, event: Event) -> u64 {
        let organisation = person.as_ref().map(|one| self.facts.person(one).unwrap().unwrap().organisation.clone());
        let entry = Occurrence {
            index: self.next,
            time: at("2026-11-24"),
            person: person.as_ref(),
            organisation: organisation.as_ref(),
            document: None,
            events: &[event],
            made: None,
        };
        let changes = apply(&self.facts, &entry).unwrap();
        self.facts.lay(changes);
        self.next += 1;
        self.next - 1
    }

    fn seated(&mut self, person: &str, seat: &str, from: &str, until: &str) {
        let (person, body, seat) = (handle(person), handle("pma"), handle(seat));
        self.appointed(&person, &seat, from, until);
        self.system(Event::MemberConfirmed { person, body, seat, appointment: None, signature: None, text: None });
    }

    fn appointed(&mut self, person: &Handle, seat: &Handle, from: &str, until: &str) {
        let (person, body, seat) = (person.clone(), handle("pma"), seat.clone());
        self.system(Event::AppointmentMade { person, body, seat, from: at(from), until: at(until), appointment: None });
    }

    fn lodged(&mut self, person: &str, name: &str, effective: &str, direction: Option<DirectionId>) {
        let content =
            Content { blob: "0".repeat(32), digest: Digest([1; 32]), size: 9, content_type: "text/plain".into() };
        self.by(
            person,
            Event::VersionLodged {
                document: handle("policy"),
                label: label(name),
                content,
                proposed: Some(Classification::Green),
                incorporated: None,
                effective: effective.parse().unwrap(),
                note: None,
                direction,
                signature: None,
                tlp: None,
            },
        );
    }

    fn determined(&mut self, name: &str, classification: Classification) {
        self.by(
            "chair",
            Event::ClassificationDetermined {
                document: handle("policy"),
                label: label(name),
                classification,
                reason: "as agreed".into(),
                tlp: None,
            },
        );
    }

    fn standing(&self, person: &str) -> Standing {
        Standing::of(&self.facts, credential(person), at("2026-11-24")).unwrap()
    }

    /// The versions that `person` is shown.
    fn versions(&self, person: &str) -> Vec<Version> {
        let standing = self.standing(person);
        let document = self.facts.document(&handle("policy")).unwrap().unwrap();
        Shapes::new(&self.facts, &standing).unwrap().detail(document).unwrap().versions
    }

    fn direction(&self, person: &str, id: DirectionId) -> crate::pure::wire::direction::Direction {
        let standing = self.standing(person);
        let direction: Arc<Direction> = self.facts.direction(id).unwrap().unwrap();
        Shapes::new(&self.facts, &standing).unwrap().direction(&direction).unwrap()
    }
}

fn handle(text: &str) -> Handle {
    Handle::parse(text).unwrap()
}

fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

fn at(day: &str) -> Instant {
    Instant::parse(&format!("{day}T12:00:00Z")).unwrap()
}

fn credential(person: &str) -> CredentialId {
    CredentialId(crate::pure::tlog::hash::sha256(person.as_bytes()))
}

fn superseded(versions: &[Version]) -> Vec<(String, Option<String>)> {
    versions.iter().map(|one| (one.label.clone(), one.superseded_at.map(|day| day.to_string()))).collect()
}

#[test]
fn superseding_is_derived_among_the_versions_that_the_asker_may_know_of() {
    let mut world = World::new();
    for (name, effective) in [("1.0", "2019-01-01"), ("2.0", "2020-02-02"), ("3.0", "2027-03-03")] {
        world.lodged("clerk", name, effective, None);
    }
    world.determined("1.0", Classification::White);
    world.determined("2.0", Classification::Red);
    let pair = |name: &str, day: Option<&str>| (name.to_owned(), day.map(str::to_owned));
    assert_eq!(superseded(&world.versions("reader")), [pair("1.0", None)], "2.0 does not exist for them");
    let for_the_chair = [pair("1.0", Some("2020-02-02")), pair("2.0", None), pair("3.0", None)];
    assert_eq!(superseded(&world.versions("chair")), for_the_chair, "3.0 is not in force yet");
}

#[test]
fn a_version_says_who_lodged_it_and_what_was_determined() {
    let mut world = World::new();
    world.lodged("clerk", "1.0", "2019-01-01", None);
    let shown = world.versions("chair").remove(0);
    assert_eq!(shown.classification, WireStanding::Undetermined);
    assert_eq!(
        (shown.lodger.person.handle.as_str(), shown.lodger.organisation.kind.as_str()),
        ("clerk", "code_administrator")
    );
    assert_eq!(shown.entry, world.next - 1);
    world.determined("1.0", Classification::Amber);
    assert_eq!(world.versions("chair").remove(0).classification.to_string(), "AMBER");
    assert!(world.versions("reader").is_empty());
}

#[test]
fn a_direction_names_the_version_lodged_against_it_to_those_alone_who_may_know_of_it() {
    let mut world = World::new();
    let id = DirectionId(world.next);
    world.by(
        "chair",
        Event::DirectionIssued {
            direction: id,
            document: handle("policy"),
            title: "Lodge".into(),
            requirement: "All of it".into(),
            due: "2026-11-23".parse().unwrap(),
            addressee: handle("dcc"),
            decision: None,
        },
    );
    assert!(world.direction("member", id).overdue);
    world.lodged("operator", "1.0", "2026-11-24", Some(id));
    for (person, version) in [("chair", Some("1.0")), ("operator", Some("1.0")), ("member", None)] {
        let shown = world.direction(person, id);
        assert_eq!((shown.state, shown.version.as_deref()), (DirectionState::Lodged, version), "{person}");
        assert_eq!(shown.lodged_at.is_some(), version.is_some());
        assert!(!shown.overdue);
    }
    world.by("clerk", Event::DirectionReturned { direction: id, label: label("1.0"), reason: "section 4".into() });
    let acceptance = world.direction("operator", id).acceptance.unwrap();
    assert_eq!((acceptance.outcome, acceptance.by.handle.as_str()), (Outcome::Returned, "clerk"));
    assert_eq!(acceptance.at, at("2026-11-24").to_timestamp());
}

#[test]
fn one_is_told_what_is_missing_for_more_access() {
    let mut world = World::new();
    world.seated("reader", "rep", "2024-01-01", "2026-11-24");
    world.appointed(&handle("operator"), &handle("rep"), "2026-01-01", "2028-01-01");
    world.seated("clerk", "rep", "2026-01-01", "2028-01-01");
    let not_after = at("2027-01-01").to_timestamp();
    let shown = |person: &str| me(&world.facts as &dyn Facts, &world.standing(person), not_after).unwrap();
    assert!(shown("chair").missing.is_empty());
    for (person, rule, word) in
        [("reader", "GOV-5", "has ended"), ("operator", "GOV-1", "confirmation"), ("clerk", "GOV-1", "not signed")]
    {
        let me = shown(person);
        let [missing] = me.missing.as_slice() else { panic!("{person}: {:?}", me.missing) };
        assert_eq!(missing.rule, rule);
        assert!(missing.detail.contains(word), "{}", missing.detail);
    }
    let ended = shown("reader").seats.remove(0);
    assert!(!ended.in_force && ended.confirmed && !ended.voting);
    assert_eq!(shown("chair").credential.spki_digest.0, credential("chair").0);
}
