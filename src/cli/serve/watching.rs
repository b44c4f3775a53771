//! A watch on the files of certificates, CAs and revocation lists: what changed is read again without a signal.
//!
//! It looks at what the system says of the files, which a rename, a changed symbolic link and a write all change, and reads
//! them only then, or while they are refused. A file that was written a moment ago is looked at once more, so that one that was caught half-written
//! settles by itself.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::cli::config::MutualTls;
use crate::edge::http::server::ServerHandle;
use crate::edge::pki::{Outcome, Reload};

/// A watch that goes on until it is dropped.
#[derive(Debug)]
pub struct Watching {
    /// Its end tells the thread to end.
    _alive: Option<Sender<()>>,
}

impl Watching {
    /// Watches the files that `config` names, every `watch_seconds`; nothing if that is 0.
    pub fn start(config: &MutualTls, handle: ServerHandle) -> std::io::Result<Self> {
        if config.watch_seconds == 0 {
            return Ok(Self { _alive: None });
        }
        let (alive, ended) = channel();
        let interval = Duration::from_secs(config.watch_seconds.into());
        let mut files = Files::new(config);
        let watch = move || {
            let mut told = Told::default();
            while goes_on(&ended, interval) {
                // What was refused may become good by itself: a file that could not be read, a list of the future.
                if files.have_changed() || told.is_refused() {
                    told.tell(&handle.reread());
                }
            }
        };
        std::thread::Builder::new().name("watching".into()).spawn(watch)?;
        Ok(Self { _alive: Some(alive) })
    }
}

fn goes_on(ended: &Receiver<()>, interval: Duration) -> bool {
    matches!(ended.recv_timeout(interval), Err(RecvTimeoutError::Timeout))
}

/// What the system says of one file; `None` if it is not there, or may not be looked at.
type State = Option<FileState>;

#[derive(Clone, Debug, PartialEq, Eq)]
struct FileState {
    device: u64,
    inode: u64,
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

struct Files {
    paths: Vec<PathBuf>,
    seen: Vec<State>,
    /// Whether a file was so fresh when it was last looked at that a later write may look the same.
    fresh: bool,
}

impl Files {
    fn new(config: &MutualTls) -> Self {
        let MutualTls { certificate, key, client_ca, crls, .. } = config;
        let paths: Vec<_> = [certificate, key, client_ca].into_iter().chain(crls).cloned().collect();
        // What changed between the start and the first look is found, since nothing has been seen yet.
        Self { paths, seen: Vec::new(), fresh: false }
    }

    /// Whether they may hold something else than at the last look.
    fn have_changed(&mut self) -> bool {
        let now: Vec<_> = self.paths.iter().map(PathBuf::as_path).map(state).collect();
        let changed = now != self.seen;
        let again = changed || self.fresh;
        // The system's marks of time are coarser than two writes can be apart.
        self.fresh = changed;
        self.seen = now;
        again
    }
}

fn state(path: &Path) -> State {
    let found = fs::metadata(path).ok()?;
    Some(FileState {
        device: found.dev(),
        inode: found.ino(),
        length: found.len(),
        modified: (found.mtime(), found.mtime_nsec()),
        changed: (found.ctime(), found.ctime_nsec()),
    })
}

/// The refusals that were told last, so that each is told once.
#[derive(Default)]
struct Told(Vec<String>);

impl Told {
    fn is_refused(&self) -> bool {
        !self.0.is_empty()
    }

    fn tell(&mut self, reloads: &[Reload]) {
        let mut refused = Vec::new();
        for reload in reloads {
            let line = reload.to_string();
            match reload.outcome {
                Outcome::Unchanged => {}
                Outcome::Changed(_) => tracing::info!("reload: {line}"),
                Outcome::Refused(_) if self.0.contains(&line) || refused.contains(&line) => refused.push(line),
                Outcome::Refused(_) => {
                    tracing::error!("reload: {line}");
                    refused.push(line);
                }
            }
        }
        self.0 = refused;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn write(&self, name: &str, content: &str) {
            fs::write(self.path(name), content).unwrap();
        }

        fn files(&self) -> Files {
            Files { paths: vec![self.path("ca.pem"), self.path("ca.crl")], seen: Vec::new(), fresh: false }
        }
    }

    /// Looks until two looks in a row found nothing, which is how it stays until something changes.
    fn settle(files: &mut Files) {
        while files.have_changed() {}
        assert!(!files.have_changed());
    }

    #[test]
    fn a_write_a_rename_a_link_and_a_loss_are_seen_and_nothing_else_is() {
        let folder = Folder(tempfile::tempdir().unwrap());
        folder.write("ca.pem", "one");
        folder.write("one.crl", "one");
        folder.write("two.crl", "two");
        std::os::unix::fs::symlink("one.crl", folder.path("ca.crl")).unwrap();
        let mut files = folder.files();
        settle(&mut files);

        folder.write("ca.pem", "other");
        assert!(files.have_changed(), "a write");
        settle(&mut files);
        folder.write("new.pem", "other");
        fs::rename(folder.path("new.pem"), folder.path("ca.pem")).unwrap();
        assert!(files.have_changed(), "a rename");
        settle(&mut files);
        std::os::unix::fs::symlink("two.crl", folder.path("new")).unwrap();
        fs::rename(folder.path("new"), folder.path("ca.crl")).unwrap();
        assert!(files.have_changed(), "a link to another file");
        settle(&mut files);
        fs::remove_file(folder.path("ca.pem")).unwrap();
        assert!(files.have_changed(), "a loss");
        settle(&mut files);
    }

    #[test]
    fn what_was_just_written_is_looked_at_once_more() {
        let folder = Folder(tempfile::tempdir().unwrap());
        let mut files = folder.files();
        settle(&mut files);
        folder.write("ca.pem", "half");
        assert!(files.have_changed());
        assert!(files.have_changed(), "the rest may have come within the same tick of the clock");
        assert!(!files.have_changed());
    }
}
