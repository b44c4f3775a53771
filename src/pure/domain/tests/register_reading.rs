//! GREEN-1 and READ-6: who finds what in the register; GOV-5: the dates that follow from it.

use super::harness::{World, handle, instant};
use super::world::*;
use crate::pure::domain::body::{BodyRules, ReviewSubject};
use crate::pure::domain::command::Command;
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::register::{self, AppointmentFilter, Knowing, ReviewsDue};

const ALL: usize = 1_000;

#[test]
fn green_1_the_register_is_open_to_green_s_audience_and_to_nobody_else() {
    let world = smki();
    for person in ["chair", "secas", "manufacturer", "party-small-supplier", "panel-member", "beis-rep"] {
        let found = counts(&world, person);
        assert_eq!(found, [17, 23, 3, 17, 15, 0], "{person}");
    }
    for person in ["auditor", "operator"] {
        assert_eq!(counts(&world, person), [1, 1, 0, 0, 0, 0], "{person}: oneself, and one's organisation");
    }
}

#[test]
fn green_1_a_seat_opens_the_register_and_a_proposal_shows_oneself_alone() {
    let world = smki().done("secas", propose("auditor", "pma", "large-supplier-3", None, "2028-01-01T00:00:00Z"));
    assert_eq!(counts(&world, "auditor"), [1, 1, 1, 13, 1, 0]);
    let world = seated(smki(), "auditor", "panel", "panel-observer", "2027-06-01T00:00:00Z");
    assert_eq!(counts(&world, "auditor")[1], 23);
}

#[test]
fn read_6_a_proposal_shows_to_those_whom_it_concerns() {
    let world = smki()
        .done("secas", propose("manufacturer", "pma", "large-supplier-3", None, "2028-01-01T00:00:00Z"))
        .done("small-supplier", Command::ProposeAlternate { body: handle("pma"), person: handle("deputy") });
    let found = |person| {
        let [.., appointments, alternates] = counts(&world, person);
        (appointments - counts(&smki(), person)[4], alternates)
    };
    for person in ["chair", "secas", "ofgem-rep", "large-supplier-1", "panel-member"] {
        assert_eq!(found(person), (1, 1), "{person}");
    }
    for person in ["party-small-supplier", "working-group-member", "large-supplier-3", "auditor"] {
        assert_eq!(found(person), (0, 0), "{person}");
    }
    assert_eq!((found("manufacturer"), found("deputy"), found("small-supplier")), ((1, 0), (0, 1), (1, 1)));
}

#[test]
fn read_6_offices_show_to_oneself_the_chair_the_secretariat_and_the_panel() {
    let world = smki();
    let shown = |person: &str| {
        world.ask(person, |facts, standing| {
            let auditor = facts.person(&handle("auditor")).unwrap().unwrap();
            Knowing::of(facts, standing).unwrap().knows_offices_of(&auditor).unwrap()
        })
    };
    assert!(["auditor", "chair", "secas", "panel-member"].into_iter().all(shown));
    assert!(!["large-supplier-1", "manufacturer", "operator"].into_iter().any(shown));
}

#[test]
fn lists_go_on_where_they_ended_and_show_what_was_asked_for() {
    let world = smki();
    world.ask("secas", |facts, standing| {
        let first = register::seats(facts, standing, None, None, 10).unwrap();
        let rest = register::seats(facts, standing, None, first.last().map(|seat| seat.index), ALL).unwrap();
        assert_eq!((first.len(), rest.len()), (10, 7));
        let panel = register::seats(facts, standing, Some(&handle("panel")), None, ALL).unwrap();
        assert_eq!(panel.len(), 2);
        let first = register::people(facts, standing, None, 20).unwrap();
        assert_eq!(register::people(facts, standing, first.next, ALL).unwrap().items.len(), 3);
    });
    let held = |filter: AppointmentFilter| {
        world.ask("secas", |facts, standing| {
            register::appointments(facts, standing, &filter, None, ALL).unwrap().items.len()
        })
    };
    assert_eq!(held(AppointmentFilter { body: Some(handle("panel")), ..AppointmentFilter::default() }), 1);
    assert_eq!(held(AppointmentFilter { person: Some(handle("chair")), ..AppointmentFilter::default() }), 1);
    assert_eq!(held(AppointmentFilter { body: Some(handle("nobody")), ..AppointmentFilter::default() }), 0);
}

#[test]
fn gov_5_a_term_that_ends_soon_is_warned_of_from_so_many_days_before() {
    let ending = |now: &str| {
        smki().at(now).ask("secas", |facts, standing| {
            let filter = AppointmentFilter { ending: Some(true), ..AppointmentFilter::default() };
            register::appointments(facts, standing, &filter, None, ALL).unwrap().items.len()
        })
    };
    assert_eq!(ending("2027-03-02T23:59:59Z"), 0);
    assert_eq!(ending("2027-03-03T00:00:00Z"), 14, "ninety days before the first of June");
    assert_eq!(ending("2027-06-01T00:00:00Z"), 0);
}

#[test]
fn gov_5_reviews_are_due_so_long_after_the_last_one() {
    let due = |world: &World| {
        world.ask("secas", |facts, standing| {
            let body = facts.body(&handle("pma")).unwrap().unwrap();
            register::reviews_due(facts, &body, standing.now).unwrap()
        })
    };
    let world = smki();
    // The first of June in London begins in May's last hour.
    assert_eq!(due(&world), ReviewsDue { membership: Some(day("2027-06-01")), chair: Some(day("2028-06-01")) });
    let review = |of| Command::RecordBodyReview { body: handle("pma"), of, outcome: "well".into() };
    let world = world.done("chair", review(ReviewSubject::Membership));
    let world = world.done("panel-member", review(ReviewSubject::Chair));
    assert_eq!(due(&world), ReviewsDue { membership: Some(day("2028-11-24")), chair: Some(day("2029-11-24")) });
    let vacant = world.at("2027-06-01T00:00:00Z");
    assert_eq!(
        vacant.ask("secas", |facts, standing| {
            let body = facts.body(&handle("pma")).unwrap().unwrap();
            register::reviews_due(facts, &body, standing.now).unwrap().chair
        }),
        None
    );
}

#[test]
fn gov_5_a_term_is_counted_in_months_of_the_calendar() {
    let (from, zone) = (instant("2027-02-28T00:00:00Z"), profile().zone());
    let longest = register::longest_term(from, &BodyRules::default(), &zone);
    assert_eq!(longest, instant("2029-02-28T00:00:00Z"));
}

/// How many organisations, people, bodies, seats, appointments and alternates the person finds.
fn counts(world: &World, person: &str) -> [usize; 6] {
    world.ask(person, |facts, standing| {
        [
            register::organisations(facts, standing, None, ALL).unwrap().items.len(),
            register::people(facts, standing, None, ALL).unwrap().items.len(),
            register::bodies(facts, standing, None, ALL).unwrap().items.len(),
            register::seats(facts, standing, None, None, ALL).unwrap().len(),
            register::appointments(facts, standing, &AppointmentFilter::default(), None, ALL).unwrap().items.len(),
            register::alternates(facts, standing, (None, None), None, ALL).unwrap().items.len(),
        ]
    })
}
