//! Opening the journal: verify the tail, check what it must cover, cut only what a crash tore, begin a new segment.
//!
//! The order of the writes, so that a crash between any two of them only makes the next start do the same again:
//! 1. the last batch of an unclosed segment is written again, the same bytes, and synced: it may lie in the cache
//!    alone, since a process that was killed, or whose sync failed, left it there, and a sync that failed does not try
//!    again;
//! 2. the names of the segments are synced;
//! 3. a tail to be cut is copied to a file of its own in `cut/`;
//! 4. a new segment is made whose header says where the old one ends and what was cut: that is the cut;
//! 5. the old segment is shortened to that end, to give back space.

use std::sync::Arc;

use crate::pure::tlog::hash::{TreeHash, sha256};
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::tree::Tree;
use crate::storage::disk::Disk;

use super::catalogue::{Catalogue, Listed, Marks};
use super::chain::ChainHash;
use super::commit::{Journal, Options, Predecessor, make_segment};
use super::error::{CommitError, Damage, JournalError, Site};
use super::keys::JournalKeys;
use super::segment::{Context, Cut, CutCause, CutMark, DIRECTORY};
use super::survey::{Surveyed, origin_since, predecessors, survey};
use super::tail::{self, Tail};
use super::walk::{Step, Walk, WalkedBatch};

/// The directory of what was cut off.
const CUT_DIRECTORY: &str = "cut";

/// What the journal must still hold: nothing that was signed or applied may be missing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Covered {
    /// The last signed checkpoint: its size and root.
    pub checkpoint: Option<(u64, TreeHash)>,
    /// Another one that is known to have been signed, by a record outside the disk.
    pub record: Option<(u64, TreeHash)>,
    /// The position of an intact view: the index of the next entry it will apply, and the chain hash there. `None` if
    /// there is no view, or a damaged one.
    pub view: Option<(u64, ChainHash)>,
}

impl Covered {
    /// Everything that was signed.
    fn signed(&self) -> impl Iterator<Item = (u64, TreeHash)> + use<> {
        self.checkpoint.into_iter().chain(self.record)
    }
}

/// What to do with a damaged last frame that may be torn or flipped, and that nothing signed covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TornTail {
    /// Stop and ask the operator.
    Ask,
    /// The operator said to cut it.
    Accept,
}

/// Where the view stands. (A view that is ahead of the journal is [`JournalError::ViewAhead`].)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewState {
    /// No view was given.
    Absent,
    /// It has applied everything.
    Current,
    /// It has applied a part: replay from its position.
    Behind,
    /// The journal never had this chain hash at this position: the view is damaged or another log's; rebuild it.
    Unknown,
}

/// What opening found.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The index that the next entry will have.
    pub next_index: u64,
    /// The chain hash after the last batch.
    pub chain: ChainHash,
    /// The tree of all entries.
    pub tree: Tree,
    /// Where the view stands.
    pub view: ViewState,
    /// The tails that were cut since the last entry, oldest first. The first batch of the caller must record them: once
    /// an entry is committed they are not reported again.
    pub cut: Vec<Cut>,
    /// Whether the last stop was clean, or this is the first start.
    pub clean: bool,
    /// The names that the log had before, oldest first.
    pub predecessors: Vec<Origin>,
    /// The index of the first entry under its present name, made or to be made.
    pub origin_since: u64,
}

impl Journal {
    /// Opens the journal of `origin` on `disk`, or makes it. The disk must be this process's alone.
    pub fn open(
        disk: Arc<dyn Disk>,
        keys: JournalKeys,
        origin: Origin,
        covered: Covered,
        torn_tail: TornTail,
        options: Options,
    ) -> Result<(Self, Opened), JournalError> {
        Self::open_as(Context::new(disk, keys, origin), None, covered, torn_tail, options)
    }

