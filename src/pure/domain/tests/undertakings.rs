//! GOV-1: agreements and confirmations over an exact text, and the access that follows at that instant.

use super::harness::{World, credential, handle, instant};
use super::world::*;
use crate::pure::domain::body::COMMON_CONFIRMATION;
use crate::pure::domain::classification::Classification::{Amber, Red};
use crate::pure::domain::command::Command;
use crate::pure::domain::event::Event;
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::grant::{GrantKind, Grantee};
use crate::pure::domain::id::{AppointmentId, Digest};
use crate::pure::domain::refusal::RefusalCode::{AgreementRequired, Conflict, Invalid, NotPermitted};
use crate::pure::domain::rule::Rule;
use crate::pure::domain::signature::{DetachedSignature, ExaminedSignature, SignatureFinding};

fn sign(text: Digest) -> Command {
    Command::SignAgreement { text, signature: None }
}

fn sign_with(text: Digest, finding: SignatureFinding) -> Command {
    Command::SignAgreement { text, signature: Some(examined(finding)) }
}

fn confirm() -> Command {
    Command::ConfirmMembership { text: Digest::of(COMMON_CONFIRMATION.as_bytes()), signature: None }
}

fn adopt(body: &str, text: &str) -> Command {
    Command::AdoptAgreementText { body: handle(body), text: text.into() }
}

fn examined(finding: SignatureFinding) -> ExaminedSignature {
    ExaminedSignature { cms: cms(), finding }
}

fn cms() -> DetachedSignature {
    DetachedSignature::from_der(b"0\x03...")
}

fn by(person: &str) -> SignatureFinding {
    SignatureFinding::SignedBy(credential(person))
}

/// An approved appointment of `deputy`, which waits for the confirmation.
fn appointed(world: World) -> World {
    let (from, until) = (instant("2026-01-01T00:00:00Z"), instant("2027-12-01T00:00:00Z"));
    world.given(Event::AppointmentMade {
        person: handle("deputy"),
        body: handle("pma"),
        seat: handle("small-supplier"),
        from,
        until,
        appointment: None,
    })
}

fn proposed(world: World, person: &str) -> (World, AppointmentId) {
    let appointment = AppointmentId(world.next_index());
    let event = Event::AppointmentProposed {
        appointment,
        person: handle(person),
        body: handle("pma"),
        seat: handle("small-supplier"),
        from: None,
        until: instant("2027-12-01T00:00:00Z"),
    };
    (world.given_by("secas", event), appointment)
}

#[test]
fn gov_1_amber_and_red_are_open_from_the_signature_on() {
    for (level, rule) in [(Amber, Rule::Amber1), (Red, Rule::Red1)] {
        let world = smki_with(level);
        world.when("gas-networks", read("1.0")).then_refused(AgreementRequired, rule);
        world.done("gas-networks", sign(PMA_TEXT)).when("gas-networks", read("1.0")).then_reads(rule);
    }
}

#[test]
fn gov_1_an_attested_act_and_a_signature_by_the_credential_s_key_are_told_apart() {
    let person = handle("gas-networks");
    let event =
        |signature| Event::AgreementSigned { person: person.clone(), body: handle("pma"), text: PMA_TEXT, signature };
    smki().when("gas-networks", sign(PMA_TEXT)).then_enters([event(None)]);
    smki().when("gas-networks", sign_with(PMA_TEXT, by("gas-networks"))).then_enters([event(Some(cms()))]);
    let world = smki().done("gas-networks", sign_with(PMA_TEXT, by("gas-networks")));
    let kept = world.ask("gas-networks", |_, standing| standing.person.agreements.last().cloned()).unwrap();
    assert_eq!((kept.signature, kept.entry), (Some(cms()), world.next_index() - 1));
}

