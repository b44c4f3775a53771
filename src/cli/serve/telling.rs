//! What is told about the running, to standard error.

use std::io;

use tracing_subscriber::EnvFilter;

use crate::cli::config::{Level, Tracing, TracingFormat};

/// Starts telling as the configuration says. A process starts it once; a second start changes nothing.
pub fn start(config: &Tracing) {
    let level = config.level.as_str();
    // The HTTP library tells of every worker at info, which says nothing to an operator.
    let filter = match config.level {
        Level::Debug | Level::Trace => EnvFilter::new(level),
        _ => EnvFilter::new(format!("{level},actix_server=warn")),
    };
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // It fails only where someone listens already.
    let _ = match config.format {
        TracingFormat::Text => lines.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).try_init(),
        TracingFormat::Json => lines.json().flatten_event(true).try_init(),
    };
}
