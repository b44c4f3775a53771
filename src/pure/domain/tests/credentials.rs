//! SELF-1 and READ-8: who binds, confirms and revokes a credential, and what it is worth at each instant.

use super::harness::{World, credential, handle, instant};
use super::world::*;
use crate::pure::domain::classification::Classification::White;
use crate::pure::domain::command::Command;
use crate::pure::domain::credentials::credentials;
use crate::pure::domain::event::Event;
use crate::pure::domain::facts::{FactKey, FactsExt};
use crate::pure::domain::id::CredentialId;
use crate::pure::domain::refusal::RefusalCode::{Conflict, CredentialRevoked, Invalid, NotPermitted};
use crate::pure::domain::refusal::Unrecognised;
use crate::pure::domain::rule::Rule;

/// The SMKI world in which the PMA answers to no other body.
fn alone() -> World {
    let world = smki();
    let mut pma = world.ask("chair", |facts, _| (*facts.body(&handle("pma")).unwrap().unwrap()).clone());
    pma.answers_to = None;
    world.given(Event::BodyEstablished { body: Box::new(pma) })
}

fn bind(person: &str, key: &str) -> Command {
    Command::BindCredential { person: handle(person), credential: credential(key), replaces: None, overlap_until: None }
}

fn replace(person: &str, key: &str, replaced: &str, overlap_until: Option<&str>) -> Command {
    Command::BindCredential {
        person: handle(person),
        credential: credential(key),
        replaces: Some(credential(replaced)),
        overlap_until: overlap_until.map(instant),
    }
}

fn confirm(key: &str) -> Command {
    Command::ConfirmCredential { credential: credential(key) }
}

fn revoke(key: &str) -> Command {
    Command::RevokeCredential { credential: credential(key), reason: "the card was lost".into() }
}

/// The Secretariat bound the key of that name to the person.
fn bound(person: &str, key: &str) -> World {
    smki().done("secas", bind(person, key))
}

fn seen_by(world: &World, person: &str) -> Vec<CredentialId> {
    let listed = world.ask(person, |facts, standing| credentials(facts, standing, None, None, 100).unwrap());
    listed.into_iter().map(|one| one.credential.id).collect()
}

#[test]
fn self_1_a_credential_admits_nobody_before_somebody_else_confirmed_it() {
    let world = bound("gas-networks", "new-card");
    world.when("new-card", view_document(POLICY)).then_unrecognised(Unrecognised::Unknown);
    world.when("secas", confirm("new-card")).then_refused(NotPermitted, Rule::Self1);
    for person in ["gas-networks", "chair"] {
        let confirmed = bound("gas-networks", "new-card").done(person, confirm("new-card"));
        confirmed.when("new-card", view_document(POLICY)).then_answers();
        confirmed.when("gas-networks", view_document(POLICY)).then_answers();
        confirmed.when("chair", confirm("new-card")).then_refused(Conflict, Rule::Self1);
    }
}

#[test]
fn self_1_only_the_secretariat_binds_and_only_to_an_active_person() {
    let world = smki();
    for person in ["chair", "gas-networks", "panel-member", "manufacturer"] {
        world.when(person, bind("gas-networks", "new-card")).then_refused(NotPermitted, Rule::Self1);
    }
    world.when("operator", bind("gas-networks", "new-card")).then_hidden();
    world.when("operator", bind("operator", "new-card")).then_refused(NotPermitted, Rule::Self1);
    world.when("secas", bind("nobody", "new-card")).then_hidden();
    let removed = Event::PersonRemoved { person: handle("manufacturer"), reason: "left".into() };
    world.given(removed).when("secas", bind("manufacturer", "new-card")).then_refused(Invalid, Rule::Self1);
}

#[test]
fn self_1_a_key_is_bound_once_whoever_holds_it_and_whatever_became_of_it() {
    let world = bound("gas-networks", "proposed-card").done("secas", bind("gas-networks", "lost-card"));
    let world = world.done("secas", revoke("lost-card"));
    for key in ["chair", "gas-networks", "proposed-card", "lost-card"] {
        world.when("secas", bind("manufacturer", key)).then_refused(Invalid, Rule::Self1);
        world.when("secas", bind("gas-networks", key)).then_refused(Invalid, Rule::Self1);
    }
}

#[test]
fn self_1_the_secretariat_cannot_become_anyone_but_holds_its_own() {
    let world = bound("secas", "second-card");
    world.when("chair", confirm("second-card")).events();
    world.when("secas", confirm("second-card")).events();
    bound("chair", "new-card").when("secas", confirm("new-card")).then_refused(NotPermitted, Rule::Self1);
}

