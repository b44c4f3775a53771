//! What the simulated disk holds: for files and names, the durable state, the cached one, and the changes between.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Bound;
use std::time::{Duration, SystemTime};

use super::super::{Metadata, join, parent_of};
use super::random::Random;

/// What a disk writes whole or not at all, in bytes.
const SECTOR: u64 = 512;

#[derive(Clone, Default)]
pub(super) struct Cache {
    files: Vec<FileContent>,
    /// The files' numbers by path, as programs see them.
    names: BTreeMap<String, u64>,
    durable_names: BTreeMap<String, u64>,
    /// The changes of names that were not synced, oldest first.
    pending_names: Vec<NameChange>,
    /// Directories are durable when they are made, as the contract says.
    directories: BTreeSet<String>,
    /// What the disk's clock says, since 1970.
    pub(super) time: Duration,
}

#[derive(Clone, Default)]
struct FileContent {
    /// When it was last written, since 1970.
    modified: Duration,
    cached: Vec<u8>,
    durable: Vec<u8>,
    /// The changes that were not synced, oldest first.
    pending: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Write { offset: u64, bytes: Vec<u8> },
    Length(u64),
}

#[derive(Clone)]
enum NameChange {
    Link { path: String, file: u64 },
    Rename { from: String, to: String, file: u64 },
    Unlink { path: String },
}

/// How much of what was not synced survives a power failure.
#[derive(Clone, Copy)]
enum Survival {
    Nothing,
    Everything,
    /// Each sector and each name by itself, this many in eight.
    Eighths(u64),
}

impl Survival {
    fn draw(random: &mut Random) -> Self {
        match random.below(6) {
            0 => Self::Nothing,
            1 => Self::Everything,
            _ => Self::Eighths(1 + random.below(7)),
        }
    }

    fn of_next(self, random: &mut Random) -> bool {
        match self {
            Self::Nothing => false,
            Self::Everything => true,
            Self::Eighths(eighths) => random.below(8) < eighths,
        }
    }
}

