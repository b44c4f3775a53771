//! READ-3: what a need must hold, and how long it does.

use super::harness::{World, handle, instant};
use super::world::*;
use crate::pure::domain::classification::Classification::{Amber, Green, Red, White};
use crate::pure::domain::command::{Command, NeedClaim};
use crate::pure::domain::event::Event;
use crate::pure::domain::id::NeedId;
use crate::pure::domain::need::NeedReason;
use crate::pure::domain::refusal::RefusalCode::{Conflict, Invalid, NeedInsufficient, NeedRequired};
use crate::pure::domain::rule::Rule;

#[test]
fn read_3_a_need_states_a_known_purpose_and_has_substance() {
    let world = smki_with(White);
    for (purpose, statement) in [
        ("curiosity", "preparing for the meeting"),
        ("meeting", ""),
        ("meeting", "fourteen chars"),
        ("meeting", "1234 5678 9012 3456"),
        ("meeting", "a b c d e f g h i j k l"),
        ("meeting", "               ab             "),
    ] {
        let reason = need(purpose, statement, Some("meeting 42"));
        let inline = read_for("1.0", Some(NeedClaim::Inline(reason.clone())));
        world.when("chair", inline).then_refused(NeedInsufficient, Rule::Read3);
        world.when("chair", record_need(None, reason, None)).then_refused(NeedInsufficient, Rule::Read3);
    }
    let long = need("meeting", &"word ".repeat(500), None);
    world.when("chair", record_need(None, long, None)).then_refused(NeedInsufficient, Rule::Read3);
}

#[test]
fn read_3_a_statement_may_be_in_any_script() {
    let reason = need("meeting", "подготовка к заседанию", None);
    smki_with(White).when("chair", record_need(Some("1.0"), reason, None)).events();
}

#[test]
fn read_3_an_amber_version_asks_for_a_reference() {
    let world = smki_with(Amber);
    for reference in [None, Some(""), Some("  ")] {
        inline(&world, need("operate", "acting upon the finding", reference))
            .then_refused(NeedInsufficient, Rule::Read3);
    }
    inline(&world, need("operate", "acting upon the finding", Some("action 12"))).then_reads(Rule::Amber1);
}

#[test]
fn read_3_a_red_version_asks_for_the_meeting_decision_or_direction() {
    let world = smki_with(Red);
    for reference in [None, Some("action 12"), Some("a meeting"), Some("meetings 42"), Some("42 meeting")] {
        inline(&world, need("meeting", "preparing for the meeting", reference))
            .then_refused(NeedInsufficient, Rule::Read3);
    }
    for reference in ["meeting 42", "Decision-77", "DIRECTION 12", " meeting of 3 December"] {
        inline(&world, need("meeting", "preparing for the meeting", Some(reference))).then_reads(Rule::Red1);
    }
}

#[test]
fn read_3_the_secretariats_purpose_is_the_secretariats_alone() {
    let reason = need("secretariat_processing", "preparing the minutes of it", Some("meeting 42"));
    let world = smki_with(Amber);
    inline(&world, reason.clone()).then_refused(NeedInsufficient, Rule::Read3);
    world.when("secas", read_for("1.0", Some(NeedClaim::Inline(reason)))).then_reads(Rule::Amber1);
}

#[test]
fn read_3_a_need_holds_from_its_recording_for_as_long_as_the_level_allows() {
    for (level, audience, last, over) in [
        (White, Rule::White1, "2027-02-22T09:29:59.999999Z", "2027-02-22T09:30:00Z"),
        (Green, Rule::Green1, "2027-02-22T09:29:59.999999Z", "2027-02-22T09:30:00Z"),
        (Amber, Rule::Amber1, "2026-12-24T09:29:59.999999Z", "2026-12-24T09:30:00Z"),
        (Red, Rule::Red1, "2026-11-25T09:29:59.999999Z", "2026-11-25T09:30:00Z"),
    ] {
        let (world, need) = recorded(smki_with(level), record_need(None, good_need(), None));
        let world = world.at(last);
        world.when("small-supplier", read_by_need("1.0", need)).then_reads(audience);
        world.at(over).when("small-supplier", read_by_need("1.0", need)).then_refused(NeedRequired, Rule::Read3);
    }
}

#[test]
fn read_3_a_need_recorded_for_one_level_is_measured_by_the_current_one() {
    let (world, need) = recorded(smki_with(White), record_need(Some("1.0"), good_need(), None));
    let world = world.given_by("chair", determined("1.0", Red)).at("2026-11-25T09:29:59Z");
    world.when("small-supplier", read_by_need("1.0", need)).then_reads(Rule::Red1);
    let world = world.at("2026-11-25T09:30:00Z");
    world.when("small-supplier", read_by_need("1.0", need)).then_refused(NeedRequired, Rule::Read3);

    let words = need_words("operate", None);
    let (world, need) = recorded(smki_with(White), record_need(Some("1.0"), words, None));
    let world = world.given_by("chair", determined("1.0", Amber));
    world.when("small-supplier", read_by_need("1.0", need)).then_refused(NeedInsufficient, Rule::Read3);
}

