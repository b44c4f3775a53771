//! Giving, directing and revoking grants, and tabling: AMBER-1 to AMBER-4, RED-1 to RED-3, SELF-1, READ-6.

use super::harness::{World, handle, instant};
use super::world::*;
use crate::pure::domain::catalogue::{self, GrantFilter};
use crate::pure::domain::classification::Classification::{self, Amber, Green, Red, White};
use crate::pure::domain::classification::Tlp;
use crate::pure::domain::command::Command;
use crate::pure::domain::event::{Event, Suspended};
use crate::pure::domain::grant::{GrantKind, Grantee};
use crate::pure::domain::id::{BreachId, GrantId, SuspensionId};
use crate::pure::domain::organisation::OrganisationKind;
use crate::pure::domain::refusal::RefusalCode::{
    AgreementRequired, Conflict, Invalid, NotPermitted, Suspended as Stopped,
};
use crate::pure::domain::rule::Rule;
use crate::pure::domain::suspension::SuspensionScope;

const DECEMBER: &str = "2026-12-01T00:00:00Z";

const NONE: [u64; 0] = [];

#[test]
fn amber_2_the_chair_names_a_person_who_then_reads_until_the_grant_ends() {
    let world = smki_with(Amber).done("chair", need_to_know("manufacturer"));
    world.when("manufacturer", read("1.0")).then_reads(Rule::Amber2);
    world.at(DECEMBER).when("manufacturer", view("1.0")).then_hidden();
}

#[test]
fn amber_2_what_the_secretariat_asks_for_admits_nobody_before_the_chair_directs_it() {
    let world = smki_with(Amber);
    let id = world.next_index();
    let world = world.done("secas", need_to_know("manufacturer"));
    world.when("manufacturer", read("1.0")).then_hidden();
    world.when("manufacturer", direct(id)).then_hidden();
    world.when("secas", direct(id)).then_refused(NotPermitted, Rule::Amber2);
    world.when("small-supplier", direct(id)).then_refused(NotPermitted, Rule::Amber2);
    world.when("secas", need_to_know("manufacturer")).then_refused(Conflict, Rule::Amber2);
    let world = world.done("chair", direct(id));
    world.when("manufacturer", read("1.0")).then_reads(Rule::Amber2);
    world.when("chair", direct(id)).then_refused(Conflict, Rule::Amber2);
}

#[test]
fn amber_2_a_request_that_would_have_ended_or_whose_version_is_amber_no_more_is_not_directed() {
    let world = smki_with(Amber);
    let id = world.next_index();
    let world = world.done("secas", need_to_know("manufacturer"));
    let world = world.given_by("chair", determined("1.0", Green));
    world.when("chair", direct(id)).then_refused(Conflict, Rule::Amber2);
    let world = world.given_by("chair", determined("1.0", Amber)).at(DECEMBER);
    world.when("chair", direct(id)).then_refused(Conflict, Rule::Amber2);
}

#[test]
fn amber_2_it_is_neither_without_an_end_nor_in_the_past_nor_for_more_than_a_year() {
    let world = smki_with(Amber);
    let until = |until: Option<&str>| give(GrantKind::NeedToKnow, person("manufacturer"), until);
    for wrong in [None, Some("2026-11-24T09:30:00Z"), Some("2020-01-01T00:00:00Z"), Some("2027-11-25T09:30:00.000001Z")]
    {
        world.when("chair", until(wrong)).then_refused(Invalid, Rule::Amber2);
    }
    world.when("chair", until(Some("2027-11-25T09:30:00Z"))).events();
}

#[test]
fn amber_2_it_cites_an_action() {
    let Command::GiveGrant { document, label, grant_kind, to, valid_until, .. } = need_to_know("manufacturer") else {
        panic!("another command");
    };
    let silent = Command::GiveGrant { document, label, grant_kind, to, valid_until, action: " ".into() };
    smki_with(Amber).when("chair", silent).then_refused(Invalid, Rule::Amber2);
}

