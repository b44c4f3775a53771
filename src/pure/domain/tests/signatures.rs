//! LODGE-6: a signature that comes with a lodgement is good, or nothing is lodged.

use super::harness::{World, credential};
use super::world::*;
use crate::pure::domain::command::Command;
use crate::pure::domain::decide::{Answer, Decision};
use crate::pure::domain::event::Event;
use crate::pure::domain::refusal::RefusalCode::{Invalid, NotPermitted};
use crate::pure::domain::rule::Rule;
use crate::pure::domain::signature::{DetachedSignature, ExaminedSignature, SignatureFinding};

fn cms() -> DetachedSignature {
    DetachedSignature::from_der(b"0\x03...")
}

fn by(person: &str) -> SignatureFinding {
    SignatureFinding::SignedBy(credential(person))
}

fn bad() -> SignatureFinding {
    SignatureFinding::Bad("is over another text than the one that was to be signed".into())
}

fn signed(found: SignatureFinding) -> Command {
    let mut command = lodge("1.0", 1, None);
    let Command::LodgeVersion { signature, .. } = &mut command else { panic!("another command") };
    *signature = Some(ExaminedSignature { cms: cms(), finding: found });
    command
}

fn signature_of(world: &World) -> Option<DetachedSignature> {
    let Answer::Version(_, version) = world.when("secas", view("1.0")).then_answers() else { panic!("no version") };
    version.signature.clone()
}

#[test]
fn lodge_6_a_signature_by_the_lodger_s_credential_is_entered_and_stays_with_the_version() {
    let outcome = smki().when("secas", signed(by("secas")));
    let Ok(Decision::Enter(grant)) = outcome.result else { panic!("it should be entered") };
    assert_eq!(grant.rules, [Rule::Read1, Rule::Lodge1, Rule::Lodge3, Rule::Lodge6]);
    let [Event::VersionLodged { signature, .. }] = grant.events.as_slice() else { panic!("another event") };
    assert_eq!(signature, &Some(cms()));
    assert_eq!(signature_of(&smki().done("secas", signed(by("secas")))), Some(cms()));
    assert_eq!(signature_of(&smki().done("secas", lodge("1.0", 1, None))), None, "signing is the lodger's choice");
}

#[test]
fn lodge_6_a_signature_by_another_key_or_of_something_else_lodges_nothing() {
    for finding in [by("chair"), by("nobody"), bad()] {
        smki().when("secas", signed(finding)).then_refused(Invalid, Rule::Lodge6);
    }
}

#[test]
fn lodge_6_who_may_not_lodge_hears_of_that_and_not_of_the_signature() {
    smki_with(crate::pure::domain::classification::Classification::White)
        .when("manufacturer", {
            let mut command = signed(bad());
            let Command::LodgeVersion { label, .. } = &mut command else { panic!("another command") };
            *label = super::world::label("2.0");
            command
        })
        .then_refused(NotPermitted, Rule::Lodge1);
    let red = smki_with(crate::pure::domain::classification::Classification::Red);
    red.when("manufacturer", signed(bad())).then_hidden();
}

#[test]
fn lodge_6_the_same_bytes_again_are_the_earlier_lodgement_whatever_signature_comes_with_them() {
    for (first, again) in [
        (lodge("1.0", 1, None), signed(by("secas"))),
        (signed(by("secas")), lodge("1.0", 1, None)),
        (signed(by("secas")), signed(bad())),
    ] {
        let world = smki().done("secas", first);
        let before = signature_of(&world);
        let Answer::LodgedBefore(_, version) = world.when("secas", again).then_answers() else {
            panic!("it should be the earlier lodgement")
        };
        assert_eq!(version.signature, before);
    }
}
