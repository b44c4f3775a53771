//! What a witness has cosigned: for each log one small file, named by the SHA-256 of the log's origin.
//!
//! ```text
//! strongroom witness v1 <SHA-256 of the rest, in hexadecimal>
//! <the checkpoint with the signatures of its log and the witness's cosignatures>
//! ```
//!
//! The digest finds accidents; the cosignatures, which must be the witness's own, find forgeries. An older file that
//! was put back is found by neither.

use std::collections::HashMap;
use std::sync::Arc;

use super::decision::Submission;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::cosignature::Cosignature;
use crate::pure::tlog::hash::sha256;
use crate::pure::tlog::note::{Note, NoteSignature};
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::storage::disk::Disk;

/// The latest checkpoint of a log that was cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// The time of the cosignatures, in seconds of POSIX time.
    pub time: u64,
    /// The note with the log's signatures and the cosignatures, as it is served.
    pub note: String,
}

impl Cosigned {
    /// What `submission` becomes with the cosignatures made at `time`.
    pub(super) fn new(submission: Submission, time: u64, cosignatures: &[NoteSignature]) -> Self {
        let Submission { checkpoint, mut note, .. } = submission;
        cosignatures.iter().for_each(|cosignature| note.add(cosignature.clone()));
        Self { checkpoint, time, note: note.to_string() }
    }

    /// The file's content.
    pub(super) fn to_file(&self) -> Vec<u8> {
        format!("{HEAD}{}\n{}", hex::encode(sha256(self.note.as_bytes())), self.note).into_bytes()
    }

    /// Reads a file's content; `None` unless it is sound, and cosigned by every key of `own`.
    fn from_file(bytes: &[u8], own: &[VerifierKey]) -> Option<Self> {
        let (digest, note) = std::str::from_utf8(bytes).ok()?.strip_prefix(HEAD)?.split_once('\n')?;
        if digest != hex::encode(sha256(note.as_bytes())) {
            return None;
        }
        let parsed = Note::parse(note.as_bytes()).ok()?;
        let signed_by = parsed.verify(own).ok()?;
        if !own.iter().all(|key| signed_by.contains(&key)) {
            return None;
        }
        let cosignatures = parsed.signatures().iter().filter(|line| own.iter().any(|key| line.claims(key)));
        let times = cosignatures.filter_map(|line| Cosignature::parse(line.signature())).map(|line| line.time);
        Some(Self { checkpoint: Checkpoint::parse(parsed.text()).ok()?, time: times.max()?, note: note.to_owned() })
    }
}

/// The latest cosigned checkpoint of every log, by the name of its file.
#[derive(Debug, Default)]
pub(super) struct States(HashMap<String, Arc<Cosigned>>);

impl States {
    /// Reads every file; one that is not sound, or not cosigned by `own`, is an error.
    pub(super) fn load(disk: &dyn Disk, own: &[VerifierKey]) -> Result<Self, DamagedState> {
        let unreadable = |name: &str| {
            let name = name.to_owned();
            move |source| DamagedState::Unreadable { name, source }
        };
        let mut states = Self::default();
        // What a swap left unfinished has another name, and was answered to nobody.
        for name in disk.list("").map_err(unreadable(""))?.into_iter().filter(|name| is_file_name(name)) {
            let bytes = disk.read(&name).map_err(unreadable(&name))?;
            match Cosigned::from_file(&bytes, own) {
                Some(cosigned) if file_name(cosigned.checkpoint.origin.as_str()) == name => {
                    states.insert(name, cosigned);
                }
                _ => return Err(DamagedState::Damaged { name }),
            }
        }
        Ok(states)
    }

    pub(super) fn get(&self, name: &str) -> Option<Arc<Cosigned>> {
        self.0.get(name).cloned()
    }

    pub(super) fn insert(&mut self, name: String, cosigned: Cosigned) {
        self.0.insert(name, Arc::new(cosigned));
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// The name of a log's file, and of its checkpoint where it is served: SHA-256 of the origin in lower-case hexadecimal.
pub fn file_name(origin: &str) -> String {
    hex::encode(sha256(origin.as_bytes()))
}

/// Why the state cannot be believed. Going on without it could cosign a second history.
#[derive(Debug, thiserror::Error)]
pub enum DamagedState {
    /// The operating system refused.
    #[error("the state of the witness, state/{name}, cannot be read: {source}; remove the cause and start again")]
    Unreadable {
        /// The file; empty for the directory.
        name: String,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The content is not what this witness wrote.
    #[error(
        "state/{name} is damaged, or was not written by this witness's key. A checkpoint is cosigned only if it extends the \
         last one, so nothing is served without it. Restore it only from a copy that is certainly the latest; else give \
         this witness up and make one with a new key and name"
    )]
    Damaged {
        /// The file.
        name: String,
    },
}

fn is_file_name(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

const HEAD: &str = "strongroom witness v1 ";
