//! What a decision brings about, in the entry that closes it.

use super::super::harness::{World, handle};
use super::super::world::*;
use super::*;
use crate::pure::domain::appeal::Measure;
use crate::pure::domain::classification::Classification::{Green, Red};
use crate::pure::domain::decision::DecisionKind as Kind;
use crate::pure::domain::decision::Resolution;
use crate::pure::domain::docket::directions_citing;
use crate::pure::domain::event::Suspended;
use crate::pure::domain::grant::{GrantKind, Grantee};
use crate::pure::domain::id::{Digest, DirectionId, GrantId, SuspensionId};
use crate::pure::domain::refusal::RefusalCode::{self, Invalid};
use crate::pure::domain::rule::Rule;
use crate::pure::domain::suspension::SuspensionScope;

#[test]
fn gov_4_a_version_shows_what_was_resolved_about_its_digest() {
    for (kind, document, carried_as, rejected_as) in [
        (Kind::ApproveCps, STATEMENT, Some(Resolution::Approved), Some(Resolution::Rejected)),
        (Kind::ReviewCps, DCCKI_STATEMENT, Some(Resolution::Reviewed), None),
        (Kind::PublishGuidance, GUIDANCE, Some(Resolution::ToBePublished), None),
        (Kind::Modification, POLICY, None, None),
    ] {
        let (world, id) = opened(documents(Green), "chair", open(kind, version(document, None)));
        for (world, resolution) in [(carried(world.replayed(), id), carried_as), (rejected(world, id), rejected_as)] {
            let resolved = resolved(&world, document);
            let expected = resolution.map(|resolution| (DecisionId(id), resolution));
            assert_eq!(resolved, Vec::from_iter(expected), "{kind:?}");
        }
    }
}

#[test]
fn gov_4_without_a_quorum_nothing_is_resolved() {
    let (world, id) = opened(documents(Green), "chair", open(Kind::ApproveCps, version(STATEMENT, None)));
    let world = voted(world, id, &[("small-supplier", Vote::For)]);
    let events = world.when("chair", close(id)).events();
    let [Event::DecisionClosed { outcome: DecisionOutcome::Inquorate, .. }] = &events[..] else { panic!("{events:?}") };
    // It can be put again.
    let (world, id) = opened(world.done("chair", close(id)), "chair", open(Kind::ApproveCps, version(STATEMENT, None)));
    assert_eq!(resolved(&carried(world, id), STATEMENT), [(DecisionId(id), Resolution::Approved)]);
}

#[test]
fn gov_4_the_resolution_is_entered_with_the_close_and_names_the_digest() {
    let (world, id) = opened(documents(Green), "chair", open(Kind::ApproveCps, version(STATEMENT, None)));
    let votes = ["smki-specialist", "large-supplier-1", "large-supplier-2", "small-supplier"];
    let events = voted(world, id, &votes.map(|one| (one, Vote::For))).when("chair", close(id)).events();
    let [Event::DecisionClosed { .. }, resolved] = &events[..] else { panic!("{events:?}") };
    let (document, label, digest) = (handle(STATEMENT), label("1.0"), Digest([1; 32]));
    let (decision, resolution) = (DecisionId(id), Resolution::Approved);
    assert_eq!(*resolved, Event::VersionResolved { document, label, digest, decision, resolution });
}

#[test]
fn red_2_a_carried_disclosure_admits_the_members_of_the_other_body_and_nobody_else() {
    let disclose = || open(Kind::DiscloseRed, version(POLICY, Some("working-group")));
    let (world, id) = opened(documents(Red), "chair", disclose());
    world.when("working-group-member", read("1.0")).then_hidden();
    rejected(world.replayed(), id).when("working-group-member", read("1.0")).then_hidden();
    let close_index = world.next_index() + 4;
    let world = carried(world, id);
    world.when("working-group-member", read("1.0")).then_reads(Rule::Red2);
    for person in ["panel-member", "manufacturer", "dcc-rep"] {
        world.when(person, read("1.0")).then_hidden();
    }
    let grant = world.ask("chair", |facts, _| {
        let found = crate::pure::domain::facts::granted_version(facts, GrantId(close_index)).unwrap().unwrap();
        found.grants[0].clone()
    });
    assert_eq!((grant.kind, grant.to), (GrantKind::RedDisclosure, Grantee::Body(handle("working-group"))));
    assert_eq!((grant.decision, grant.action), (Some(DecisionId(id)), format!("decision-{id}")));
}

#[test]
fn lodge_2_a_direction_cites_a_carried_decision_on_its_document() {
    let (world, id) = opened(documents(Green), "chair", open(Kind::DirectDcc, document(POLICY)));
    world.when("chair", citing(id)).then_refused(Invalid, Rule::Lodge2);
    rejected(world.replayed(), id).when("chair", citing(id)).then_refused(Invalid, Rule::Lodge2);
    let world = carried(world, id);
    let events = world.when("chair", citing(id)).events();
    let [Event::DirectionIssued { decision: Some(cited), .. }] = &events[..] else { panic!("{events:?}") };
    assert_eq!(*cited, DecisionId(id));
    let direction = world.next_index();
    let world = world.done("secas", citing(id));
    let found = world.ask("chair", |facts, _| directions_citing(facts, DecisionId(id)).unwrap());
    assert_eq!(found, [DirectionId(direction)]);
}