#[test]
fn self_1_the_chair_s_own_is_confirmed_by_the_panel_and_by_no_chair() {
    let world = deputised(bound("chair", "new-card"), "chair");
    for person in ["chair", "deputy"] {
        world.when(person, confirm("new-card")).then_refused(NotPermitted, Rule::Self1);
    }
    world.when("gas-networks", confirm("new-card")).then_hidden();
    world.when("panel-member", confirm("new-card")).events();
    let deputys = deputised(bound("deputy", "new-card"), "chair");
    for person in ["chair", "deputy"] {
        deputys.when(person, confirm("new-card")).then_refused(NotPermitted, Rule::Self1);
    }
    deputys.when("panel-member", confirm("new-card")).events();
    // Whoever may chair confirms what is neither's.
    deputised(bound("gas-networks", "new-card"), "chair").when("deputy", confirm("new-card")).events();
}

#[test]
fn self_1_a_chair_who_speaks_over_the_chair_still_confirms_nothing_of_their_own() {
    let world = seated(bound("chair", "new-card"), "chair", "panel", "panel-member", "2027-06-01T00:00:00Z");
    world.when("chair", confirm("new-card")).then_refused(NotPermitted, Rule::Self1);
}

#[test]
fn self_1_where_the_authority_answers_to_none_another_member_confirms_the_chair_s_own() {
    let world = deputised(alone().done("secas", bind("chair", "new-card")), "chair");
    for person in ["chair", "deputy", "secas"] {
        world.when(person, confirm("new-card")).then_refused(NotPermitted, Rule::Self1);
    }
    world.when("dcc-rep", confirm("new-card")).then_hidden();
    world.when("small-supplier", confirm("new-card")).events();
    let deputys = deputised(alone().done("secas", bind("deputy", "new-card")), "chair");
    deputys.when("chair", confirm("new-card")).then_refused(NotPermitted, Rule::Self1);
    deputys.when("small-supplier", confirm("new-card")).events();
}

#[test]
fn self_1_what_a_chair_bound_for_the_secretariat_that_chair_does_not_confirm() {
    let world = person_of(smki(), "second-clerk", "secas");
    let world = seated(world, "second-clerk", "pma", "chair", "2027-06-01T00:00:00Z");
    let world = world.done("second-clerk", bind("gas-networks", "new-card"));
    world.when("second-clerk", confirm("new-card")).then_refused(NotPermitted, Rule::Self1);
    world.when("chair", confirm("new-card")).events();
}

#[test]
fn self_1_a_system_s_credential_is_confirmed_by_the_chair_alone() {
    let registered = Event::PersonRegistered {
        person: handle("uploader"),
        name: "Uploader".into(),
        organisation: handle("dcc"),
        system: true,
    };
    let first = Event::CredentialBound {
        person: handle("uploader"),
        credential: credential("uploader"),
        replaces: None,
        overlap_until: None,
    };
    let world = smki().given(registered).given(first);
    let world = world.given(Event::CredentialConfirmed { credential: credential("uploader") });
    let world = world.done("secas", bind("uploader", "new-card"));
    world.when("uploader", confirm("new-card")).then_refused(NotPermitted, Rule::Self1);
    world.when("chair", confirm("new-card")).events();
}

#[test]
fn self_1_a_revoked_or_ownerless_proposal_is_never_confirmed() {
    let world = bound("gas-networks", "new-card").done("gas-networks", revoke("new-card"));
    world.when("chair", confirm("new-card")).then_refused(Conflict, Rule::Self1);
    let removed = Event::PersonRemoved { person: handle("gas-networks"), reason: "left".into() };
    let world = bound("gas-networks", "new-card").given(removed);
    world.when("chair", confirm("new-card")).then_refused(Conflict, Rule::Self1);
    world.when("chair", confirm("no-card")).then_hidden();
}

#[test]
fn read_8_a_revocation_holds_from_the_next_request_on_and_is_on_record() {
    for person in ["gas-networks", "secas", "chair"] {
        let world = smki_with(White).done(person, revoke("gas-networks"));
        world.when("gas-networks", view("1.0")).then_refused(CredentialRevoked, Rule::Read1);
        world.when("chair", revoke("gas-networks")).then_refused(Conflict, Rule::Self1);
    }
    let world = smki();
    world.when("panel-member", revoke("gas-networks")).then_refused(NotPermitted, Rule::Self1);
    world.when("small-supplier", revoke("gas-networks")).then_hidden();
    let reasonless = Command::RevokeCredential { credential: credential("gas-networks"), reason: " ".into() };
    world.when("secas", reasonless).then_refused(Invalid, Rule::Self1);
}

#[test]
fn self_1_the_secretariat_cannot_shut_out_the_two_who_confirm_each_other_s_credentials() {
    for judge in ["chair", "panel-member"] {
        smki().when("secas", revoke(judge)).then_refused(NotPermitted, Rule::Self1);
        smki().when(judge, revoke(judge)).events();
    }
    smki().when("chair", revoke("panel-member")).then_refused(NotPermitted, Rule::Self1);
    smki().when("panel-member", revoke("chair")).events();
}

