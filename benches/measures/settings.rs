//! How long and how much, from the environment.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// What a run is made with.
pub struct Settings {
    /// How long a round lasts.
    pub round: Duration,
    /// How many rounds a row has.
    pub rounds: usize,
    /// How many entries the log has at start-up.
    pub entries: u64,
    /// How many needs there are when decisions are measured.
    pub needs: u64,
    /// How many entries the log has from which evidence is made.
    pub log_entries: u64,
    /// How many bytes are streamed each way.
    pub streamed: u64,
    /// How many samples of each kind are compared where something is hidden.
    pub samples: usize,
    /// How many hidden versions a document has there.
    pub hidden: usize,
    /// Where the data lies.
    pub folder: PathBuf,
}

impl Settings {
    /// The defaults, or what the environment says instead.
    pub fn from_environment() -> Self {
        Self {
            round: Duration::from_secs_f64(number("SECONDS", 4.0)),
            rounds: number("ROUNDS", 3),
            entries: number("ENTRIES", 1_000_000),
            needs: number("NEEDS", 1_000_000),
            log_entries: number("LOG_ENTRIES", 10_000_000),
            streamed: number::<u64>("STREAM_MIB", 1024) << 20,
            samples: number("SAMPLES", 10_000),
            hidden: number("HIDDEN", 10_000),
            folder: std::env::var_os(name("DIR")).map_or_else(|| env!("CARGO_TARGET_TMPDIR").into(), PathBuf::from),
        }
    }
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "A row is the median of {} rounds of {} s.", self.rounds, self.round.as_secs_f64())
    }
}

fn number<T: FromStr>(of: &str, default: T) -> T {
    match std::env::var(name(of)) {
        Ok(text) => text.parse().unwrap_or_else(|_| {
            eprintln!("{} is no number of that kind: {text}", name(of));
            std::process::exit(2)
        }),
        Err(_) => default,
    }
}

fn name(of: &str) -> String {
    format!("STRONGROOM_BENCH_{of}")
}