#[test]
fn gov_1_a_signature_by_another_key_or_of_something_else_signs_nothing() {
    let bad = SignatureFinding::Bad("is over another text than the one that was to be signed".into());
    for finding in [by("chair"), by("nobody"), bad] {
        let world = smki();
        world.when("gas-networks", sign_with(PMA_TEXT, finding.clone())).then_refused(Invalid, Rule::Gov1);
        let text = Digest::of(COMMON_CONFIRMATION.as_bytes());
        let confirming = Command::ConfirmMembership { text, signature: Some(examined(finding)) };
        appointed(smki()).when("deputy", confirming).then_refused(Invalid, Rule::Gov1);
    }
}

#[test]
fn gov_1_another_text_version_and_the_text_of_another_s_body_are_refused_alike() {
    let world = smki();
    let never = world.when("gas-networks", sign(Digest([99; 32])));
    world.when("gas-networks", sign(OTHER_TEXT)).then_like(never);
    world.when("manufacturer", sign(PMA_TEXT)).then_refused(Invalid, Rule::Gov1);
    world.when("large-supplier-3", sign(PMA_TEXT)).then_refused(Invalid, Rule::Gov1);
}

#[test]
fn gov_1_an_amended_text_is_asked_for_again_and_the_old_one_is_no_more() {
    let world = smki_with(Amber).done("panel-member", adopt("pma", "I shall keep it to myself, and my papers locked."));
    let text = Digest::of(b"I shall keep it to myself, and my papers locked.");
    world.when("small-supplier", read("1.0")).then_refused(AgreementRequired, Rule::Amber1);
    world.when("small-supplier", sign(PMA_TEXT)).then_refused(Invalid, Rule::Gov1);
    let world = world.done("small-supplier", sign(text));
    world.when("small-supplier", read("1.0")).then_reads(Rule::Amber1);
    world.when("small-supplier", sign(text)).then_refused(Conflict, Rule::Gov1);
    world.when("large-supplier-1", read("1.0")).then_refused(AgreementRequired, Rule::Amber1);
}

#[test]
fn gov_1_whoever_is_to_act_may_sign_ahead() {
    smki().when("manufacturer", sign(PMA_TEXT)).then_refused(Invalid, Rule::Gov1);
    proposed(smki(), "manufacturer").0.when("manufacturer", sign(PMA_TEXT)).events();
    appointed(smki()).when("deputy", sign(PMA_TEXT)).then_refused(Conflict, Rule::Gov1);
    let named = Event::SecretariatNamed { person: handle("secas"), body: handle("pma") };
    smki().when("secas", sign(PMA_TEXT)).then_refused(Invalid, Rule::Gov1);
    smki().given(named).when("secas", sign(PMA_TEXT)).events();
    let (member, alternate, body) = (handle("small-supplier"), handle("manufacturer"), handle("pma"));
    let wanted = Event::AlternateProposed { member, alternate, body };
    smki().given(wanted).when("manufacturer", sign(PMA_TEXT)).events();
}

#[test]
fn red_3_an_invitee_signs_and_then_reads_the_papers_of_the_item() {
    let invited = |until: &str| {
        let world = smki_with(Red);
        let grant = world.next_index();
        let to = Grantee::Person(handle("manufacturer"));
        world.given_by("chair", granted(grant, GrantKind::Invitation, to, Some(until)))
    };
    let world = invited("2026-12-01T00:00:00Z");
    world.when("manufacturer", read("1.0")).then_refused(AgreementRequired, Rule::Red3);
    world.done("manufacturer", sign(PMA_TEXT)).when("manufacturer", read("1.0")).then_reads(Rule::Red3);
    invited("2026-11-24T00:00:00Z").when("manufacturer", sign(PMA_TEXT)).then_refused(Invalid, Rule::Gov1);
}

#[test]
fn gov_1_a_confirmation_puts_an_approved_appointment_into_force() {
    let world = appointed(smki_with(Red));
    world.when("deputy", view("1.0")).then_hidden();
    let world = world.done("deputy", confirm());
    world.when("deputy", read("1.0")).then_reads(Rule::Red1);
    world.when("deputy", confirm()).then_refused(Conflict, Rule::Gov1);
}

