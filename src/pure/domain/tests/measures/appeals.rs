//! Who appeals, and what becomes of it.

use super::*;
use crate::pure::domain::classification::Classification::Red;
use crate::pure::domain::facts::FactKey;
use crate::pure::domain::refusal::RefusalCode::{Conflict, Invalid, NotPermitted};
use crate::pure::domain::rule::Rule;
use crate::pure::domain::suspension::SuspensionScope::{All, Lodge};

#[test]
fn emergency_1_whom_a_suspension_concerns_appeals_once_at_a_time() {
    for (whom, who, stranger) in [
        (person(MEMBER), MEMBER, "large-supplier-1"),
        (Suspended::Organisation(handle("dcc")), "dcc-operator", "manufacturer"),
    ] {
        let (world, id) = suspended(smki(), whom, All);
        let against = Measure::Suspension(id);
        let statement = "it was not me".to_owned();
        world.when(who, appeal(against)).then_enters([Event::Appealed { against, statement }]);
        world.when(stranger, appeal(against)).then_hidden();
        world.when("secas", appeal(against)).then_refused(NotPermitted, Rule::Emergency1);
        let world = world.done(who, appeal(against));
        world.when(who, appeal(against)).then_refused(Conflict, Rule::Emergency1);
    }
    let (world, id) = suspended(smki(), Suspended::Organisation(handle("dcc")), All);
    let world = world.done("dcc-operator", appeal(Measure::Suspension(id)));
    world.when("dcc-rep", appeal(Measure::Suspension(id))).events();
}

#[test]
fn emergency_1_an_appeal_is_in_words_and_against_what_holds() {
    let (world, id) = suspended(smki(), person(MEMBER), Lodge);
    let wordless = Command::Appeal { against: Measure::Suspension(id), statement: " ".into() };
    world.when(MEMBER, wordless).then_refused(Invalid, Rule::Emergency1);
    let lifted =
        Event::SuspensionLifted { suspension: id, whom: person(MEMBER), reason: "settled".into(), decision: None };
    let world = world.given_by("chair", lifted);
    world.when(MEMBER, appeal(Measure::Suspension(id))).then_refused(Conflict, Rule::Emergency1);
    world.when(MEMBER, appeal(Measure::Suspension(SuspensionId(1)))).then_hidden();
}

#[test]
fn breach_1_an_appeal_is_settled_by_the_chair_and_lifts_where_it_is_upheld() {
    let (world, id) = breached("chair", MEMBER);
    let against = Measure::Breach(id);
    let world = world.done(MEMBER, appeal(against));
    world.when(MEMBER, appeal(against)).then_refused(Conflict, Rule::Breach1);
    world.when(MEMBER, settle(against, true)).then_refused(NotPermitted, Rule::Self1);
    world.when("secas", settle(against, true)).then_refused(NotPermitted, Rule::Breach1);
    let reason = "it was looked into".to_owned();
    let settled = |upheld| Event::AppealSettled { against, upheld, reason: reason.clone() };
    let lifted = Event::BreachLifted { breach: id, person: handle(MEMBER), reason: reason.clone() };
    world.when("chair", settle(against, true)).then_enters([settled(true), lifted]);
    world.when("chair", settle(against, false)).then_enters([settled(false)]);
    let dismissed = world.done("chair", settle(against, false));
    dismissed.when("chair", settle(against, false)).then_refused(Conflict, Rule::Breach1);
    dismissed.when(MEMBER, appeal(against)).events();
}

#[test]
fn conflict_1_an_appeal_is_settled_like_a_lift() {
    let (world, id) = conflicted("chair");
    let against = Measure::Conflict(id);
    world.when("panel-member", settle(against, true)).then_refused(Conflict, Rule::Conflict1);
    world.when(MEMBER, appeal(against)).then_refused(NotPermitted, Rule::Conflict1);
    world.when("manufacturer", appeal(against)).then_hidden();
    let world = world.done("chair", appeal(against));
    world.when("chair", settle(against, true)).then_refused(NotPermitted, Rule::Self1);
    assert_eq!(world.when("panel-member", settle(against, true)).events().len(), 2);
}

#[test]
fn conflict_1_lifting_settles_the_appeal_that_is_open() {
    let (world, id) = conflicted(MEMBER);
    let against = Measure::Conflict(id);
    let events = world.done(MEMBER, appeal(against)).when("chair", lift(against)).events();
    assert!(matches!(events.as_slice(), [Event::ConflictLifted { .. }, Event::AppealSettled { upheld: true, .. }]));
}

#[test]
fn audit_1_what_became_of_an_appeal_is_a_record_of_whoever_appealed() {
    let (world, id) = breached("chair", MEMBER);
    let world = world.done(MEMBER, appeal(Measure::Breach(id)));
    let entry = next(&world);
    let facts = world.done("chair", settle(Measure::Breach(id), false)).facts();
    assert!(facts.contains_key(&FactKey::EntryOf(handle(MEMBER), entry)));
}

#[test]
fn emergency_1_an_instruction_to_the_dcc_is_appealed_to_the_regulator() {
    let against = Measure::Decision(DecisionId(700));
    let world = instructed(Some("city-power"), DecisionOutcome::Carried);
    for who in ["party-large-supplier", "large-supplier-1", "chair", "secas"] {
        world.when(who, appeal(against)).events();
    }
    for who in ["party-small-supplier", "manufacturer", "auditor"] {
        world.when(who, appeal(against)).then_hidden();
        world.when(who, settle(against, true)).then_hidden();
    }
    world.when("ofgem-rep", settle(against, true)).then_refused(Conflict, Rule::Emergency1);
    let world = world.done("party-large-supplier", appeal(against));
    for who in ["chair", "secas", "party-large-supplier"] {
        world.when(who, settle(against, true)).then_refused(NotPermitted, Rule::Emergency1);
    }
    assert_eq!(world.when("ofgem-rep", settle(against, false)).events().len(), 1);
    let by_the_regulator = world.done("ofgem-rep", appeal(against));
    by_the_regulator.when("ofgem-rep", settle(against, true)).then_refused(NotPermitted, Rule::Self1);
}

#[test]
fn emergency_1_only_an_instruction_that_was_decided_on_is_appealed() {
    let against = Measure::Decision(DecisionId(700));
    let rejected = instructed(Some("city-power"), DecisionOutcome::Rejected);
    rejected.when(MEMBER, appeal(against)).then_refused(Conflict, Rule::Emergency1);
    rejected.when("party-large-supplier", appeal(against)).then_hidden();
    let matter = DecisionSubject::Matter { matter: "x".into() };
    let other = closed(opened(smki_with(Red), 700, DecisionKind::Other, matter), 700, DecisionOutcome::Carried);
    other.when(MEMBER, appeal(against)).then_refused(Invalid, Rule::Emergency1);
    other.when("manufacturer", appeal(against)).then_hidden();
    other.when("chair", lift(against)).then_refused(Invalid, Rule::Emergency1);
}
