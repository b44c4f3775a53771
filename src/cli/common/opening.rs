//! From the configuration to what opens a repository.

use std::path::PathBuf;
use std::time::Duration;

use super::witnessing::witnessing;
use crate::cli::config::{Config, ConfigError, RootKey};
use crate::pure::tlog::leaf::Origin;
use crate::service::startup::Settings;
use crate::storage::journal::{self, TornTail};
use crate::storage::seal::keys::provider::KeyProvider;

/// The settings of the repository that `config` names, which `init` has made: it must hold a journal.
pub fn settings(config: &Config, torn_tail: TornTail) -> Result<Settings, ConfigError> {
    let limits = &config.limits;
    // Both were checked when the file was read.
    let unusable = |trouble: &str| ConfigError::Wrong {
        file: PathBuf::from("strongroom.toml"),
        line: 1,
        trouble: trouble.to_owned(),
        remedy: "Correct the configuration.".to_owned(),
    };
    let directory = &config.data.directory;
    if !directory.join(journal::DIRECTORY).is_dir() {
        return Err(ConfigError::NoJournal { directory: directory.clone() });
    }
    Ok(Settings {
        origin: Origin::parse(&config.origin).map_err(|_| unusable("the origin cannot name a log"))?,
        data: config.data.directory.clone(),
        root_key: match config.keys.root_key() {
            Some(RootKey::File(file)) => KeyProvider::File(file.to_owned()),
            Some(RootKey::Command(program, arguments)) => {
                KeyProvider::Command { program: program.into(), arguments: arguments.to_vec() }
            }
            None => return Err(unusable("nothing says where the root key comes from")),
        },
        log_key: KeyProvider::File(config.keys.log.clone()),
        tick: Duration::from_secs(config.log.checkpoint_seconds.get().into()),
        reserve_bytes: config.data.reserve_bytes,
        queue_length: limits.queue_length.try_into().unwrap_or(std::num::NonZeroUsize::MAX),
        refusals_per_minute: limits.refusals_per_minute,
        torn_tail,
        witnessing: witnessing(config)?,
    })
}
