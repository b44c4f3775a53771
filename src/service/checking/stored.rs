//! What lies at the top of a data directory: the stored checkpoint, and names that are nothing of ours.

use std::io::ErrorKind;

use super::Report;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::note::Note;
use crate::pure::tlog::policy::Policy;
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::service::publishing::CHECKPOINT_FILE;
use crate::service::publishing::own_record::OwnRecord;
use crate::service::startup::{
    BLOB_FOLDER, JUMP_FILE, Seeds, Settings, StartError, TILE_FOLDER, VIEW_FOLDER, recorded_checkpoint,
};
use crate::storage::disk::Disk;
use crate::storage::journal;
use crate::storage::view::View;

/// A checkpoint that the log signed, and its note.
pub(super) struct Stored {
    pub(super) checkpoint: Checkpoint,
    note: Note,
}

/// The stored checkpoint, if there is one that the log signed, or there is a finding.
pub(super) fn checkpoint(disk: &dyn Disk, seeds: &Seeds, report: &mut Report) -> Option<Stored> {
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
    let opened = || {
        let note = Note::parse(&bytes)?;
        let keys = seeds.keys_of(&note)?;
        let (checkpoint, _) = Checkpoint::open(&note, &keys)?;
        Ok::<_, StartError>(Stored { checkpoint, note })
    };
    opened().map_err(|error| report.find(error.to_string())).ok()
}

/// The checkpoint in the log's own record, if there is one.
pub(super) fn recorded(settings: &Settings, seeds: &Seeds, report: &mut Report) -> Option<Checkpoint> {
    let recorded = recorded_checkpoint(OwnRecord::of(&settings.log_key, &settings.data), seeds);
    let found = recorded.map_err(|error| report.find(error.to_string())).ok()?;
    if found.is_none() {
        report.note("There is no record of the last signed tree beside the log's key: the next start makes it.");
    }
    found.filter(|found| found.origin == settings.origin)
}

/// Whether the keys of the log are those of its entries, and whether all that sign now signed the stored checkpoint.
pub(super) fn check_keys(
    stored: Option<&Stored>,
    origin: &Origin,
    seeds: &Seeds,
    facts: &View,
    report: &mut Report,
) -> Result<(), StartError> {
    let keys = seeds.signers_by(facts, origin)?.verifier_keys();
    let Some(Stored { note, .. }) = stored else { return Ok(()) };
    let lacks = |key: &&VerifierKey| !note.signatures().iter().any(|signature| signature.claims(key));
    if let Some(key) = keys.iter().find(lacks) {
        report.find(format!(
            "the last signed checkpoint, {CHECKPOINT_FILE} in the data directory, lacks the signature of the log's key \
             {}: its line was changed, or another release or key epoch wrote it; restore it, or start the server, whose \
             next checkpoint has it",
            key.id()
        ));
    }
    Ok(())
}

/// Whether the stored checkpoint has the cosignatures that the policy asks for, and no bad one.
pub(super) fn check_cosignatures(stored: &Stored, policy: &Policy, report: &mut Report) {
    let cosigned = match policy.cosigned(&stored.note) {
        Ok(cosigned) => cosigned,
        Err(bad) => {
            report.find(format!(
                "the last signed checkpoint, {CHECKPOINT_FILE} in the data directory, is not what a witness cosigned \
                 ({bad}); restore it, or start the server, whose next checkpoint is cosigned anew"
            ));
            return;
        }
    };
    report.cosignatures = cosigned.len() as u64;
    if !policy.is_met_by(&cosigned) {
        report.find(format!(
            "the last signed checkpoint, {CHECKPOINT_FILE} in the data directory, lacks cosignatures that the witness \
             policy asks for: a line was changed, or it was signed under another policy; restore it, or start the \
             server, which shows no checkpoint before enough witnesses cosigned one"
        ));
    }
}

/// Notes what a check does not read.
pub(super) fn note_others(disk: &dyn Disk, report: &mut Report) {
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
