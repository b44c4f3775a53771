//! A permit to disclose content: proof that the entry that permits it is durable (READ-4).

use std::sync::Arc;

use crate::pure::domain::document::Document;
use crate::pure::domain::version::Version;

/// Permission to disclose one version's content once, to the one who asked.
///
/// Only the registrar makes one, after the journal has made the entry durable; the byte streamer takes one. So no byte
/// of content can leave before its entry.
#[derive(Debug)]
pub struct ReadPermit {
    entry: u64,
    document: Arc<Document>,
    version: Arc<Version>,
}

impl ReadPermit {
    pub(super) fn new(entry: u64, document: Arc<Document>, version: Arc<Version>) -> Self {
        Self { entry, document, version }
    }

    /// The index of the entry that permits the read.
    pub fn entry(&self) -> u64 {
        self.entry
    }

    /// The document.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The version as it was when the read was decided.
    pub fn version(&self) -> &Version {
        &self.version
    }
}
