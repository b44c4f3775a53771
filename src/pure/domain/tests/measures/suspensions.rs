//! Imposing, and lifting by decision.

use super::*;
use crate::pure::domain::classification::Classification::{Red, White};
use crate::pure::domain::command::AskedSubject;
use crate::pure::domain::decide::{Answer, Decision};
use crate::pure::domain::decision::Vote;
use crate::pure::domain::refusal::RefusalCode::{self, Conflict, Invalid, NotPermitted};
use crate::pure::domain::rule::Rule;
use crate::pure::domain::suspension::SuspensionScope::{All, Lodge, ReadAll, ReadAmberRed};

#[test]
fn emergency_1_the_chair_suspends_on_recorded_grounds_and_it_acts_at_once() {
    for (whom, scope) in [
        (person(MEMBER), ReadAmberRed),
        (Suspended::Organisation(handle("village-power")), ReadAll),
        (Suspended::Service, All),
    ] {
        let world = smki_with(Red);
        let suspension = SuspensionId(next(&world));
        let imposed = Event::SuspensionImposed { suspension, whom: whom.clone(), scope, grounds: "an incident".into() };
        world.when("chair", impose(whom.clone(), scope)).then_enters([imposed]);
        let world = world.done("chair", impose(whom, scope));
        world.when(MEMBER, read("1.0")).then_refused(RefusalCode::Suspended, Rule::Emergency1);
    }
    deputised(smki(), "chair").when("deputy", impose(person(MEMBER), Lodge)).events();
}

#[test]
fn emergency_1_nobody_but_the_chair_suspends() {
    for who in [MEMBER, "secas", "panel-member", "manufacturer", "ofgem-rep"] {
        for whom in [person("gas-networks"), Suspended::Organisation(handle("dcc")), Suspended::Service] {
            smki().when(who, impose(whom, All)).then_refused(NotPermitted, Rule::Emergency1);
        }
    }
    smki().when("auditor", impose(person(MEMBER), All)).then_hidden();
    smki().when("auditor", impose(Suspended::Organisation(handle("dcc")), All)).then_hidden();
    smki().when("auditor", impose(Suspended::Service, All)).then_refused(NotPermitted, Rule::Emergency1);
}

#[test]
fn self_1_nobody_suspends_themself() {
    smki().when("chair", impose(person("chair"), All)).then_refused(NotPermitted, Rule::Self1);
    let deputised = deputised(smki(), "chair");
    deputised.when("deputy", impose(person("deputy"), All)).then_refused(NotPermitted, Rule::Self1);
}

#[test]
fn emergency_1_a_suspension_is_of_somebody_known_in_words_and_once() {
    for whom in [person("nobody"), Suspended::Organisation(handle("nobody"))] {
        smki().when("chair", impose(whom, All)).then_refused(Invalid, Rule::Emergency1);
    }
    let wordless = Command::ImposeSuspension { whom: person(MEMBER), scope: All, grounds: String::new() };
    smki().when("chair", wordless).then_refused(Invalid, Rule::Emergency1);
    let (world, _) = suspended(smki(), person(MEMBER), Lodge);
    world.when("chair", impose(person(MEMBER), Lodge)).then_refused(Conflict, Rule::Emergency1);
    world.when("chair", impose(person(MEMBER), ReadAll)).events();
}

#[test]
fn emergency_1_a_suspension_is_lifted_by_a_decision_alone() {
    let (world, id) = suspended(smki(), person(MEMBER), All);
    for who in ["chair", "secas", "panel-member", MEMBER] {
        world.when(who, lift(Measure::Suspension(id))).then_refused(NotPermitted, Rule::Emergency1);
        world.when(who, settle(Measure::Suspension(id), true)).then_refused(NotPermitted, Rule::Emergency1);
    }
    for who in ["large-supplier-1", "manufacturer"] {
        world.when(who, lift(Measure::Suspension(id))).then_hidden();
        world.when(who, settle(Measure::Suspension(id), true)).then_hidden();
    }
    world.when("chair", lift(Measure::Suspension(SuspensionId(1)))).then_hidden();
    world.when("chair", lift_by(id, 700)).then_hidden();
}

#[test]
fn emergency_1_the_decision_named_is_a_carried_one_on_that_suspension() {
    let (world, id) = suspended(smki(), person(MEMBER), All);
    let subject = |suspension| DecisionSubject::Suspension { suspension };
    let matter = DecisionSubject::Matter { matter: "x".into() };
    let other_kind = closed(opened(world, 700, DecisionKind::Other, matter), 700, DecisionOutcome::Carried);
    other_kind.when("chair", lift_by(id, 700)).then_refused(Invalid, Rule::Emergency1);
    let another = opened(other_kind, 701, DecisionKind::LiftSuspension, subject(SuspensionId(1)));
    let world = closed(another, 701, DecisionOutcome::Carried);
    world.when("chair", lift_by(id, 701)).then_refused(Invalid, Rule::Emergency1);
    let world = opened(world, 702, DecisionKind::LiftSuspension, subject(id));
    world.when("chair", lift_by(id, 702)).then_refused(Conflict, Rule::Emergency1);
    for outcome in [DecisionOutcome::Rejected, DecisionOutcome::Inquorate] {
        let (world, id) = suspended(smki(), person(MEMBER), All);
        let world = closed(opened(world, 702, DecisionKind::LiftSuspension, subject(id)), 702, outcome);
        world.when("chair", lift_by(id, 702)).then_refused(Conflict, Rule::Emergency1);
    }
}

