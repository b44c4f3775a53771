//! READ-1 to READ-5, READ-7 and READ-8: who asks, and what a read of content takes.

use super::harness::{World, handle};
use super::world::*;
use crate::pure::domain::classification::Classification::{Amber, Green, Red, White};
use crate::pure::domain::command::NeedClaim;
use crate::pure::domain::event::Event;
use crate::pure::domain::id::NeedId;
use crate::pure::domain::refusal::RefusalCode::{CredentialRevoked, NeedRequired, NotPermitted};
use crate::pure::domain::refusal::Unrecognised;
use crate::pure::domain::rule::Rule;

#[test]
fn read_1_a_credential_bound_to_nobody_gets_nothing() {
    smki_with(White).when("outsider", read("1.0")).then_unrecognised(Unrecognised::Unknown);
}

#[test]
fn read_1_a_proposed_credential_gets_nothing_until_it_is_confirmed() {
    let credential = super::harness::credential("second-key");
    let proposed = smki_with(White).given(Event::CredentialBound {
        person: handle("chair"),
        credential,
        overlap_until: None,
        replaces: None,
    });
    proposed.when("second-key", view("1.0")).then_unrecognised(Unrecognised::Unknown);
    proposed.given(Event::CredentialConfirmed { credential }).when("second-key", view("1.0")).then_shows("1.0");
}

#[test]
fn read_1_a_revoked_credential_gets_nothing() {
    let credential = super::harness::credential("chair");
    let revoked = Event::CredentialRevoked { credential, reason: "lost".into() };
    smki_with(White).given(revoked).when("chair", view("1.0")).then_refused(CredentialRevoked, Rule::Read1);
}

#[test]
fn read_1_a_person_who_was_removed_gets_nothing() {
    let removed = Event::PersonRemoved { person: handle("manufacturer"), reason: "left".into() };
    smki_with(White).given(removed).when("manufacturer", view("1.0")).then_unrecognised(Unrecognised::Unknown);
}

#[test]
fn read_2_an_undetermined_version_is_for_its_lodger_the_secretariat_and_the_chair() {
    let world = smki().given_by("large-supplier-1", lodged("1.0"));
    for person in ["large-supplier-1", "secas", "chair"] {
        world.when(person, view("1.0")).then_shows("1.0");
        world.when(person, read("1.0")).then_reads(Rule::Read2);
    }
    for person in ["large-supplier-2", "dcc-rep", "panel-member", "dcc-operator", "auditor", "operator", "manufacturer"]
    {
        world.when(person, view("1.0")).then_hidden();
        world.when(person, read("1.0")).then_hidden();
    }
}

#[test]
fn read_2_who_must_accept_a_version_under_a_direction_reads_it() {
    let world = directed_and_lodged();
    for person in ["dcc-operator", "secas", "chair"] {
        world.when(person, read("1.0")).then_reads(Rule::Read2);
    }
    world.when("dcc-rep", read("1.0")).then_hidden();
}

#[test]
fn read_2_who_issued_a_direction_as_the_chairs_alternate_and_no_longer_is_does_not_read_what_is_lodged() {
    let world = deputised(smki(), "chair").done("deputy", issue_direction());
    let direction = world.next_index() - 1;
    let world = world.done("dcc-operator", lodge("1.0", 1, Some(direction)));
    world.when("deputy", read("1.0")).then_reads(Rule::Read2);
    let (member, alternate, body) = (handle("chair"), handle("deputy"), handle("pma"));
    world
        .given(Event::AlternateEnded { member, alternate, body, proposal: None })
        .when("deputy", read("1.0"))
        .then_hidden();
}

#[test]
fn read_2_who_lodged_as_a_member_does_not_see_it_after_the_end_of_the_term() {
    let world = smki().at("2026-11-22T09:00:00Z").done("large-supplier-3", lodge("1.0", 1, None));
    world.when("large-supplier-3", read("1.0")).then_reads(Rule::Read2);
    let world = world.at(NOW);
    world.when("large-supplier-3", read("1.0")).then_hidden();
    world.when("large-supplier-3", view_document(POLICY)).then_hidden();
}

