//! `strongroom check`: everything that a data directory holds, read again; nothing in it is changed.

use std::path::PathBuf;

use serde_json::json;

use super::common::failure::Failure;
use super::common::opening;
use super::common::output::Output;
use super::common::progress::Bar;
use super::config::{Config, Level, Tracing};
use super::serve::telling;
use crate::service::checking::{self, CheckError, Progress, Report};
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
    #[error("{} found:\n{}{}", count(.0.len() as u64 + .1, "fault"), .0.join("\n"), more(.1))]
    Findings(Vec<String>, u64),
    /// The check could not be started.
    #[error("The check could not be started: {0}.")]
    Start(std::io::Error),
}

impl Check {
    /// Reads everything, and says what it read and what is wrong.
    pub fn run(self, output: &Output) -> Result<(), Failure> {
        let config = Config::load(&self.config)?;
        telling::start(&Tracing { level: Level::Warn, ..config.tracing.clone() });
        let settings = opening::settings(&config, TornTail::Ask)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(CheckFailed::Start)?;
        let report = runtime
            .block_on(checking::check(&settings, std::env::temp_dir(), &mut shown()))
            .map_err(CheckFailed::Broken)?;
        if output.is_json() {
            output.value(&machine_readable(&report));
        } else {
            output.text(&paragraphs(&report));
        }
        if report.is_clean() {
            return Ok(());
        }
        Err(CheckFailed::Findings(report.findings, report.more_findings).into())
    }
}

fn machine_readable(report: &Report) -> serde_json::Value {
    json!({
        "entries": report.entries,
        "segments": report.segments,
        "lodger_signatures": report.lodger_signatures,
        "checkpoints": report.checkpoints,
        "cosignatures": report.cosignatures,
        "log_files": report.files,
        "versions": report.versions,
        "key_objects": report.keys,
        "content_bytes": report.content_bytes,
        "findings": report.findings,
        "more_findings": report.more_findings,
        "notes": report.notes,
    })
}

fn paragraphs(report: &Report) -> String {
    let judgement = if report.is_clean() { "All is well" } else { "Not all is well" };
    let mut text = format!(
        "{judgement}. Read and compared:\n\
         Journal    {} in {}: frames, chain, tree, the record that each entry commits to, and {} of lodgers\n\
         Log        {} with {} against the tree, {} of full tiles and bundles byte for byte\n\
         View       against the facts that the journal makes\n\
         Documents  {} with {}: {} bytes that have the digests that were lodged",
        count(report.entries, "entry"),
        count(report.segments, "segment"),
        count(report.lodger_signatures, "signature"),
        count(report.checkpoints, "signed checkpoint"),
        count(report.cosignatures, "cosignature"),
        count(report.files, "file"),
        count(report.versions, "version"),
        count(report.keys, "key object"),
        report.content_bytes,
    );
    for note in &report.notes {
        text.push_str("\nNote       ");
        text.push_str(note);
    }
    text
}

/// Shows a bar for each part of the check.
fn shown() -> impl FnMut(Progress) + Send {
    let mut current: Option<(&'static str, Bar)> = None;
    move |progress| {
        let (action, done, total) = match progress {
            Progress::Entries { done, total } => ("Verifying entries", done, total),
            Progress::Versions { done, total } => ("Verifying versions", done, total),
            Progress::View => ("Opening a copy of the view", 0, 1),
        };
        if current.as_ref().is_none_or(|(shown, _)| *shown != action) {
            current = Some((action, Bar::counting(action)));
        }
        if let Some((_, bar)) = &current {
            bar.show(done, Some(total));
        }
    }
}

fn count(number: u64, what: &str) -> String {
    match (number, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) => format!("{number} {what}s"),
    }
}

fn more(number: &u64) -> String {
    if *number == 0 { String::new() } else { format!("\nand {number} more") }
}
