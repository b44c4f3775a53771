//! What a verifying verb is told to rely on: keys on the command line or in a file, and a policy of witnesses.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::pure::audit::evidence::EvidenceError;
use crate::pure::audit::rotation::InvalidRotation;
use crate::pure::audit::trust::Trust;
use crate::pure::tlog::note::Note;
use crate::pure::tlog::policy::{InvalidPolicy, MAX_POLICY_LEN, Policy};

/// Why it cannot be told what to rely on.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// A file cannot be read.
    #[error("{what} {} cannot be read: {source}. Give the path of the right file.", path.display())]
    Unreadable {
        /// What the file was to be.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The keys cannot be used.
    #[error("{error} They are to be in {given}, one a line as in log.vkey.")]
    Keys {
        /// What was given.
        given: String,
        /// What is wrong.
        error: EvidenceError,
    },
    /// The file is no rotation, or does not lead on.
    #[error("{}{error} Nothing was verified.", of(files))]
    Rotation {
        /// The files.
        files: Vec<PathBuf>,
        /// What is wrong.
        error: InvalidRotation,
    },
    /// The file is no policy.
    #[error("{}: {error}. Nothing was verified.", path.display())]
    Policy {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: InvalidPolicy,
    },
}

/// The keys that `--key` gives, itself or in the file that it names, and the policy in the file that `--policy` names.
pub fn trust(key: &str, policy: Option<&Path>) -> Result<Trust, TrustError> {
    let trust = in_keys(key)?;
    let Some(path) = policy else { return Ok(trust) };
    let bytes = read(path, "The policy", MAX_POLICY_LEN)?;
    let policy = Policy::parse(&bytes).map_err(|error| TrustError::Policy { path: path.to_owned(), error })?;
    Ok(trust.under(policy))
}

/// The trust that the rotations in those files lead to.
pub fn through(trust: Trust, rotations: &[PathBuf]) -> Result<Trust, TrustError> {
    let mut notes = Vec::with_capacity(rotations.len());
    for path in rotations {
        let bytes = read(path, "The rotation", MAX_KEYS_LEN)?;
        let wrong = |error| TrustError::Rotation { files: vec![path.clone()], error };
        notes.push(Note::parse(&bytes).map_err(|error| wrong(error.into()))?);
    }
    trust.through(&notes).map_err(|error| TrustError::Rotation { files: rotations.to_vec(), error })
}

fn of(files: &[PathBuf]) -> String {
    let names: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
    format!("{}: ", names.join(", "))
}

fn in_keys(given: &str) -> Result<Trust, TrustError> {
    let path = Path::new(given);
    // A key holds plus signs, and its base64 may hold slashes, so that only a file that is there is taken for one.
    let text = if given.split('+').count() >= 3 && !path.exists() {
        given.to_owned()
    } else {
        let bytes = read(path, "The file of verifier keys", MAX_KEYS_LEN)?;
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Trust::in_keys(&text).map_err(|error| TrustError::Keys { given: given.to_owned(), error })
}

/// Reads a file, one byte over `limit` at most, which the parsers refuse.
fn read(path: &Path, what: &'static str, limit: usize) -> Result<Vec<u8>, TrustError> {
    let unreadable = |source| TrustError::Unreadable { what, path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

/// Far over any file of keys.
const MAX_KEYS_LEN: usize = 1 << 20;