#[test]
fn read_2_a_document_without_a_visible_version_is_for_its_body_the_secretariat_and_the_addressee() {
    let world = smki();
    for person in ["large-supplier-1", "gas-networks", "dcc-rep", "ofgem-rep", "secas"] {
        world.when(person, view_document(POLICY)).then_answers();
    }
    for person in ["dcc-operator", "panel-member", "manufacturer", "large-supplier-3", "auditor", "operator"] {
        world.when(person, view_document(POLICY)).then_hidden();
    }
    let world = world.done("chair", issue_direction());
    world.when("dcc-operator", view_document(POLICY)).then_answers();
    world.when("manufacturer", view_document(POLICY)).then_hidden();
}

#[test]
fn read_2_an_undetermined_version_asks_for_what_red_asks_for() {
    let world = smki().given_by("large-supplier-1", lodged("1.0"));
    let plain = NeedClaim::Inline(need("operate", "preparing for the meeting", Some("action 12")));
    let refused = world.when("chair", read_for("1.0", Some(plain)));
    refused.then_refused(crate::pure::domain::refusal::RefusalCode::NeedInsufficient, Rule::Read3);
}

#[test]
fn read_3_binds_everyone_the_chair_and_public_documents_included() {
    for (level, person) in [(White, "manufacturer"), (Green, "ofgem-rep"), (Amber, "chair"), (Red, "chair")] {
        smki_with(level).when(person, read_for("1.0", None)).then_refused(NeedRequired, Rule::Read3);
    }
}

#[test]
fn read_3_a_need_recorded_on_the_spot_and_its_read_are_one_entry() {
    let world = smki_with(Amber);
    let (need, version) = (NeedId(world.next_index()), label("1.0"));
    let valid_until = super::harness::instant("2026-12-24T09:30:00Z");
    world.when("small-supplier", read("1.0")).then_enters([
        Event::NeedRecorded {
            need,
            document: handle(POLICY),
            version: Some(version.clone()),
            reason: good_need(),
            valid_until,
        },
        Event::ContentReleased {
            document: handle(POLICY),
            label: version,
            digest: content(1).digest,
            size: 100,
            level: "AMBER".into(),
            need,
            method: "GET".into(),
            range: None,
        },
    ]);
}

#[test]
fn read_5_the_host_reads_no_content_at_any_level() {
    let world = smki_with(White);
    world.when("operator", view("1.0")).then_shows("1.0");
    world.when("operator", read("1.0")).then_refused(NotPermitted, Rule::Read5);
    for level in [Green, Amber, Red] {
        smki_with(level).when("operator", read("1.0")).then_hidden();
    }
}

#[test]
fn read_5_a_seat_does_not_let_the_host_read() {
    let world = seated(smki_with(Red), "operator", "pma", "small-supplier", "2027-06-01T00:00:00Z");
    let world = world.given(signed("operator", "pma", PMA_TEXT));
    world.when("operator", read("1.0")).then_refused(NotPermitted, Rule::Read5);
}

#[test]
fn read_7_what_a_known_person_may_not_know_of_is_hidden_and_never_explained() {
    for level in [Amber, Red] {
        smki_with(level).when("party-small-supplier", read_for("1.0", None)).then_hidden();
    }
}

#[test]
fn read_8_a_term_that_ends_between_two_reads_ends_access() {
    let world = smki_with(Amber);
    let last = world.at("2027-05-31T23:59:59.999999Z");
    last.when("small-supplier", read("1.0")).then_reads(Rule::Amber1);
    last.at("2027-06-01T00:00:00Z").when("small-supplier", read("1.0")).then_hidden();
}

#[test]
fn read_8_the_current_level_decides_whatever_it_was_before() {
    let world = smki_with(White);
    world.when("manufacturer", read("1.0")).then_reads(Rule::White1);
    let world = world.given_by("chair", determined("1.0", Red));
    world.when("manufacturer", read("1.0")).then_hidden();
    world.when("small-supplier", read("1.0")).then_reads(Rule::Red1);
}

#[test]
fn audit_1_the_auditor_reads_no_content() {
    smki_with(White).when("auditor", read("1.0")).then_refused(NotPermitted, Rule::Audit1);
    smki_with(Green).when("auditor", read("1.0")).then_hidden();
}

fn directed_and_lodged() -> World {
    let world = smki().done("chair", issue_direction());
    let direction = world.next_index() - 1;
    world.done("dcc-operator", lodge("1.0", 1, Some(direction)))
}
