//! What tests of the whole program share: a directory that `init` made, the server as a process of its own, connections
//! that send whatever bytes they are told to, and the deeds of people over them.
//!
//! Everything here is real: the built binary, TLS with the directory's certificates, files, signals.
//!
//! Not here: any expectation of a test.

pub mod certificates;
pub mod deeds;
pub mod directory;
pub mod log;
pub mod server;
pub mod wire;

use std::time::{Duration, Instant};

pub use certificates::Credential;
pub use directory::Directory;
pub use server::{Options, Server};
pub use wire::{Answer, Connection};

/// Asks again and again until there is an answer. Panics, with what was awaited, when it takes far too long.
pub fn eventually<T>(awaited: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "{awaited} did not happen within {PATIENCE:?}");
        // Only spares the processor: what is awaited is asked for, not assumed.
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Far longer than anything takes that happens at all, on a busy machine too.
pub const PATIENCE: Duration = Duration::from_secs(60);
