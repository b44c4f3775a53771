//! SELF-1, GOV-5, RED-1, AUDIT-1 and READ-6: who keeps the register, and who names whom for what.

use super::harness::{World, handle};
use super::world::*;
use crate::pure::domain::body::{BodyRules, ReviewSubject, Seat, SeatRole};
use crate::pure::domain::classification::Classification::{Amber, Red};
use crate::pure::domain::command::Command;
use crate::pure::domain::event::Event;
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::id::Digest;
use crate::pure::domain::organisation::{OrganisationKind, PartyCategory};
use crate::pure::domain::refusal::RefusalCode::{Conflict, Invalid, NotPermitted};
use crate::pure::domain::refusal::Unrecognised;
use crate::pure::domain::rule::Rule;

/// Everything that keeps the register.
fn keeping() -> Vec<Command> {
    vec![
        organisation("new-power", OrganisationKind::Stakeholder, None),
        person("newcomer", "dcc", false),
        remove("party-small-supplier"),
        body("group"),
        Command::EstablishSeat { body: handle("panel"), seat: seat("second", SeatRole::Voting) },
        abolish("panel-observer"),
    ]
}

#[test]
fn self_1_the_secretariat_of_the_authority_keeps_the_register_and_nobody_else() {
    for command in keeping() {
        smki().when("secas", command.clone()).events();
        for other in ["chair", "large-supplier-1", "panel-member", "manufacturer", "dcc-operator"] {
            smki().when(other, command.clone()).then_refused(NotPermitted, Rule::Self1);
        }
    }
}

#[test]
fn read_6_strangers_to_the_register_cannot_tell_what_is_in_it() {
    for stranger in ["auditor", "operator"] {
        for command in keeping().into_iter().chain([
            Command::RecordBodyReview { body: handle("pma"), of: ReviewSubject::Chair, outcome: "well".into() },
            Command::NameSecretariat { person: handle("secas"), body: handle("pma") },
            Command::UnnameSecretariat { person: handle("secas"), body: handle("pma"), reason: "r".into() },
            appoint_auditor("auditor"),
            Command::DismissAuditor { person: handle("auditor"), reason: "r".into() },
        ]) {
            smki().when(stranger, command).then_hidden();
        }
    }
}

#[test]
fn self_1_an_organisation_is_registered_once_and_a_party_has_a_category_of_the_profile() {
    let world = smki().done("secas", organisation("new-power", OrganisationKind::Party, Some("large_supplier")));
    for taken in ["new-power", "dcc"] {
        let again = organisation(taken, OrganisationKind::Stakeholder, None);
        world.when("secas", again).then_refused(Invalid, Rule::Self1);
    }
    for (kind, category) in [
        (OrganisationKind::Party, None),
        (OrganisationKind::Party, Some("wizards")),
        (OrganisationKind::Stakeholder, Some("large_supplier")),
    ] {
        world.when("secas", organisation("other", kind, category)).then_refused(Invalid, Rule::Self1);
    }
    for name in ["", " ", "two\nlines", &"n".repeat(201)] {
        let command = Command::RegisterOrganisation {
            organisation: handle("other"),
            name: name.into(),
            organisation_kind: OrganisationKind::Stakeholder,
            category: None,
        };
        world.when("secas", command).then_refused(Invalid, Rule::Self1);
    }
}

#[test]
fn self_1_a_person_belongs_to_a_registered_organisation_and_a_handle_is_given_once() {
    let world = smki().done("secas", person("newcomer", "dcc", false));
    world.when("secas", person("newcomer", "dcc", false)).then_refused(Invalid, Rule::Self1);
    world.when("secas", person("another", "nowhere", false)).then_refused(Invalid, Rule::Self1);
    let world = world.done("secas", remove("newcomer"));
    world.when("secas", person("newcomer", "dcc", false)).then_refused(Invalid, Rule::Self1);
    world.when("secas", remove("newcomer")).then_refused(Conflict, Rule::Gov5);
    world.when("secas", remove("nobody")).then_hidden();
    let system = world.when("secas", person("gateway", "dcc", true)).events();
    assert!(matches!(&system[..], [Event::PersonRegistered { system: true, .. }]));
}

