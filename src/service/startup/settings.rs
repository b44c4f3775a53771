//! What a repository is opened with.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use crate::pure::tlog::leaf::Origin;
use crate::service::publishing::witnessing::Witnessing;
use crate::storage::journal::TornTail;
use crate::storage::seal::keys::provider::KeyProvider;

/// What a repository is opened with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The log's name.
    pub origin: Origin,
    /// The data directory.
    pub data: PathBuf,
    /// Where the root key comes from.
    pub root_key: KeyProvider,
    /// Where the log's signing seed comes from.
    pub log_key: KeyProvider,
    /// The time between two checkpoints.
    pub tick: Duration,
    /// How many bytes of the data directory's disk documents leave to the log and the view.
    pub reserve_bytes: u64,
    /// How many requests may wait for the registrar.
    pub queue_length: NonZeroUsize,
    /// How many refusals a person and minute become entries.
    pub refusals_per_minute: NonZeroU32,
    /// Whether the operator accepts that a damaged last batch, which may be torn, is cut.
    pub torn_tail: TornTail,
    /// The witnesses, and what reads wait for.
    pub witnessing: Witnessing,
}