#[test]
fn amber_2_only_the_chair_and_the_secretariat_give_it_and_no_receiver() {
    let world = smki_with(Amber).done("chair", need_to_know("manufacturer"));
    for other in ["manufacturer", "small-supplier", "dcc-rep", "panel-member"] {
        world.when(other, need_to_know("party-large-supplier")).then_refused(NotPermitted, Rule::Amber2);
    }
}

#[test]
fn amber_2_a_grant_goes_to_an_active_person_of_the_register_who_may_read_content() {
    let world = smki_with(Amber);
    world.when("chair", need_to_know("nobody")).then_refused(Invalid, Rule::Amber2);
    let to = Grantee::Organisation(handle("meter-works"));
    world.when("chair", give(GrantKind::NeedToKnow, to, Some(DECEMBER))).then_refused(Invalid, Rule::Amber2);
    world.when("chair", need_to_know("operator")).then_refused(NotPermitted, Rule::Read5);
    world.when("chair", need_to_know("auditor")).then_refused(NotPermitted, Rule::Audit1);
    let removed = world.given(Event::PersonRemoved { person: handle("manufacturer"), reason: "left".into() });
    removed.when("chair", need_to_know("manufacturer")).then_refused(Invalid, Rule::Amber2);
}

#[test]
fn amber_2_what_adds_nothing_to_a_grant_that_holds_is_a_conflict_and_a_later_end_is_none() {
    let world = smki_with(Amber).done("chair", need_to_know("manufacturer"));
    world.when("chair", need_to_know("manufacturer")).then_refused(Conflict, Rule::Amber2);
    world.when("chair", give(GrantKind::NeedToKnow, person("manufacturer"), Some("2026-12-02T00:00:00Z"))).events();
}

#[test]
fn self_1_nobody_grants_to_themself() {
    smki_with(Amber).when("chair", need_to_know("chair")).then_refused(NotPermitted, Rule::Self1);
    smki_with(Amber).when("secas", need_to_know("secas")).then_refused(NotPermitted, Rule::Self1);
    smki_with(Red)
        .when("chair", give(GrantKind::Invitation, person("chair"), None))
        .then_refused(NotPermitted, Rule::Self1);
    smki_with(Amber).when("large-supplier-1", share("northern-power")).then_refused(NotPermitted, Rule::Self1);
}

#[test]
fn self_1_the_chair_s_alternate_directs_no_request_of_their_own() {
    let world = deputised(smki_with(Amber), "chair");
    let id = world.next_index();
    let asked = |to: &str| Event::GrantRequested {
        grant: GrantId(id),
        document: handle(POLICY),
        label: label("1.0"),
        grant_kind: GrantKind::NeedToKnow,
        to: person(to),
        action: "action 12".into(),
        valid_until: Some(instant(DECEMBER)),
    };
    let for_them = deputised(smki_with(Amber), "chair").given_by("secas", asked("deputy"));
    for_them.when("deputy", direct(id)).then_refused(NotPermitted, Rule::Self1);
    for_them.when("chair", direct(id)).events();
    world.given_by("deputy", asked("manufacturer")).when("deputy", direct(id)).then_refused(NotPermitted, Rule::Self1);
}

#[test]
fn read_6_a_grant_on_a_hidden_version_is_like_one_on_an_absent_version() {
    let world = smki_with(Red).done("chair", give(GrantKind::Invitation, person("manufacturer"), None));
    let id = world.next_index() - 1;
    for outside in ["dcc-rep", "secas", "panel-member", "party-large-supplier", "working-group-member"] {
        for kind in GrantKind::ALL {
            world.when(outside, give(kind, person("manufacturer"), Some(DECEMBER))).then_hidden();
        }
        world.when(outside, revoke(id)).then_hidden();
        world.when(outside, direct(id)).then_hidden();
        world.when(outside, table("1.0", "working-group")).then_hidden();
        world.when(outside, propose("1.0", White)).then_hidden();
        assert!(shown(&world, outside, GrantFilter::default()).is_empty(), "{outside}");
    }
    world.when("chair", revoke(id + 9)).then_hidden();
}