#[test]
fn emergency_1_what_the_close_lifted_is_answered_with_that_entry() {
    let (world, id) = suspended(smki_with(Red), person(MEMBER), All);
    let world = opened(world, 700, DecisionKind::LiftSuspension, DecisionSubject::Suspension { suspension: id });
    let close = next(&world);
    let world = closed(world, 700, DecisionOutcome::Carried);
    // The body has decided, and whoever closes decisions carries it out where the close did not.
    let lifted = Event::SuspensionLifted {
        suspension: id,
        whom: person(MEMBER),
        reason: "it is decided".into(),
        decision: Some(DecisionId(700)),
    };
    world.when("secas", lift_by(id, 700)).then_enters([lifted.clone()]);
    world.when("panel-member", lift_by(id, 700)).then_hidden();
    let world = world.given_by("chair", lifted);
    assert_eq!(world.when("chair", lift_by(id, 700)).then_answers(), Answer::EnteredBefore { entry: close });
    world.when(MEMBER, read("1.0")).then_reads(Rule::Red1);
}

#[test]
fn emergency_1_a_suspension_of_everything_stops_no_appeal_no_act_that_lifts_and_no_sight_of_ones_own() {
    let (world, id) = suspended(smki_with(White), Suspended::Service, All);
    for who in ["chair", MEMBER, "manufacturer", "auditor", "operator"] {
        world.when(who, read("1.0")).then_refused(RefusalCode::Suspended, Rule::Emergency1);
        world.when(who, appeal(Measure::Suspension(id))).events();
        let own =
            world.ask(who, |facts, standing| crate::pure::domain::measures::suspensions(facts, standing, None, 9));
        assert_eq!(own.unwrap().items.len(), 1, "{who}");
    }
    let open = Command::OpenDecision {
        body: handle("pma"),
        decision_kind: DecisionKind::LiftSuspension,
        subject: AskedSubject::Suspension { suspension: id },
        question: "shall it be lifted?".into(),
        meeting: None,
    };
    let world = opened(world, 700, DecisionKind::LiftSuspension, DecisionSubject::Suspension { suspension: id });
    let decision = DecisionId(700);
    for command in
        [open, Command::CastVote { decision, vote: Vote::For, seat: None }, Command::CloseDecision { decision }]
    {
        assert_not_suspended(&world, "chair", command);
    }
    let other = opened(world, 701, DecisionKind::Other, DecisionSubject::Matter { matter: "x".into() });
    let vote = Command::CastVote { decision: DecisionId(701), vote: Vote::For, seat: None };
    other.when("chair", vote).then_refused(RefusalCode::Suspended, Rule::Emergency1);
    // What the body decided restores everything.
    let lifted = Event::SuspensionLifted {
        suspension: id,
        whom: Suspended::Service,
        reason: "settled".into(),
        decision: Some(decision),
    };
    let lifted = closed(other, 700, DecisionOutcome::Carried).given_by("chair", lifted);
    lifted.when(MEMBER, read("1.0")).then_reads(Rule::White1);
}

#[test]
fn read_6_whoever_is_suspended_from_everything_knows_of_their_own_measures_alone() {
    let world = smki().done("chair", record_breach(MEMBER));
    let (world, other) = suspended(world, person("gas-networks"), Lodge);
    let (world, own) = suspended(world, Suspended::Organisation(handle("secas")), All);
    world.when("secas", lift(Measure::Suspension(other))).then_hidden();
    world.when("secas", lift(Measure::Suspension(own))).then_refused(NotPermitted, Rule::Emergency1);
    let (suspensions, breaches) = world.ask("secas", |facts, standing| {
        use crate::pure::domain::measures::{breaches, suspensions};
        (suspensions(facts, standing, None, 9).unwrap().items, breaches(facts, standing, None, 9).unwrap().items)
    });
    assert_eq!(suspensions.iter().map(|held| held.suspension.id).collect::<Vec<_>>(), [own]);
    assert_eq!(breaches, []);
}

/// The room of decisions says the rest.
#[track_caller]
fn assert_not_suspended(world: &World, who: &str, command: Command) {
    if let Ok(Decision::Refuse(refusal)) = world.when(who, command).result {
        assert_ne!(refusal.code, RefusalCode::Suspended, "{}", refusal.detail);
    }
}
