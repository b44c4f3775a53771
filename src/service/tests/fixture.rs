//! A small policy authority for the tests of this floor and of those above: its keys, its register, its data directory.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::pure::domain::event::Event;
use crate::pure::domain::id::CredentialId;
use crate::pure::tlog::leaf::Origin;
use crate::service::bootstrap;
use crate::service::clock::Clock;
use crate::service::publishing::witnessing::Witnessing;
use crate::service::startup::{Running, Settings};
use crate::storage::journal::TornTail;
use crate::storage::seal::keys::provider::{KeyProvider, create_key_file};

/// The settings of a data directory in `folder`.
pub(crate) fn settings(folder: &Path, tick: Duration) -> Settings {
    Settings {
        origin: Origin::parse("test.example/log").unwrap(),
        data: folder.join("data"),
        root_key: KeyProvider::File(folder.join("root.key")),
        log_key: KeyProvider::File(folder.join("log.key")),
        tick,
        reserve_bytes: 0,
        queue_length: NonZeroUsize::new(64).unwrap(),
        refusals_per_minute: NonZeroU32::new(1000).unwrap(),
        torn_tail: TornTail::Ask,
        witnessing: Witnessing::default(),
    }
}

/// Makes the keys of a data directory in `folder`, unless they are there.
pub(crate) fn make_keys(folder: &Path) {
    for key in ["root.key", "log.key"].map(|key| folder.join(key)).into_iter().filter(|key| !key.exists()) {
        create_key_file(&key).unwrap();
    }
}

/// Opens the data directory in `folder`; for a thread that may block.
pub(crate) fn open(folder: &Path, tick: Duration) -> Running {
    open_with(folder, tick, Witnessing::default())
}

/// The same with witnesses.
pub(crate) fn open_with(folder: &Path, tick: Duration, witnessing: Witnessing) -> Running {
    make_keys(folder);
    let settings = Settings { witnessing, ..settings(folder, tick) };
    Running::start(&settings, Arc::new(Clock::system())).unwrap()
}

/// The register's first events, with the credentials that `credential_of` gives.
pub(crate) fn first_events(credential_of: impl Fn(&str) -> CredentialId) -> Vec<Event> {
    let profile = toml::from_str(include_str!("../../../tests/fixtures/profile.toml")).unwrap();
    let register = toml::from_str(include_str!("../../../tests/fixtures/register.toml")).unwrap();
    bootstrap::first_events(&profile, &register, |entry| Ok(credential_of(entry.person.as_str()))).unwrap()
}

/// A credential for a person without a certificate.
pub(crate) fn credential(person: &str) -> CredentialId {
    CredentialId(crate::pure::tlog::hash::sha256(person.as_bytes()))
}
