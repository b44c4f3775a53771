//! What lies at the top of a data directory: the stored checkpoint, and names that are nothing of ours.

use std::io::ErrorKind;

use super::Report;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::note::Note;
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::service::publishing::CHECKPOINT_FILE;
use crate::service::startup::{BLOB_FOLDER, JUMP_FILE, StartError, TILE_FOLDER, VIEW_FOLDER};
use crate::storage::disk::{Disk, RealDisk};
use crate::storage::journal;

/// The stored checkpoint, if there is one that the log signed: with all of `keys`, or there is a finding.
pub(super) fn checkpoint(disk: &RealDisk, keys: &[VerifierKey], report: &mut Report) -> Option<Checkpoint> {
    let bytes = match disk.read(CHECKPOINT_FILE) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            report.find(format!(
                "there is no signed checkpoint, {CHECKPOINT_FILE} in the data directory: a log has one from its first \
                 second on; restore it, for without it a start does not notice that entries were lost"
            ));
            return None;
        }
        Err(error) => {
            report.find(StartError::CheckpointUnreadable(error).to_string());
            return None;
        }
    };
    let opened = Note::parse(&bytes)
        .map_err(StartError::from)
        .and_then(|note| Checkpoint::open(&note, keys).map_err(StartError::from));
    let (checkpoint, signed_by) = opened.map_err(|error| report.find(error.to_string())).ok()?;
    if let Some(key) = keys.iter().find(|key| !signed_by.contains(key)) {
        report.find(format!(
            "the last signed checkpoint, {CHECKPOINT_FILE} in the data directory, lacks the signature of the log's key \
             {}: its line was changed, or another release or key epoch wrote it; restore it, or start the server, whose \
             next checkpoint has it",
            key.id()
        ));
    }
    Some(checkpoint)
}

/// Notes what a check does not read.
pub(super) fn note_others(disk: &RealDisk, report: &mut Report) {
    for name in disk.list("").unwrap_or_default() {
        let is_read = [CHECKPOINT_FILE, journal::DIRECTORY, TILE_FOLDER, BLOB_FOLDER, VIEW_FOLDER].contains(&&*name);
        // Both are empty; copies of cuts are compared with what the journal says of them.
        let is_known = is_read || ["lock", JUMP_FILE, "cut"].contains(&&*name);
        if name.starts_with("view-set-aside-") {
            report.note(format!("{name} is an old view and was not read: remove it when you no longer need it."));
        } else if !is_known {
            report.note(format!("{name} in the data directory is nothing that this release knows, and was not read."));
        }
    }
}
