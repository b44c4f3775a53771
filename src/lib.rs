//! Strongroom: the repository in which a PKI's Policy Management Authority keeps its policy documents.
//!
//! **Everything that happens is an entry in one signed, append-only journal; everything else is derived from it.**
//!
//! ```text
//! client ──mTLS──► edge::pki ──► edge::http ──► command ──► service::registrar ─┬─ decide   pure::domain, rules over facts
//!                                                                               ├─ append   storage::journal, one fsync a batch
//!                                                                               ├─ extend   service::publishing, tree and checkpoint
//!                                                                               └─ apply    storage::view, rebuildable
//!         ◄── bytes, only with a ReadPermit that the registrar made after the append ──── storage::blobs
//!
//! service::publishing ── signed checkpoint ──► edge::witness ──► witnesses ── cosignatures ──► published checkpoint
//! ```
//!
//! # Floors, from the ground up
//! An import goes down, never up; `tests/tidy.rs` holds this.
//!
//! | floor | rooms | what it knows |
//! |---|---|---|
//! | [`pure`] | [`domain`](pure::domain) [`record`](pure::record) [`tlog`](pure::tlog) [`detached`](pure::detached) [`lodger`](pure::lodger) [`audit`](pure::audit) [`wire`](pure::wire) | values and rules: no file, clock, randomness or thread |
//! | [`storage`] | [`disk`](storage::disk) [`seal`](storage::seal) [`journal`](storage::journal) [`tiles`](storage::tiles) [`blobs`](storage::blobs) [`view`](storage::view) | how to remember; no policy |
//! | [`service`] | [`registrar`](service::registrar) [`lodging`](service::lodging) [`reading`](service::reading) [`evidence`](service::evidence) [`publishing`](service::publishing) [`startup`](service::startup) [`checking`](service::checking) [`witness`](service::witness) | joins domain and storage |
//! | [`edge`] | [`pki`](edge::pki) [`http`](edge::http) [`client`](edge::client) [`witness`](edge::witness) | certificates, HTTP; statuses are born here |
//! | [`cli`] | one file a verb | the only reader of configuration |
//!
//! # Invariants
//! 1. **Durable before disclosed.** No byte of content leaves before the entry that permits it is synced: only the
//!    registrar makes a [`ReadPermit`](service::registrar::ReadPermit), and disclosure takes one.
//! 2. **One writer, one order.** Every command, reads included, is decided in sequence against the state that the
//!    entries before it made. What waits while one sync runs is the next batch.
//! 3. **The view is disposable.** It holds its position and the chain hash there; behind is replayed, damaged is set
//!    aside and rebuilt, ahead stops the start, since entries were lost.
//! 4. **The journal is never repaired silently.** Only a tail that a crash tore is cut, and the cut is an entry.
//! 5. **Time never goes back.** An entry's time is the later of the clock and the last entry; a clock that cannot be
//!    right refuses everything.
//! 6. **Blob before event.** A document's bytes are durable before the entry that names them; an orphan is swept.
//! 7. **Secrets at rest are sealed**, and log entries are commitments, so that the log may be shown to anyone.
//! 8. **Refuse, then explain, but for what may not be known of:** hidden and absent take the same path.
//! 9. **Everything from outside has a limit**, a configured number and an error.
//! 10. **What was signed is not forgotten.** The last signed tree is recorded outside the data directory before its
//!     signature leaves; a directory that does not hold it, or what a witness cosigned, is denied to everyone.

pub mod pure;

#[cfg(feature = "server")]
pub mod storage;

#[cfg(feature = "server")]
pub mod service;

#[cfg(feature = "server")]
pub mod edge;

#[cfg(feature = "server")]
pub mod cli;

#[cfg(all(fuzzing, feature = "server"))]
pub mod fuzzing;
