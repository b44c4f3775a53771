//! The journal: the only writer of truth. What it holds is what happened; everything else is derived from it.
//!
//! A commit makes one batch durable: entries, with their openings and records sealed, as one frame of an append-only
//! segment file, with one `fdatasync`. The [`Journal`] belongs to one thread; any number of [`Reader`]s may run beside
//! it and see what was committed.
//!
//! # Invariants
//! - Nothing is acknowledged before it is durable. After an error whose effect cannot be known the journal refuses
//!   everything until it is opened again.
//! - Nothing is rewritten in place with other bytes (a start writes the last batch again, to be sure that it is
//!   durable). Every start, every recovery and every full segment begins a new segment with a new salt, so no counter
//!   repeats under a key.
//! - Every bit is covered by an authentication tag, a hash or a check for what never was written; damage stops the
//!   start with what, where and how to restore. Only a tail that a crash tore is cut, by the rules in `tail`.
//!
//! # Bytes (version 1, for ever; all integers big-endian)
//! Segments lie in `journal/` and are named `<first index, 20 digits>-<ordinal, 10 digits>.segment`. Ordinals count
//! from 0 without a gap; the index of an entry is its leaf's index in the tree. A segment is made under the name `new`,
//! synced and then renamed, so a named segment always has a whole header. Its header:
//! ```text
//!   0  magic "strongroom/seg1\n"        16      120  length of the cut after that end, or 0     8
//!  16  header length                     4      128  SHA-256 of the bytes cut, or 0            32
//!  20  epoch of the journal key          4      160  why cut: 0 nothing, 1 torn, 2 accepted     1
//!  24  salt                             32      161  number of complete subtrees                1
//!  56  ordinal                           8      162  length of the origin                       1
//!  64  first index = size of the tree    8      163  origin
//!  72  previous chain hash              32           roots of the complete subtrees, largest first, 32 each
//! 104  length the file was made with     8           zeros up to a multiple of 512, less the tag
//! 112  where the previous segment ends   8           tag of an empty frame, counter 0, over all before it: 16
//! ```
//! So a header is a snapshot, and a start verifies from the last one on. Frames follow one another directly; each is a
//! multiple of 16 bytes long:
//! ```text
//!   0  length of the whole frame          4       64  batch id, random                        16
//!   4  kind: "SRb1" batch, "SRc1" close   4       80  size of the tree after it                8
//!   8  counter: 1, 2, ... in a segment    8       88  root of the tree after it               32
//!  16  first index                        8      120  first 8 bytes of SHA-256 of 0..120       8
//!  24  number of entries                  4      128  entries                        48 for each
//!  28  length of the sealed part          4           sealed part, multiple of 16
//!  32  previous chain hash               32
//! ```
//! The sealed part is AES-256-GCM over the openings and records, `opening 32 | record length u16 | record` for each
//! entry and then zeros up to a multiple of 16, and its tag of 16 bytes; the nonce is the counter, and the associated
//! data is everything before the sealed part in the frame.
//!
//! The chain hash of a batch is `SHA-256(previous chain hash || frame)`; that before the first is
//! `SHA-256("strongroom/v1 journal chain" || origin)`. A close mark is a frame without entries that says that the
//! segment was left on purpose; it is no link of the chain, and no later segment counts on it. The rest of an unclosed
//! segment is zeros. What follows the end that the next segment's header names is ignored.
//!
//! A segment's origin is the log's name when it was made, and its entries commit under that name. A log that goes on
//! under another name ([`Journal::succeed`]) begins a segment under it; the chain and the tree go on as they are.
//!
//! Not here: deciding what to record (`service`), what records mean (`pure::record`), signing checkpoints and the view;
//! the start tells this room what they cover.

mod batch;
mod bytes;
mod catalogue;
mod chain;
mod commit;
mod error;
mod examine;
mod keys;
mod open;
mod reader;
mod scrub;
mod segment;
mod survey;
mod tail;
mod walk;

#[cfg(test)]
mod golden;
#[cfg(test)]
mod tests;

pub use batch::{MAX_BATCH_ENTRIES, MAX_FRAME_LEN, MAX_RECORD_LEN, SealedInput, Stored, frame_len};
pub use chain::ChainHash;
pub use commit::{Committed, Journal, Options};
pub use error::{CommitError, Damage, JournalError, Site};
pub use examine::{Examined, examine};
pub use keys::JournalKeys;
pub use open::{Covered, Opened, TornTail, ViewState};
pub use reader::{Reader, Replay, ReplayedBatch};
pub use scrub::{Progress, Scrubbed, scrub};
pub use segment::{Cut, CutCause, DIRECTORY};
