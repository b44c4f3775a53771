//! READ-6, READ-7, READ-8 and AUDIT-1: explanations say what a request would meet, and to whom.

use std::sync::Arc;

use proptest::prelude::*;

use super::harness::{World, credential, handle};
use super::properties::{PEOPLE, history, lived};
use super::world::*;
use crate::pure::domain::classification::Classification::{Amber, Green, Red, White};
use crate::pure::domain::command::{Command, Selector};
use crate::pure::domain::conflict::ConflictSubject;
use crate::pure::domain::decide::{Answer, Decision};
use crate::pure::domain::event::{Event, Suspended};
use crate::pure::domain::explanation::{Explanation, Held, Outcome};
use crate::pure::domain::grant::{GrantKind, Grantee};
use crate::pure::domain::id::{BreachId, ConflictId, Digest, GrantId, SuspensionId};
use crate::pure::domain::may::{Denied, may_read};
use crate::pure::domain::organisation::OrganisationKind;
use crate::pure::domain::readers::Readers;
use crate::pure::domain::refusal::RefusalCode::{NeedRequired, NotPermitted};
use crate::pure::domain::rule::Rule;
use crate::pure::domain::suspension::SuspensionScope;

/// The people of the register, those without a seat too.
const EVERYBODY: [&str; 19] = [
    "chair",
    "large-supplier-1",
    "large-supplier-3",
    "small-supplier",
    "gas-networks",
    "dcc-rep",
    "ofgem-rep",
    "beis-rep",
    "secas",
    "panel-member",
    "dcc-operator",
    "party-large-supplier",
    "party-small-supplier",
    "manufacturer",
    "auditor",
    "operator",
    "deputy",
    "working-group-member",
    "ssc-rep",
];

