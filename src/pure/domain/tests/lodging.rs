//! LODGE-1, LODGE-3, LODGE-7 and CLASS-1: registering, lodging, determining, withdrawing.

use super::harness::{World, handle};
use super::world::*;
use crate::pure::domain::classification::Classification::{Amber, Green, Red, White};
use crate::pure::domain::command::Command;
use crate::pure::domain::decide::Answer;
use crate::pure::domain::event::Event;
use crate::pure::domain::refusal::RefusalCode::{Conflict, Invalid, NotPermitted};
use crate::pure::domain::rule::Rule;

#[test]
fn lodge_1_voting_members_and_the_secretariat_register_documents() {
    let world = smki();
    for person in ["small-supplier", "chair", "secas", "gas-networks"] {
        world.when(person, register("a-new-one", "pma")).then_enters([registered("a-new-one")].map(titled));
    }
    for person in ["dcc-rep", "large-supplier-3", "panel-member", "dcc-operator", "manufacturer", "auditor", "operator"]
    {
        world.when(person, register("a-new-one", "pma")).then_refused(NotPermitted, Rule::Lodge1);
    }
}

#[test]
fn lodge_1_the_secretariat_of_one_body_is_not_that_of_another() {
    smki().when("secas", register("a-new-one", "panel")).then_refused(NotPermitted, Rule::Lodge1);
    smki().when("panel-member", register("a-new-one", "panel")).events();
}

#[test]
fn lodge_1_a_document_has_a_title_a_known_type_and_a_known_set() {
    let world = smki();
    for bad in ["title", "lines", "document_kind", "set"] {
        let Command::RegisterDocument { document, mut title, mut document_kind, mut set, body } =
            register("a-new-one", "pma")
        else {
            panic!("another command")
        };
        match bad {
            "title" => title = "  ".into(),
            "lines" => title = "One line\nand another".into(),
            "document_kind" => document_kind = "novel".into(),
            _ => set = handle("library"),
        }
        let command = Command::RegisterDocument { document, title, document_kind, set, body };
        world.when("chair", command).then_refused(Invalid, Rule::Lodge1);
    }
}

#[test]
fn lodge_1_members_and_the_secretariat_lodge() {
    let world = smki();
    for person in ["small-supplier", "chair", "secas", "gas-networks"] {
        let [event] = world.when(person, lodge("1.0", 1, None)).events().try_into().unwrap();
        assert_eq!(event, lodged_as("1.0", "2026-11-24", None), "in effect from today, where nothing else is said");
    }
    deputised(smki(), "small-supplier").when("deputy", lodge("1.0", 1, None)).events();
}

#[test]
fn lodge_1_nobody_else_lodges_what_they_may_know_of() {
    let world = smki_with(White);
    for person in ["manufacturer", "ofgem-rep", "panel-member", "large-supplier-3", "auditor", "operator"] {
        world.when(person, offer("2.0", 2, None)).then_refused(NotPermitted, Rule::Lodge1);
        world.when(person, lodge("2.0", 2, None)).then_refused(NotPermitted, Rule::Lodge1);
    }
}

#[test]
fn lodge_1_for_who_may_not_know_of_the_document_there_is_none() {
    let world = smki_with(Red);
    for person in ["manufacturer", "dcc-operator", "large-supplier-3", "panel-member", "auditor", "operator"] {
        world.when(person, offer("2.0", 2, None)).then_hidden();
        world.when(person, lodge("2.0", 2, None)).then_hidden();
    }
}

#[test]
fn lodge_3_the_same_bytes_under_the_same_label_are_the_same_lodgement() {
    let world = smki().done("small-supplier", lodge("1.0", 1, None));
    let again = world.when("small-supplier", lodge("1.0", 1, None)).then_answers();
    assert!(matches!(again, Answer::LodgedBefore(_, version) if version.lodger == handle("small-supplier")));
    assert_eq!(world.when("small-supplier", offer("1.0", 1, None)).then_answers(), Answer::Welcome);
    let seen_by_another = world.when("chair", lodge("1.0", 1, None)).then_answers();
    assert!(matches!(seen_by_another, Answer::LodgedBefore(..)));
}

#[test]
fn lodge_3_other_bytes_under_a_label_are_a_conflict() {
    let world = smki().done("small-supplier", lodge("1.0", 1, None));
    for person in ["small-supplier", "chair", "secas", "large-supplier-1"] {
        world.when(person, offer("1.0", 2, None)).then_refused(Conflict, Rule::Lodge3);
        world.when(person, lodge("1.0", 2, None)).then_refused(Conflict, Rule::Lodge3);
    }
}