#[test]
fn read_8_a_replaced_credential_ends_with_its_overlap() {
    let overlap = Some("2026-12-01T00:00:00Z");
    let world = smki_with(White).done("secas", replace("chair", "new-card", "chair", overlap));
    let world = world.at("2026-12-02T00:00:00Z");
    world.when("chair", view("1.0")).then_shows("1.0");
    // It ends with the overlap that was proposed, even when it is confirmed afterwards.
    let world = world.done("panel-member", confirm("new-card"));
    world.when("chair", view("1.0")).then_refused(CredentialRevoked, Rule::Read1);
    world.when("new-card", view("1.0")).then_shows("1.0");

    let world = smki_with(White).done("secas", replace("secas", "new-card", "secas", overlap));
    let world = world.done("secas", confirm("new-card")).at("2026-11-30T23:59:59.999999Z");
    world.when("secas", view("1.0")).then_shows("1.0");
    let world = world.at("2026-12-01T00:00:00Z");
    world.when("secas", view("1.0")).then_refused(CredentialRevoked, Rule::Read1);
    world.when("new-card", view("1.0")).then_shows("1.0");
}

#[test]
fn self_1_an_overlap_is_bounded_and_thirty_days_without_a_word() {
    let world = smki();
    for overlap in [NOW, "2026-11-23T00:00:00Z", "2027-02-22T09:30:00.000001Z"] {
        let command = replace("gas-networks", "new-card", "gas-networks", Some(overlap));
        world.when("secas", command).then_refused(Invalid, Rule::Self1);
    }
    let longest = replace("gas-networks", "new-card", "gas-networks", Some("2027-02-22T09:30:00Z"));
    world.when("secas", longest).events();
    let of_nothing = Command::BindCredential {
        person: handle("gas-networks"),
        credential: credential("new-card"),
        replaces: None,
        overlap_until: Some(instant("2026-12-01T00:00:00Z")),
    };
    world.when("secas", of_nothing).then_refused(Invalid, Rule::Self1);
    world.when("secas", replace("gas-networks", "new-card", "gas-networks", None)).then_enters([
        Event::CredentialBound {
            person: handle("gas-networks"),
            credential: credential("new-card"),
            replaces: Some(credential("gas-networks")),
            overlap_until: Some(instant("2026-12-24T09:30:00Z")),
        },
    ]);
}

#[test]
fn self_1_a_credential_replaces_one_in_effect_of_the_same_person_and_only_once() {
    let world = bound("gas-networks", "proposed-card");
    for replaced in ["chair", "no-card", "proposed-card"] {
        let command = replace("gas-networks", "new-card", replaced, None);
        world.when("secas", command).then_refused(Invalid, Rule::Self1);
    }
    let world = world.done("secas", replace("gas-networks", "first-card", "gas-networks", None));
    let world = world.done("secas", replace("gas-networks", "second-card", "gas-networks", None));
    let world = world.done("chair", confirm("first-card"));
    // The second one would give the replaced one another, later end.
    world.when("chair", confirm("second-card")).then_refused(Conflict, Rule::Self1);
    let again = replace("gas-networks", "third-card", "gas-networks", None);
    world.when("secas", again).then_refused(Invalid, Rule::Self1);
}

#[test]
fn self_1_a_credential_is_known_to_its_holder_and_to_who_keeps_the_register() {
    let world = bound("gas-networks", "new-card");
    for person in ["secas", "chair", "panel-member"] {
        assert!(seen_by(&world, person).len() > 20, "{person} sees all");
        assert!(seen_by(&world, person).contains(&credential("new-card")), "{person}");
    }
    assert_eq!(seen_by(&world, "gas-networks"), [credential("gas-networks"), credential("new-card")]);
    assert_eq!(seen_by(&world, "operator"), [credential("operator")]);
    let of_another = world.ask("gas-networks", |facts, standing| {
        credentials(facts, standing, Some(&handle("chair")), None, 100).unwrap().len()
    });
    assert_eq!(of_another, 0);
}

#[test]
fn self_1_the_list_of_all_credentials_comes_in_portions_that_join() {
    let world = bound("gas-networks", "new-card").done("secas", bind("gas-networks", "third-card"));
    let whole = seen_by(&world, "secas");
    let mut joined = Vec::new();
    let mut after = None;
    loop {
        let part = world.ask("secas", |facts, standing| credentials(facts, standing, None, after, 2).unwrap());
        let Some(last) = part.last() else { break };
        after = Some(last.place);
        joined.extend(part.iter().map(|one| one.credential.id));
    }
    assert_eq!(joined, whole);
}

#[test]
fn audit_1_what_becomes_of_a_credential_is_in_its_holder_s_own_trail() {
    let world = bound("gas-networks", "new-card");
    let (confirmed, revoked) = (world.next_index(), world.next_index() + 1);
    let facts = world.done("chair", confirm("new-card")).done("secas", revoke("new-card")).facts();
    for entry in [confirmed - 1, confirmed, revoked] {
        assert!(facts.contains_key(&FactKey::EntryOf(handle("gas-networks"), entry)), "{entry}");
    }
}
