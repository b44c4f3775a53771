//! Who puts what to a body.

use super::super::harness::{World, handle};
use super::super::world::*;
use super::*;
use crate::pure::domain::classification::Classification::{Amber, Green, Red, White};
use crate::pure::domain::decision::DecisionKind as Kind;
use crate::pure::domain::decision::DecisionSubject;
use crate::pure::domain::event::Suspended;
use crate::pure::domain::id::{Digest, SuspensionId};
use crate::pure::domain::refusal::RefusalCode::{AgreementRequired, Conflict, Invalid, NotPermitted};
use crate::pure::domain::rule::Rule;
use crate::pure::domain::suspension::SuspensionScope;

#[test]
fn gov_4_the_chair_a_member_an_alternate_or_the_secretariat_puts_a_question() {
    let world = deputised(smki(), "small-supplier");
    for (person, as_chair) in [("chair", true), ("ssc-rep", false), ("deputy", false), ("secas", false)] {
        world.when(person, open(Kind::Other, matter())).then_enters([Event::DecisionOpened {
            decision: DecisionId(world.next_index()),
            body: handle("pma"),
            decision_kind: Kind::Other,
            subject: DecisionSubject::Matter { matter: "whether to meet in May".into() },
            question: "Is it so resolved?".into(),
            meeting: None,
            as_chair,
        }]);
    }
    for person in ["dcc-rep", "panel-member", "manufacturer", "large-supplier-3"] {
        world.when(person, open(Kind::Other, matter())).then_refused(NotPermitted, Rule::Gov4);
    }
    // Who is outside of the GREEN audience knows of no body.
    for person in ["auditor", "operator"] {
        world.when(person, open(Kind::Other, matter())).then_hidden();
    }
}

#[test]
fn gov_4_a_version_is_bound_by_its_digest() {
    let world = documents(Green);
    let events = world.when("secas", open(Kind::ApproveCps, version(STATEMENT, None))).events();
    let [Event::DecisionOpened { subject: DecisionSubject::Version { digest, to, .. }, .. }] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!((*digest, to), (Digest([1; 32]), &None));
}

#[test]
fn gov_4_a_subject_fits_its_kind() {
    let world = documents(Red);
    let participant = || AskedSubject::Participant { organisation: Some(handle("dcc")), services: "DCA".into() };
    for (kind, subject, rule) in [
        (Kind::ApproveCps, version(POLICY, None), Rule::Gov4),
        (Kind::ApproveCps, version(DCCKI_STATEMENT, None), Rule::Gov4),
        (Kind::ApproveCps, version(STATEMENT, Some("panel")), Rule::Gov4),
        (Kind::ApproveCps, document(STATEMENT), Rule::Gov4),
        (Kind::ApproveCps, matter(), Rule::Gov4),
        (Kind::ReviewCps, version(STATEMENT, None), Rule::Gov4),
        (Kind::PublishGuidance, version(STATEMENT, None), Rule::Gov4),
        (Kind::DiscloseRed, version(POLICY, None), Rule::Red2),
        (Kind::DiscloseRed, version(POLICY, Some("pma")), Rule::Red2),
        (Kind::DirectDcc, version(POLICY, None), Rule::Lodge2),
        (Kind::DirectDcc, matter(), Rule::Lodge2),
        (Kind::LiftSuspension, matter(), Rule::Emergency1),
        (Kind::InstructDccSuspension, matter(), Rule::Emergency1),
        (Kind::Other, participant(), Rule::Gov4),
        (Kind::Modification, version(POLICY, Some("panel")), Rule::Gov4),
    ] {
        world.when("chair", open(kind, subject)).then_refused(Invalid, rule);
    }
    for (kind, subject) in [
        (Kind::ApproveCps, version(STATEMENT, None)),
        (Kind::ReviewCps, version(DCCKI_STATEMENT, None)),
        (Kind::PublishGuidance, version(GUIDANCE, None)),
        (Kind::DiscloseRed, version(POLICY, Some("panel"))),
        (Kind::DirectDcc, document(POLICY)),
        (Kind::InstructDccSuspension, participant()),
        (Kind::InstructDccSuspension, AskedSubject::Participant { organisation: None, services: "all".into() }),
        (Kind::UseRecoveryKey, matter()),
        (Kind::AdvisePanel, document(POLICY)),
        (Kind::Modification, version(POLICY, None)),
    ] {
        world.when("chair", open(kind, subject)).events();
    }
}

#[test]
fn red_2_only_a_red_version_is_disclosed_by_a_decision() {
    for level in [White, Green, Amber] {
        let outcome = documents(level).when("chair", open(Kind::DiscloseRed, version(POLICY, Some("panel"))));
        outcome.then_refused(Invalid, Rule::Red2);
    }
    let undetermined = smki().given_by("large-supplier-1", lodged("1.0"));
    undetermined
        .when("chair", open(Kind::DiscloseRed, version(POLICY, Some("panel"))))
        .then_refused(Invalid, Rule::Red2);
    documents(Red).when("chair", open(Kind::DiscloseRed, version(POLICY, Some("no-body")))).then_hidden();
}