#[test]
fn lodge_3_a_lodger_learns_of_a_version_that_is_not_theirs_to_see_only_that_the_label_is_taken() {
    let world = smki().done("small-supplier", lodge("1.0", 1, None));
    world.when("large-supplier-1", view("1.0")).then_hidden();
    let same = world.when("large-supplier-1", lodge("1.0", 1, None));
    let other = world.when("large-supplier-1", lodge("1.0", 2, None));
    same.then_like(other);
}

#[test]
fn lodge_3_a_withdrawn_label_stays_taken() {
    let world = smki_with(Green).done("chair", withdraw("1.0"));
    world.when("chair", lodge("1.0", 2, None)).then_refused(Conflict, Rule::Lodge3);
}

#[test]
fn lodge_3_a_version_has_bytes_and_its_note_is_words() {
    for bad in ["size", "note"] {
        let mut command = lodge("1.0", 1, None);
        let Command::LodgeVersion { content, note, .. } = &mut command else { panic!("another command") };
        match bad {
            "size" => content.size = 0,
            _ => *note = Some("x\u{0}".into()),
        }
        smki().when("chair", command).then_refused(Invalid, Rule::Lodge3);
    }
}

#[test]
fn lodge_7_a_member_or_the_secretariat_withdraws_with_a_reason_and_once() {
    let world = smki_with(White);
    for person in ["small-supplier", "secas", "chair"] {
        world.when(person, withdraw("1.0")).then_enters([withdrawn("1.0")]);
    }
    for person in ["manufacturer", "ofgem-rep", "large-supplier-3", "dcc-operator", "operator"] {
        world.when(person, withdraw("1.0")).then_refused(NotPermitted, Rule::Lodge7);
    }
    let without_reason =
        Command::WithdrawVersion { document: handle(POLICY), label: label("1.0"), reason: String::new() };
    world.when("chair", without_reason).then_refused(Invalid, Rule::Lodge7);
    world.done("chair", withdraw("1.0")).when("secas", withdraw("1.0")).then_refused(Conflict, Rule::Lodge7);
}

#[test]
fn lodge_7_a_withdrawal_hides_the_content_and_keeps_the_metadata() {
    let world = smki_with(White).done("chair", withdraw("1.0"));
    for person in ["manufacturer", "chair", "secas", "large-supplier-1"] {
        world.when(person, view("1.0")).then_shows("1.0");
        world.when(person, read("1.0")).then_refused(NotPermitted, Rule::Lodge7);
    }
    smki_with(Red).done("chair", withdraw("1.0")).when("manufacturer", read("1.0")).then_hidden();
}

#[test]
fn class_1_only_the_chair_or_the_chairs_alternate_determines() {
    let world = || deputised(smki_with(White), "chair");
    for person in ["chair", "deputy"] {
        world().when(person, determine("1.0", Red)).then_enters([determined("1.0", Red)]);
    }
    for person in
        ["small-supplier", "large-supplier-1", "secas", "ofgem-rep", "manufacturer", "panel-member", "operator"]
    {
        world().when(person, determine("1.0", White)).then_refused(NotPermitted, Rule::Class1);
    }
}

#[test]
fn class_1_a_determination_has_a_reason() {
    let (document, label) = (handle(POLICY), label("1.0"));
    let command =
        Command::DetermineClassification { document, label, classification: Amber, reason: "\u{7}".into(), tlp: None };
    smki_with(White).when("chair", command).then_refused(Invalid, Rule::Class1);
}

#[test]
fn class_1_what_a_lodger_proposes_determines_nothing() {
    let mut event = lodged("1.0");
    let Event::VersionLodged { proposed, .. } = &mut event else { panic!("another event") };
    *proposed = Some(White);
    let world = smki().given_by("large-supplier-1", event);
    world.when("manufacturer", view("1.0")).then_hidden();
}

#[test]
fn class_1_the_history_of_determinations_stays() {
    let world = with_history();
    let Answer::Version(_, version) = world.when("chair", view("1.0")).then_answers() else { panic!("no version") };
    let levels: Vec<_> = version.determinations.iter().map(|one| one.classification).collect();
    assert_eq!(levels, [Amber, Green, White]);
}

fn with_history() -> World {
    [Green, White].into_iter().fold(smki_with(Amber), |world, level| world.done("chair", determine("1.0", level)))
}

fn register(document: &str, body: &str) -> Command {
    Command::RegisterDocument {
        document: handle(document),
        title: "A new one".into(),
        document_kind: "policy".into(),
        set: handle("smki"),
        body: handle(body),
    }
}

fn titled(event: Event) -> Event {
    let Event::DocumentRegistered { document, document_kind, set, body, .. } = event else { return event };
    Event::DocumentRegistered { document, title: "A new one".into(), document_kind, set, body }
}
