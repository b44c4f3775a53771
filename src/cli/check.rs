//! `strongroom check`: everything that a data directory holds, read again.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::common::failure::Failure;
use super::common::opening;
use super::common::output::Output;
use super::common::progress::Bar;
use super::config::{Config, Level, Tracing};
use super::serve::telling;
use crate::service::checking::{CheckError, Checked, Progress};
use crate::service::clock::Clock;
use crate::service::startup::Running;
use crate::storage::journal::TornTail;

/// Of which server.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// The server's configuration; the server must be stopped
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

/// What was found to be wrong.
#[derive(Debug, thiserror::Error)]
pub enum CheckFailed {
    /// The check could not be carried through.
    #[error(transparent)]
    Broken(#[from] CheckError),
    /// Things are wrong, each a line.
    #[error("{} found:\n{}", count(.0.len(), "fault"), .0.join("\n"))]
    Findings(Vec<String>),
    /// The check could not be started.
    #[error("The check could not be started: {0}.")]
    Start(std::io::Error),
}

impl Check {
    /// Opens the directory, which verifies the checkpoint, the journal's end and the tiles; then reads everything.
    pub fn run(self, output: &Output) -> Result<(), Failure> {
        let config = Config::load(&self.config)?;
        // What the start repairs is worth a line, and what it does well is not.
        telling::start(&Tracing { level: Level::Warn, ..config.tracing.clone() });
        let settings = opening::settings(&config, TornTail::Ask)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(CheckFailed::Start)?;
        let running = Running::start(&settings, Arc::new(Clock::system()))?;
        let checked = runtime.block_on(running.check(&mut shown()));
        running.stop();
        let Checked { entries, versions, findings } = checked.map_err(CheckFailed::Broken)?;
        if output.is_json() {
            output.value(&json!({"entries": entries, "versions": versions, "findings": findings}));
        } else if findings.is_empty() {
            output.text(&format!(
                "All is well: {} and the bytes of {} verified; the view is what the journal makes.",
                count(usize::try_from(entries).unwrap_or(usize::MAX), "entry"),
                count(usize::try_from(versions).unwrap_or(usize::MAX), "version"),
            ));
        }
        if findings.is_empty() { Ok(()) } else { Err(CheckFailed::Findings(findings).into()) }
    }
}

/// Shows a bar for each part of the check.
fn shown() -> impl FnMut(Progress) + Send {
    let mut current: Option<(&'static str, Bar)> = None;
    move |progress| {
        let (action, done, total) = match progress {
            Progress::Entries { done, total } => ("Verifying entries", done, total),
            Progress::Versions { done, total } => ("Verifying versions", done, total),
            Progress::View => ("Replaying the journal into a view", 0, 1),
        };
        if current.as_ref().is_none_or(|(shown, _)| *shown != action) {
            current = Some((action, Bar::counting(action)));
        }
        if let Some((_, bar)) = &current {
            bar.show(done, Some(total));
        }
    }
}

fn count(number: usize, what: &str) -> String {
    match (number, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) => format!("{number} {what}s"),
    }
}