impl Cache {
    pub(super) fn create(&mut self, path: &str) -> io::Result<u64> {
        if !self.is_directory(parent_of(path)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        if self.names.contains_key(path) || self.directories.contains(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let file = self.files.len() as u64;
        self.files.push(FileContent { modified: self.time, ..FileContent::default() });
        self.change_name(NameChange::Link { path: path.to_owned(), file });
        Ok(file)
    }

    pub(super) fn find(&self, path: &str) -> io::Result<u64> {
        self.names.get(path).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    pub(super) fn create_directory(&mut self, path: &str) -> io::Result<()> {
        let mut path = path;
        while !path.is_empty() {
            self.directories.insert(path.to_owned());
            path = parent_of(path);
        }
        Ok(())
    }

    pub(super) fn create_directories(&mut self, directory: &str, names: &[String]) -> io::Result<()> {
        self.create_directory(directory)?;
        self.directories.extend(names.iter().map(|name| join(directory, name)));
        Ok(())
    }

    pub(super) fn metadata(&self, path: &str) -> io::Result<Metadata> {
        if self.is_directory(path) {
            return Ok(Metadata { length: 0, modified: SystemTime::UNIX_EPOCH, is_directory: true });
        }
        let content = self.content(self.find(path)?)?;
        let modified = SystemTime::UNIX_EPOCH + content.modified;
        Ok(Metadata { length: content.cached.len() as u64, modified, is_directory: false })
    }

    pub(super) fn list(&self, directory: &str) -> io::Result<Vec<String>> {
        if !self.is_directory(directory) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let within = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        let from = || (Bound::Included(within.as_str()), Bound::Unbounded);
        let paths = self.names.range::<str, _>(from()).map(|(path, _)| path);
        let paths = paths.take_while(|path| path.starts_with(&within));
        let directories = self.directories.range::<str, _>(from()).take_while(|path| path.starts_with(&within));
        let names = paths.chain(directories).filter_map(|path| path.get(within.len()..));
        let mut names: Vec<_> = names.filter(|name| !name.contains('/')).map(str::to_owned).collect();
        names.sort();
        Ok(names)
    }

    pub(super) fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        let file = self.find(from)?;
        self.change_name(NameChange::Rename { from: from.to_owned(), to: to.to_owned(), file });
        Ok(())
    }

    pub(super) fn remove(&mut self, path: &str) -> io::Result<()> {
        self.find(path)?;
        self.change_name(NameChange::Unlink { path: path.to_owned() });
        Ok(())
    }

    pub(super) fn sync_directory(&mut self, directory: &str) -> io::Result<()> {
        if !self.is_directory(directory) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let (synced, pending) = std::mem::take(&mut self.pending_names)
            .into_iter()
            .partition::<Vec<_>, _>(|change| parent_of(change.path()) == directory);
        self.pending_names = pending;
        for change in &synced {
            change.apply(&mut self.durable_names);
        }
        Ok(())
    }

    pub(super) fn length(&self, file: u64) -> io::Result<u64> {
        Ok(self.content(file)?.cached.len() as u64)
    }

    pub(super) fn read(&self, file: u64, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let content = self.content(file)?;
        let bytes = slice_from(&content.cached, offset).get(..buffer.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(bytes);
        Ok(())
    }

    pub(super) fn read_range(&self, file: u64, offset: u64, length: u64) -> io::Result<Vec<u8>> {
        let rest = slice_from(&self.content(file)?.cached, offset);
        let there = usize::try_from(length).map_or(rest.len(), |length| length.min(rest.len()));
        Ok(rest.get(..there).unwrap_or_default().to_vec())
    }

    pub(super) fn write(&mut self, file: u64, bytes: &[u8], offset: u64) -> io::Result<()> {
        let time = self.time;
        let content = self.content_mut(file)?;
        content.modified = time;
        content.change(Change::Write { offset, bytes: bytes.to_owned() });
        Ok(())
    }

    pub(super) fn set_length(&mut self, file: u64, length: u64) -> io::Result<()> {
        self.content_mut(file)?.change(Change::Length(length));
        Ok(())
    }

    pub(super) fn sync(&mut self, file: u64) {
        if let Ok(content) = self.content_mut(file) {
            for change in std::mem::take(&mut content.pending) {
                change.apply(&mut content.durable);
            }
        }
    }

    /// A random part becomes durable, and the cache forgets that the rest is not.
    pub(super) fn fail_sync(&mut self, file: u64, random: &mut Random) {
        if let Ok(content) = self.content_mut(file) {
            content.lose(random);
        }
    }

    pub(super) fn after_power_failure(&self, random: &mut Random) -> Self {
        let mut survivors = self.clone();
        let survival = Survival::draw(random);
        for change in std::mem::take(&mut survivors.pending_names) {
            if survival.of_next(random) {
                change.apply(&mut survivors.durable_names);
            }
        }
        survivors.names = survivors.durable_names.clone();
        for content in &mut survivors.files {
            content.lose(random);
            content.cached = content.durable.clone();
        }
        survivors
    }

    pub(super) fn tamper(&mut self, path: &str, change: impl FnOnce(&mut Vec<u8>)) -> bool {
        let Ok(content) = self.find(path).and_then(|file| self.content_mut(file)) else {
            return false;
        };
        change(&mut content.cached);
        content.durable = content.cached.clone();
        content.pending.clear();
        true
    }

    fn is_directory(&self, path: &str) -> bool {
        path.is_empty() || self.directories.contains(path)
    }

    fn change_name(&mut self, change: NameChange) {
        change.apply(&mut self.names);
        self.pending_names.push(change);
    }

    fn content(&self, file: u64) -> io::Result<&FileContent> {
        self.files.get(file as usize).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn content_mut(&mut self, file: u64) -> io::Result<&mut FileContent> {
        self.files.get_mut(file as usize).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl FileContent {
    fn change(&mut self, change: Change) {
        change.apply(&mut self.cached);
        self.pending.push(change);
    }

    fn lose(&mut self, random: &mut Random) {
        let survival = Survival::draw(random);
        for change in std::mem::take(&mut self.pending) {
            change.apply_surviving(&mut self.durable, survival, random);
        }
    }
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Length(length) => content.resize(*length as usize, 0),
            Self::Write { offset, bytes } => {
                let (start, end) = (*offset as usize, *offset as usize + bytes.len());
                if content.len() < end {
                    content.resize(end, 0);
                }
                if let Some(place) = content.get_mut(start..end) {
                    place.copy_from_slice(bytes);
                }
            }
        }
    }

    /// Applies the sectors that survive, within the length that survives.
    fn apply_surviving(&self, content: &mut Vec<u8>, survival: Survival, random: &mut Random) {
        match self {
            Self::Length(_) => {
                if survival.of_next(random) {
                    self.apply(content);
                }
            }
            Self::Write { offset, bytes } => {
                let end = offset + bytes.len() as u64;
                if content.len() as u64 >= end || survival.of_next(random) {
                    content.resize(content.len().max(end as usize), 0);
                }
                let mut start = *offset;
                while start < end {
                    let next = end.min((start / SECTOR + 1) * SECTOR);
                    let sector = bytes.get((start - offset) as usize..(next - offset) as usize).unwrap_or_default();
                    if survival.of_next(random)
                        && let Some(place) = content.get_mut(start as usize..next as usize)
                    {
                        place.copy_from_slice(sector);
                    }
                    start = next;
                }
            }
        }
    }
}

impl NameChange {
    fn path(&self) -> &str {
        match self {
            Self::Link { path, .. } | Self::Unlink { path } => path,
            Self::Rename { to, .. } => to,
        }
    }

    fn apply(&self, names: &mut BTreeMap<String, u64>) {
        match self {
            Self::Link { path, file } => {
                names.insert(path.clone(), *file);
            }
            Self::Rename { from, to, file } => {
                // The old name may belong to another file by now, if an earlier change was lost.
                if names.get(from) == Some(file) {
                    names.remove(from);
                }
                names.insert(to.clone(), *file);
            }
            Self::Unlink { path } => {
                names.remove(path);
            }
        }
    }
}

fn slice_from(bytes: &[u8], offset: u64) -> &[u8] {
    usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..)).unwrap_or_default()
}
