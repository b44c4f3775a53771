//! Root: a server does not run as it, unless it is told to.

use clap::builder::FalseyValueParser;

/// Whether root is good enough.
#[derive(Debug, Default, clap::Args)]
pub struct Root {
    /// Serve even as root (effective user id 0), for a container or a trial in which there is no other user
    #[arg(long, env = "STRONGROOM_ALLOW_ROOT", hide_env_values = true, value_parser = FalseyValueParser::new())]
    allow_root: bool,
}

/// The process is root's, and nobody said that it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "This would serve as root (user id 0), whom no file's mode stops: a fault that a client could use would give it the \
     whole machine. Make a user of its own (useradd --system --home-dir /var/lib/strongroom strongroom), give it the \
     directory (chown -R strongroom DIR), and start the server as that user: User=strongroom under [Service] in a systemd \
     unit, or runuser -u strongroom. If root is meant, say so with --allow-root or STRONGROOM_ALLOW_ROOT=1."
)]
pub struct IsRoot;

impl Root {
    /// Refuses if the process is root's and that was not allowed.
    pub fn refuse(&self) -> Result<(), IsRoot> {
        if is_root() && !self.allow_root { Err(IsRoot) } else { Ok(()) }
    }
}

/// Whether the effective user id is 0.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
