//! Who votes in which seat, and when.

use super::super::harness::{credential, handle, instant};
use super::super::world::*;
use super::*;
use crate::pure::domain::classification::Classification::{Green, Red};
use crate::pure::domain::decision::Vote::{Abstain, Against, For};
use crate::pure::domain::event::Suspended;
use crate::pure::domain::id::{Digest, SuspensionId};
use crate::pure::domain::refusal::RefusalCode::{
    self, AgreementRequired, Conflict, ConflictOfInterest, CredentialRevoked, Invalid, NotPermitted,
};
use crate::pure::domain::rule::Rule;
use crate::pure::domain::suspension::SuspensionScope;

#[test]
fn gov_3_a_member_votes_once_in_the_seat_and_under_the_credential_of_the_session() {
    let (world, id) = matter_opened(smki());
    world.when("small-supplier", vote(id, For)).then_enters([Event::VoteCast {
        decision: DecisionId(id),
        seat: handle("small-supplier"),
        as_alternate: false,
        credential: credential("small-supplier"),
        vote: For,
    }]);
    let world = world.done("small-supplier", vote(id, For));
    for again in [For, Against, Abstain] {
        world.when("small-supplier", vote(id, again)).then_refused(Conflict, Rule::Gov3);
    }
}

#[test]
fn gov_3_a_stranger_cannot_tell_a_decision_from_none() {
    let (world, id) = matter_opened(smki());
    for stranger in
        ["panel-member", "manufacturer", "dcc-operator", "auditor", "operator", "deputy", "large-supplier-3"]
    {
        world.when(stranger, vote(id, For)).then_hidden();
        world.when(stranger, close(id)).then_hidden();
        world.when(stranger, vote(id, For)).then_like(world.when(stranger, vote(9_999, For)));
    }
}

#[test]
fn gov_3_representatives_and_the_secretariat_know_of_it_and_do_not_vote() {
    let (world, id) = matter_opened(smki());
    for person in ["dcc-rep", "ofgem-rep", "beis-rep", "secas"] {
        world.when(person, vote(id, For)).then_refused(NotPermitted, Rule::Gov3);
        world.when(person, vote_in(id, For, "small-supplier")).then_refused(NotPermitted, Rule::Gov3);
    }
    world.when("dcc-rep", vote_in(id, For, "dcc-rep")).then_refused(NotPermitted, Rule::Gov3);
}

#[test]
fn gov_4_nobody_votes_after_the_close() {
    let (world, id) = matter_opened(smki());
    let world = world.done("secas", close(id));
    world.when("small-supplier", vote(id, For)).then_refused(Conflict, Rule::Gov4);
}

#[test]
fn gov_1_a_member_who_has_not_signed_does_not_vote() {
    let (world, id) = matter_opened(smki());
    world.when("gas-networks", vote(id, For)).then_refused(AgreementRequired, Rule::Gov1);
    let world = world.given(Event::AgreementTextAdopted { body: handle("pma"), text: Digest([99; 32]), words: None });
    world.when("small-supplier", vote(id, For)).then_refused(AgreementRequired, Rule::Gov1);
}

#[test]
fn gov_1_a_member_who_has_not_confirmed_knows_of_nothing_and_who_knows_otherwise_is_told() {
    let appointed = |person: &str| Event::AppointmentMade {
        person: handle(person),
        body: handle("pma"),
        seat: handle("large-supplier-3"),
        from: instant("2026-01-01T00:00:00Z"),
        until: instant("2027-12-01T00:00:00Z"),
        appointment: None,
    };
    let (world, id) = matter_opened(smki().given(appointed("deputy")));
    world.when("deputy", vote(id, For)).then_hidden();
    let (world, id) = matter_opened(smki().given(appointed("secas")));
    world.when("secas", vote(id, For)).then_refused(NotPermitted, Rule::Gov1);
}