#[test]
fn read_6_a_receiver_knows_of_the_grant_that_admits_them_and_of_no_other() {
    let world = smki_with(Amber).done("chair", need_to_know("manufacturer"));
    let first = world.next_index() - 1;
    let world = world.done("chair", need_to_know("party-large-supplier"));
    let second = first + 1;
    assert_eq!(shown(&world, "manufacturer", GrantFilter::default()), [first]);
    assert_eq!(shown(&world, "party-large-supplier", GrantFilter::default()), [second]);
    assert_eq!(shown(&world, "panel-member", GrantFilter::default()), NONE);
    for insider in ["chair", "secas", "small-supplier", "dcc-rep"] {
        assert_eq!(shown(&world, insider, GrantFilter::default()), [first, second], "{insider}");
    }
    world.when("manufacturer", revoke(second)).then_hidden();
    world.when("manufacturer", revoke(first)).then_refused(NotPermitted, Rule::Amber2);
    let world = world.done("chair", revoke(first));
    assert_eq!(shown(&world, "manufacturer", GrantFilter::default()), NONE);
}

#[test]
fn who_is_admitted_by_which_grant_is_asked_by_person_organisation_kind_and_version() {
    let stakeholders = Grantee::OrganisationKind(OrganisationKind::Stakeholder);
    let world = with_version(smki_with(Amber), "2.0", Amber);
    let first = world.next_index();
    let world = world
        .done("chair", need_to_know("manufacturer"))
        .done("large-supplier-1", share("city-power"))
        .done("chair", give(GrantKind::WiderCirculation, stakeholders, None));
    let by = |filter| shown(&world, "chair", filter);
    let of = |person: &str| GrantFilter { person: Some(handle(person)), ..GrantFilter::default() };
    let to = |one: &str| GrantFilter { organisation: Some(handle(one)), ..GrantFilter::default() };
    assert_eq!(by(of("manufacturer")), [first, first + 2]);
    assert_eq!(by(of("party-large-supplier")), [first + 1]);
    assert_eq!(by(of("nobody")), NONE);
    assert_eq!(by(to("city-power")), [first + 1]);
    assert_eq!(by(to("meter-works")), [first + 2]);
    assert_eq!(by(to("nobody")), NONE);
    let both = GrantFilter { organisation: Some(handle("city-power")), ..of("manufacturer") };
    assert_eq!(by(both), NONE);
    assert_eq!(by(GrantFilter { kind: Some(GrantKind::CategoryShare), ..GrantFilter::default() }), [first + 1]);
    assert_eq!(by(GrantFilter { label: Some(label("2.0")), ..GrantFilter::default() }), NONE);
    assert_eq!(by(GrantFilter { document: Some(handle(POLICY)), ..GrantFilter::default() }).len(), 3);
}

#[test]
fn amber_3_a_member_in_a_category_s_seat_shares_within_that_category() {
    let world = smki_with(Amber).done("large-supplier-1", share("city-power"));
    world.when("party-large-supplier", read("1.0")).then_reads(Rule::Amber3);
    let deputy = deputised(smki_with(Amber), "small-supplier");
    deputy.when("deputy", share("hamlet-power")).events();
}

#[test]
fn amber_3_not_with_another_category_nor_with_who_has_none() {
    for other in ["hamlet-power", "wires", "meter-works", "dcc"] {
        smki_with(Amber).when("large-supplier-1", share(other)).then_refused(NotPermitted, Rule::Amber3);
    }
    smki_with(Amber).when("large-supplier-1", share("nowhere")).then_refused(Invalid, Rule::Amber3);
    let to = give(GrantKind::CategoryShare, person("party-large-supplier"), None);
    smki_with(Amber).when("large-supplier-1", to).then_refused(Invalid, Rule::Amber3);
}