#[test]
fn read_7_an_explanation_says_what_a_read_would_meet_whatever_was_granted_declared_or_imposed() {
    for level in [Some(White), Some(Green), Some(Amber), Some(Red), None] {
        for change in changes() {
            let world = smki().given_by("large-supplier-1", lodged("1.0"));
            let world = match level {
                Some(level) => world.given_by("chair", determined("1.0", level)),
                None => world,
            };
            let world = change.into_iter().fold(world, World::given);
            for person in EVERYBODY {
                says_what_a_read_meets(&world, person, "1.0");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn read_7_an_explanation_says_what_a_read_would_meet_after_any_history(history in history()) {
        let world = lived(&history);
        for person in PEOPLE {
            for label in ["1.0", "2.0", "3.0"] {
                says_what_a_read_meets(&world, person, label);
            }
        }
    }
}

#[test]
fn read_6_nobody_has_the_access_of_others_explained_to_them() {
    let world = smki_with(Green);
    for asker in ["small-supplier", "secas", "manufacturer", "ofgem-rep", "panel-member", "operator"] {
        for label in [None, Some("1.0"), Some("9.9")] {
            let about_other = world.when(asker, explain("chair", POLICY, label));
            about_other.then_like(world.when(asker, explain("chair", "absent", label)));
        }
        world.when(asker, explain("nobody-at-all", POLICY, None)).then_hidden();
    }
    world.when("chair", explain("nobody-at-all", POLICY, None)).then_hidden();
}

#[test]
fn read_6_about_oneself_a_hidden_version_is_like_an_absent_one() {
    let world = with_version(smki_with(Green), "2.0", Red);
    for person in ["manufacturer", "secas", "ofgem-rep", "panel-member", "large-supplier-3", "operator"] {
        let hidden = world.when(person, explain(person, POLICY, Some("2.0")));
        hidden.then_like(world.when(person, explain(person, POLICY, Some("9.9"))));
        world.when(person, explain(person, POLICY, Some("2.0"))).then_hidden();
    }
    let world = smki_with(Red);
    let hidden = world.when("manufacturer", explain("manufacturer", POLICY, None));
    hidden.then_like(world.when("manufacturer", explain("manufacturer", "absent", None)));
}

#[test]
fn read_7_a_chair_has_explained_what_concerns_the_body_chaired() {
    let world = deputised(smki_with(Red), "chair");
    for asker in ["chair", "deputy"] {
        let told = explained(&world, asker, "manufacturer", Some("1.0"));
        assert_eq!((told.outcome, told.audience, told.refusal.as_ref()), (Outcome::Nothing, None, None));
        assert!(told.ways.iter().all(|way| way.held == Held::Fails) && !told.ways.is_empty());
    }
    world.when("panel-member", explain("chair", POLICY, Some("1.0"))).then_hidden();
}

#[test]
fn audit_1_the_auditor_has_any_version_explained_and_reads_none() {
    let world = with_version(smki_with(Red), "2.0", Amber).given_by("large-supplier-1", lodged("3.0"));
    for label in ["1.0", "2.0", "3.0"] {
        world.when("auditor", view(label)).then_hidden();
        for person in ["chair", "secas", "manufacturer"] {
            explained(&world, "auditor", person, Some(label));
        }
    }
    world.when("auditor", explain("chair", POLICY, Some("9.9"))).then_hidden();
    world.when("auditor", explain("chair", "absent", None)).then_hidden();
    let told = explained(&smki_with(White), "auditor", "auditor", Some("1.0"));
    assert_eq!(told.refusal.as_ref().map(|refusal| refusal.rule), Some(Rule::Audit1));
}

#[test]
fn read_7_an_explanation_is_an_entry_and_names_what_was_explained() {
    let world = smki_with(Amber);
    let label = Some(super::world::label("1.0"));
    let entered = Event::AccessExplained { person: handle("secas"), document: handle(POLICY), label };
    world.when("chair", explain("secas", POLICY, None)).then_enters([entered]);
    let entered = Event::AccessExplained { person: handle("manufacturer"), document: handle(POLICY), label: None };
    world.when("chair", explain("manufacturer", POLICY, None)).then_enters([entered]);
}

#[test]
fn read_7_without_a_version_it_is_the_one_in_force_for_the_person_explained() {
    let world = with_version(smki_with(Green), "2.0", Red);
    let label = |person| explained(&world, "chair", person, None).version.as_ref().map(|one| one.label.to_string());
    assert_eq!(label("small-supplier").as_deref(), Some("2.0"));
    assert_eq!(label("manufacturer").as_deref(), Some("1.0"));
    let told = explained(&smki(), "chair", "secas", None);
    assert_eq!((told.version.is_none(), told.outcome, told.audience), (true, Outcome::MayKnowOf, Some(Rule::Read2)));
    assert_eq!(explained(&smki(), "chair", "manufacturer", None).outcome, Outcome::Nothing);
}

#[test]
fn read_8_what_ends_shows_at_that_instant_with_the_entry_that_it_came_from() {
    let world = smki_with(Amber);
    let told = explained(&world, "chair", "large-supplier-1", Some("1.0"));
    let seat = told.ways.iter().find(|way| way.held == Held::Admits).unwrap();
    let ids: Vec<_> = seat.grounds.iter().filter_map(|ground| ground.id.as_deref()).collect();
    assert!(ids.iter().any(|id| id.starts_with("appointment-")), "{seat:?}");
    assert!(seat.grounds.iter().any(|ground| ground.fact.contains("signed") && ground.entry.is_some()), "{seat:?}");
    assert!(seat.grounds.iter().any(|ground| ground.fact.contains("confirmed") && ground.entry.is_some()), "{seat:?}");
    assert!(told.about.iter().any(|ground| ground.fact.contains("AMBER") && ground.entry.is_some()));

    let world = world.at("2027-06-01T00:00:00Z");
    let told = explained(&world, "auditor", "large-supplier-1", Some("1.0"));
    assert_eq!(told.outcome, Outcome::Nothing);
    assert!(told.ways.iter().flat_map(|way| &way.grounds).any(|ground| ground.fact.ends_with("is over.")));

    let revoked = Event::CredentialRevoked { credential: credential("small-supplier"), reason: "lost".into() };
    let told = explained(&smki_with(White).given(revoked), "chair", "small-supplier", Some("1.0"));
    assert_eq!((told.outcome, told.obstacles[0].rule), (Outcome::Nothing, Rule::Read1));
}

#[test]
fn read_7_what_stands_in_the_way_is_told_with_its_id_and_what_would_take_it_away() {
    for (event, id) in [(breach(), "breach-700"), (suspension(), "suspension-701"), (conflict(), "conflict-702")] {
        let told = explained(&smki_with(Red).given(event), "chair", "small-supplier", Some("1.0"));
        let obstacle = &told.obstacles[0];
        assert_eq!(obstacle.ground.id.as_deref(), Some(id));
        assert!(!obstacle.satisfy.is_empty());
        assert_eq!(told.refusal.as_ref().map(|refusal| refusal.rule), Some(obstacle.rule));
    }
    let told = explained(&smki_with(Red), "gas-networks", "gas-networks", Some("1.0"));
    assert_eq!((told.outcome, told.obstacles[0].rule), (Outcome::MayKnowOf, Rule::Gov1));
}

#[test]
fn read_3_the_need_on_which_a_read_would_rest_is_told() {
    let world = smki_with(Amber);
    let told = explained(&world, "small-supplier", "small-supplier", Some("1.0"));
    assert_eq!(told.refusal.as_ref().map(|refusal| refusal.code), Some(NeedRequired));
    let world = world.done("small-supplier", record_need(Some("1.0"), good_need(), None));
    let need = world.next_index() - 1;
    let told = explained(&world, "chair", "small-supplier", Some("1.0"));
    assert!(matches!(told.outcome, Outcome::MayRead(held) if held.0 == need), "{:?}", told.outcome);
    let told = explained(&world.at("2026-12-24T09:30:00Z"), "chair", "small-supplier", Some("1.0"));
    assert_eq!(told.outcome, Outcome::MayKnowOf);
}

#[test]
fn read_6_one_learns_of_grants_that_admit_oneself_and_of_no_other() {
    let to = || Grantee::Person(handle("manufacturer"));
    let requested = Event::GrantRequested {
        grant: GrantId(801),
        document: handle(POLICY),
        label: label("1.0"),
        grant_kind: GrantKind::NeedToKnow,
        to: to(),
        action: "a quiet word".into(),
        valid_until: None,
    };
    let others = granted(802, GrantKind::WiderCirculation, Grantee::Organisation(handle("city-power")), None);
    let given = granted(803, GrantKind::NeedToKnow, to(), None);
    let world = smki_with(Amber).given_by("secas", requested).given_by("chair", others).given_by("chair", given);
    let own = format!("{:?}", explained(&world, "manufacturer", "manufacturer", Some("1.0")).ways);
    assert!(own.contains("grant-803") && !own.contains("action 12"), "{own}");
    assert!(!own.contains("grant-801") && !own.contains("grant-802"), "{own}");
    let whole = format!("{:?}", explained(&world, "chair", "manufacturer", Some("1.0")).ways);
    assert!(whole.contains("grant-801") && whole.contains("a quiet word") && !whole.contains("grant-802"), "{whole}");
}

#[test]
fn read_7_the_access_report_says_who_may_read_who_has_and_who_has_not() {
    let world = smki_with(Red).done("small-supplier", read("1.0"));
    let first = world.next_index() - 1;
    let world = world.done("small-supplier", read("1.0"));
    for asker in ["chair", "auditor"] {
        let report = report(&world, asker, None, None);
        let line = |person| report.readers.iter().find(|reader| reader.person.handle == handle(person));
        assert_eq!(line("small-supplier").unwrap().first_read, Some(first));
        assert_eq!(line("chair").unwrap().first_read, None);
        assert_eq!(line("chair").unwrap().access.way.as_ref().unwrap().rule, Rule::Red1);
        assert_eq!(line("gas-networks").unwrap().access.refusal.as_ref().unwrap().rule, Rule::Red1);
        for outside in ["manufacturer", "ofgem-rep", "large-supplier-3", "secas"] {
            assert!(line(outside).is_none(), "{outside}");
        }
        assert_eq!(report.next, None);
    }
    // Whoever has read it stays in the report when the seat is gone (GOV-5).
    let (person, body, seat) = (handle("small-supplier"), handle("pma"), handle("small-supplier"));
    let gone = Event::AppointmentEnded { person, body, seat, reason: "resigned".into(), appointment: None };
    let report = report(&world.given(gone), "chair", None, None);
    let line = report.readers.iter().find(|reader| reader.person.handle == handle("small-supplier")).unwrap();
    assert_eq!((line.first_read, line.access.way.is_none()), (Some(first), true));
}

#[test]
fn read_7_the_parts_of_an_access_report_are_the_report() {
    let world = smki_with(White);
    let whole = report(&world, "chair", None, Some(500));
    let mut parts = Vec::new();
    let mut after = None;
    loop {
        let part = report(&world, "chair", after, Some(4));
        assert!(part.readers.len() <= 4);
        parts.extend(part.readers.clone());
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(parts, whole.readers);
    assert_eq!(parts.len(), 23);
}

#[test]
fn audit_1_the_access_report_is_for_the_chair_and_the_auditor() {
    let world = smki_with(Red);
    world.when("small-supplier", list("1.0", None, None)).then_refused(NotPermitted, Rule::Audit1);
    for person in ["manufacturer", "secas", "ofgem-rep", "operator"] {
        world.when(person, list("1.0", None, None)).then_like(world.when(person, list("9.9", None, None)));
        world.when(person, list("1.0", None, None)).then_hidden();
    }
    world.when("chair", list("9.9", None, None)).then_hidden();
    let listed = Event::ReadersListed { document: handle(POLICY), label: label("1.0") };
    world.when("auditor", list("1.0", None, None)).then_enters([listed]);
}

/// The explanation to the auditor agrees with what the person meets who asks.
fn says_what_a_read_meets(world: &World, person: &str, version: &str) {
    let asked = world.when("auditor", explain(person, POLICY, Some(version))).result;
    let Ok(Decision::Enter(grant)) = asked else {
        // The auditor may be told of every version that there is.
        world.when(person, view(version)).then_hidden();
        return;
    };
    let Answer::Explained(told) = grant.answer else { panic!("an explanation") };
    let without_need = world.ask(person, |facts, standing| {
        may_read(facts, standing, &handle(POLICY), &Selector::Label(label(version)), None)
    });
    let shown = matches!(world.when(person, view(version)).result, Ok(Decision::Answer(Answer::Version(..))));
    assert_eq!(told.outcome != Outcome::Nothing, shown, "{person} {version} {told:?}");
    match (told.outcome, &told.refusal, without_need) {
        (Outcome::MayRead(need), None, Err(Denied::Refused(refusal))) => {
            assert_eq!(refusal.code, NeedRequired, "{person} {version}");
            world.when(person, read_by_need(version, need.0)).then_reads(told.audience.unwrap());
        }
        (_, Some(refusal), Err(Denied::Refused(met))) => {
            assert_eq!(*refusal, met, "{person} {version}");
            assert!(
                matches!(world.when(person, read(version)).result, Ok(Decision::Refuse(_))) || met.code == NeedRequired
            );
        }
        (Outcome::Nothing, None, Err(Denied::Hidden)) => {}
        (outcome, refusal, met) => panic!("{person} {version}: {outcome:?} {refusal:?} but {met:?}"),
    }
    assert_eq!(told.audience.is_some(), shown);
    let admitting = told.ways.iter().any(|way| way.held != Held::Fails);
    assert_eq!(admitting, shown, "{person} {version} {:?}", told.ways);
}

/// What may have happened beside.
fn changes() -> Vec<Vec<Event>> {
    let person = |one: &str| Grantee::Person(handle(one));
    let strict = Event::ClassificationDetermined {
        document: handle(POLICY),
        label: label("1.0"),
        classification: Amber,
        reason: "as marked".into(),
        tlp: Some(crate::pure::domain::classification::Tlp::AmberStrict),
    };
    let share = || granted(903, GrantKind::CategoryShare, Grantee::Organisation(handle("city-power")), None);
    let everyone = |scope| Event::SuspensionImposed {
        suspension: SuspensionId(950),
        whom: Suspended::Service,
        scope,
        grounds: "an incident".into(),
    };
    vec![
        vec![],
        vec![granted(901, GrantKind::NeedToKnow, person("manufacturer"), Some("2026-12-01T00:00:00Z"))],
        vec![granted(902, GrantKind::NeedToKnow, person("manufacturer"), Some("2026-11-01T00:00:00Z"))],
        vec![share()],
        vec![strict, share()],
        vec![granted(904, GrantKind::WiderCirculation, Grantee::OrganisationKind(OrganisationKind::Stakeholder), None)],
        vec![granted(905, GrantKind::RedInclusion, person("ofgem-rep"), None)],
        vec![granted(906, GrantKind::RedDisclosure, Grantee::Body(handle("panel")), None)],
        vec![granted(907, GrantKind::Invitation, person("deputy"), None)],
        vec![granted(908, GrantKind::Invitation, person("manufacturer"), None)],
        vec![Event::VersionTabled { document: handle(POLICY), label: label("1.0"), body: handle("working-group") }],
        vec![
            Event::SecretariatNamed { person: handle("secas"), body: handle("pma") },
            signed("secas", "pma", PMA_TEXT),
        ],
        vec![Event::AgreementTextAdopted { body: handle("pma"), text: Digest([99; 32]), words: None }],
        vec![withdrawn("1.0")],
        vec![breach()],
        vec![suspension()],
        vec![conflict()],
        vec![breach(), suspension(), conflict()],
        vec![everyone(SuspensionScope::ReadAll)],
        vec![everyone(SuspensionScope::ReadAmberRed)],
    ]
}

fn breach() -> Event {
    Event::BreachRecorded { breach: BreachId(700), person: handle("small-supplier"), statement: "told a paper".into() }
}

fn suspension() -> Event {
    Event::SuspensionImposed {
        suspension: SuspensionId(701),
        whom: Suspended::Person(handle("small-supplier")),
        scope: SuspensionScope::ReadAmberRed,
        grounds: "an incident".into(),
    }
}

fn conflict() -> Event {
    Event::ConflictDeclared {
        conflict: ConflictId(702),
        person: handle("small-supplier"),
        about: ConflictSubject::Document(handle(POLICY)),
        statement: "a share in it".into(),
    }
}

fn explain(person: &str, document: &str, version: Option<&str>) -> Command {
    let version = version.map(|version| Selector::Label(label(version)));
    Command::ExplainAccess { person: handle(person), document: handle(document), version }
}

fn list(version: &str, after: Option<u64>, limit: Option<u64>) -> Command {
    Command::ListReaders { document: handle(POLICY), version: Selector::Label(label(version)), after, limit }
}

#[track_caller]
fn explained(world: &World, asker: &str, person: &str, version: Option<&str>) -> Arc<Explanation> {
    match world.when(asker, explain(person, POLICY, version)).result {
        Ok(Decision::Enter(grant)) => match grant.answer {
            Answer::Explained(explained) => explained,
            other => panic!("an explanation, and it is {other:?}"),
        },
        other => panic!("{asker} asks about {person}, and it is {other:?}"),
    }
}

#[track_caller]
fn report(world: &World, asker: &str, after: Option<u64>, limit: Option<u64>) -> Arc<Readers> {
    match world.when(asker, list("1.0", after, limit)).result {
        Ok(Decision::Enter(grant)) => match grant.answer {
            Answer::Readers(readers) => readers,
            other => panic!("a report, and it is {other:?}"),
        },
        other => panic!("{asker} asks for the report, and it is {other:?}"),
    }
}
