//! Declaring, recording and lifting.

use super::*;
use crate::pure::domain::classification::Classification::{Amber, Red};
use crate::pure::domain::refusal::RefusalCode::{Conflict, ConflictOfInterest, Invalid, NotPermitted, Suspended};
use crate::pure::domain::rule::Rule;

#[test]
fn conflict_1_whoever_acts_on_the_body_declares_their_own_and_reads_its_papers_no_more() {
    for (who, level) in [(MEMBER, Red), ("dcc-rep", Amber), ("chair", Red)] {
        let world = smki_with(level);
        let (conflict, person) = (ConflictId(next(&world)), handle(who));
        let declared = Event::ConflictDeclared { conflict, person, about: document(), statement: "we build it".into() };
        world.when(who, declare(document())).then_enters([declared]);
        let world = world.done(who, declare(document()));
        world.when(who, read("1.0")).then_refused(ConflictOfInterest, Rule::Conflict1);
    }
}

#[test]
fn conflict_1_a_conflict_on_a_decision_holds_until_it_is_recorded() {
    let subject = DecisionSubject::Document { document: handle(POLICY) };
    let world = opened(smki_with(Red), 700, DecisionKind::DirectDcc, subject);
    let about = || ConflictSubject::Decision(DecisionId(700));
    let world = world.done(MEMBER, declare(about()));
    let id = ConflictId(next(&world) - 1);
    world.when(MEMBER, read("1.0")).then_refused(ConflictOfInterest, Rule::Conflict1);
    world.when(MEMBER, declare(about())).then_refused(Conflict, Rule::Conflict1);
    let world = closed(world, 700, DecisionOutcome::Rejected);
    world.when(MEMBER, read("1.0")).then_reads(Rule::Red1);
    world.when("gas-networks", declare(about())).then_refused(Conflict, Rule::Conflict1);
    world.when("chair", lift(Measure::Conflict(id))).then_refused(Conflict, Rule::Conflict1);
    world.when(MEMBER, appeal(Measure::Conflict(id))).then_refused(Conflict, Rule::Conflict1);
}

#[test]
fn read_6_a_conflict_on_what_one_may_not_know_of_is_hidden() {
    let subject = DecisionSubject::Matter { matter: "x".into() };
    let world = opened(smki_with(Red), 700, DecisionKind::Other, subject);
    for who in ["manufacturer", "panel-member", "auditor"] {
        world.when(who, declare(document())).then_hidden();
        world.when(who, declare(ConflictSubject::Decision(DecisionId(700)))).then_hidden();
    }
    for about in [ConflictSubject::Document(handle("absent")), ConflictSubject::Decision(DecisionId(9))] {
        world.when(MEMBER, declare(about)).then_hidden();
    }
}

#[test]
fn conflict_1_whoever_knows_of_the_matter_and_does_not_act_on_the_body_declares_nothing() {
    let subject = DecisionSubject::Matter { matter: "x".into() };
    let world = opened(smki_with(Amber), 700, DecisionKind::Other, subject);
    world.when("secas", declare(document())).then_refused(NotPermitted, Rule::Conflict1);
    world
        .when("secas", declare(ConflictSubject::Decision(DecisionId(700))))
        .then_refused(NotPermitted, Rule::Conflict1);
    world.when("panel-member", declare(document())).then_refused(NotPermitted, Rule::Conflict1);
}

#[test]
fn conflict_1_a_declaration_is_in_words() {
    for statement in ["", "  ", "\u{7}", &"x".repeat(4_001)] {
        let command = Command::DeclareConflict { about: document(), statement: statement.into() };
        smki().when(MEMBER, command).then_refused(Invalid, Rule::Conflict1);
    }
}

#[test]
fn conflict_1_the_chair_lifts_a_conflict_with_a_reason() {
    let (world, conflict) = conflicted(MEMBER);
    let (person, reason) = (handle(MEMBER), "it is settled".to_owned());
    let lifted = Event::ConflictLifted { conflict, person, reason };
    world.when("chair", lift(Measure::Conflict(conflict))).then_enters([lifted]);
    let with_decision =
        Command::Lift { against: Measure::Conflict(conflict), reason: "r".into(), decision: Some(DecisionId(3)) };
    world.when("chair", with_decision).then_refused(Invalid, Rule::Conflict1);
    for who in ["secas", "panel-member", "large-supplier-1", "dcc-rep"] {
        world.when(who, lift(Measure::Conflict(conflict))).then_refused(NotPermitted, Rule::Conflict1);
    }
    world.when("manufacturer", lift(Measure::Conflict(conflict))).then_hidden();
    world.when("chair", lift(Measure::Conflict(ConflictId(1)))).then_hidden();
    let world = world.done("chair", lift(Measure::Conflict(conflict)));
    world.when("chair", lift(Measure::Conflict(conflict))).then_refused(Conflict, Rule::Conflict1);
}

