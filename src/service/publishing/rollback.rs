//! A log that was rolled back: it signed more, or something else, than its data directory holds.

use std::fmt;
use std::path::PathBuf;
use std::sync::OnceLock;

/// The proof that entries were lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rollback {
    /// Who knows.
    pub source: Source,
    /// The size of the tree that the log signed.
    pub signed: u64,
    /// How many entries the journal has. If it is no less than `signed`, the tree of that size is another one.
    pub held: u64,
}

impl Rollback {
    /// The size and the signed note of the checkpoint that a witness showed, if it was one.
    pub fn witnessed(&self) -> Option<(u64, &str)> {
        match &self.source {
            Source::Witness { checkpoint, .. } => Some((self.signed, checkpoint)),
            _ => None,
        }
    }
}

/// Who knows of a tree that the log signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The log's own record, a file outside the data directory.
    OwnRecord(PathBuf),
    /// The last signed checkpoint in the data directory itself, from which the journal was taken away.
    KeptCheckpoint,
    /// A witness, which showed a checkpoint with this log's own signature.
    Witness {
        /// Its name in the policy.
        name: String,
        /// The signed note of the checkpoint.
        checkpoint: String,
    },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OwnRecord(path) => write!(f, "its own record {}", path.display()),
            Self::KeptCheckpoint => f.write_str("the last signed checkpoint in the data directory"),
            Self::Witness { name, .. } => write!(f, "the witness {name}"),
        }
    }
}

impl fmt::Display for Rollback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, signed, held } = self;
        if held < signed {
            write!(
                f,
                "the log was rolled back: by {source} it signed a tree of {signed} entries, but the journal has {held}. "
            )?;
        } else {
            write!(
                f,
                "the log was exchanged: by {source} it signed a tree of {signed} entries, and the journal, which has \
                 {held}, makes another tree of that size. "
            )?;
        }
        f.write_str(
            "Nothing is read, entered, signed or published. Put the newest data directory back and start again; if it is \
             lost for good, `strongroom restore accept-loss` goes on without the lost entries, under another name",
        )
    }
}

/// Whether the log was found to be rolled back; once it was, everything is denied until a restart.
#[derive(Debug, Default)]
pub struct Denial(OnceLock<Rollback>);

impl Denial {
    /// Denies everything from now on. The first finding counts.
    pub fn deny(&self, finding: Rollback) {
        tracing::error!("audit log: {finding}");
        // The first finding is the one that matters.
        let _ = self.0.set(finding);
    }

    /// Why everything is denied, if it is.
    pub fn finding(&self) -> Option<&Rollback> {
        self.0.get()
    }
}
