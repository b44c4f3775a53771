//! Closing and counting.

use super::super::harness::{credential, handle};
use super::super::world::*;
use super::*;
use crate::pure::domain::decision::DecisionOutcome::{Carried, Inquorate, Rejected};
use crate::pure::domain::decision::LeftOutReason;
use crate::pure::domain::decision::Vote::{Abstain, Against, For};
use crate::pure::domain::refusal::RefusalCode::{Conflict, NotPermitted};
use crate::pure::domain::rule::Rule;

#[test]
fn gov_4_the_chair_or_the_secretariat_closes_once() {
    let (world, id) = matter_opened(deputised(smki(), "chair"));
    for person in ["small-supplier", "dcc-rep"] {
        world.when(person, close(id)).then_refused(NotPermitted, Rule::Gov4);
    }
    for person in ["chair", "deputy", "secas"] {
        world.when(person, close(id)).events();
    }
    let world = world.done("secas", close(id));
    for person in ["chair", "secas"] {
        world.when(person, close(id)).then_refused(Conflict, Rule::Gov4);
    }
}

#[test]
fn gov_2_half_of_those_appointed_rounded_up_with_the_chair_is_a_quorum() {
    // Nine are appointed: the term of large-supplier-3 ended, and gas-networks, who has not signed, counts.
    let members = ["smki-specialist", "large-supplier-1", "large-supplier-2", "small-supplier", "ssc-rep"];
    for (present, outcome) in [(3, Inquorate), (4, Carried)] {
        let (world, id) = matter_opened(smki());
        let votes: Vec<_> = members[..present].iter().map(|member| (*member, For)).collect();
        let (came_out, count) = result(&voted(world, id, &votes).done("secas", close(id)), id);
        assert_eq!((came_out, count.appointed, count.required, count.present), (outcome, 9, 5, 1 + present as u32));
    }
    // Five members without the Chair are enough people, and no quorum.
    let votes = members.map(|member| (member, For));
    let (world, id) = opened(smki(), "secas", open(DecisionKind::Other, matter()));
    let world = voted(world, id, &votes);
    let (outcome, count) = result(&world.replayed().done("secas", close(id)), id);
    assert_eq!((outcome, count.present, count.chair_present, count.quorate), (Inquorate, 5, false, false));
    // The Chair who closes is present.
    let (outcome, count) = result(&world.done("chair", close(id)), id);
    assert_eq!((outcome, count.present, count.chair_present), (Carried, 6, true));
}

#[test]
fn gov_2_the_chairs_alternate_makes_the_quorum_as_the_chair_does() {
    let (world, id) = opened(deputised(smki(), "chair"), "deputy", open(DecisionKind::Other, matter()));
    let votes = ["smki-specialist", "large-supplier-1", "large-supplier-2", "small-supplier"].map(|one| (one, For));
    let (outcome, count) = result(&voted(world, id, &votes).done("secas", close(id)), id);
    assert_eq!((outcome, count.present, count.chair_present), (Carried, 5, true));
}

#[test]
fn gov_2_an_abstention_is_present_and_an_exceptional_meeting_is_quorate_whoever_attends() {
    let (world, id) = matter_opened(smki());
    let votes =
        [("smki-specialist", For), ("large-supplier-1", Abstain), ("large-supplier-2", Abstain), ("ssc-rep", Abstain)];
    let (outcome, count) = result(&voted(world, id, &votes).done("chair", close(id)), id);
    assert_eq!((outcome, count.votes_for, count.abstentions, count.present), (Carried, 1, 3, 5));
    let exceptional = open_at(DecisionKind::Other, matter(), meeting(true, &[]));
    let (world, id) = opened(smki(), "secas", exceptional);
    let (outcome, count) = result(&voted(world, id, &[("ssc-rep", For)]).done("secas", close(id)), id);
    assert_eq!((outcome, count.exceptional, count.present), (Carried, true, 1));
}

#[test]
fn gov_3_a_tie_that_nobody_breaks_is_a_rejection() {
    let tie =
        [("smki-specialist", For), ("large-supplier-1", For), ("large-supplier-2", Against), ("ssc-rep", Against)];
    for (casting, outcome) in [(None, Rejected), (Some(For), Carried), (Some(Against), Rejected)] {
        let (world, id) = matter_opened(smki());
        let world = voted(world, id, &tie);
        let world = match casting {
            Some(vote) => voted(world, id, &[("chair", vote)]),
            None => world,
        };
        let (came_out, count) = result(&world.done("chair", close(id)), id);
        assert_eq!((came_out, count.casting, count.votes_for, count.votes_against), (outcome, casting, 2, 2));
    }
}

