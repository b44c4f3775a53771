//! The server's configuration: one TOML file, read once and checked whole.
//!
//! The command line is the only reader of configuration: the floors below take the values, never the file. A key that
//! is not known is an error, as are values that contradict each other; the message names file, line and remedy.
//! Relative paths are relative to the file. `config/strongroom.toml` holds every key with its default and says what
//! goes wrong.
//!
//! Not here: whether the files that the paths name exist and serve (who opens them says so), and the profile of the
//! policy authority (bodies, sets, purposes), which `init` reads from a file of its own ([`authority`]) and which is in
//! the log from then on.

pub mod authority;
mod check;
mod error;
mod limits;
mod listeners;
mod operation;
mod process;
mod witnesses;

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

pub use error::ConfigError;
pub(super) use error::line_of;
pub use limits::Limits;
pub use listeners::{MutualTls, Operations, Public};
pub use operation::{Data, Keys, Level, Log, RootKey, Tracing, TracingFormat};
pub use process::{Process, SandboxMode};
pub use witnesses::{ReadRule, Witnesses};

/// Everything that `strongroom serve` is told. Paths are absolute or relative to the current directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The log's name, which its keys and every checkpoint carry: a name with a domain of one's own, for ever the same.
    pub origin: String,
    /// How many threads serve requests; without it, as many as the machine has cores.
    #[serde(default)]
    pub workers: Option<std::num::NonZeroU32>,
    /// The listener for everyone with a certificate.
    pub mutual_tls: MutualTls,
    /// The listener for everyone, for published documents and the log.
    #[serde(default)]
    pub public: Public,
    /// The listener for monitoring.
    #[serde(default)]
    pub operations: Operations,
    /// Where the data is.
    pub data: Data,
    /// Where the keys are.
    pub keys: Keys,
    /// How often the log speaks.
    #[serde(default)]
    pub log: Log,
    /// Who cosigns the log's checkpoints.
    #[serde(default)]
    pub witnesses: Witnesses,
    /// What bounds the work.
    #[serde(default)]
    pub limits: Limits,
    /// What is asked of the operating system.
    #[serde(default)]
    pub process: Process,
    /// What is told about the running.
    #[serde(default)]
    pub tracing: Tracing,
}

impl Config {
    /// Reads and checks a configuration file.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text =
            fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { file: path.to_owned(), source })?;
        Self::parse(path, &text)
    }

    /// Checks the text of a configuration file that is at `path`.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let mut config: Self =
            toml::from_str(text).map_err(|error| ConfigError::from_toml(path, text, &error, EXPLAINED))?;
        check::check(&config).map_err(|contradiction| contradiction.at(path, text))?;
        config.resolve(path.parent().unwrap_or(Path::new("")));
        Ok(config)
    }

    fn resolve(&mut self, base: &Path) {
        let paths = [
            &mut self.mutual_tls.certificate,
            &mut self.mutual_tls.key,
            &mut self.mutual_tls.client_ca,
            &mut self.data.directory,
            &mut self.keys.log,
        ];
        let witnesses = &mut self.witnesses;
        let optional =
            [self.keys.root.as_mut(), witnesses.policy.as_mut(), witnesses.ca.as_mut()].into_iter().flatten();
        for path in paths.into_iter().chain(optional).chain(&mut self.mutual_tls.crls) {
            // An absolute path replaces the base.
            *path = base.join(&*path);
        }
    }
}

/// The file of the distribution that explains every key.
const EXPLAINED: &str = "config/strongroom.toml";

#[cfg(test)]
mod tests;