    /// Opens the journal of the log `old`, which goes by the name `origin` from the next entry on. The same again after
    /// a crash does no harm.
    pub fn succeed(
        disk: Arc<dyn Disk>,
        keys: JournalKeys,
        origin: Origin,
        old: &Origin,
        torn_tail: TornTail,
        options: Options,
    ) -> Result<(Self, Opened), JournalError> {
        Self::open_as(Context::new(disk, keys, origin), Some(old), Covered::default(), torn_tail, options)
    }

    fn open_as(
        context: Context,
        succeeds: Option<&Origin>,
        covered: Covered,
        torn_tail: TornTail,
        options: Options,
    ) -> Result<(Self, Opened), JournalError> {
        let context = Arc::new(context);
        let segments = survey(&context, succeeds)?;
        let predecessors = predecessors(&segments, &context.origin);
        // It is set here alone.
        let _ = context.predecessors.set(predecessors.clone());
        let first_name = segments.first().map_or(&context.origin, |segment| &segment.header.origin);
        let mut verified = Verified::start(first_name, covered)?;
        for (position, segment) in segments.iter().enumerate().skip(first_to_verify(&segments, covered)) {
            verified.segment(&context, segment, segments.get(position + 1))?;
        }
        let tail = verified.judge_tail(segments.last())?;
        verified.check_covered(&tail, torn_tail)?;

        let predecessor = match &verified.last {
            None => {
                context.disk.create_directory(DIRECTORY).map_err(JournalError::io("make", DIRECTORY))?;
                None
            }
            Some(last) => Some(last.settle(&context, tail)?),
        };
        let segment =
            make_segment(&context, options, predecessor, verified.chain, &verified.tree).map_err(from_commit)?;
        if let Some(last) = &verified.last {
            // Only space is lost if this fails: the new segment says where this one ends.
            let _ = last.walk.file.truncate(last.walk.offset);
        }

        let mut listed = verified.listed(&segments);
        listed.push(Listed { name: segment.name, end: segment.offset, marks: Some(Marks::default()) });
        let opened = Opened {
            next_index: verified.tree.size(),
            chain: verified.chain,
            tree: verified.tree.clone(),
            view: verified.view_state(),
            cut: unrecorded_cuts(&segments, predecessor, &verified),
            clean: verified.last.as_ref().is_none_or(|last| last.closed),
            origin_since: origin_since(&segments, &context.origin, verified.tree.size()),
            predecessors,
        };
        let catalogue = Arc::new(Catalogue::new(listed, verified.tree.size()));
        let Verified { chain, tree, .. } = verified;
        let journal = Self { context, catalogue, options, segment, chain, tree, stopped: false };
        Ok((journal, opened))
    }
}

/// The last segment that begins at or before everything that must be covered: a header is a snapshot, so nothing
/// earlier need be read.
fn first_to_verify(segments: &[Surveyed], covered: Covered) -> usize {
    let view = covered.view.map(|(next_index, _)| next_index);
    let needed = covered.signed().map(|(size, _)| size).chain(view).min().unwrap_or(u64::MAX);
    segments.iter().rposition(|segment| segment.name.first_index <= needed).unwrap_or(0)
}

/// What was verified so far.
pub(super) struct Verified {
    covered: Covered,
    chain: ChainHash,
    tree: Tree,
    /// The sizes of what was signed, as far as they were seen.
    signed_seen: Vec<u64>,
    view_seen: bool,
    /// Frames passed, by segment, for the catalogue.
    marks: Vec<(u64, Marks)>,
    last: Option<LastSegment>,
}

/// The last segment, walked as far as its frames are whole.
struct LastSegment {
    walk: Walk,
    /// Where its last batch begins, if it has one.
    last_batch: Option<u64>,
    /// Where its batches end.
    end: u64,
    /// Whether a close mark follows them.
    closed: bool,
    /// Why the walk ended before the end of the file.
    damage: Option<Damage>,
}

