//! `strongroom audit`: the log's records, for the auditor and for each person their own, verified as they come.
//!
//! With the log's key nothing is taken on the server's word: the checkpoint's signature is verified, the tree is read
//! from tiles that its root covers, and every entry is made again from its record and opening before its line is
//! written. It uses `pure`, the client and what the verbs share, so that an auditor need not trust the server's code.

pub mod error;

mod export;
mod follow;
mod format;
mod interrupts;
mod server;
mod signed;
mod state;
mod walk;

use std::path::{Path, PathBuf};

use clap::Subcommand;

use self::format::Format;
use self::signed::LogKeys;
use self::state::State;
use self::walk::Selection;
use super::common::failure::Failure;
use super::common::output::Output;
use crate::edge::client::Client;

/// What to do with the audit log.
#[derive(Debug, clap::Args)]
pub struct Audit {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Export records as JSON lines, verified against the log's checkpoint
    Export(export::Export),
    /// Print records as they come, until it is told to stop
    Follow(follow::Follow),
}

impl Audit {
    /// Exports or follows.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self.verb {
            Verb::Export(export) => export.run(client, output),
            Verb::Follow(follow) => follow.run(client),
        }
    }
}

/// What both verbs take.
#[derive(Debug, clap::Args)]
struct What {
    /// Only records of which this person is the subject; anyone but the auditor names oneself
    #[arg(long, value_name = "PERSON")]
    person: Option<String>,
    /// Only records about this document
    #[arg(long, value_name = "DOCUMENT")]
    document: Option<String>,
    /// The form of a line: the record with its index and opening, or an event of ECS or OCSF
    #[arg(long, value_enum, default_value_t = Format::Records)]
    format: Format,
    /// The log's verifier key, or a file with the log's verifier keys, one a line: verify everything
    #[arg(long, value_name = "KEY|FILE", env = "STRONGROOM_LOG_KEY", hide_env_values = true)]
    log_key: Option<String>,
    /// A policy (C2SP tlog-policy): which witnesses must have cosigned the checkpoint
    #[arg(long, value_name = "FILE", requires = "log_key")]
    policy: Option<PathBuf>,
    /// Keeps the last verified checkpoint: go on after it, and prove that the log only grew since
    #[arg(long, value_name = "FILE", requires = "log_key")]
    state: Option<PathBuf>,
}

impl What {
    fn keys(&self) -> Result<Option<LogKeys>, Failure> {
        Ok(self.log_key.as_deref().map(|key| LogKeys::read(key, self.policy.as_deref())).transpose()?)
    }

    fn state(&self, keys: Option<&LogKeys>) -> Result<Option<State>, Failure> {
        match (&self.state, keys) {
            (Some(path), Some(keys)) => Ok(Some(State::load(path, keys)?)),
            _ => Ok(None),
        }
    }

    fn selection(&self) -> Selection {
        Selection { person: self.person.clone(), document: self.document.clone() }
    }
}

/// The folder that a file is in.
fn folder_of(file: Option<&Path>) -> PathBuf {
    let parent = file.and_then(Path::parent).filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).to_owned()
}