#[test]
fn gov_3_the_chair_votes_to_break_a_tie_and_not_before() {
    let (world, id) = matter_opened(smki());
    world.when("chair", vote(id, For)).then_refused(Conflict, Rule::Gov3);
    let world = voted(world, id, &[("small-supplier", For)]);
    world.when("chair", vote(id, For)).then_refused(Conflict, Rule::Gov3);
    let world = voted(world, id, &[("ssc-rep", Against), ("tabasc-rep", Abstain)]);
    let world = voted(world, id, &[("chair", For)]);
    world.when("chair", vote(id, Against)).then_refused(Conflict, Rule::Gov3);
}

#[test]
fn gov_3_the_chairs_alternate_breaks_a_tie_in_the_chairs_place() {
    let (world, id) = matter_opened(deputised(smki(), "chair"));
    world.when("deputy", vote(id, For)).then_refused(Conflict, Rule::Gov3);
    let world = voted(world, id, &[("small-supplier", For), ("ssc-rep", Against), ("deputy", For)]);
    world.when("chair", vote(id, Against)).then_refused(Conflict, Rule::Gov3);
}

#[test]
fn gov_3_an_alternate_votes_only_where_the_member_did_not_and_the_other_way_round() {
    let (world, id) = matter_opened(deputised(smki(), "small-supplier"));
    let events = world.when("deputy", vote(id, Against)).events();
    assert!(
        matches!(&events[..], [Event::VoteCast { as_alternate: true, seat, .. }] if *seat == handle("small-supplier"))
    );
    let by_member = voted(world, id, &[("small-supplier", For)]);
    by_member.when("deputy", vote(id, Against)).then_refused(Conflict, Rule::Gov3);
    let (world, id) = matter_opened(deputised(smki(), "small-supplier"));
    let by_alternate = voted(world, id, &[("deputy", For)]);
    by_alternate.when("small-supplier", vote(id, Against)).then_refused(Conflict, Rule::Gov3);
}

#[test]
fn gov_3_who_acts_in_several_seats_names_the_seat_and_votes_once_in_each() {
    let world = deputised(deputised(smki(), "small-supplier"), "ssc-rep");
    let (world, id) = matter_opened(world);
    world.when("deputy", vote(id, For)).then_refused(Invalid, Rule::Gov3);
    let world = world.done("deputy", vote_in(id, For, "ssc-rep")).done("deputy", vote_in(id, For, "small-supplier"));
    world.when("deputy", vote_in(id, For, "ssc-rep")).then_refused(Conflict, Rule::Gov3);
    world.when("deputy", vote_in(id, For, "tabasc-rep")).then_refused(NotPermitted, Rule::Gov3);
    assert_eq!(decision(&world, id).votes.len(), 2);
}

#[test]
fn gov_5_the_alternate_of_a_member_whose_term_ended_votes_no_more() {
    let (world, id) = matter_opened(deputised(smki(), "small-supplier"));
    let (person, body, seat) = (handle("small-supplier"), handle("pma"), handle("small-supplier"));
    let world =
        world.given(Event::AppointmentEnded { person, body, seat, reason: "resigned".into(), appointment: None });
    world.when("deputy", vote(id, For)).then_hidden();
    world.when("small-supplier", vote(id, For)).then_hidden();
}

#[test]
fn conflict_1_a_conflicted_member_and_their_alternate_do_not_vote() {
    let (world, id) = opened(
        deputised(documents(Green), "small-supplier"),
        "chair",
        open(DecisionKind::ApproveCps, version(STATEMENT, None)),
    );
    for subject in [about(id), ConflictSubject::Document(handle(STATEMENT))] {
        let world = world.replayed().given_by("small-supplier", declared("small-supplier", subject));
        for person in ["small-supplier", "deputy"] {
            world.when(person, vote(id, For)).then_refused(ConflictOfInterest, Rule::Conflict1);
        }
        world.when("ssc-rep", vote(id, For)).events();
        let lifted =
            Event::ConflictLifted { conflict: ConflictId(80), person: handle("small-supplier"), reason: "x".into() };
        world.given_by("chair", lifted).when("small-supplier", vote(id, For)).events();
    }
    let elsewhere = declared("small-supplier", ConflictSubject::Document(handle(GUIDANCE)));
    world.given_by("small-supplier", elsewhere).when("small-supplier", vote(id, For)).events();
}