#[test]
fn read_6_what_the_opener_may_not_know_of_is_put_to_nobody() {
    let world = documents(Red);
    // The Secretariat may know of the document, and of a RED version only who is named.
    world.when("secas", open(Kind::ApproveCps, version(STATEMENT, None))).then_hidden();
    world.when("panel-member", open(Kind::Other, version(POLICY, None))).then_hidden();
    let asked = |subject| world.when("dcc-rep", open(Kind::Other, subject));
    asked(version(STATEMENT, None)).then_like(asked(version("absent", None)));
    let absent = || AskedSubject::Participant { organisation: Some(handle("absent")), services: "all".into() };
    world.when("chair", open(Kind::InstructDccSuspension, absent())).then_hidden();
}

#[test]
fn gov_4_a_body_decides_on_its_own_papers_and_the_authority_on_suspensions() {
    let to_panel = |kind, subject| {
        let mut command = open(kind, subject);
        let Command::OpenDecision { body, .. } = &mut command else { panic!("another command") };
        *body = handle("panel");
        command
    };
    let world = documents(Green);
    for (kind, subject, rule) in [
        (Kind::ApproveCps, version(STATEMENT, None), Rule::Gov4),
        (Kind::DirectDcc, document(POLICY), Rule::Lodge2),
        (
            Kind::InstructDccSuspension,
            AskedSubject::Participant { organisation: None, services: "all".into() },
            Rule::Emergency1,
        ),
        (Kind::UseRecoveryKey, matter(), Rule::Gov4),
    ] {
        world.when("panel-member", to_panel(kind, subject)).then_refused(Invalid, rule);
    }
    world.when("panel-member", to_panel(Kind::Other, version(POLICY, None))).events();
}

#[test]
fn red_3_a_red_item_waits_until_everyone_present_has_signed() {
    let world = documents(Red);
    let item = |present: &[&str]| open_at(Kind::ApproveCps, version(STATEMENT, None), meeting(false, present));
    world.when("chair", item(&["small-supplier", "dcc-rep"])).events();
    world.when("chair", item(&["gas-networks"])).then_refused(AgreementRequired, Rule::Red3);
    world.when("chair", item(&["manufacturer"])).then_refused(AgreementRequired, Rule::Red3);
    world.when("gas-networks", item(&[])).then_refused(AgreementRequired, Rule::Red3);
    world.given(signed("gas-networks", "pma", PMA_TEXT)).when("gas-networks", item(&["gas-networks"])).events();
    // Another item does not wait.
    let world = documents(Amber);
    world.when("chair", item(&["gas-networks"])).events();
    world.when("gas-networks", item(&[])).events();
}

#[test]
fn gov_2_an_exceptional_meeting_is_the_chairs_or_the_secretariats_to_call() {
    let world = deputised(smki(), "chair");
    let exceptional = || open_at(Kind::Other, matter(), meeting(true, &[]));
    for person in ["chair", "deputy", "secas"] {
        world.when(person, exceptional()).events();
    }
    world.when("small-supplier", exceptional()).then_refused(NotPermitted, Rule::Gov2);
}

#[test]
fn gov_4_words_are_words_and_people_are_people() {
    let world = smki();
    for bad in ["question", "long", "matter", "meeting", "present", "crowd"] {
        let mut command = open_at(Kind::Other, matter(), meeting(false, &[]));
        let Command::OpenDecision { question, subject, meeting: Some(meeting), .. } = &mut command else {
            panic!("another command")
        };
        match bad {
            "question" => question.clear(),
            "long" => *question = "q".repeat(5_000),
            "matter" => *subject = AskedSubject::Matter { matter: "\u{1b}[2J".into() },
            "meeting" => meeting.reference.clear(),
            "present" => meeting.present = vec![handle("nobody")],
            _ => meeting.present = vec![handle("chair"); 101],
        }
        world.when("chair", command).then_refused(Invalid, Rule::Gov4);
    }
}

#[test]
fn lodge_7_a_withdrawn_version_is_not_put_to_the_vote() {
    let world = smki_with(Green).given_by("chair", withdrawn("1.0"));
    world.when("chair", open(Kind::Other, version(POLICY, None))).then_refused(NotPermitted, Rule::Lodge7);
}

#[test]
fn emergency_1_who_sees_a_suspension_puts_its_lifting_to_the_vote_and_never_ones_own() {
    let subject = || AskedSubject::Suspension { suspension: SuspensionId(500) };
    let lift = || open(Kind::LiftSuspension, subject());
    let world = suspended("small-supplier");
    for person in ["chair", "secas"] {
        world.when(person, lift()).events();
    }
    for person in ["ssc-rep", "manufacturer"] {
        world.when(person, lift()).then_hidden();
    }
    world.when("small-supplier", lift()).then_refused(NotPermitted, Rule::Self1);
    suspended("chair").when("chair", lift()).then_refused(NotPermitted, Rule::Self1);
    suspended("chair").when("secas", lift()).events();
    let lifted = Event::SuspensionLifted {
        suspension: SuspensionId(500),
        whom: Suspended::Person(handle("small-supplier")),
        reason: "over".into(),
        decision: None,
    };
    world.given_by("chair", lifted).when("chair", lift()).then_refused(Conflict, Rule::Emergency1);
}

fn suspended(person: &str) -> World {
    smki().given_by(
        "chair",
        Event::SuspensionImposed {
            suspension: SuspensionId(500),
            whom: Suspended::Person(handle(person)),
            scope: SuspensionScope::All,
            grounds: "an incident".into(),
        },
    )
}
