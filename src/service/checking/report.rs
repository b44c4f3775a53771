//! What a check says: while it works, and in the end.

/// How far a check has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Entries: frames, chain, tree, the record that each commits to, the files of the log, the facts.
    Entries {
        /// How many are verified.
        done: u64,
        /// How many there are.
        total: u64,
    },
    /// Versions: their key objects open, their bytes decrypt and have the digest that was lodged.
    Versions {
        /// How many are verified.
        done: u64,
        /// How many there are.
        total: u64,
    },
    /// The view is copied and opened.
    View,
}

/// What a check read, and what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries whose frame, place, opening and record are verified.
    pub entries: u64,
    /// Segments of the journal.
    pub segments: u64,
    /// Stored checkpoints whose signature is good and whose root is that of the journal's tree.
    pub checkpoints: u64,
    /// Cosignatures of the policy's witnesses on the stored checkpoint that are good.
    pub cosignatures: u64,
    /// Lodgers' own signatures in records that are good.
    pub lodger_signatures: u64,
    /// Full tiles and full entry bundles that were compared byte for byte.
    pub files: u64,
    /// Versions whose content was read.
    pub versions: u64,
    /// Key objects of these versions that were opened.
    pub keys: u64,
    /// Bytes of content that have the digests that were lodged.
    pub content_bytes: u64,
    /// What is wrong, a sentence each with its remedy; empty when all is well. At most [`MOST_FINDINGS`].
    pub findings: Vec<String>,
    /// How many findings there are beyond these.
    pub more_findings: u64,
    /// What is no fault but worth knowing, a sentence each.
    pub notes: Vec<String>,
}

/// The most findings that a report names: what is wrong ten thousand times has one cause.
pub const MOST_FINDINGS: usize = 100;

impl Report {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// Adds what is wrong: a sentence, with its remedy.
    pub(super) fn find(&mut self, finding: impl Into<String>) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding.into());
        } else {
            self.more_findings += 1;
        }
    }

    /// Adds what is worth knowing.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}
