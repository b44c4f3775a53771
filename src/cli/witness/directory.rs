//! A witness's directory: its key, its verifier keys, its list of logs, and its state.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::edge::witness::serve::WitnessServeError;
use crate::pure::tlog::signer::UnusableSeed;
use crate::pure::tlog::verifier_key::{KeyName, VerifierKey};
use crate::service::witness::keys::WitnessKeys;
use crate::service::witness::logs::{InvalidList, KnownLogs};
use crate::service::witness::state::DamagedState;
use crate::storage::disk::OpenError;
use crate::storage::seal::keys::provider::{KeyError, KeyProvider};

/// Where everything of a witness lies.
#[derive(Clone, Debug)]
pub struct Directory(PathBuf);

impl Directory {
    /// The directory at `path`, which need not exist.
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The secret seed.
    pub fn key(&self) -> PathBuf {
        self.0.join("witness.key")
    }

    /// The verifier keys, one a line, Ed25519 first. They also hold the witness's name.
    pub fn verifier_keys(&self) -> PathBuf {
        self.0.join("witness.vkey")
    }

    /// The verifier keys of the logs.
    pub fn logs(&self) -> PathBuf {
        self.0.join("logs")
    }

    /// What was cosigned.
    pub fn state(&self) -> PathBuf {
        self.0.join("state")
    }

    /// Loads the keys, which must be those that were handed out.
    pub fn load_keys(&self) -> Result<(KeyName, WitnessKeys), WitnessError> {
        let path = self.verifier_keys();
        let text = fs::read_to_string(&path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => WitnessError::NoWitness { dir: self.0.clone() },
            _ => WitnessError::Io { path: path.clone(), source },
        })?;
        let other = || WitnessError::OtherKeys { vkey: path.clone(), key: self.key() };
        let handed_out: Vec<_> = text.lines().map(VerifierKey::parse).collect::<Result<_, _>>().map_err(|_| other())?;
        let name = handed_out.first().ok_or_else(other)?.name().clone();
        let keys = WitnessKeys::from_seed(&name, &KeyProvider::File(self.key()).load()?)?;
        if keys.verifier_keys().as_slice() != handed_out { Err(other()) } else { Ok((name, keys)) }
    }

    /// Reads the list of logs for the witness `name`.
    pub fn load_logs(&self, name: &KeyName) -> Result<KnownLogs, WitnessError> {
        let path = self.logs();
        let bytes = fs::read(&path).map_err(|source| WitnessError::Io { path: path.clone(), source })?;
        KnownLogs::parse(&bytes, name).map_err(|invalid| WitnessError::Logs { path, invalid })
    }
}

/// Why a witness was not made, or is not served.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// There is something of what would be made.
    #[error(
        "{} holds {names} already, and nothing is overwritten. Choose another directory; if an init was cut short there, \
         remove them first.",
        dir.display()
    )]
    Taken {
        /// The directory.
        dir: PathBuf,
        /// What is there.
        names: String,
    },
    /// The directory has no verifier keys.
    #[error(
        "{} holds no witness. Check --dir, or make one with: strongroom witness init --dir {} --name NAME",
        dir.display(),
        dir.display()
    )]
    NoWitness {
        /// The directory.
        dir: PathBuf,
    },
    /// The state's directory is gone: an empty one in its place would cosign a second history.
    #[error(
        "{} is not there, and a witness without it could cosign a second history. Put back the latest state, or make \
         another witness with a new key and name.",
        path.display()
    )]
    NoState {
        /// Where it should be.
        path: PathBuf,
    },
    /// A file or directory cannot be read or written.
    #[error("{} cannot be used: {source}. Remove the cause and try again.", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The handed-out keys are not those of the seed.
    #[error(
        "{} does not hold the verifier keys of {}, Ed25519 and ML-DSA-44 a line each. Restore both from one copy.",
        vkey.display(),
        key.display()
    )]
    OtherKeys {
        /// The verifier keys.
        vkey: PathBuf,
        /// The seed.
        key: PathBuf,
    },
    /// The list of logs is wrong.
    #[error("{}, {invalid}.", path.display())]
    Logs {
        /// The list.
        path: PathBuf,
        /// Where and how.
        invalid: InvalidList,
    },
    /// The seed cannot be used.
    #[error(transparent)]
    Seed(#[from] UnusableSeed),
    /// The key file cannot be read or made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The state's directory cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The state cannot be believed.
    #[error(transparent)]
    State(#[from] DamagedState),
    /// It cannot listen, or failed.
    #[error(transparent)]
    Serve(#[from] WitnessServeError),
}