#[test]
fn gov_3_a_casting_vote_counts_only_while_there_is_a_tie() {
    let (world, id) = matter_opened(smki());
    let world = voted(world, id, &[("smki-specialist", For), ("large-supplier-1", Against), ("chair", Against)]);
    let world = voted(world, id, &[("large-supplier-2", For), ("ssc-rep", For)]);
    let (outcome, count) = result(&world.done("secas", close(id)), id);
    assert_eq!((outcome, count.casting, count.chair_present), (Carried, None, true));
    assert_eq!(left_out(&count), [("chair", LeftOutReason::NoTie)]);
}

#[test]
fn conflict_1_a_conflicted_member_is_appointed_and_not_present() {
    let (world, id) = matter_opened(smki());
    let votes = ["smki-specialist", "large-supplier-1", "large-supplier-2", "small-supplier"].map(|one| (one, For));
    let world = voted(world, id, &votes).given_by("small-supplier", declared("small-supplier", about(id)));
    let (outcome, count) = result(&world.done("chair", close(id)), id);
    assert_eq!((outcome, count.appointed, count.present, count.votes_for), (Inquorate, 9, 4, 3));
    assert_eq!(left_out(&count), [("small-supplier", LeftOutReason::Conflict)]);
}

#[test]
fn conflict_1_a_conflicted_chair_makes_no_quorum() {
    let (world, id) = matter_opened(smki());
    let votes = ["smki-specialist", "large-supplier-1", "large-supplier-2", "small-supplier", "ssc-rep"];
    let world = voted(world, id, &votes.map(|one| (one, For))).given_by("chair", declared("chair", about(id)));
    let (outcome, count) = result(&world.done("chair", close(id)), id);
    assert_eq!((outcome, count.present, count.chair_present), (Inquorate, 5, false));
}

#[test]
fn read_8_a_vote_of_a_withdrawn_credential_or_of_who_acts_no_more_does_not_count() {
    let (world, id) = matter_opened(smki());
    let votes = ["smki-specialist", "large-supplier-1", "large-supplier-2", "small-supplier", "ssc-rep", "tabasc-rep"];
    let world = voted(world, id, &votes.map(|one| (one, For)));
    let (person, body, seat) = (handle("ssc-rep"), handle("pma"), handle("ssc-rep"));
    let world = world
        .given(Event::CredentialRevoked { credential: credential("small-supplier"), reason: "lost".into() })
        .given(Event::AppointmentEnded { person, body, seat, reason: "resigned".into(), appointment: None })
        .given_by("secas", Event::PersonRemoved { person: handle("tabasc-rep"), reason: "left".into() });
    let (outcome, count) = result(&world.done("chair", close(id)), id);
    assert_eq!((outcome, count.appointed, count.present, count.votes_for), (Carried, 7, 4, 3));
    let (ended, withdrawn) = (LeftOutReason::NoLongerActing, LeftOutReason::CredentialWithdrawn);
    assert_eq!(left_out(&count), [("small-supplier", withdrawn), ("ssc-rep", ended), ("tabasc-rep", ended)]);
}

#[test]
fn gov_5_the_seat_of_who_acts_no_more_is_free_for_who_follows() {
    let (world, id) = matter_opened(smki());
    let world = voted(world, id, &[("ssc-rep", For)]);
    let (person, body, seat) = (handle("ssc-rep"), handle("pma"), handle("ssc-rep"));
    let world =
        world.given(Event::AppointmentEnded { person, body, seat, reason: "resigned".into(), appointment: None });
    let world = seated(world, "deputy", "pma", "ssc-rep", "2027-06-01T00:00:00Z");
    let (_, count) = result(&voted(world, id, &[("deputy", Against)]).done("chair", close(id)), id);
    assert_eq!((count.votes_for, count.votes_against, count.left_out.len()), (0, 1, 0));
}

fn left_out(count: &Count) -> Vec<(&str, LeftOutReason)> {
    count.left_out.iter().map(|one| (one.seat.as_str(), one.reason)).collect()
}