#[test]
fn read_3_a_need_ends_when_its_owner_said_it_would() {
    let ends = record_need(Some("1.0"), good_need(), Some("2026-11-24T12:00:00Z"));
    let (world, need) = recorded(smki_with(White), ends);
    let world = world.at("2026-11-24T11:59:59Z");
    world.when("small-supplier", read_by_need("1.0", need)).then_reads(Rule::White1);
    let world = world.at("2026-11-24T12:00:00Z");
    world.when("small-supplier", read_by_need("1.0", need)).then_refused(NeedRequired, Rule::Read3);
}

#[test]
fn read_3_a_need_is_recorded_for_no_longer_than_the_level_allows_and_not_for_the_past() {
    let world = smki_with(Amber);
    let ask = |version, until: &str| world.when("chair", record_need(version, good_need(), Some(until)));
    ask(Some("1.0"), "2026-12-24T09:30:00Z").events();
    ask(Some("1.0"), "2026-12-24T09:30:00.000001Z").then_refused(NeedInsufficient, Rule::Read3);
    ask(None, "2027-02-22T09:30:00Z").events();
    ask(None, "2027-02-22T09:30:00.000001Z").then_refused(NeedInsufficient, Rule::Read3);
    ask(Some("1.0"), NOW).then_refused(Invalid, Rule::Read3);
}

#[test]
fn read_3_a_need_is_entered_with_its_words_and_its_end() {
    let world = smki_with(Amber);
    world.when("chair", record_need(Some("1.0"), good_need(), None)).then_enters([Event::NeedRecorded {
        need: NeedId(world.next_index()),
        document: handle(POLICY),
        version: Some(label("1.0")),
        reason: good_need(),
        valid_until: instant("2026-12-24T09:30:00Z"),
    }]);
}

#[test]
fn read_3_a_need_for_one_version_does_not_cover_another() {
    let world = with_version(smki_with(White), "2.0", White);
    let (world, need) = recorded(world, record_need(Some("1.0"), good_need(), None));
    world.when("small-supplier", read_by_need("2.0", need)).then_refused(NeedRequired, Rule::Read3);
    let (world, need) = recorded(world, record_need(None, good_need(), None));
    world.when("small-supplier", read_by_need("2.0", need)).then_reads(Rule::White1);
}

#[test]
fn read_3_a_need_for_one_document_does_not_cover_another() {
    let mut command = record_need(None, good_need(), None);
    let Command::RecordNeed { document, .. } = &mut command else { panic!("another command") };
    *document = handle("another-policy");
    let (world, need) = recorded(smki_with(White).given_by("secas", registered("another-policy")), command);
    world.when("small-supplier", read_by_need("1.0", need)).then_refused(NeedRequired, Rule::Read3);
}

#[test]
fn read_3_a_need_of_another_person_does_not_count_and_looks_like_none() {
    let (world, need) = recorded(smki_with(White), record_need(None, good_need(), None));
    let of_another = world.when("chair", read_by_need("1.0", need));
    let absent = world.when("chair", read_by_need("1.0", 9_999));
    of_another.then_like(absent);
    world.when("chair", read_by_need("1.0", need)).then_refused(NeedRequired, Rule::Read3);
}

#[test]
fn read_3_a_withdrawn_need_does_not_count() {
    let (world, need) = recorded(smki_with(White), record_need(None, good_need(), None));
    let withdraw = || Command::WithdrawNeed { need: NeedId(need) };
    world.when("chair", withdraw()).then_hidden();
    let world = world.done("small-supplier", withdraw());
    world.when("small-supplier", read_by_need("1.0", need)).then_refused(NeedRequired, Rule::Read3);
    world.when("small-supplier", withdraw()).then_refused(Conflict, Rule::Read3);
}

#[test]
fn read_3_an_unsigned_member_is_asked_for_the_agreement_before_the_need() {
    use crate::pure::domain::refusal::RefusalCode::AgreementRequired;
    let refused = smki_with(Amber).when("gas-networks", read_for("1.0", None));
    refused.then_refused(AgreementRequired, Rule::Amber1);
}

fn inline(world: &World, reason: NeedReason) -> super::harness::Outcome {
    world.when("small-supplier", read_for("1.0", Some(NeedClaim::Inline(reason))))
}

fn recorded(world: World, command: Command) -> (World, u64) {
    let need = world.next_index();
    (world.done("small-supplier", command), need)
}

fn need_words(purpose: &str, reference: Option<&str>) -> NeedReason {
    need(purpose, "acting upon the finding", reference)
}
