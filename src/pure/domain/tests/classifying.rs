//! Proposing and determining: CLASS-1, CLASS-4.

use super::harness::handle;
use super::world::*;
use crate::pure::domain::classification::Classification::{self, Amber, Green, Red, White};
use crate::pure::domain::classification::{Level, Tlp};
use crate::pure::domain::command::Command;
use crate::pure::domain::decide::Answer;
use crate::pure::domain::refusal::RefusalCode::{Conflict, Invalid, NotPermitted};
use crate::pure::domain::rule::Rule;

#[test]
fn class_1_anybody_who_knows_of_a_version_proposes_and_changes_no_level() {
    let mut world = smki_with(Green);
    for person in ["manufacturer", "party-small-supplier", "secas", "small-supplier", "dcc-rep"] {
        world = world.done(person, propose(Red, None));
    }
    world.when("manufacturer", propose(Red, None)).then_refused(Conflict, Rule::Class1);
    let Answer::Version(_, version) = world.when("manufacturer", view("1.0")).then_answers() else {
        panic!("a version")
    };
    assert_eq!((version.level(), version.proposals.len()), (Level::Determined(Green), 5));
    assert_eq!(version.proposals[0].by, handle("manufacturer"));
    world.when("operator", propose(Red, None)).then_hidden();
}

#[test]
fn class_1_a_proposal_can_be_made_again_once_the_chair_has_determined_another_level() {
    let world = smki_with(Green).done("secas", propose(Amber, None)).done("secas", propose(Red, None));
    world.when("secas", propose(Red, None)).then_refused(Conflict, Rule::Class1);
    world.given_by("chair", determined("1.0", White)).when("secas", propose(Red, None)).events();
}

#[test]
fn class_1_who_proposes_does_not_determine() {
    let world = smki_with(Green);
    for person in ["secas", "large-supplier-1", "manufacturer"] {
        world.when(person, determine("1.0", Red)).then_refused(NotPermitted, Rule::Class1);
    }
    deputised(world, "chair").when("deputy", determine("1.0", Red)).events();
}

#[test]
fn class_1_a_proposal_has_a_reason_and_a_version_that_stands() {
    let (document, label, reason) = (handle(POLICY), label("1.0"), " ".into());
    let silent = Command::ProposeClassification { document, label, classification: Red, reason, tlp: None };
    smki_with(Green).when("secas", silent).then_refused(Invalid, Rule::Class1);
    let gone = smki_with(Green).given_by("secas", withdrawn("1.0"));
    gone.when("secas", propose(Red, None)).then_refused(NotPermitted, Rule::Lodge7);
}

#[test]
fn class_4_each_marking_maps_to_one_classification_and_only_white_maps_outward() {
    let expected = [White, Green, Amber, Amber, Red];
    for (tlp, classification) in Tlp::ALL.into_iter().zip(expected) {
        assert_eq!(tlp.classification(), classification);
        assert_eq!(Tlp::parse(&tlp.as_str().to_lowercase()), Some(tlp));
    }
    assert_eq!(Tlp::of(Level::Determined(White)), Some(Tlp::Clear));
    for level in [Level::Undetermined, Level::Determined(Green), Level::Determined(Amber), Level::Determined(Red)] {
        assert_eq!(Tlp::of(level), None);
    }
}

#[test]
fn class_4_a_marking_does_not_contradict_the_classification() {
    smki_with(Green).when("secas", propose(Red, Some(Tlp::Amber))).then_refused(Invalid, Rule::Class4);
    let (document, label, reason) = (handle(POLICY), label("1.0"), "as it came".into());
    let tlp = Some(Tlp::AmberStrict);
    let red = Command::DetermineClassification { document, label, classification: Red, reason, tlp };
    smki_with(Green).when("chair", red).then_refused(Invalid, Rule::Class4);
}

#[test]
fn class_4_what_came_as_strict_stays_strict_until_the_chair_names_another_marking() {
    let Command::LodgeVersion { document, content, .. } = lodge("2.0", 2, None) else { panic!("another command") };
    let came = Command::LodgeVersion {
        document,
        label: label("2.0"),
        content,
        classification: Some(Amber),
        tlp: Some(Tlp::AmberStrict),
        incorporated: None,
        effective: None,
        note: None,
        direction: None,
        signature: None,
    };
    let world = smki().done("large-supplier-1", came).given_by("chair", determined("2.0", Amber));
    let Answer::Version(_, version) = world.when("chair", view("2.0")).then_answers() else { panic!("a version") };
    assert!(version.is_strict());
    let (document, label, reason) = (handle(POLICY), label("2.0"), "the source agreed".into());
    let tlp = Some(Tlp::Amber);
    let eased = Command::DetermineClassification { document, label, classification: Amber, reason, tlp };
    let world = world.done("chair", eased);
    let Answer::Version(_, version) = world.when("chair", view("2.0")).then_answers() else { panic!("a version") };
    assert!(!version.is_strict());
}

fn propose(classification: Classification, tlp: Option<Tlp>) -> Command {
    let (document, label, reason) = (handle(POLICY), label("1.0"), "it names keys".into());
    Command::ProposeClassification { document, label, classification, reason, tlp }
}
