//! One pass over the entries: each is verified, and everything that is derived from them is compared on the way.

use std::sync::Arc;

use super::{CopiedView, Progress, Report};
use crate::pure::audit::signature;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::leaf::Entry;
use crate::service::startup::{StartError, TILE_FOLDER, ViewReplay};
use crate::storage::disk::Disk;
use crate::storage::journal::{Damage, Examined, JournalError, ReplayedBatch};
use crate::storage::tiles::comparison::{Comparison, Fault, FileFault};
use crate::storage::tiles::files::TileFolder;
use crate::storage::view::{View, ViewError};

/// What the entries have to agree with.
pub(super) struct Expected<'e> {
    /// The stored checkpoint.
    pub(super) checkpoint: Option<Checkpoint>,
    /// The checkpoint in the log's own record outside the directory.
    pub(super) record: Option<Checkpoint>,
    /// The view as it lies there.
    pub(super) held: Option<&'e CopiedView>,
}

impl Expected<'_> {
    fn signed(&self) -> impl Iterator<Item = &Checkpoint> {
        self.checkpoint.iter().chain(&self.record)
    }
}

/// Verifies every entry of the journal; leaves `replayed` with the facts that they make.
pub(super) fn check(
    examined: &Examined,
    disk: Arc<dyn Disk>,
    expected: &Expected<'_>,
    replayed: &View,
    report: &mut Report,
    progress: &mut (dyn FnMut(Progress) + Send),
) {
    report.segments = examined.segments;
    let total = examined.reader.next_index();
    let mut pass = Pass {
        files: Comparison::of(TileFolder::existing(disk, TILE_FOLDER)),
        expected,
        replayed,
        replay: Some(ViewReplay::onto(replayed)),
        signed: expected.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size),
        beyond: 0,
        signed_seen: Vec::new(),
        view_seen: false,
    };
    pass.between(None, report);
    let mut is_whole = true;
    for batch in examined.reader.replay(0) {
        let taken = batch.and_then(|batch| {
            let is_committed = batch.is_committed();
            let damaged = || JournalError::Damaged { site: batch.site.clone(), damage: Damage::Commitment };
            if is_committed { Ok(batch) } else { Err(damaged()) }
        });
        match taken {
            Ok(batch) => pass.take(&batch, report),
            Err(error) => {
                is_whole = false;
                report.find(error.to_string());
                break;
            }
        }
        progress(Progress::Entries { done: report.entries, total });
    }
    pass.finish(report);
    if is_whole && examined.end.is_none() {
        pass.judge_beyond(report);
    }
    judge_end(examined, report);
    if !is_whole {
        let entries = report.entries;
        report.note(format!(
            "The journal was read up to entry {entries}; what is derived from later entries was compared with nothing."
        ));
    }
}

fn judge_end(examined: &Examined, report: &mut Report) {
    if let Some(error) = &examined.end {
        report.find(error.to_string());
    }
    if let Some((site, length)) = &examined.torn {
        report.find(format!(
            "the journal ends with {length} bytes that a crash tore: {site}; the next start moves them aside and \
             enters that it did, for no entry in them was acknowledged"
        ));
    }
    for error in &examined.beside {
        report.find(error.to_string());
    }
}

struct Pass<'p> {
    files: Comparison<TileFolder>,
    expected: &'p Expected<'p>,
    replayed: &'p View,
    /// `None` once a record could not be applied.
    replay: Option<ViewReplay<'p>>,
    /// How many entries the stored checkpoint covers.
    signed: u64,
    /// Files that are missing although the journal has their entries, and that no checkpoint covers.
    beyond: u64,
    /// The sizes of the checkpoints that were compared.
    signed_seen: Vec<u64>,
    view_seen: bool,
}