#[test]
fn amber_3_not_by_other_seats_nor_onward_by_a_receiver() {
    let world = smki_with(Amber).done("large-supplier-1", share("city-power"));
    let others = ["chair", "secas", "smki-specialist", "ssc-rep", "tabasc-rep", "dcc-rep", "panel-member"];
    for other in others.into_iter().chain(["party-large-supplier"]) {
        world.when(other, share("southern-power")).then_refused(NotPermitted, Rule::Amber3);
    }
    world.when("large-supplier-3", share("southern-power")).then_hidden();
}

#[test]
fn amber_3_not_by_whom_an_obstacle_keeps_from_reading() {
    let breach =
        Event::BreachRecorded { breach: BreachId(90), person: handle("large-supplier-1"), statement: "b".into() };
    let world = smki_with(Amber).given_by("chair", breach);
    world.when("large-supplier-1", share("city-power")).then_refused(Stopped, Rule::Breach1);
    let world = smki_with(Amber).given_by(
        "chair",
        Event::AgreementTextAdopted {
            body: handle("pma"),
            text: crate::pure::domain::id::Digest([9; 32]),
            words: None,
        },
    );
    world.when("large-supplier-1", share("city-power")).then_refused(AgreementRequired, Rule::Amber1);
    let suspended = Event::SuspensionImposed {
        suspension: SuspensionId(90),
        whom: Suspended::Person(handle("large-supplier-1")),
        scope: SuspensionScope::ReadAll,
        grounds: "g".into(),
    };
    let world = smki_with(Amber).given_by("chair", suspended);
    world.when("large-supplier-1", share("city-power")).then_refused(Stopped, Rule::Emergency1);
}

#[test]
fn class_4_a_strict_version_is_not_shared_and_a_share_of_it_admits_nobody() {
    let world = smki_with(Amber).done("large-supplier-1", share("city-power"));
    let strict = Event::ClassificationDetermined {
        document: handle(POLICY),
        label: label("1.0"),
        classification: Amber,
        reason: "as it came".into(),
        tlp: Some(Tlp::AmberStrict),
    };
    let world = world.given_by("chair", strict);
    world.when("party-large-supplier", read("1.0")).then_hidden();
    world.when("large-supplier-2", share("city-power")).then_refused(NotPermitted, Rule::Class4);
    world.when("chair", need_to_know("manufacturer")).events();
}

#[test]
fn amber_4_the_chair_directs_a_wider_circulation_to_stakeholders() {
    let kind = |kind| give(GrantKind::WiderCirculation, Grantee::OrganisationKind(kind), None);
    let world = smki_with(Amber).done("chair", kind(OrganisationKind::Party));
    world.when("party-small-supplier", read("1.0")).then_reads(Rule::Amber4);
    world.when("chair", kind(OrganisationKind::Host)).then_refused(NotPermitted, Rule::Read5);
    world.when("chair", kind(OrganisationKind::Assurance)).then_refused(Invalid, Rule::Amber4);
    let to = |one: &str| give(GrantKind::WiderCirculation, Grantee::Organisation(handle(one)), Some(DECEMBER));
    world.when("chair", to("hosting")).then_refused(NotPermitted, Rule::Read5);
    world.when("chair", to("meter-works")).events();
    for other in ["secas", "large-supplier-1", "ofgem-rep"] {
        world.when(other, to("meter-works")).then_refused(NotPermitted, Rule::Amber4);
    }
}