#[test]
fn conflict_1_an_alternates_own_conflict_leaves_the_seat_to_the_member() {
    let (world, id) = matter_opened(deputised(smki(), "small-supplier"));
    let world = world.given_by("deputy", declared("deputy", about(id)));
    world.when("deputy", vote(id, For)).then_refused(ConflictOfInterest, Rule::Conflict1);
    world.when("small-supplier", vote(id, For)).events();
}

#[test]
fn read_1_a_withdrawn_credential_does_not_vote_and_bars_no_other_vote_of_the_seat() {
    let (world, id) = matter_opened(deputised(smki(), "small-supplier"));
    let world = voted(world, id, &[("small-supplier", For)]);
    let world =
        world.given(Event::CredentialRevoked { credential: credential("small-supplier"), reason: "lost".into() });
    world.when("small-supplier", vote(id, For)).then_refused(CredentialRevoked, Rule::Read1);
    let world = voted(world, id, &[("deputy", Against)]).done("chair", close(id));
    let (_, count) = result(&world, id);
    assert_eq!((count.votes_for, count.votes_against, count.left_out), (0, 1, vec![]));
}

#[test]
fn red_1_a_vote_on_a_red_paper_asks_for_no_read() {
    let (world, id) = opened(documents(Red), "chair", open(DecisionKind::ApproveCps, version(STATEMENT, None)));
    world.when("small-supplier", vote(id, For)).events();
}

#[test]
fn self_1_a_system_of_an_organisation_votes_on_nothing() {
    let person = handle("bot");
    let registered = Event::PersonRegistered {
        person: person.clone(),
        name: "A bot".into(),
        organisation: handle("western-power"),
        system: true,
    };
    let bound = Event::CredentialBound { person, credential: credential("bot"), overlap_until: None, replaces: None };
    let world =
        smki().given(registered).given(bound).given(Event::CredentialConfirmed { credential: credential("bot") });
    let world = seated(world, "bot", "pma", "large-supplier-3", "2027-06-01T00:00:00Z");
    let (world, id) = matter_opened(world.given(signed("bot", "pma", PMA_TEXT)));
    world.when("bot", vote(id, For)).then_refused(NotPermitted, Rule::Gov3);
}

#[test]
fn self_1_nobody_votes_on_lifting_their_own_suspension_nor_does_their_alternate() {
    let imposed = |whom| Event::SuspensionImposed {
        suspension: SuspensionId(500),
        whom,
        scope: SuspensionScope::All,
        grounds: "an incident".into(),
    };
    let subject = || AskedSubject::Suspension { suspension: SuspensionId(500) };
    let world =
        deputised(smki(), "small-supplier").given_by("chair", imposed(Suspended::Person(handle("small-supplier"))));
    let (world, id) = opened(world, "chair", open(DecisionKind::LiftSuspension, subject()));
    // As if there were no such vote.
    world.when("small-supplier", vote(id, For)).then_refused(RefusalCode::Suspended, Rule::Emergency1);
    world.when("small-supplier", vote(id + 900, For)).then_refused(RefusalCode::Suspended, Rule::Emergency1);
    world.when("deputy", vote(id, For)).then_refused(NotPermitted, Rule::Self1);
    let world = smki().given_by("chair", imposed(Suspended::Organisation(handle("village-power"))));
    let (world, id) = opened(world, "chair", open(DecisionKind::LiftSuspension, subject()));
    world.when("small-supplier", vote(id, For)).then_refused(RefusalCode::Suspended, Rule::Emergency1);
    // A suspension of everyone keeps nobody from lifting it.
    let world = smki().given_by("chair", imposed(Suspended::Service));
    let (world, id) = opened(world, "chair", open(DecisionKind::LiftSuspension, subject()));
    world.when("small-supplier", vote(id, For)).events();
}