impl Pass<'_> {
    /// Takes a batch that is whole.
    fn take(&mut self, batch: &ReplayedBatch, report: &mut Report) {
        for (index, stored) in (batch.first_index..).zip(&batch.stored) {
            self.entry(stored.entry, report);
            check_lodger_signature(index, &stored.record, report);
        }
        report.entries = batch.next_index;
        if let Some(replay) = &mut self.replay
            && let Err(error) = replay.take(batch)
        {
            self.replay = None;
            report.find(cannot_replay(&error));
        }
        self.between(Some(batch), report);
    }

    fn entry(&mut self, entry: Entry, report: &mut Report) {
        for fault in self.files.push(entry) {
            self.file(&fault, report);
        }
        self.compare_checkpoint(report);
    }

    fn file(&mut self, FileFault { path, size, fault }: &FileFault, report: &mut Report) {
        // Files are made before the checkpoint that covers them; beyond it, a crash may have come first.
        if *size > self.signed && *fault == Fault::Missing {
            self.beyond += 1;
            return;
        }
        let remedy = match fault {
            Fault::Missing => "the next start makes it anew from the journal",
            _ => "remove the file, and the next start makes it anew from the journal",
        };
        report.find(format!("{TILE_FOLDER}/{path} {fault}; {remedy}"));
    }

    fn compare_checkpoint(&mut self, report: &mut Report) {
        let size = self.files.size();
        for checkpoint in self.expected.signed().filter(|signed| signed.size == size) {
            if self.files.root() != checkpoint.root {
                report.find(JournalError::CheckpointDiffers { size }.to_string());
            } else if !self.signed_seen.contains(&size) {
                report.checkpoints += 1;
            }
            self.signed_seen.push(size);
        }
    }

    /// Compares the view at the place after a batch, or before the first.
    fn between(&mut self, batch: Option<&ReplayedBatch>, report: &mut Report) {
        if batch.is_none() {
            self.compare_checkpoint(report);
        }
        let Some(held) = self.expected.held else { return };
        let (position, Some(batch)) = (held.view().position(), batch) else { return };
        if (batch.next_index, batch.chain_after.0) != (position.next_index, position.chain) {
            return;
        }
        self.view_seen = true;
        let Some(replay) = &mut self.replay else { return };
        match replay.settle().and_then(|()| Ok(self.replayed.fingerprint()? == held.view().fingerprint()?)) {
            Ok(true) => {}
            Ok(false) => report.find(
                "the view holds other facts than the journal makes: it was changed by something else than Strongroom; \
                 run 'strongroom rebuild'",
            ),
            Err(error) => report.find(cannot_replay(&error)),
        }
    }

    /// Ends the pass after the last entry that was read.
    fn finish(&mut self, report: &mut Report) {
        report.files = self.files.compared();
        if let Some(Err(error)) = self.replay.as_mut().map(ViewReplay::settle) {
            report.find(cannot_replay(&error));
        }
        if self.beyond > 0 {
            report.note(format!(
                "The last checkpoint does not cover the end of the journal, of which {} files of the log are not made \
                 yet: the next start makes them.",
                self.beyond
            ));
        }
    }

    /// Judges what the entries do not reach, where there are no others.
    fn judge_beyond(&self, report: &mut Report) {
        let next_index = report.entries;
        let unseen = self.expected.signed().map(|signed| signed.size).filter(|size| !self.signed_seen.contains(size));
        if let Some(size) = unseen.max() {
            report.find(JournalError::CheckpointAhead { size, next_index }.to_string());
        }
        if let Some(held) = self.expected.held {
            let view = held.view().position().next_index;
            match self.view_seen {
                true if view < next_index => report.note(format!(
                    "The view lacks the last {} entries, as after a crash: the next start applies them.",
                    next_index - view
                )),
                true => {}
                false if view > next_index => report.find(JournalError::ViewAhead { view, next_index }.to_string()),
                false if view == 0 && next_index == 0 => {}
                false if view == 0 => report.find("the view is empty; the next start makes it anew from the journal"),
                false => report.find(
                    "the view stands where the journal never did: it is another journal's; run 'strongroom rebuild'",
                ),
            }
        }
    }
}

/// A lodger's signature holds whatever became of the server that took it: it is verified against the record (LODGE-6).
fn check_lodger_signature(index: u64, record: &[u8], report: &mut Report) {
    // Canonical JSON writes a name in one way, so that few other records are read for this.
    if !record.windows(SIGNATURE_NAME.len()).any(|bytes| bytes == SIGNATURE_NAME) {
        return;
    }
    match signature::of_record(record) {
        Ok(Some(_)) => report.lodger_signatures += 1,
        Ok(None) => {}
        Err(error) => report.find(format!("entry {index} of the journal: {error}")),
    }
}

/// How a record names a lodger's signature.
const SIGNATURE_NAME: &[u8] = br#""signature":"#;

fn cannot_replay(error: &StartError) -> String {
    match error {
        // It is the check's own view, on the disk that holds the scratch folder.
        StartError::View(ViewError::Unusable(error)) => {
            format!(
                "the view could not be compared, since its copy could not be written: {error}; make room and check again"
            )
        }
        error => format!(
            "{error}: the facts that the journal makes cannot be told from there on; this release, or another one that wrote \
             it, is at fault: keep the directory as it is and ask its maintainers"
        ),
    }
}
