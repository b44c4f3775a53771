//! Data, keys, log and tracing.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// The directory of the journal, the documents and the view; one server at a time.
    pub directory: PathBuf,
    /// The space of its disk, in bytes, that documents leave to the log and the view; 0 for none.
    #[serde(default = "reserve_bytes")]
    pub reserve_bytes: u64,
}

/// Four segments of the journal.
fn reserve_bytes() -> u64 {
    256 << 20
}

/// Where the keys are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The file with the root key, mode 0600. Either this or `root_command`.
    #[serde(default)]
    pub root: Option<PathBuf>,
    /// A program and its arguments that print the root key. Either this or `root`.
    #[serde(default)]
    pub root_command: Option<Vec<String>>,
    /// The file with the log's signing key, mode 0600.
    pub log: PathBuf,
}

/// Where the root key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootKey<'a> {
    /// A file.
    File(&'a Path),
    /// A program with its arguments.
    Command(&'a str, &'a [String]),
}

impl Keys {
    /// Where the root key comes from; `None` only for keys that were not checked.
    pub fn root_key(&self) -> Option<RootKey<'_>> {
        match (&self.root, self.root_command.as_deref()) {
            (Some(file), None) => Some(RootKey::File(file)),
            (None, Some([program, arguments @ ..])) => Some(RootKey::Command(program, arguments)),
            _ => None,
        }
    }
}

/// How often the log speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Seconds between checkpoints while there is something new.
    pub checkpoint_seconds: NonZeroU32,
    /// Seconds between heartbeat entries; 0 for none.
    pub heartbeat_seconds: u32,
}

/// What is told about the running: to standard error, never content, titles or statements.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tracing {
    /// The least severe level that is told.
    pub level: Level,
    /// For people or for machines.
    pub format: TracingFormat,
}

/// A level of severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Only what failed.
    Error,
    /// And what should be looked at.
    Warn,
    /// And what a day brings.
    #[default]
    Info,
    /// And how it came about.
    Debug,
    /// Everything.
    Trace,
}

impl Level {
    /// The name as the configuration and `tracing` write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// The shape of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TracingFormat {
    /// A line for people.
    #[default]
    Text,
    /// A JSON object for machines.
    Json,
}

impl Default for Log {
    fn default() -> Self {
        Self { checkpoint_seconds: NonZeroU32::MIN, heartbeat_seconds: 3600 }
    }
}
