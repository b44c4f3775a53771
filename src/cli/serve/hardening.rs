//! What a process that holds keys asks of the operating system before it reads the first of them.
//!
//! Every verb that opens a data directory or makes keys does it. The verbs of the client do not: they hold a key that its
//! user can read anyway, and what they save is the user's, under the user's umask (content always with mode 0600).

use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, setrlimit, umask};

/// The process would show its memory to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "The system does not let this process close its memory to others ({0}), which will hold keys. Look for a filter of \
     system calls that denies setrlimit or prctl, and allow both."
)]
pub struct NotHardened(rustix::io::Errno);

/// From now on no file of ours is made that others may read; a crash writes no core file; and no other process of the
/// same user can read this one's memory or attach to it as a debugger, since it is not "dumpable" (prctl(2)): only root
/// can.
pub fn harden() -> Result<(), NotHardened> {
    umask(Mode::RWXG | Mode::RWXO);
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).map_err(NotHardened)?;
    close_memory().map_err(NotHardened)
}

#[cfg(target_os = "linux")]
fn close_memory() -> rustix::io::Result<()> {
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
}

#[cfg(not(target_os = "linux"))]
fn close_memory() -> rustix::io::Result<()> {
    Ok(())
}