#[test]
fn gov_1_a_mere_proposal_cannot_be_confirmed_and_each_approved_one_is() {
    let (world, appointment) = proposed(smki(), "deputy");
    world.when("deputy", confirm()).then_refused(Conflict, Rule::Gov1);
    let approved = Event::AppointmentMade {
        person: handle("deputy"),
        body: handle("pma"),
        seat: handle("small-supplier"),
        from: instant(NOW),
        until: instant("2027-12-01T00:00:00Z"),
        appointment: Some(appointment),
    };
    let (person, body, seat) = (handle("deputy"), handle("pma"), handle("small-supplier"));
    let text = Some(Digest::of(COMMON_CONFIRMATION.as_bytes()));
    let confirmed =
        Event::MemberConfirmed { person, body, seat, appointment: Some(appointment), text, signature: None };
    world.given_by("chair", approved).when("deputy", confirm()).then_enters([confirmed]);
    smki().when("manufacturer", confirm()).then_refused(Invalid, Rule::Gov1);
    let other = Command::ConfirmMembership { text: PMA_TEXT, signature: None };
    appointed(smki()).when("deputy", other).then_refused(Invalid, Rule::Gov1);
}

#[test]
fn gov_1_an_appointment_that_ended_is_not_revived_by_a_confirmation() {
    let (person, body, seat) = (handle("deputy"), handle("pma"), handle("small-supplier"));
    let ended = Event::AppointmentEnded { person, body, seat, reason: "declined".into(), appointment: None };
    appointed(smki()).given(ended).when("deputy", confirm()).then_refused(Invalid, Rule::Gov1);
    appointed(smki()).at("2027-12-01T00:00:00Z").when("deputy", confirm()).then_refused(Invalid, Rule::Gov1);
}

#[test]
fn gov_1_a_system_undertakes_nothing() {
    let registered = Event::PersonRegistered {
        person: handle("uploader"),
        name: "Uploader".into(),
        organisation: handle("dcc"),
        system: true,
    };
    let id = credential("uploader");
    let bound =
        Event::CredentialBound { person: handle("uploader"), credential: id, replaces: None, overlap_until: None };
    let world = smki().given(registered).given(bound).given(Event::CredentialConfirmed { credential: id });
    for command in [sign(PMA_TEXT), confirm()] {
        world.when("uploader", command).then_refused(NotPermitted, Rule::Gov1);
    }
}

#[test]
fn gov_1_a_text_is_put_in_force_by_the_body_that_is_answered_to_or_else_by_the_chair() {
    let world = smki();
    for person in ["chair", "small-supplier", "secas"] {
        world.when(person, adopt("pma", "Another text.")).then_refused(NotPermitted, Rule::Gov1);
    }
    let (body, text) = (handle("pma"), Digest::of(b"Another text."));
    let adopted = Event::AgreementTextAdopted { body, text, words: Some("Another text.".into()) };
    world.when("panel-member", adopt("pma", "Another text.")).then_enters([adopted]);
    let mut pma = world.ask("chair", |facts, _| (*facts.body(&handle("pma")).unwrap().unwrap()).clone());
    pma.answers_to = None;
    let alone = world.given(Event::BodyEstablished { body: Box::new(pma) });
    for person in ["panel-member", "small-supplier", "secas"] {
        alone.when(person, adopt("pma", "Another text.")).then_refused(NotPermitted, Rule::Gov1);
    }
    alone.when("chair", adopt("pma", "Another text.")).events();
}

#[test]
fn gov_1_a_text_that_is_empty_giant_or_in_force_is_not_adopted() {
    let giant = "x".repeat(12_001);
    for text in ["", " \n", giant.as_str(), "one\u{0}two"] {
        smki().when("panel-member", adopt("pma", text)).then_refused(Invalid, Rule::Gov1);
    }
    let longest = "\u{e9}".repeat(12_000);
    let world = smki().done("panel-member", adopt("pma", &longest));
    world.when("panel-member", adopt("pma", &longest)).then_refused(Conflict, Rule::Gov1);
    world.when("panel-member", adopt("no-body", "A text.")).then_hidden();
    world.when("operator", adopt("pma", "A text.")).then_hidden();
}
