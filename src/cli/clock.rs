//! `strongroom clock`: the operator's word on the server's clock.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Subcommand;
use serde_json::json;

use super::common::failure::Failure;
use super::common::opening;
use super::common::output::Output;
use super::config::Config;
use crate::service;
use crate::service::startup;
use crate::storage::journal::TornTail;

/// What about the clock.
#[derive(Debug, clap::Args)]
pub struct Clock {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Accept the present time after the clock jumped ahead; the acceptance becomes an entry of the log
    Accept {
        /// The server's configuration; the server must be stopped
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
}

impl Clock {
    /// Enters the acceptance, so that the next start believes the clock.
    pub fn run(self, output: &Output) -> Result<(), Failure> {
        let Action::Accept { config } = self.action;
        let config = Config::load(&config)?;
        let settings = opening::settings(&config, TornTail::Ask)?;
        let clock = Arc::new(service::clock::Clock::system());
        let now = clock.now();
        let Some(entry) = startup::accept_clock(&settings, clock)? else {
            if output.is_json() {
                output.value(&json!({"jumped": false, "clock": now.to_string()}));
            } else {
                output.text(&format!("The clock had not jumped: nothing was to be accepted. It says {now}."));
            }
            return Ok(());
        };
        if output.is_json() {
            output.value(&json!({"jumped": true, "clock": now.to_string(), "audit_entry": entry}));
        } else {
            output.text(&format!("The clock's time {now} is accepted: entry {entry}. Start the server again."));
        }
        Ok(())
    }
}
