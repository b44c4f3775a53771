//! What is told about the running, to standard error.

use std::io;

use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, reload};

use super::lines::Lines;
use super::panics;
use crate::cli::config::{Level, Tracing, TracingFormat};

/// What is told, whose level can change.
pub struct Telling(Box<dyn Fn(EnvFilter) -> Result<(), reload::Error> + Send + Sync>);

/// Starts telling as the configuration says. A process starts it once; a second start changes nothing.
pub fn start(config: &Tracing) -> Telling {
    let format = config.format;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter(config.level))
        // Colours are what must not be in a line but for them.
        .with_ansi(false)
        .with_writer(move || Lines::new(io::stderr(), format));
    // Starting fails only where someone listens already.
    let telling = match format {
        TracingFormat::Text => {
            let lines = lines.with_filter_reloading();
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
    };
    panics::tell();
    telling
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

/// The level is of this program's own events, which say ids, sizes and statuses. Libraries are heard only when something
/// should be looked at: what they tell of their inner life holds what goes through them, such as header fields.
fn filter(level: Level) -> EnvFilter {
    // The HTTP library tells of every malformed request and broken connection as an error, with which anyone could fill the
    // log; these are in the metrics.
    let others = if level == Level::Error { Level::Error } else { Level::Warn };
    EnvFilter::new(format!("{},actix_http::h1=off,{OWN}={}", others.as_str(), level.as_str()))
}

/// What the names of this program's parts begin with.
const OWN: &str = env!("CARGO_CRATE_NAME");
