//! Comparing: the files of a log, byte for byte, with the entries that they were made from.

use std::convert::Infallible;
use std::fmt;

use super::files::TileFiles;
use super::full::Full;
use super::right_edge::RightEdge;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Entry;

/// Compares as the entries come, in memory that is logarithmic in their number. It writes nothing.
pub struct Comparison<F> {
    files: F,
    edge: RightEdge,
    compared: u64,
}

/// A full tile or bundle whose file is not what the entries make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// The file's path below the tile folder.
    pub path: String,
    /// The size from which on a tree has this file.
    pub size: u64,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is none.
    Missing,
    /// It holds other bytes.
    Differs,
    /// It cannot be read.
    Unreadable(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is missing"),
            Self::Differs => f.write_str("is not what the journal's entries make"),
            Self::Unreadable(why) => write!(f, "cannot be read ({why})"),
        }
    }
}

impl<F: TileFiles> Comparison<F> {
    /// Begins with the first entry of the log.
    pub fn of(files: F) -> Self {
        Self { files, edge: RightEdge::default(), compared: 0 }
    }

    /// Takes the next entry, and compares the files that it completes.
    pub fn push(&mut self, entry: Entry) -> Vec<FileFault> {
        let size = self.edge.size() + 1;
        let mut faults = Vec::new();
        let Self { files, edge, compared } = self;
        let pushed = edge.push(entry, &mut |full| {
            *compared += 1;
            faults.extend(compare(files, full).map(|fault| FileFault { path: full.path(), size, fault }));
            Ok::<_, Infallible>(())
        });
        match pushed {
            Ok(()) => faults,
            Err(never) => match never {},
        }
    }

    /// The number of entries taken.
    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The root of the tree of the entries taken.
    pub fn root(&self) -> TreeHash {
        self.edge.root()
    }

    /// The number of files that were compared, each of which a log of this many entries has.
    pub fn compared(&self) -> u64 {
        self.compared
    }
}

fn compare(files: &impl TileFiles, full: Full<'_>) -> Option<Fault> {
    match files.read(&full.path()) {
        Ok(Some(held)) if held == full.bytes() => None,
        Ok(Some(_)) => Some(Fault::Differs),
        Ok(None) => Some(Fault::Missing),
        Err(error) => Some(Fault::Unreadable(error.to_string())),
    }
}
