//! What a repository stands on: the disk with its files, and the few things that lie elsewhere.

use std::path::PathBuf;
use std::sync::Arc;

use super::view::VIEW_FOLDER;
use super::{Settings, StartError};
use crate::service::publishing::own_record::OwnRecord;
use crate::storage::blobs::{BlobId, NewId};
use crate::storage::disk::{Disk, RealDisk};
use crate::storage::journal;
use crate::storage::view::ViewOptions;

/// What a repository stands on. Key files are no part of it: they are read once, at the start, and a start that cannot
/// read them is refused.
pub struct Ground {
    /// The data directory, but for the view.
    pub disk: Arc<dyn Disk>,
    /// The folder of the view, on the real file system: its engine keeps files of its own. What is lost of it is made
    /// again from the journal.
    pub view: PathBuf,
    /// How the view is run.
    pub view_options: ViewOptions,
    /// Where the last signed tree is recorded.
    pub record: OwnRecord,
    /// How the journal is kept.
    pub journal: journal::Options,
    /// Where the ids of new blobs come from.
    pub blob_ids: NewId,
}

impl Ground {
    /// The data directory of the settings on the real disk, locked.
    pub fn of(settings: &Settings) -> Result<Self, StartError> {
        Ok(Self {
            disk: Arc::new(RealDisk::open(&settings.data)?),
            view: settings.data.join(VIEW_FOLDER),
            view_options: ViewOptions::default(),
            record: OwnRecord::of(&settings.log_key, &settings.data),
            journal: journal::Options::default(),
            blob_ids: Arc::new(BlobId::generate),
        })
    }
}