#[test]
fn gov_5_a_removal_ends_access_and_seats_at_that_instant() {
    let world = deputised(smki_with(Amber), "small-supplier");
    world.when("small-supplier", read("1.0")).events();
    // The Secretariat ends nobody's membership: the Chair does.
    for member in ["small-supplier", "panel-member", "large-supplier-1"] {
        world.when("secas", remove(member)).then_refused(Conflict, Rule::Gov5);
    }
    let id =
        world.ask("chair", |facts, _| facts.person(&handle("small-supplier")).unwrap().unwrap().appointments[0].id);
    let world = world.done("chair", Command::EndAppointment { appointment: id, reason: "removed".into() });
    let world = world.done("secas", remove("small-supplier"));
    world.when("small-supplier", read("1.0")).then_unrecognised(Unrecognised::Unknown);
    world.when("deputy", read("1.0")).then_hidden();
    // The seat is free again.
    world.when("secas", abolish_of("pma", "small-supplier")).events();
    let ended = deputised(smki(), "small-supplier").when("secas", remove("deputy")).events();
    assert!(matches!(&ended[..], [Event::PersonRemoved { .. }, Event::AlternateEnded { proposal: Some(_), .. }]));
    smki()
        .when("secas", Command::RemovePerson { person: handle("deputy"), reason: " ".into() })
        .then_refused(Invalid, Rule::Gov5);
}

#[test]
fn self_1_nobody_removes_themself_and_the_panel_alone_removes_the_authority_s_chair() {
    for oneself in ["secas", "chair", "small-supplier", "auditor"] {
        smki().when(oneself, remove(oneself)).then_refused(NotPermitted, Rule::Self1);
    }
    for other in ["secas", "large-supplier-1", "ofgem-rep"] {
        smki().when(other, remove("chair")).then_refused(NotPermitted, Rule::Self1);
    }
    let world = smki().done("panel-member", remove("chair"));
    world.when("chair", view(POLICY)).then_unrecognised(Unrecognised::Unknown);
    smki().when("panel-member", remove("small-supplier")).then_refused(NotPermitted, Rule::Self1);
}

#[test]
fn self_1_a_body_established_later_answers_to_another_and_receives_no_amber_of_others() {
    let world = smki_with(Amber).done("secas", body("group"));
    let group = world.ask("secas", |facts, _| facts.body(&handle("group")).unwrap().unwrap());
    assert_eq!((group.answers_to.as_ref(), group.secretariat.as_ref()), (Some(&handle("pma")), Some(&handle("secas"))));
    assert!(!group.receives_amber);
    assert_eq!(group.agreement_text, Digest::of(b"I shall keep it to myself."));
    world.when("secas", body("group")).then_refused(Invalid, Rule::Self1);
}

#[test]
fn self_1_a_body_that_cannot_be_is_refused() {
    type Change = fn(&mut Command);
    let wrong: [(Change, Rule); 9] = [
        (|command| *agreement_of(command) = " ".into(), Rule::Gov1),
        (|command| *agreement_of(command) = "a".repeat(12_001), Rule::Gov1),
        (|command| *agreement_of(command) = "a\u{1b}[2J".into(), Rule::Gov1),
        (|command| *over_of(command) = Some(handle("nobody")), Rule::Self1),
        (|command| *over_of(command) = Some(handle("group")), Rule::Self1),
        (|command| seats_of(command).push(seat("head", SeatRole::Voting)), Rule::Self1),
        (|command| seats_of(command).push(seat("second-head", SeatRole::Chair)), Rule::Self1),
        (|command| rules_of(command).term_months = 0, Rule::Gov5),
        (|command| rules_of(command).chair_review_months = 1_000, Rule::Gov5),
    ];
    smki().when("secas", body("group")).events();
    for (change, rule) in wrong {
        let mut command = body("group");
        change(&mut command);
        smki().when("secas", command).then_refused(Invalid, rule);
    }
}

