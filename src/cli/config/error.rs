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
}

impl ConfigError {
    pub(super) fn from_toml(file: &Path, text: &str, error: &toml::de::Error) -> Self {
        // Some messages of the parser span lines; the first says what, the others repeat what was expected.
        let trouble = error.message().split('\n').map(str::trim).collect::<Vec<_>>().join("; ");
        Self::Wrong {
            file: file.to_owned(),
            line: line_of(text, error.span()),
            remedy: remedy_of(&trouble).to_owned(),
            trouble,
        }
    }
}

/// The line of a span, counted from 1; the first line when there is no span.
pub(in crate::cli) fn line_of(text: &str, span: Option<Range<usize>>) -> usize {
    let start = span.map_or(0, |span| span.start);
    1 + text.bytes().take(start).filter(|byte| *byte == b'\n').count()
}

fn remedy_of(trouble: &str) -> &'static str {
    if trouble.starts_with("unknown field") {
        "Correct the key's name or remove it; `config/strongroom.toml` of the distribution explains every key."
    } else if trouble.starts_with("missing field") {
        "Add the key to this section; `config/strongroom.toml` of the distribution explains it."
    } else if trouble.starts_with("invalid socket address") {
        "Write an IP address and a port, for example \"127.0.0.1:8443\"."
    } else if trouble.starts_with("unknown variant") {
        "Write one of the values named."
    } else if trouble.starts_with("invalid type") || trouble.starts_with("invalid value") {
        "Correct the value; `config/strongroom.toml` of the distribution shows the form of each."
    } else {
        "Correct the line's TOML."
    }
}
