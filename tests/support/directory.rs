//! A directory that `strongroom init` made.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, OnceLock};

use tempfile::TempDir;

use super::certificates::Credential;

/// A directory of its own for one test. It is removed with the last copy of this.
#[derive(Clone)]
pub struct Directory(Arc<TempDir>);

impl Directory {
    /// As `init` makes it. It is made once for all tests of the process and copied, since making many keys takes long.
    pub fn new() -> Self {
        let own = Self::empty();
        copy(template(), own.path());
        own
    }

    /// With nothing in it yet.
    pub fn empty() -> Self {
        Self(Arc::new(tempfile::tempdir().unwrap()))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The configuration.
    pub fn config(&self) -> PathBuf {
        self.path().join("strongroom.toml")
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// The log's verifier key.
    pub fn verifier_key(&self) -> String {
        fs::read_to_string(self.path().join("log.vkey")).unwrap().lines().next().unwrap().to_owned()
    }

    /// That person's certificate.
    pub fn credential(&self, person: &str) -> Credential {
        let path = self.path().join("certs/clients").join(person);
        let read = |extension| fs::read_to_string(path.with_extension(extension)).unwrap();
        Credential { certificate: read("pem"), key: read("key") }
    }

    /// Changes the configuration.
    pub fn edit_config(&self, edit: impl FnOnce(String) -> String) {
        fs::write(self.config(), edit(fs::read_to_string(self.config()).unwrap())).unwrap();
    }

    /// The files of the journal, in order.
    pub fn segments(&self) -> Vec<PathBuf> {
        let mut segments = files(&self.data().join("journal"));
        segments.sort();
        segments
    }

    /// The sealed documents and everything else in their folder.
    pub fn blobs(&self) -> Vec<PathBuf> {
        files(&self.data().join("blobs"))
    }
}

/// Runs the binary to its end; as a server too if the test is root's.
pub fn strongroom(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_strongroom")).args(arguments).env("STRONGROOM_ALLOW_ROOT", "1").output().unwrap()
}

/// Turns one bit of a file over.
pub fn flip(file: &Path, offset: u64) {
    let mut bytes = fs::read(file).unwrap();
    bytes[usize::try_from(offset).unwrap()] ^= 1;
    fs::write(file, bytes).unwrap();
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

fn template() -> &'static Path {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR"));
        forget_others(kept);
        let made = kept.join(format!("{TEMPLATE_PREFIX}{}", std::process::id()));
        let output = strongroom(&["init", "--dir", made.to_str().unwrap()]);
        assert!(output.status.success(), "init: {}", String::from_utf8_lossy(&output.stderr));
        made
    })
}

/// Nothing tells a process that its last test has ended, so the next one clears away.
fn forget_others(kept: &Path) {
    for entry in fs::read_dir(kept).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(process) = name.strip_prefix(TEMPLATE_PREFIX) else { continue };
        if !Path::new("/proc").join(process).exists() || process == std::process::id().to_string() {
            // Another process may clear the same one away.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

const TEMPLATE_PREFIX: &str = "directory-of-";

/// Copies what is in a folder into another.
pub fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            fs::set_permissions(&target, entry.metadata().unwrap().permissions()).unwrap();
            copy(&entry.path(), &target);
        } else {
            // Keeps the mode, which keys are checked for.
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}
