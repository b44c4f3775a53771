//! Where secrets come from: a file that only we can read, or a program that prints the key.
//!
//! Both give 32 bytes as text, in hexadecimal or base64, white space around it ignored. The root key and the log's
//! Ed25519 signing seed each have a provider of their own. Texts of keys are wiped from memory; errors name files and
//! programs, never what they held.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustix::fs::OFlags;
use zeroize::Zeroizing;

use crate::storage::seal::secret::{KEY_LEN, RandomUnavailable, SecretKey};

/// The most bytes that the text of a key may have, white space included.
pub const KEY_TEXT_LIMIT: usize = 4096;

/// How long a key command may take until it is killed.
pub const KEY_COMMAND_TIME_LIMIT: Duration = Duration::from_secs(30);

/// Where one secret comes from.
#[derive(Clone, Debug)]
pub enum KeyProvider {
    /// A regular file, owned by the user that runs us, which neither group nor others may read or write.
    File(PathBuf),
    /// A program, run without a shell, with nothing on its standard input; it prints the key on its standard output and
    /// exits with 0. What it prints on standard error goes to ours.
    Command {
        /// The program: a path, or a name to be found in `PATH`.
        program: PathBuf,
        /// Its arguments.
        arguments: Vec<String>,
    },
    /// The secret itself, which was fetched when its file or program could still be reached.
    Held(SecretKey),
}

impl KeyProvider {
    /// Fetches the secret now, so that it can be loaded where its file or program is out of reach. Blocks as
    /// [`KeyProvider::load`] does.
    pub fn fetched(&self) -> Result<Self, KeyError> {
        self.load().map(Self::Held)
    }

    /// Fetches the secret. Blocks, a command for up to [`KEY_COMMAND_TIME_LIMIT`]: call it at the start only.
    pub fn load(&self) -> Result<SecretKey, KeyError> {
        match self {
            Self::File(path) => load_file(path),
            Self::Command { program, arguments } => run_command(program, arguments, KEY_COMMAND_TIME_LIMIT),
            Self::Held(secret) => Ok(secret.clone()),
        }
    }
}

/// Writes a fresh random secret to a new file: a root key or a signing seed.
///
/// The file is made with mode 0600 and must not exist: a key is never overwritten. On success the file and its name in
/// the directory are durable. A crash before that can leave a file that [`KeyProvider::load`] refuses; nothing can have
/// been sealed under it, so it may be removed.
pub fn create_key_file(path: &Path) -> Result<(), KeyError> {
    let secret = SecretKey::generate()?;
    let failed = |source| KeyError::Write { path: path.to_owned(), source };
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(|source| {
            match source.kind() {
                io::ErrorKind::AlreadyExists => KeyError::Exists { path: path.to_owned() },
                _ => failed(source),
            }
        })?;
    let text = key_text(&secret);
    file.write_all(&text).and_then(|()| file.sync_all()).map_err(|source| {
        // The file is ours and holds no key that anyone uses; what cannot be removed, `load` refuses.
        let _ = std::fs::remove_file(path);
        failed(source)
    })?;
    sync_parent(path).map_err(failed)
}

fn load_file(path: &Path) -> Result<SecretKey, KeyError> {
    let failed = |source| KeyError::Read { path: path.to_owned(), source };
    // Without O_NONBLOCK the opening of a named pipe would wait for someone to write to it.
    let flags = OFlags::NONBLOCK.bits() as i32;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(failed)?;
    // The opened file is asked, not the path: the answer holds for what is then read.
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(KeyError::NotAFile { path: path.to_owned() });
    }
    check_access(path, metadata.uid(), metadata.mode(), rustix::process::geteuid().as_raw())?;
    let text = read_limited(file).map_err(failed)?;
    parse_key(&text).ok_or_else(|| KeyError::MalformedFile { path: path.to_owned() })
}

/// Refuses a file that someone else owns (`owner`, `us`: user ids) or whose `mode` lets group or others in.
fn check_access(path: &Path, owner: u32, mode: u32, us: u32) -> Result<(), KeyError> {
    if owner != us {
        return Err(KeyError::Owner { path: path.to_owned(), owner, us });
    }
    if mode & 0o177 != 0 {
        return Err(KeyError::Mode { path: path.to_owned(), mode: mode & 0o7777 });
    }
    Ok(())
}