#[test]
fn lodge_2_a_decision_on_another_document_or_of_another_kind_or_none_is_not_cited() {
    let (world, elsewhere) = opened(documents(Green), "chair", open(Kind::DirectDcc, document(STATEMENT)));
    let (world, other) = opened(carried(world, elsewhere), "chair", open(Kind::Other, document(POLICY)));
    let world = carried(world, other);
    for id in [elsewhere, other, 9_999] {
        world.when("chair", citing(id)).then_refused(Invalid, Rule::Lodge2);
        world.when("chair", citing(id)).then_like(world.when("chair", citing(9_999)));
    }
}

#[test]
fn emergency_1_a_carried_decision_lifts_the_suspension_and_upholds_the_appeal() {
    let (world, id) = lifting(true);
    world.when("small-supplier", view_document(POLICY)).then_refused(RefusalCode::Suspended, Rule::Emergency1);
    let votes = ["smki-specialist", "large-supplier-1", "large-supplier-2", "ssc-rep"].map(|one| (one, Vote::For));
    let world = voted(world, id, &votes);
    let events = world.when("chair", close(id)).events();
    let against = Measure::Suspension(SuspensionId(500));
    assert!(
        matches!(&events[1..], [
            Event::SuspensionLifted { decision: Some(decision), .. },
            Event::AppealSettled { against: settled, upheld: true, .. },
        ] if *decision == DecisionId(id) && *settled == against),
        "{events:?}"
    );
    world.done("chair", close(id)).when("small-supplier", view_document(POLICY)).then_answers();
}

#[test]
fn emergency_1_a_rejection_leaves_the_suspension_and_dismisses_the_appeal() {
    let votes =
        || ["smki-specialist", "large-supplier-1", "large-supplier-2", "ssc-rep"].map(|one| (one, Vote::Against));
    let (world, id) = lifting(true);
    let events = voted(world, id, &votes()).when("chair", close(id)).events();
    assert!(matches!(&events[1..], [Event::AppealSettled { upheld: false, .. }]), "{events:?}");
    let (world, id) = lifting(false);
    let world = voted(world, id, &votes());
    assert_eq!(world.when("chair", close(id)).events().len(), 1);
}

#[test]
fn emergency_1_the_second_of_two_decisions_lifts_nothing_again() {
    let (world, first) = lifting(false);
    let subject = AskedSubject::Suspension { suspension: SuspensionId(500) };
    let (world, second) = opened(world, "secas", open(Kind::LiftSuspension, subject));
    let votes = ["smki-specialist", "large-supplier-1", "large-supplier-2", "ssc-rep"].map(|one| (one, Vote::For));
    let world = voted(voted(world, first, &votes), second, &votes).done("chair", close(first));
    assert_eq!(world.when("chair", close(second)).events().len(), 1);
}

#[test]
fn emergency_1_a_suspension_of_everyone_keeps_nobody_from_lifting_it() {
    let (suspension, whom) = (SuspensionId(500), Suspended::Service);
    let (scope, grounds) = (SuspensionScope::All, "an incident".into());
    let world = smki().given_by("chair", Event::SuspensionImposed { suspension, whom, scope, grounds });
    world.when("ssc-rep", view_document(POLICY)).then_refused(RefusalCode::Suspended, Rule::Emergency1);
    // Neither does the Chair who imposed it: a member puts it to the vote.
    for opener in ["chair", "secas", "large-supplier-1"] {
        let question = open(Kind::LiftSuspension, AskedSubject::Suspension { suspension });
        world.when(opener, question).events();
    }
    let (world, id) = opened(world, "chair", open(Kind::LiftSuspension, AskedSubject::Suspension { suspension }));
    carried(world, id).when("ssc-rep", view_document(POLICY)).then_answers();
}

fn lifting(appealed: bool) -> (World, u64) {
    let (suspension, whom) = (SuspensionId(500), Suspended::Person(handle("small-supplier")));
    let (scope, grounds) = (SuspensionScope::All, "an incident".into());
    let mut world = smki().given_by("chair", Event::SuspensionImposed { suspension, whom, scope, grounds });
    if appealed {
        let against = Measure::Suspension(suspension);
        world = world.given_by("small-supplier", Event::Appealed { against, statement: "it was not me".into() });
    }
    opened(world, "chair", open(Kind::LiftSuspension, AskedSubject::Suspension { suspension }))
}

fn citing(id: u64) -> Command {
    let mut command = issue_direction();
    let Command::IssueDirection { decision, .. } = &mut command else { panic!("another command") };
    *decision = Some(format!("decision-{id}"));
    command
}

fn resolved(world: &World, document: &str) -> Vec<(DecisionId, Resolution)> {
    world.ask("chair", |facts, _| {
        let lodged = facts.label(&handle(document), &label("1.0")).unwrap().unwrap();
        let version = facts.version(&handle(document), lodged).unwrap().unwrap();
        version.resolved.iter().map(|one| (one.decision, one.resolution)).collect()
    })
}
