//! Decisions on the log itself: its keys' epochs, and its life under another name.
//!
//! Signatures are none of this room's business: the service verifies them before it asks, and a check does so again.

use super::super::event::Event;
use super::super::facts::{Facts, FactsExt};
use super::super::log_keys::FIRST_EPOCH;
use super::super::may::Denied;
use super::super::refusals::{conflict, invalid};
use super::super::rule::Rule;

/// The next epoch's keys, by a note that names just these.
pub(super) fn rotate(facts: &dyn Facts, epoch: u32, keys: &[String], note: &str) -> Result<Event, Denied> {
    let current = facts.log_keys()?.map_or(FIRST_EPOCH, |epochs| epochs.epoch());
    if current.checked_add(1) != Some(epoch) {
        return Err(conflict(
            Rule::Self1,
            &format!("The log's keys are of epoch {current}, and epoch {epoch} does not follow it."),
            "Rotate to the epoch that follows.",
        )
        .into());
    }
    let lines: Vec<&str> = note.lines().take_while(|line| !line.is_empty()).collect();
    let names_them = lines.get(2).is_some_and(|line| *line == epoch.to_string())
        && lines.get(3..).is_some_and(|named| named == keys)
        && !keys.is_empty();
    if !names_them || note.len() > MAX_NOTE {
        return Err(invalid(
            Rule::Self1,
            "The rotation's note does not name this epoch and these keys.",
            "Make the note of just the keys that are to be entered.",
        )
        .into());
    }
    Ok(Event::LogKeyRotated { epoch, keys: keys.to_vec(), note: note.to_owned() })
}

/// Another name, with the last that is known of the old one.
pub(super) fn succeed(old: &str, new: &str, size: u64, checkpoints: &[String]) -> Result<Event, Denied> {
    let fits = old != new && !checkpoints.is_empty() && checkpoints.iter().map(String::len).sum::<usize>() <= MAX_NOTES;
    if !fits {
        return Err(invalid(
            Rule::Self1,
            "A log is succeeded by one of another name, which keeps the last checkpoints of the old one.",
            "Give another name, and checkpoints that fit a record.",
        )
        .into());
    }
    let (old_origin, new_origin, checkpoints) = (old.to_owned(), new.to_owned(), checkpoints.to_vec());
    Ok(Event::LogSucceeded { old_origin, new_origin, size, checkpoints })
}

/// The longest note of a rotation, in bytes: command and event both hold it, and a record must hold both.
const MAX_NOTE: usize = 12_000;

/// The longest checkpoints of a log that is succeeded, in bytes, for the same reason.
const MAX_NOTES: usize = 24_000;
