//! Going on after entries were lost: under another name, whose first entry commits to the last that was signed under
//! the old one.
//!
//! The order, and what a crash after each step leaves: a segment under the new name begins (under the old name the
//! journal is refused from now on, under the new one it asks for this to be run again); the entry is made (everything
//! is done but for the own record and the kept checkpoint, which the first checkpoint under the new name replaces).

use std::sync::Arc;

use super::log_keys::Seeds;
use super::signed::SignedBefore;
use super::{Running, Settings, StartError};
use crate::pure::domain::command::Command;
use crate::pure::domain::event::Event;
use crate::pure::record::Record;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::service::clock::Clock;
use crate::service::publishing::own_record::OwnRecord;
use crate::service::publishing::rollback::Rollback;
use crate::service::publishing::witnessing::Witnessing;
use crate::storage::disk::RealDisk;
use crate::storage::journal::{JournalError, Reader};

/// How a log goes on under another name.
pub(super) struct Succession {
    pub(super) old: Origin,
    pub(super) command: Command,
}

/// What was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedLoss {
    /// What was found; `None` where an earlier run was broken off after it had begun.
    pub finding: Option<Rollback>,
    /// The largest tree that is known to have been signed under the old name.
    pub signed: u64,
    /// The index of the first entry under the new name.
    pub entry: u64,
    /// The log's verifier keys under the new name.
    pub verifier_keys: Vec<VerifierKey>,
}

/// Accepts that entries were lost, and goes on under the name `new`. `settings` name the log as it was. The server must
/// be stopped.
pub fn accept_loss(settings: &Settings, new: &Origin, clock: Arc<Clock>) -> Result<AcceptedLoss, StartError> {
    if *new == settings.origin {
        return Err(StartError::SameOrigin(new.to_string()));
    }
    let finding = match Running::start(settings, clock.clone()) {
        Ok(running) => {
            let finding = running.repository.rolled_back().cloned();
            running.stop();
            Some(finding.ok_or(StartError::NothingLost)?)
        }
        Err(StartError::RolledBack(finding)) => Some(*finding),
        Err(StartError::Journal(JournalError::OtherLog { found, .. })) if found == new.as_str() => None,
        Err(error) => return Err(error),
    };
    let known = {
        let disk = RealDisk::open(&settings.data)?;
        let seeds = Seeds::load(&settings.log_key)?;
        SignedBefore::read(&disk, OwnRecord::of(&settings.log_key, &settings.data), &seeds)?
    };
    let witnessed = finding.as_ref().and_then(Rollback::witnessed);
    let (signed, checkpoints) = known.last_known(&settings.origin, witnessed, MOST_NOTES);
    drop(known);
    if finding.is_none() && checkpoints.is_empty() {
        return Err(StartError::AcceptedBefore(new.to_string()));
    }
    let command = Command::SucceedLog {
        old_origin: settings.origin.to_string(),
        new_origin: new.to_string(),
        size: signed,
        checkpoints,
    };
    let succession = Succession { old: settings.origin.clone(), command };
    // The witnesses know nothing of the new name yet.
    let renamed = Settings { origin: new.clone(), witnessing: Witnessing::default(), ..settings.clone() };
    let running = Running::start_with(&renamed, clock, Some(succession), |_| Ok(false))?;
    let (entry, verifier_keys) = (running.origin_since, running.verifier_keys.clone());
    running.stop();
    Ok(AcceptedLoss { finding, signed, entry, verifier_keys })
}

/// Whether the first entry under the present name, at `since`, says that the log goes on under it.
pub(super) fn has_begun(reader: &Reader, origin: &Origin, since: u64) -> Result<bool, StartError> {
    if since >= reader.next_index() {
        return Ok(false);
    }
    let record =
        Record::from_bytes(&reader.read(since)?.record).map_err(|error| StartError::Record { index: since, error })?;
    let events = record.events.unwrap_or_default();
    Ok(events
        .iter()
        .any(|event| matches!(event, Event::LogSucceeded { new_origin, .. } if new_origin == origin.as_str())))
}

/// The longest notes, in bytes, that a record holds twice.
const MOST_NOTES: usize = 24_000;
