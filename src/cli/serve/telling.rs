//! What is told about the running, to standard error.

use std::io;

use tracing_subscriber::EnvFilter;

use crate::cli::config::{Tracing, TracingFormat};

/// Starts telling as the configuration says. A process starts it once; a second start changes nothing.
pub fn start(config: &Tracing) {
    let filter = EnvFilter::new(config.level.as_str());
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // It fails only where someone listens already.
    let _ = match config.format {
        TracingFormat::Text => lines.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).try_init(),
        TracingFormat::Json => lines.json().flatten_event(true).try_init(),
    };
}
