//! Idempotency keys: the same request again gets the same answer, another request under the same key none.

use super::world::*;
use crate::pure::domain::classification::Classification::White;
use crate::pure::domain::command::Command;
use crate::pure::domain::decide::Answer;
use crate::pure::domain::refusal::RefusalCode::Invalid;
use crate::pure::domain::rule::Rule;

#[test]
fn the_same_request_again_is_answered_with_the_entry_that_it_made() {
    let command = || record_need(None, good_need(), None);
    let world = smki_with(White);
    let entry = world.next_index();
    let world = world.done_as("manufacturer", command(), "key");
    let again = world.when_as("manufacturer", command(), "key").then_answers();
    assert_eq!(again, Answer::EnteredBefore { entry });
}

#[test]
fn another_request_under_the_same_key_is_refused() {
    let world = smki_with(White).done_as("manufacturer", record_need(None, good_need(), None), "key");
    let other = world.when_as("manufacturer", record_need(Some("1.0"), good_need(), None), "key");
    other.then_refused(Invalid, Rule::Read7);
}

#[test]
fn a_key_is_its_owners_alone() {
    let command = || record_need(None, good_need(), None);
    let world = smki_with(White).done_as("manufacturer", command(), "key");
    world.when_as("chair", command(), "key").events();
}

#[test]
fn the_same_bytes_sent_again_under_a_key_are_the_same_request_though_they_lie_in_another_blob() {
    let world = smki();
    let entry = world.next_index();
    let world = world.done_as("chair", lodge("1.0", 1, None), "key");
    let mut again = lodge("1.0", 1, None);
    let Command::LodgeVersion { content, .. } = &mut again else { panic!("another command") };
    content.blob = "a1".repeat(16);
    assert_eq!(world.when_as("chair", again, "key").then_answers(), Answer::EnteredBefore { entry });
    world.when_as("chair", lodge("1.0", 2, None), "key").then_refused(Invalid, Rule::Read7);
}
