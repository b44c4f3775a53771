//! What a process that holds keys asks of the operating system.

use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, setrlimit, umask};

/// No core file, since it would hold keys and documents; and no file of ours that others may read.
pub fn harden() {
    umask(Mode::RWXG | Mode::RWXO);
    // Lowering a limit is always allowed; should it fail nevertheless, the server is no worse than without.
    if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }) {
        tracing::warn!(%error, "core files could not be switched off; a crash may write keys to one");
    }
}
