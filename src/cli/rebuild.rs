//! `strongroom rebuild`: the view made anew from the journal.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::common::failure::Failure;
use super::common::opening;
use super::common::output::Output;
use super::config::Config;
use crate::service::clock::Clock;
use crate::service::startup::{self, Running};
use crate::storage::journal::TornTail;

/// Of which server.
#[derive(Debug, clap::Args)]
pub struct Rebuild {
    /// The server's configuration; the server must be stopped
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl Rebuild {
    /// Moves the view aside, replays the journal, and says where the old view is.
    pub fn run(self, output: &Output) -> Result<(), Failure> {
        let config = Config::load(&self.config)?;
        let settings = opening::settings(&config, TornTail::Ask)?;
        let clock = Arc::new(Clock::system());
        let aside = startup::set_view_aside(&settings.data, &clock)?;
        let running = Running::start(&settings, clock)?;
        let entries = running.repository.evidence().records.next_index();
        running.stop();
        let old = aside.map(|path| path.display().to_string());
        if output.is_json() {
            output.value(&json!({"entries": entries, "set_aside": old}));
        } else {
            let old = old.map_or_else(
                || "There was no view before.".to_owned(),
                |path| format!("The old one is in {path}: remove it when you no longer need it."),
            );
            output.text(&format!("The view is rebuilt from {entries} entries of the journal. {old}"));
        }
        Ok(())
    }
}
