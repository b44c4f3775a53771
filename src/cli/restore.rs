//! `strongroom restore`: the operator's word on entries that are lost.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Subcommand;
use serde_json::json;

use super::common::failure::Failure;
use super::common::output::Output;
use super::common::{key_lines, opening};
use super::config::{Config, ConfigError};
use crate::pure::tlog::leaf::Origin;
use crate::service::clock::Clock;
use crate::service::startup::{self, AcceptedLoss};
use crate::storage::journal::TornTail;

/// What about them.
#[derive(Debug, clap::Args)]
pub struct Restore {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Go on without entries that are lost for good, under another name of the log
    #[command(after_help = AFTER_HELP)]
    AcceptLoss {
        /// The server's configuration, with the old origin; the server must be stopped
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// The log's new name; one that it never had before
        #[arg(long, value_name = "NAME")]
        origin: String,
    },
}

impl Restore {
    /// Enters the loss under the new name, and says what was lost and what to do.
    pub fn run(self, output: &Output) -> Result<(), Failure> {
        let Action::AcceptLoss { config: file, origin } = self.action;
        let config = Config::load(&file)?;
        let settings = opening::settings(&config, TornTail::Ask)?;
        let new = Origin::parse(&origin).map_err(|error| Failure::Usage(format!("{origin:?}: {error}.")))?;
        let accepted = startup::accept_loss(&settings, &new, Arc::new(Clock::system()))?;
        let AcceptedLoss { finding, signed, entry, verifier_keys } = accepted;
        let published = key_lines::put_first(&file, &verifier_keys);
        published.map_err(|source| ConfigError::KeysNotPublished { file: key_lines::path(&file), source })?;
        let keys: Vec<_> = verifier_keys.iter().map(ToString::to_string).collect();
        let lines = key_lines::path(&file);
        let whole = lines.is_file().then_some(lines.as_path());
        // What is lost lies between what the journal held and what was signed.
        let lost = (signed > entry).then(|| (entry, signed - 1));
        if output.is_json() {
            output.value(&json!({
                "old_origin": config.origin,
                "new_origin": origin,
                "signed": signed,
                "audit_entry": entry,
                "lost": lost.map(|(first, last)| json!({"first": first, "last": last})),
                "verifier_keys": keys,
            }));
            return Ok(());
        }
        let found = finding.map_or_else(String::new, |finding| {
            format!(
                "By {} a tree of {} entries was signed; the journal has {}. ",
                finding.source, finding.signed, finding.held
            )
        });
        let lost = match lost {
            Some((first, last)) => format!("Lost: the entries {first} to {last} of {}.", config.origin),
            None => format!("The entries of {} were exchanged for others.", config.origin),
        };
        output.text(&format!(
            "{found}{lost}\nEntry {entry} is the first one of {origin}, and commits to the last checkpoint that is known of \
             {}.\n\nNext:\n\
             - Write origin = {origin:?} in {}, and start the server.\n\
             - Tell everyone who relies on the log that entries were lost, and give them the new lines of log.vkey:\n{}\n\
             - Tell your witnesses: {origin} is another log for them. If the policy of [witnesses] has `log` lines, put \
             the first new line there in their place.\n\
             - Keep the old lines of log.vkey: evidence of entries before needs them. Documents that were lodged in the lost \
             entries have to be lodged again.",
            config.origin,
            file.display(),
            keys.iter().map(|key| key_lines::short(key, whole)).collect::<Vec<_>>().join("\n"),
        ));
        Ok(())
    }
}

const AFTER_HELP: &str = "\
For a server that starts denied, since its data directory is an older copy than what the log has signed. The better way is
to put the newest copy of the data directory back. Where there is none, this goes on with what is there: the entries after
it are lost, and since they were signed, the log may never sign others in their place under the same name. So it takes
another name, and its first entry says from which log it comes and which checkpoint of it was the last. Evidence given out
before stays valid under the old key lines.";
