//! What is told about the running, to standard error.

use std::io;

use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, reload};

use crate::cli::config::{Level, Tracing, TracingFormat};

/// What is told, whose level can change.
pub struct Telling(Box<dyn Fn(EnvFilter) -> Result<(), reload::Error> + Send + Sync>);

/// Starts telling as the configuration says. A process starts it once; a second start changes nothing.
pub fn start(config: &Tracing) -> Telling {
    let lines = tracing_subscriber::fmt().with_env_filter(filter(config.level)).with_writer(io::stderr);
    // Starting fails only where someone listens already.
    match config.format {
        TracingFormat::Text => {
            let lines = lines.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).with_filter_reloading();
            let handle = lines.reload_handle();
            let _ = lines.finish().try_init();
            Telling(Box::new(move |filter| handle.reload(filter)))
        }
        TracingFormat::Json => {
            let lines = lines.json().flatten_event(true).with_filter_reloading();
            let handle = lines.reload_handle();
            let _ = lines.finish().try_init();
            Telling(Box::new(move |filter| handle.reload(filter)))
        }
    }
}

impl Telling {
    /// From now on tells what is of this level and above.
    pub fn set_level(&self, level: Level) {
        if let Err(error) = (self.0)(filter(level)) {
            tracing::warn!(%error, "the level of what is told could not be changed; restart the server for it");
        }
    }
}

impl std::fmt::Debug for Telling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Telling")
    }
}

fn filter(level: Level) -> EnvFilter {
    let name = level.as_str();
    // The HTTP library tells of every worker at info, which says nothing to an operator, and of every malformed request
    // and broken connection as an error, with which anyone could fill the log; these are in the metrics.
    match level {
        Level::Debug | Level::Trace => EnvFilter::new(name),
        _ => EnvFilter::new(format!("{name},actix_server=warn,actix_http::h1=off")),
    }
}