#[test]
fn red_1_the_chair_includes_a_non_voting_representative_for_one_version() {
    let include = |who: &str| give(GrantKind::RedInclusion, person(who), None);
    let world = with_version(smki_with(Red), "2.0", Red).done("chair", include("dcc-rep"));
    world.when("dcc-rep", read("1.0")).then_reads(Rule::Red1);
    world.when("dcc-rep", read("2.0")).then_hidden();
    for stranger in ["panel-member", "manufacturer", "small-supplier"] {
        world.when("chair", include(stranger)).then_refused(Invalid, Rule::Red1);
    }
    world.when("large-supplier-1", include("ofgem-rep")).then_refused(NotPermitted, Rule::Red1);
    world.when("dcc-rep", include("ofgem-rep")).then_refused(NotPermitted, Rule::Red1);
}

#[test]
fn red_2_red_goes_to_another_body_by_a_decision_only() {
    let to = || Grantee::Body(handle("panel"));
    smki_with(Red).when("chair", give(GrantKind::RedDisclosure, to(), None)).then_refused(NotPermitted, Rule::Red2);
    smki_with(Red).when("chair", table("1.0", "panel")).then_refused(Conflict, Rule::Red2);
}

#[test]
fn red_2_what_a_decision_granted_is_revoked_by_the_chair_alone() {
    let world = smki_with(Red);
    let id = world.next_index();
    let disclosed = Event::GrantGiven {
        grant: GrantId(id),
        document: handle(POLICY),
        label: label("1.0"),
        grant_kind: GrantKind::RedDisclosure,
        to: Grantee::Body(handle("panel")),
        action: "decision".into(),
        valid_until: None,
        decision: Some(crate::pure::domain::id::DecisionId(5)),
    };
    let world = world.given_by("small-supplier", disclosed);
    assert_eq!(shown(&world, "panel-member", GrantFilter::default()), [id]);
    world.when("small-supplier", revoke(id)).then_refused(NotPermitted, Rule::Red2);
    world.done("chair", revoke(id)).when("panel-member", view("1.0")).then_hidden();
}

#[test]
fn red_3_the_chair_invites_a_person_who_reads_once_they_have_signed() {
    for level in [Amber, Red] {
        let world = smki_with(level).done("chair", give(GrantKind::Invitation, person("manufacturer"), None));
        world.when("manufacturer", view("1.0")).then_shows("1.0");
        world.when("manufacturer", read("1.0")).then_refused(AgreementRequired, Rule::Red3);
        let world = world.given(signed("manufacturer", "pma", PMA_TEXT));
        world.when("manufacturer", read("1.0")).then_reads(Rule::Red3);
        world
            .when("manufacturer", give(GrantKind::Invitation, person("working-group-member"), None))
            .then_refused(NotPermitted, Rule::Red3);
    }
    smki_with(Amber)
        .when("secas", give(GrantKind::Invitation, person("manufacturer"), None))
        .then_refused(NotPermitted, Rule::Red3);
}

#[test]
fn red_3_a_system_is_not_invited() {
    let system = Event::PersonRegistered {
        person: handle("gateway"),
        name: "A gateway".into(),
        organisation: handle("meter-works"),
        system: true,
    };
    let world = smki_with(Red).given(system);
    world.when("chair", give(GrantKind::Invitation, person("gateway"), None)).then_refused(Invalid, Rule::Red3);
}

#[test]
fn a_grant_fits_the_level_of_its_version() {
    let nobody_s: [(GrantKind, &[Classification], Rule); 4] = [
        (GrantKind::NeedToKnow, &[Red, Green, White], Rule::Amber2),
        (GrantKind::WiderCirculation, &[Red, Green, White], Rule::Amber4),
        (GrantKind::RedInclusion, &[Amber, Green, White], Rule::Red1),
        (GrantKind::Invitation, &[Green, White], Rule::Red3),
    ];
    for (kind, levels, rule) in nobody_s {
        for level in levels {
            smki_with(*level).when("chair", give(kind, person("dcc-rep"), Some(DECEMBER))).then_refused(Conflict, rule);
        }
        let undetermined = smki().given_by("large-supplier-1", lodged("1.0"));
        undetermined.when("chair", give(kind, person("dcc-rep"), Some(DECEMBER))).then_refused(Conflict, rule);
    }
    smki_with(Green).when("large-supplier-1", share("city-power")).then_refused(Conflict, Rule::Amber3);
}

