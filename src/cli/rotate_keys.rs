//! `strongroom rotate-keys`: another epoch of the log's signing keys.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::common::failure::Failure;
use super::common::output::Output;
use super::common::{key_lines, opening};
use super::config::{Config, ConfigError};
use crate::service::clock::Clock;
use crate::service::startup::{self, Rotated};
use crate::storage::journal::TornTail;

/// Of which server.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct RotateKeys {
    /// The server's configuration; the server must be stopped
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl RotateKeys {
    /// Rotates, publishes the note beside the configuration, and says what is to be done next. What an earlier run
    /// could not publish is published first.
    pub fn run(self, output: &Output) -> Result<(), Failure> {
        let config = Config::load(&self.config)?;
        let settings = opening::settings(&config, TornTail::Ask)?;
        let clock = Arc::new(Clock::system());
        if let Some(last) = startup::last_rotation(&settings, clock.clone())?
            && !self.note_of(&last).exists()
        {
            self.publish(&last)?;
            self.say(output, &last, false);
            return Ok(());
        }
        let rotated = startup::rotate_keys(&settings, clock)?;
        self.publish(&rotated)?;
        self.say(output, &rotated, true);
        Ok(())
    }

    fn note_of(&self, rotated: &Rotated) -> PathBuf {
        key_lines::beside(&self.config, &format!("log.rotation.{}", rotated.epoch))
    }

    /// The keys first: where the note is, everything is.
    fn publish(&self, rotated: &Rotated) -> Result<(), Failure> {
        let failed = |source| ConfigError::NotPublished { epoch: rotated.epoch, entry: rotated.entry, source };
        key_lines::put_first(&self.config, &rotated.keys).map_err(failed)?;
        Ok(key_lines::publish(&self.note_of(rotated), &rotated.note).map_err(failed)?)
    }

    fn say(&self, output: &Output, rotated: &Rotated, made: bool) {
        let Rotated { epoch, entry, keys, file, old_file, .. } = rotated;
        let note = self.note_of(rotated);
        let keys: Vec<_> = keys.iter().map(ToString::to_string).collect();
        let lines = key_lines::path(&self.config);
        let whole = lines.is_file().then_some(lines.as_path());
        if output.is_json() {
            output.value(&json!({
                "epoch": epoch,
                "made": made,
                "audit_entry": entry,
                "verifier_keys": keys,
                "rotation": note.display().to_string(),
                "key_file": file.display().to_string(),
                "old_key_file": old_file.display().to_string(),
            }));
            return;
        }
        let what = if made {
            format!("The log's keys are of epoch {epoch} from entry {entry} on")
        } else {
            format!(
                "Epoch {epoch} of the log's keys had begun with entry {entry}, and is published now; nothing was rotated"
            )
        };
        output.text(&format!(
            "{what}. The new keys:\n{}\n\n\
             Next:\n\
             - Copy {} to where the copies of your keys are.\n\
             - Start the server: the old key and the new one sign every checkpoint.\n\
             - Publish {} and {}. Readers verify with the old key line and `--rotation {}`, or with a new line.\n\
             - Give the new lines, without the old ones again, to your witnesses, which know this log by its keys. If the \
             policy of [witnesses] has `log` lines, add one with the first new line.\n\
             - Once everyone has the new lines, take {} away: from the next start on the new key signs alone. Until then \
             whoever has the old key can still sign in the log's name. Keep it offline for as long as a backup from before \
             the rotation may have to be restored, and the old lines in log.vkey: evidence from before needs them.",
            keys.iter().map(|key| key_lines::short(key, whole)).collect::<Vec<_>>().join("\n"),
            file.display(),
            lines.display(),
            note.display(),
            note.file_name().unwrap_or_default().display(),
            old_file.display(),
        ));
    }
}

const AFTER_HELP: &str = "\
The seed of the new epoch is made beside the one that keys.log names, with the epoch's number after a dot. One entry,
signed by the old key and the new one, begins the epoch. A run that was broken off is finished by the next one.
Rotated are the keys that sign the log (Ed25519 and ML-DSA-44), and no others: not the root key, nor the keys of the
journal and of the documents, which are derived from it.";