fn run_command(program: &Path, arguments: &[String], limit: Duration) -> Result<SecretKey, KeyError> {
    let deadline = Instant::now() + limit;
    let failed = |source| KeyError::CommandStart { program: program.to_owned(), source };
    let mut child =
        Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(failed)?;
    let (sender, receiver) = mpsc::channel();
    if let Some(output) = child.stdout.take() {
        // A thread of its own, for a pipe cannot be read with a time limit; it ends with the pipe.
        thread::spawn(move || sender.send(read_limited(output)));
    }
    let text = receiver.recv_timeout(deadline.saturating_duration_since(Instant::now()));
    let finished = text.is_ok() && wait_until(&mut child, deadline).map_err(failed)?;
    let (Ok(text), true) = (text, finished) else {
        // It may have ended by itself meanwhile; then there is nothing to kill.
        let _ = child.kill();
        let _ = child.wait();
        return Err(KeyError::CommandTime { program: program.to_owned(), seconds: limit.as_secs() });
    };
    if !child.wait().map_err(failed)?.success() {
        return Err(KeyError::CommandFailed { program: program.to_owned() });
    }
    parse_key(&text.map_err(failed)?).ok_or_else(|| KeyError::MalformedOutput { program: program.to_owned() })
}

/// Whether the child has ended by the deadline.
fn wait_until(child: &mut Child, deadline: Instant) -> io::Result<bool> {
    while child.try_wait()?.is_none() {
        if Instant::now() >= deadline {
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(true)
}

/// Reads to the end, but no more than one byte over the limit, which no key's text can have.
fn read_limited(source: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    // The whole room at once, so that growing leaves no copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(KEY_TEXT_LIMIT + 1));
    source.take(KEY_TEXT_LIMIT as u64 + 1).read_to_end(&mut text)?;
    Ok(text)
}

fn parse_key(text: &[u8]) -> Option<SecretKey> {
    if text.len() > KEY_TEXT_LIMIT {
        return None;
    }
    let text = text.trim_ascii();
    SecretKey::filled(|key| decode(text, key).ok_or(())).ok()
}

fn decode(text: &[u8], key: &mut [u8; KEY_LEN]) -> Option<()> {
    // 32 bytes are 64 hexadecimal digits or 44 characters of base64: the length tells which.
    if text.len() == 2 * KEY_LEN {
        return hex::decode_to_slice(text, key).ok();
    }
    let mut decoded = Zeroizing::new([0; KEY_LEN + 2]);
    let length = STANDARD.decode_slice(text, decoded.as_mut()).ok()?;
    key.copy_from_slice(decoded.get(..length)?.first_chunk::<KEY_LEN>().filter(|_| length == KEY_LEN)?);
    Some(())
}

/// The key as a line of hexadecimal digits.
fn key_text(secret: &SecretKey) -> Zeroizing<Vec<u8>> {
    let mut text = Zeroizing::new(vec![b'\n'; 2 * KEY_LEN + 1]);
    if let Some(digits) = text.get_mut(..2 * KEY_LEN) {
        // The slice has just the length that the digits need, so this cannot fail.
        let _ = hex::encode_to_slice(secret.expose(), digits);
    }
    text
}

fn sync_parent(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent)?.sync_all()
}

/// Why a secret could not be had or made.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The key file cannot be opened or read.
    #[error("cannot read the key file {path}: {source}; give the path of the key file, or restore it from its backup")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The path leads to a directory, a device or another thing that is no regular file.
    #[error("the key file {path} is not a regular file; give the path of the file that holds the key")]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// Another user owns the key file.
    #[error(
        "the key file {path} belongs to user {owner}, not to us ({us}); run `chown {us} {path}` if it is the right file"
    )]
    Owner {
        /// The file.
        path: PathBuf,
        /// User id of its owner.
        owner: u32,
        /// Our effective user id.
        us: u32,
    },
    /// Others than its owner may use the key file.
    #[error(
        "the key file {path} has mode {mode:04o}, so that others may use it; run `chmod 600 {path}`, and change the key if they may have read it"
    )]
    Mode {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file does not hold a key.
    #[error("the key file {path} does not hold 32 bytes in hexadecimal or base64; restore it from its backup")]
    MalformedFile {
        /// The file.
        path: PathBuf,
    },
    /// A key file would be overwritten.
    #[error("{path} exists and is not overwritten; move it away if its key is not needed")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The new key file could not be made durable.
    #[error("cannot write the key file {path}: {source}; remove the cause and the file, if it is there, and try again")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The key command could not be run or read from.
    #[error("cannot run the key command {program}: {source}; check the path and its permissions")]
    CommandStart {
        /// The program.
        program: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The key command reported a failure.
    #[error("the key command {program} failed; run it by hand to see why")]
    CommandFailed {
        /// The program.
        program: PathBuf,
    },
    /// The key command did not end in time.
    #[error(
        "the key command {program} did not end within {seconds} s and was killed; run it by hand to see what it waits for"
    )]
    CommandTime {
        /// The program.
        program: PathBuf,
        /// The time that it had.
        seconds: u64,
    },
    /// The key command printed something else than a key.
    #[error("the key command {program} did not print 32 bytes in hexadecimal or base64; it must print nothing else")]
    MalformedOutput {
        /// The program.
        program: PathBuf,
    },
    /// No random bytes for a new key.
    #[error("cannot make a key: {0}")]
    Random(#[from] RandomUnavailable),
}

#[cfg(test)]
#[path = "provider_tests.rs"]
mod tests;