#[test]
fn gov_5_a_seat_that_somebody_holds_or_is_proposed_for_stays() {
    let world = smki();
    for (body, seat) in [("pma", "chair"), ("pma", "gas-networks")] {
        world.when("secas", abolish_of(body, seat)).then_refused(Conflict, Rule::Gov5);
    }
    // The term of its holder has ended.
    world.when("secas", abolish_of("pma", "large-supplier-3")).events();
    world.when("secas", abolish_of("pma", "throne")).then_hidden();
    world.when("secas", abolish_of("nobody", "throne")).then_hidden();
    let world = world.done("secas", propose("deputy", "pma", "large-supplier-3", None, "2028-11-01T00:00:00Z"));
    world.when("secas", abolish_of("pma", "large-supplier-3")).then_refused(Conflict, Rule::Gov5);
}

#[test]
fn self_1_a_seat_s_handle_is_one_of_its_body_and_a_body_has_one_chair() {
    for (body, seat) in [("pma", seat("chair", SeatRole::Voting)), ("pma", seat("co-chair", SeatRole::Chair))] {
        let command = Command::EstablishSeat { body: handle(body), seat };
        smki().when("secas", command).then_refused(Invalid, Rule::Self1);
    }
    let nowhere = Command::EstablishSeat { body: handle("nowhere"), seat: seat("first", SeatRole::Voting) };
    smki().when("secas", nowhere).then_refused(Invalid, Rule::Self1);
}

#[test]
fn gov_5_the_chair_reviews_the_membership_and_the_panel_the_chair() {
    let review = |of| Command::RecordBodyReview { body: handle("pma"), of, outcome: "as it should be".into() };
    smki().when("chair", review(ReviewSubject::Membership)).events();
    deputised(smki(), "chair").when("deputy", review(ReviewSubject::Membership)).events();
    smki().when("panel-member", review(ReviewSubject::Chair)).events();
    for other in ["secas", "large-supplier-1", "panel-member"] {
        smki().when(other, review(ReviewSubject::Membership)).then_refused(NotPermitted, Rule::Gov5);
    }
    for other in ["secas", "large-supplier-1", "chair"] {
        smki().when(other, review(ReviewSubject::Chair)).then_refused(NotPermitted, Rule::Self1);
    }
}

#[test]
fn self_1_a_chair_who_sits_on_the_panel_does_not_review_themself() {
    let world = seated(smki(), "chair", "panel", "panel-member", "2027-06-01T00:00:00Z");
    let review = Command::RecordBodyReview { body: handle("pma"), of: ReviewSubject::Chair, outcome: "well".into() };
    world.when("chair", review).then_refused(NotPermitted, Rule::Self1);
}

#[test]
fn red_1_the_chair_names_staff_of_the_secretariat_for_red_papers() {
    let name = |person: &str| Command::NameSecretariat { person: handle(person), body: handle("pma") };
    let world = smki_with(Red).given(signed("secas", "pma", PMA_TEXT));
    world.when("secas", view("1.0")).then_hidden();
    for other in ["secas", "large-supplier-1", "panel-member"] {
        world.when(other, name("secas")).then_refused(NotPermitted, Rule::Red1);
    }
    for stranger in ["deputy", "chair"] {
        let outcome = world.when("chair", name(stranger));
        if stranger == "chair" {
            outcome.then_refused(NotPermitted, Rule::Self1);
        } else {
            outcome.then_refused(Invalid, Rule::Red1);
        }
    }
    world.when("chair", name("nobody")).then_refused(Invalid, Rule::Self1);
    let world = world.done("chair", name("secas"));
    world.when("secas", view("1.0")).then_shows("1.0");
    world.when("chair", name("secas")).then_refused(Conflict, Rule::Red1);
    let unname = Command::UnnameSecretariat { person: handle("secas"), body: handle("pma"), reason: "left".into() };
    world.when("secas", unname.clone()).then_refused(NotPermitted, Rule::Red1);
    let world = world.done("chair", unname.clone());
    world.when("secas", view("1.0")).then_hidden();
    world.when("chair", unname).then_refused(Conflict, Rule::Red1);
}

