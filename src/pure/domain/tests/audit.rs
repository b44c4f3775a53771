//! AUDIT-1: who reads the log's records.

use super::harness::handle;
use super::world::*;
use crate::pure::domain::classification::Classification::{Red, White};
use crate::pure::domain::command::Command;
use crate::pure::domain::event::Event;
use crate::pure::domain::refusal::RefusalCode::NotPermitted;
use crate::pure::domain::rule::Rule;

#[test]
fn audit_1_the_auditor_reads_the_records_of_everyone_and_that_is_an_entry() {
    let world = smki_with(Red);
    for person in [None, Some("chair"), Some("auditor")] {
        world.when("auditor", records(person)).then_enters([Event::RecordsRead]);
    }
}

#[test]
fn audit_1_a_person_reads_their_own_records_and_nobody_elses() {
    let world = smki_with(White);
    for person in ["chair", "secas", "manufacturer", "operator"] {
        world.when(person, records(None)).then_enters([Event::RecordsRead]);
        world.when(person, records(Some(person))).then_enters([Event::RecordsRead]);
        world.when(person, records(Some("small-supplier"))).then_refused(NotPermitted, Rule::Audit1);
    }
    world.when("chair", records(Some("small-supplier"))).then_like(world.when("chair", records(Some("nobody-at-all"))));
}

#[test]
fn audit_1_who_is_no_longer_of_an_assurance_organisation_is_no_auditor() {
    let world = smki_with(White).given(Event::AuditorAppointed { person: handle("manufacturer") });
    world.when("manufacturer", records(Some("chair"))).then_refused(NotPermitted, Rule::Audit1);
    world.when("manufacturer", read("1.0")).then_reads(Rule::White1);
}

#[test]
fn audit_1_evidence_is_for_its_subject_and_the_auditor_and_for_nobody_else() {
    let world = smki_with(White).done("manufacturer", record_need(None, good_need(), None));
    let index = world.next_index() - 1;
    for person in ["manufacturer", "auditor"] {
        world.when(person, Command::ReadEvidence { index }).then_enters([Event::RecordsRead]);
    }
    for person in ["chair", "secas", "party-small-supplier", "operator"] {
        world.when(person, Command::ReadEvidence { index }).then_hidden();
        world.when(person, Command::ReadEvidence { index: 9_999 }).then_hidden();
    }
    world.when("auditor", Command::ReadEvidence { index: world.next_index() }).then_hidden();
}

fn records(person: Option<&str>) -> Command {
    Command::ReadRecords { after: None, limit: 100, person: person.map(handle), document: None }
}