#[test]
fn nothing_is_granted_on_a_withdrawn_version() {
    let world = smki_with(Amber).given_by("secas", withdrawn("1.0"));
    world.when("chair", need_to_know("manufacturer")).then_refused(NotPermitted, Rule::Lodge7);
    world.when("chair", table("1.0", "working-group")).then_refused(NotPermitted, Rule::Lodge7);
}

#[test]
fn a_grant_is_revoked_by_whoever_gave_it_or_by_the_chair_and_once() {
    let world = smki_with(Amber);
    let id = world.next_index();
    let world = world.done("large-supplier-1", share("city-power"));
    world.when("large-supplier-2", revoke(id)).then_refused(NotPermitted, Rule::Amber3);
    world.when("secas", revoke(id)).then_refused(NotPermitted, Rule::Amber3);
    world.when("large-supplier-1", revoke(id)).events();
    let world = world.done("chair", revoke(id));
    world.when("party-large-supplier", view("1.0")).then_hidden();
    world.when("chair", revoke(id)).then_refused(Conflict, Rule::Amber3);
}

#[test]
fn amber_1_the_chair_tables_an_amber_version_to_another_body_once() {
    let world = smki_with(Amber);
    world.when("working-group-member", view("1.0")).then_hidden();
    world.when("large-supplier-1", table("1.0", "working-group")).then_refused(NotPermitted, Rule::Amber1);
    world.when("secas", table("1.0", "working-group")).then_refused(NotPermitted, Rule::Amber1);
    world.when("chair", table("1.0", "pma")).then_refused(Invalid, Rule::Amber1);
    world.when("chair", table("1.0", "nobody")).then_refused(Invalid, Rule::Amber1);
    let world = world.done("chair", table("1.0", "working-group"));
    world.when("working-group-member", read("1.0")).then_reads(Rule::Amber1);
    world.when("chair", table("1.0", "working-group")).then_refused(Conflict, Rule::Amber1);
    smki_with(Green).when("chair", table("1.0", "working-group")).then_refused(Conflict, Rule::Amber1);
}

/// The ids of the grants that the person is shown.
fn shown(world: &World, person: &str, filter: GrantFilter) -> Vec<u64> {
    let found = world.ask(person, |facts, standing| catalogue::grants(facts, standing, &filter, None, 100).unwrap());
    found.items.iter().map(|granted| granted.grant.id.0).collect()
}

fn give(grant_kind: GrantKind, to: Grantee, until: Option<&str>) -> Command {
    let (document, label, action) = (handle(POLICY), label("1.0"), "action 12".into());
    Command::GiveGrant { document, label, grant_kind, to, action, valid_until: until.map(instant) }
}

fn need_to_know(who: &str) -> Command {
    give(GrantKind::NeedToKnow, person(who), Some(DECEMBER))
}

fn share(organisation: &str) -> Command {
    give(GrantKind::CategoryShare, Grantee::Organisation(handle(organisation)), None)
}

fn person(who: &str) -> Grantee {
    Grantee::Person(handle(who))
}

fn direct(id: u64) -> Command {
    Command::DirectGrant { grant: GrantId(id) }
}

fn revoke(id: u64) -> Command {
    Command::RevokeGrant { grant: GrantId(id), reason: Some("no longer needed".into()) }
}

fn table(version: &str, body: &str) -> Command {
    Command::TableVersion { document: handle(POLICY), label: label(version), body: handle(body) }
}

fn propose(version: &str, classification: Classification) -> Command {
    let (document, label, reason) = (handle(POLICY), label(version), "it names keys".into());
    Command::ProposeClassification { document, label, classification, reason, tlp: None }
}
