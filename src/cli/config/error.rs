//! What can be wrong with a configuration: file, line, what, and the remedy.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A configuration that the server does not start with. Always the operator's to mend.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(
        "The configuration {} cannot be read: {source}. Give the path of the file with --config, or make one with \
         `strongroom init`.",
        file.display()
    )]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The data directory holds no journal: to start there would begin a second log under the same name and key.
    #[error(
        "There is no journal in {}, so that a second log would begin there under the name and key of the first. Correct \
         data.directory, restore the directory, or make a new one with `strongroom init`.",
        directory.display()
    )]
    NoJournal {
        /// The data directory.
        directory: PathBuf,
    },
    /// A rotation is entered, and cannot be published beside the configuration.
    #[error(
        "The log's keys are of epoch {epoch} from entry {entry} on, but log.vkey or the rotation's note cannot be written \
         beside the configuration: {source}. Run the same again, which writes them and rotates nothing."
    )]
    NotPublished {
        /// The epoch.
        epoch: u32,
        /// Its entry.
        entry: u64,
        /// What the operating system says.
        source: io::Error,
    },
    /// The keys under a new name cannot be published.
    #[error("The loss is accepted, but {} cannot be written: {source}. Add the key lines that `serve` shows.", file.display())]
    KeysNotPublished {
        /// The file.
        file: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A key or a value is wrong.
    #[error("{}:{line}: {trouble}. {remedy}", file.display())]
    Wrong {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong, a sentence without its full stop.
        trouble: String,
        /// What to do, one or more whole sentences.
        remedy: String,
    },
    /// Several things are wrong, each a line.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Several(Vec<ConfigError>),
}

impl ConfigError {
    /// `explained` is the file of the distribution that explains every key.
    pub(super) fn from_toml(file: &Path, text: &str, error: &toml::de::Error, explained: &str) -> Self {
        // Some messages of the parser span lines; the first says what, the others repeat what was expected.
        let trouble = error.message().split('\n').map(str::trim).collect::<Vec<_>>().join("; ");
        Self::Wrong {
            file: file.to_owned(),
            line: line_of(text, error.span()),
            remedy: if toml::de::DeTable::parse(text).is_err() {
                "Correct the line's TOML.".to_owned()
            } else {
                remedy_of(&trouble, explained)
            },
            trouble,
        }
    }
}

/// The line of a span, counted from 1; the first line when there is no span.
pub(in crate::cli) fn line_of(text: &str, span: Option<Range<usize>>) -> usize {
    let start = span.map_or(0, |span| span.start);
    1 + text.bytes().take(start).filter(|byte| *byte == b'\n').count()
}

fn remedy_of(trouble: &str, explained: &str) -> String {
    if trouble.starts_with("unknown field") {
        format!("Correct the key's name or remove it; `{explained}` of the distribution explains every key.")
    } else if trouble.starts_with("missing field") {
        format!("Add the key to this section; `{explained}` of the distribution explains it.")
    } else if trouble.starts_with("invalid socket address") {
        "Write an IP address and a port, for example \"127.0.0.1:8443\".".to_owned()
    } else if trouble.starts_with("unknown variant") {
        "Write one of the values named.".to_owned()
    } else {
        format!("Correct the line; `{explained}` of the distribution shows the form of each value.")
    }
}
