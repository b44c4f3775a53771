//! What the log is known to have signed before: the checkpoint in the data directory, and the own record outside it.

use super::StartError;
use super::log_keys::Seeds;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::note::Note;
use crate::service::publishing::own_record::OwnRecord;
use crate::service::publishing::rollback::{Rollback, Source};
use crate::service::publishing::{CHECKPOINT_FILE, Published};
use crate::storage::disk::Disk;
use crate::storage::journal::JournalError;

/// What the log is known to have signed, verified with its own keys.
pub(super) struct SignedBefore {
    /// In the data directory.
    pub(super) kept: Option<Signed>,
    /// In the own record.
    pub(super) recorded: Option<Signed>,
    pub(super) record: OwnRecord,
}

/// A checkpoint that one of the log's keys signed, under the log's name at that time.
pub(super) struct Signed {
    pub(super) checkpoint: Checkpoint,
    pub(super) note: String,
}

impl SignedBefore {
    pub(super) fn read(disk: &dyn Disk, record: OwnRecord, seeds: &Seeds) -> Result<Self, StartError> {
        let kept = match disk.read(CHECKPOINT_FILE) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(StartError::CheckpointUnreadable(error)),
        };
        let kept = kept.map(|bytes| kept_checkpoint(&bytes, seeds)).transpose()?;
        let recorded = recorded(&record, seeds)?;
        Ok(Self { kept, recorded, record })
    }

    /// What the journal of the log of that name must hold: in the data directory, and in the own record.
    pub(super) fn of(&self, origin: &Origin) -> [Option<(u64, TreeHash)>; 2] {
        [&self.kept, &self.recorded].map(|signed| {
            let signed = signed.as_ref().filter(|signed| signed.checkpoint.origin == *origin)?;
            Some((signed.checkpoint.size, signed.checkpoint.root))
        })
    }

    /// The last published checkpoint under that name.
    pub(super) fn published(&self, origin: &Origin) -> Option<Published> {
        let kept = self.kept.as_ref().filter(|kept| kept.checkpoint.origin == *origin)?;
        Some(Published { size: kept.checkpoint.size, note: kept.note.clone() })
    }

    /// A journal that does not hold what was signed tells of a rollback; other errors stay what they are.
    pub(super) fn judge(&self, error: JournalError) -> StartError {
        let (signed, held) = match error {
            JournalError::CheckpointAhead { size, next_index } => (size, next_index),
            JournalError::CheckpointDiffers { size } => (size, size),
            other => return other.into(),
        };
        let recorded = self.recorded.as_ref().filter(|recorded| recorded.checkpoint.size == signed);
        let source = match recorded {
            Some(_) => Source::OwnRecord(self.record.path().to_owned()),
            None => Source::KeptCheckpoint,
        };
        StartError::RolledBack(Box::new(Rollback { source, signed, held }))
    }

    /// After the journal was seen to hold everything that was signed under `origin`: what was signed under another name
    /// must have been under an earlier one of the log, and the record begins where there is none.
    pub(super) fn settle(&self, disk: &dyn Disk, origin: &Origin, predecessors: &[Origin]) -> Result<(), StartError> {
        for signed in [&self.kept, &self.recorded].into_iter().flatten() {
            let found = &signed.checkpoint.origin;
            if found != origin && !predecessors.contains(found) {
                return Err(StartError::OtherOrigin { found: found.to_string(), configured: origin.to_string() });
            }
        }
        let Some(kept) = self.kept.as_ref().filter(|kept| kept.checkpoint.origin == *origin) else { return Ok(()) };
        // A process that was killed may have left it in the cache alone; from here on it is relied on.
        disk.swap(CHECKPOINT_FILE, kept.note.as_bytes()).map_err(StartError::CheckpointUnreadable)?;
        if self.recorded.is_none() {
            let record = &self.record;
            tracing::warn!(
                record = %record.path().display(),
                "the record of the last signed tree is missing: it begins with the data directory's checkpoint, and an \
                 older copy of the directory would not be noticed this once"
            );
            let file = record.path().to_owned();
            record.keep(&kept.note).map_err(|source| StartError::RecordUnreadable { file, source })?;
        }
        Ok(())
    }

    /// The notes under that name and the one that a witness showed, the largest tree first, as far as `most` bytes hold
    /// them, and the largest size.
    pub(super) fn last_known(
        &self,
        origin: &Origin,
        witnessed: Option<(u64, &str)>,
        most: usize,
    ) -> (u64, Vec<String>) {
        let ours = [&self.kept, &self.recorded].into_iter().flatten();
        let ours = ours.filter(|signed| signed.checkpoint.origin == *origin);
        let mut known: Vec<_> =
            ours.map(|signed| (signed.checkpoint.size, signed.note.as_str())).chain(witnessed).collect();
        known.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
        // Of one size there may be two roots, and each is worth its note; the same text is not.
        known.dedup();
        let size = known.first().map_or(0, |(size, _)| *size);
        let mut room = most;
        known.retain(|(_, note)| {
            let fits = note.len() <= room;
            room -= if fits { note.len() } else { 0 };
            fits
        });
        (size, known.into_iter().map(|(_, note)| note.to_owned()).collect())
    }
}

fn kept_checkpoint(bytes: &[u8], seeds: &Seeds) -> Result<Signed, StartError> {
    let note = Note::parse(bytes)?;
    let keys = seeds.keys_of(&note)?;
    let (checkpoint, _) = Checkpoint::open(&note, &keys)?;
    Ok(Signed { checkpoint, note: note.to_string() })
}

/// The checkpoint in the own record, if it is there.
pub(in crate::service) fn recorded_checkpoint(
    record: OwnRecord,
    seeds: &Seeds,
) -> Result<Option<Checkpoint>, StartError> {
    Ok(recorded(&record, seeds)?.map(|recorded| recorded.checkpoint))
}

fn recorded(record: &OwnRecord, seeds: &Seeds) -> Result<Option<Signed>, StartError> {
    let file = || record.path().to_owned();
    let damaged = |why: &dyn std::fmt::Display| StartError::RecordDamaged { file: file(), why: why.to_string() };
    let read = record.read().map_err(|source| StartError::RecordUnreadable { file: file(), source })?;
    let Some(bytes) = read else { return Ok(None) };
    let note = Note::parse(&bytes).map_err(|error| damaged(&error))?;
    let keys = seeds.keys_of(&note)?;
    let (checkpoint, _) = Checkpoint::open(&note, &keys).map_err(|error| damaged(&error))?;
    Ok(Some(Signed { checkpoint, note: note.to_string() }))
}