#[test]
fn self_1_nobody_lifts_their_own_and_the_chairs_is_lifted_by_the_body_above() {
    let (world, conflict) = conflicted(MEMBER);
    world.when(MEMBER, lift(Measure::Conflict(conflict))).then_refused(NotPermitted, Rule::Self1);
    let (world, conflict) = conflicted("chair");
    world.when("chair", lift(Measure::Conflict(conflict))).then_refused(NotPermitted, Rule::Self1);
    world.when(MEMBER, lift(Measure::Conflict(conflict))).then_refused(NotPermitted, Rule::Conflict1);
    let deputised = deputised(world, "chair");
    deputised.when("deputy", lift(Measure::Conflict(conflict))).then_refused(NotPermitted, Rule::Conflict1);
    assert_eq!(deputised.when("panel-member", lift(Measure::Conflict(conflict))).events().len(), 1);
}

#[test]
fn self_1_the_chairs_alternate_lifts_a_members_conflict_and_not_their_own() {
    let world = deputised(smki(), "chair").done("deputy", declare(document())).done(MEMBER, declare(document()));
    let (own, members) = (ConflictId(next(&world) - 2), ConflictId(next(&world) - 1));
    world.when("deputy", lift(Measure::Conflict(own))).then_refused(NotPermitted, Rule::Self1);
    world.when("deputy", lift(Measure::Conflict(members))).events();
}

#[test]
fn breach_1_the_chair_records_a_breach_which_closes_red_and_amber_at_once() {
    for level in [Amber, Red] {
        let world = smki_with(level);
        let (breach, person) = (BreachId(next(&world)), handle(MEMBER));
        let recorded = Event::BreachRecorded { breach, person, statement: "shared it".into() };
        world.when("chair", record_breach(MEMBER)).then_enters([recorded]);
        let world = world.done("chair", record_breach(MEMBER));
        world.when(MEMBER, read("1.0")).then_refused(Suspended, Rule::Breach1);
        let world = world.done("chair", lift(Measure::Breach(breach)));
        world.when(MEMBER, read("1.0")).events();
        world.when("chair", lift(Measure::Breach(breach))).then_refused(Conflict, Rule::Breach1);
    }
}

#[test]
fn breach_1_nobody_but_the_chair_records_and_the_chairs_is_recorded_by_the_panel() {
    let world = smki();
    for who in [MEMBER, "secas", "dcc-rep", "manufacturer", "operator-of-another"] {
        if who != "operator-of-another" {
            world.when(who, record_breach("gas-networks")).then_refused(NotPermitted, Rule::Breach1);
        }
    }
    world.when("chair", record_breach("chair")).then_refused(NotPermitted, Rule::Self1);
    world.when("panel-member", record_breach(MEMBER)).then_refused(NotPermitted, Rule::Breach1);
    world.when("panel-member", record_breach("panel-member")).then_refused(NotPermitted, Rule::Self1);
    let (world, breach) = breached("panel-member", "chair");
    world.when("chair", lift(Measure::Breach(breach))).then_refused(NotPermitted, Rule::Self1);
    deputised(world, "chair").when("deputy", lift(Measure::Breach(breach))).then_refused(NotPermitted, Rule::Breach1);
    let (world, breach) = breached("panel-member", "chair");
    world.when("panel-member", lift(Measure::Breach(breach))).events();
    deputised(smki(), "chair").when("deputy", record_breach("deputy")).then_refused(NotPermitted, Rule::Self1);
}

#[test]
fn breach_1_is_recorded_against_somebody_who_is_registered() {
    smki().when("chair", record_breach("nobody")).then_refused(Invalid, Rule::Breach1);
    let command = Command::RecordBreach { person: handle(MEMBER), statement: " ".into() };
    smki().when("chair", command).then_refused(Invalid, Rule::Breach1);
}

#[test]
fn read_6_a_breach_is_known_to_whom_it_concerns_and_who_judges() {
    let (world, breach) = breached("chair", MEMBER);
    for who in ["large-supplier-1", "manufacturer", "auditor"] {
        world.when(who, lift(Measure::Breach(breach))).then_hidden();
        world.when(who, appeal(Measure::Breach(breach))).then_hidden();
        world.when(who, settle(Measure::Breach(breach), true)).then_hidden();
    }
    world.when("secas", lift(Measure::Breach(breach))).then_refused(NotPermitted, Rule::Breach1);
    world.when(MEMBER, lift(Measure::Breach(breach))).then_refused(NotPermitted, Rule::Self1);
    // Outside of GREEN's audience nobody is known: there and not there are alike.
    let auditor = |person: &str| world.when("auditor", record_breach(person));
    auditor(MEMBER).then_hidden();
    auditor("nobody").then_hidden();
}