impl Verified {
    pub(super) fn start(first_name: &Origin, covered: Covered) -> Result<Self, JournalError> {
        let (chain, tree, signed_seen) = (ChainHash::first(first_name), Tree::empty(), Vec::new());
        let mut verified = Self { covered, chain, tree, signed_seen, view_seen: false, marks: Vec::new(), last: None };
        verified.visit_view();
        verified.compare_checkpoint(&Tree::empty())?;
        Ok(verified)
    }

    /// Walks one segment; `next` is the one after it.
    pub(super) fn segment(
        &mut self,
        context: &Context,
        segment: &Surveyed,
        next: Option<&Surveyed>,
    ) -> Result<(), JournalError> {
        let (mut walk, _) = Walk::open(context, segment.name)?;
        let end = next.map_or(segment.length, |next| next.header.previous_end);
        let mut marks = Marks::default();
        let (mut last_batch, mut batches_end, mut closed, mut damage) = (None, walk.offset, false, None);
        self.visit_place(&walk)?;
        while !closed {
            let tree = walk.tree.clone();
            match walk.step(end) {
                Ok(Step::End) => break,
                Ok(Step::Close) => closed = true,
                Ok(Step::Batch(batch)) => {
                    marks.note(batch.first_index, batch.offset);
                    (last_batch, batches_end) = (Some(batch.offset), walk.offset);
                    self.visit_batch(tree, &batch)?;
                    self.visit_place(&walk)?;
                }
                Err(JournalError::Damaged { damage: found, .. }) if next.is_none() => {
                    damage = Some(found);
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        self.marks.push((segment.name.ordinal, marks));
        match next {
            None => self.last = Some(LastSegment { walk, last_batch, end: batches_end, closed, damage }),
            Some(next) => {
                if walk.offset != end {
                    return Err(walk.damaged(Damage::Misplaced));
                }
                if next.header.tree != walk.tree || next.header.previous_chain != walk.chain {
                    return Err(JournalError::Discontinuous { segment: next.name.to_string() });
                }
            }
        }
        Ok(())
    }

    /// Notes a place between two batches.
    fn visit_place(&mut self, walk: &Walk) -> Result<(), JournalError> {
        (self.chain, self.tree) = (walk.chain, walk.tree.clone());
        self.visit_view();
        self.compare_checkpoint(&walk.tree)
    }

    fn visit_view(&mut self) {
        self.view_seen |= self.covered.view == Some((self.tree.size(), self.chain));
    }

    /// Compares the checkpoint if its size lies within a batch that was appended to `tree`.
    fn visit_batch(&mut self, mut tree: Tree, batch: &WalkedBatch) -> Result<(), JournalError> {
        let within = |size| size > batch.first_index && size < batch.first_index + batch.stored.len() as u64;
        if self.covered.signed().any(|(size, _)| within(size)) {
            for item in &batch.stored {
                tree.push(item.entry.leaf_hash());
                self.compare_checkpoint(&tree)?;
            }
        }
        Ok(())
    }

    fn compare_checkpoint(&mut self, tree: &Tree) -> Result<(), JournalError> {
        for (size, root) in self.covered.signed().filter(|(size, _)| *size == tree.size()) {
            if root != tree.root() {
                return Err(JournalError::CheckpointDiffers { size });
            }
            self.signed_seen.push(size);
        }
        Ok(())
    }

    /// Judges what lies behind the last whole frame.
    pub(super) fn judge_tail(&self, segment: Option<&Surveyed>) -> Result<Tail, JournalError> {
        let (Some(last), Some(segment)) = (&self.last, segment) else {
            return Ok(Tail::Empty);
        };
        let (name, length, expected) = (segment.name.to_string(), segment.length, segment.header.allocated);
        if length > expected {
            return Err(JournalError::Overlong { segment: name, length, expected });
        }
        let truncated = |expected| JournalError::Truncated { segment: name.clone(), length, expected };
        if last.closed {
            // The file is shortened after its mark is durable, so a crash between leaves the full length.
            let shortened = last.walk.offset;
            return if length == shortened || length == expected { Ok(Tail::Empty) } else { Err(truncated(shortened)) };
        }
        match last.damage {
            // Room for a close mark is always left, so an unmarked segment never ends with a frame.
            None => Err(truncated(expected)),
            Some(Damage::Incomplete) if length < expected => Err(truncated(expected)),
            // The frame's bytes are authentic, or its header is and reaches where no frame may: no crash leaves that.
            Some(
                damage @ (Damage::Misplaced
                | Damage::Tree
                | Damage::Layout
                | Damage::Incomplete
                | Damage::Commitment
                | Damage::Followed),
            ) => Err(last.walk.damaged(damage)),
            Some(damage) => {
                let judged = tail::judge(last.walk.file.as_ref(), last.walk.offset, length)
                    .map_err(JournalError::io("read", &segment.name.path()))?;
                match judged {
                    Tail::Followed => Err(last.walk.damaged(Damage::Followed)),
                    Tail::Empty if length < expected => Err(truncated(expected)),
                    // A file is shortened behind a close mark alone: this was one, or came before one.
                    _ if length < expected => Err(last.walk.damaged(damage)),
                    tail => Ok(tail),
                }
            }
        }
    }

    /// The number of entries.
    pub(super) fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Where the last segment's frames end.
    pub(super) fn end_site(&self) -> Option<Site> {
        self.last.as_ref().map(|last| last.walk.site())
    }

    /// What is wrong behind the close mark of the last segment, whose file may still be as long as it was made.
    pub(super) fn behind_the_mark(&self, segment: &Surveyed) -> Result<Option<JournalError>, JournalError> {
        let Some(last) = self.last.as_ref().filter(|last| last.closed) else { return Ok(None) };
        let (name, offset) = (segment.name, last.walk.offset);
        let is_unused = tail::is_zero_from(last.walk.file.as_ref(), offset, segment.length)
            .map_err(JournalError::io("read", &name.path()))?;
        Ok((!is_unused).then(|| JournalError::Remainder { segment: name.to_string(), offset }))
    }

    /// Checks that what is there, without the tail, covers what was signed and applied.
    fn check_covered(&self, tail: &Tail, torn_tail: TornTail) -> Result<(), JournalError> {
        let next_index = self.tree.size();
        let unseen = self.covered.signed().map(|(size, _)| size).filter(|size| !self.signed_seen.contains(size));
        let checkpoint_ahead = unseen.max();
        let view_ahead = self.covered.view.map(|(view, _)| view).filter(|view| *view > next_index);
        let view_unknown = self.view_state() == ViewState::Unknown;
        let site = || self.last.as_ref().map(|last| last.walk.site());
        if let (Tail::Torn(_) | Tail::Ambiguous(_), Some(site)) = (tail, site()) {
            if checkpoint_ahead.is_some() {
                return Err(JournalError::TailNeeded { site, by: "a signed checkpoint" });
            }
            if view_ahead.is_some() || view_unknown {
                return Err(JournalError::TailNeeded { site, by: "the view" });
            }
            if matches!(tail, Tail::Ambiguous(_)) && torn_tail == TornTail::Ask {
                return Err(JournalError::Ambiguous { site });
            }
        }
        if let Some(size) = checkpoint_ahead {
            return Err(JournalError::CheckpointAhead { size, next_index });
        }
        if let Some(view) = view_ahead {
            return Err(JournalError::ViewAhead { view, next_index });
        }
        Ok(())
    }

    fn view_state(&self) -> ViewState {
        match self.covered.view {
            None => ViewState::Absent,
            Some(_) if !self.view_seen => ViewState::Unknown,
            Some((next_index, _)) if next_index == self.tree.size() => ViewState::Current,
            Some(_) => ViewState::Behind,
        }
    }

    /// The segments for the catalogue.
    pub(super) fn listed(&self, segments: &[Surveyed]) -> Vec<Listed> {
        let last_end = self.last.as_ref().map_or(0, |last| last.end);
        let ends = segments.iter().skip(1).map(|next| next.header.previous_end).chain([last_end]);
        let marks = |ordinal| self.marks.iter().find(|(of, _)| *of == ordinal).map(|(_, marks)| marks.clone());
        segments
            .iter()
            .zip(ends)
            .map(|(segment, end)| Listed { name: segment.name, end, marks: marks(segment.name.ordinal) })
            .collect()
    }
}

impl LastSegment {
    /// Makes sure that what was verified is durable, and moves the tail aside.
    fn settle(&self, context: &Context, tail: Tail) -> Result<Predecessor, JournalError> {
        let path = self.walk.name.path();
        let (file, end) = (self.walk.file.as_ref(), self.end);
        // Before a close mark, every batch was synced. The mark itself may be lost: no later segment counts on it.
        if let (Some(start), false) = (self.last_batch, self.closed) {
            let mut frame = vec![0; (end - start) as usize];
            file.read_exact_at(&mut frame, start).map_err(JournalError::io("read", &path))?;
            file.write_at(&frame, start).map_err(JournalError::io("write", &path))?;
        }
        file.sync_data().map_err(JournalError::io("sync", &path))?;
        context.disk.sync_directory(DIRECTORY).map_err(JournalError::io("sync", DIRECTORY))?;

        let (bytes, cause) = match tail {
            Tail::Torn(bytes) => (bytes, CutCause::Torn),
            Tail::Ambiguous(bytes) => (bytes, CutCause::Accepted),
            Tail::Empty | Tail::Followed => {
                return Ok(Predecessor { ordinal: self.walk.name.ordinal, end, cut: None });
            }
        };
        let copy = cut_path(&self.walk.name.to_string(), end);
        context.disk.create_directory(CUT_DIRECTORY).map_err(JournalError::io("make", CUT_DIRECTORY))?;
        context.disk.swap(&copy, &bytes).map_err(JournalError::io("write", &copy))?;
        let cut = CutMark { length: bytes.len() as u64, sha256: sha256(&bytes), cause };
        Ok(Predecessor { ordinal: self.walk.name.ordinal, end, cut: Some(cut) })
    }
}

/// The cuts that no entry can have recorded yet: those that the headers since the last entry name, and this start's.
fn unrecorded_cuts(segments: &[Surveyed], predecessor: Option<Predecessor>, verified: &Verified) -> Vec<Cut> {
    let cut = |segment: &Surveyed, offset, mark: CutMark| Cut {
        segment: segment.name.to_string(),
        offset,
        length: mark.length,
        sha256: mark.sha256,
        cause: mark.cause,
        file: cut_path(&segment.name.to_string(), offset),
    };
    let pairs = segments.iter().zip(segments.iter().skip(1));
    let earlier = pairs.filter(|(_, next)| next.name.first_index == verified.tree.size());
    let mut cuts: Vec<_> = earlier
        .filter_map(|(segment, next)| next.header.cut.map(|mark| cut(segment, next.header.previous_end, mark)))
        .collect();
    if let (Some(segment), Some(predecessor)) = (segments.last(), predecessor) {
        cuts.extend(predecessor.cut.map(|mark| cut(segment, predecessor.end, mark)));
    }
    cuts
}

pub(super) fn cut_path(segment: &str, offset: u64) -> String {
    format!("{CUT_DIRECTORY}/{segment}-{offset}")
}

fn from_commit(error: CommitError) -> JournalError {
    match error {
        CommitError::NoSpace => JournalError::NoSpace,
        CommitError::Fatal(source) => JournalError::io("make a segment in", DIRECTORY)(source),
        _ => JournalError::NotSealed,
    }
}