#[test]
fn audit_1_the_chair_appoints_an_auditor_of_an_assurance_organisation() {
    let world = person_of(smki(), "second-auditor", "assurers");
    let records = || Command::ReadRecords { after: None, limit: 1, person: Some(handle("chair")), document: None };
    world.when("second-auditor", records()).then_refused(NotPermitted, Rule::Audit1);
    for other in ["secas", "panel-member", "large-supplier-1"] {
        world.when(other, appoint_auditor("second-auditor")).then_refused(NotPermitted, Rule::Audit1);
    }
    world.when("chair", appoint_auditor("manufacturer")).then_refused(Invalid, Rule::Audit1);
    world.when("chair", appoint_auditor("nobody")).then_refused(Invalid, Rule::Self1);
    world.when("chair", appoint_auditor("auditor")).then_refused(Conflict, Rule::Audit1);
    let world = world.done("chair", appoint_auditor("second-auditor"));
    world.when("second-auditor", records()).events();
    let dismiss = Command::DismissAuditor { person: handle("second-auditor"), reason: "the engagement ended".into() };
    let world = world.done("chair", dismiss.clone());
    world.when("second-auditor", records()).then_refused(NotPermitted, Rule::Audit1);
    world.when("chair", dismiss).then_refused(Conflict, Rule::Audit1);
}

#[test]
fn gov_5_a_system_has_no_office() {
    let world = smki().done("secas", person("bot", "secas", true)).done("secas", person("scanner", "assurers", true));
    let name = Command::NameSecretariat { person: handle("bot"), body: handle("pma") };
    world.when("chair", name).then_refused(Invalid, Rule::Red1);
    world.when("chair", appoint_auditor("scanner")).then_refused(Invalid, Rule::Audit1);
}

#[test]
fn a_register_is_what_its_entries_amount_to() {
    let world: World = keeping().into_iter().fold(smki(), |world, command| world.done("secas", command));
    assert_eq!(world.replayed().facts().len(), world.facts().len());
}

fn organisation(name: &str, organisation_kind: OrganisationKind, category: Option<&str>) -> Command {
    Command::RegisterOrganisation {
        organisation: handle(name),
        name: name.into(),
        organisation_kind,
        category: category.map(|category| PartyCategory(category.into())),
    }
}

fn person(name: &str, organisation: &str, system: bool) -> Command {
    Command::RegisterPerson { person: handle(name), name: name.into(), organisation: handle(organisation), system }
}

fn remove(person: &str) -> Command {
    Command::RemovePerson { person: handle(person), reason: "left the organisation".into() }
}

fn body(name: &str) -> Command {
    Command::EstablishBody {
        body: handle(name),
        name: name.into(),
        answers_to: None,
        agreement: "I shall keep it to myself.".into(),
        confirmation: None,
        rules: Some(BodyRules::default()),
        seats: vec![seat("head", SeatRole::Chair), seat("second", SeatRole::Voting)],
    }
}

fn seat(name: &str, role: SeatRole) -> Seat {
    Seat { handle: handle(name), role, constituency: "users".into() }
}

fn abolish(seat: &str) -> Command {
    abolish_of("panel", seat)
}

fn abolish_of(body: &str, seat: &str) -> Command {
    Command::AbolishSeat { body: handle(body), seat: handle(seat), reason: "the constituency is gone".into() }
}

fn appoint_auditor(person: &str) -> Command {
    Command::AppointAuditor { person: handle(person) }
}

fn agreement_of(command: &mut Command) -> &mut String {
    let Command::EstablishBody { agreement, .. } = command else { panic!("a body") };
    agreement
}

fn over_of(command: &mut Command) -> &mut Option<crate::pure::domain::id::Handle> {
    let Command::EstablishBody { answers_to, .. } = command else { panic!("a body") };
    answers_to
}

fn seats_of(command: &mut Command) -> &mut Vec<Seat> {
    let Command::EstablishBody { seats, .. } = command else { panic!("a body") };
    seats
}

fn rules_of(command: &mut Command) -> &mut BodyRules {
    let Command::EstablishBody { rules: Some(rules), .. } = command else { panic!("a body with rules") };
    rules
}
