//! READ-8: what ends a read that is under way, and what does not.

use super::harness::{World, handle, instant};
use super::world::*;
use crate::pure::domain::classification::Classification::{self, Amber, Green, Red, White};
use crate::pure::domain::conflict::ConflictSubject;
use crate::pure::domain::event::{Event, Suspended};
use crate::pure::domain::grant::{GrantKind, Grantee};
use crate::pure::domain::id::{BreachId, ConflictId, GrantId, NeedId, SuspensionId};
use crate::pure::domain::may::may_go_on_reading;
use crate::pure::domain::suspension::SuspensionScope::{All, Lodge, ReadAll, ReadAmberRed};

const MEMBER: &str = "small-supplier";

fn goes_on(world: &World, person: &str) -> bool {
    world.ask(person, |facts, standing| may_go_on_reading(facts, standing, &handle(POLICY), &label("1.0")).is_ok())
}

fn reading(level: Classification) -> World {
    let world = smki_with(level).done(MEMBER, read("1.0"));
    assert!(goes_on(&world, MEMBER));
    world
}

#[test]
fn read_8_a_measure_ends_a_read_that_is_under_way() {
    let (conflict, breach, person) = (ConflictId(80), BreachId(81), || handle(MEMBER));
    let about = ConflictSubject::Document(handle(POLICY));
    let declared = Event::ConflictDeclared { conflict, person: person(), about, statement: "x".into() };
    let recorded = Event::BreachRecorded { breach, person: person(), statement: "x".into() };
    for (level, stays) in [(Red, false), (Amber, false), (Green, true), (White, true)] {
        assert_eq!(goes_on(&reading(level).given_by(MEMBER, declared.clone()), MEMBER), stays);
        assert_eq!(goes_on(&reading(level).given_by("chair", recorded.clone()), MEMBER), stays);
        for whom in [Suspended::Person(person()), Suspended::Organisation(handle("village-power")), Suspended::Service]
        {
            for (scope, goes) in [(Lodge, true), (ReadAmberRed, stays), (ReadAll, false), (All, false)] {
                let (suspension, whom) = (SuspensionId(90), whom.clone());
                let imposed = Event::SuspensionImposed { suspension, whom, scope, grounds: "x".into() };
                assert_eq!(goes_on(&reading(level).given_by("chair", imposed), MEMBER), goes);
            }
        }
    }
}

#[test]
fn read_8_a_withdrawal_a_reclassification_and_the_end_of_a_term_end_a_read_that_is_under_way() {
    assert!(!goes_on(&reading(Green).given_by("chair", withdrawn("1.0")), MEMBER));
    let world = smki_with(Green).done("manufacturer", read("1.0"));
    assert!(!goes_on(&world.given_by("chair", determined("1.0", Red)), "manufacturer"));
    assert!(!goes_on(&reading(Red).at("2027-06-01T00:00:00Z"), MEMBER));
    let (person, body, seat) = (handle(MEMBER), handle("pma"), handle(MEMBER));
    let ended = Event::AppointmentEnded { person, body, seat, reason: "resigned".into(), appointment: None };
    assert!(!goes_on(&reading(Amber).given(ended), MEMBER));
}

#[test]
fn read_8_the_end_of_a_grant_ends_a_read_that_is_under_way() {
    let given = || {
        let to = Grantee::Person(handle("manufacturer"));
        let given = granted(70, GrantKind::NeedToKnow, to, Some("2026-11-30T00:00:00Z"));
        let world = smki_with(Amber).given_by("chair", given).done("manufacturer", read("1.0"));
        assert!(goes_on(&world, "manufacturer"));
        world
    };
    assert!(!goes_on(&given().at("2026-11-30T00:00:00Z"), "manufacturer"));
    let (grant, document) = (GrantId(70), handle(POLICY));
    let revoked = Event::GrantRevoked { grant, document, label: label("1.0"), reason: None };
    assert!(!goes_on(&given().given_by("chair", revoked), "manufacturer"));
}

#[test]
fn read_8_that_the_need_alone_runs_out_ends_no_read_that_has_begun() {
    let world = reading(Red).at("2026-12-24T00:00:00Z");
    assert!(goes_on(&world, MEMBER));
    world
        .when(MEMBER, read_by_need("1.0", world.next_index() - 1))
        .then_refused(crate::pure::domain::refusal::RefusalCode::NeedRequired, crate::pure::domain::rule::Rule::Read3);
    let need = NeedId(world.next_index() - 1);
    assert!(goes_on(&world.given_by(MEMBER, Event::NeedWithdrawn { need }), MEMBER));
    assert!(instant("2026-12-24T00:00:00Z") > instant(NOW));
}
