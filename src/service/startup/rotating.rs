//! Rotating the log's keys: another epoch begins, with an entry that the old keys and the new ones signed.
//!
//! The order, and what a crash after each step leaves: the new seed's file is made (the next run goes on with it); the
//! entry is made (the epoch holds, and the next run says so and writes what is published again). Nothing signs with a
//! key before its entry is durable.

use std::path::PathBuf;
use std::sync::Arc;

use super::log_keys::epoch_file;
use super::{Running, Settings, StartError};
use crate::pure::audit::rotation::{InvalidRotation, Rotation};
use crate::pure::domain::command::{Actor, Command, System};
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::log_keys::{FIRST_EPOCH, LogKeys};
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::service::clock::Clock;
use crate::service::publishing::signers::LogSigner;
use crate::service::request;
use crate::storage::disk::outside::{sync_parent, with_suffix};
use crate::storage::seal::keys::provider::{KeyProvider, create_key_file};

/// The beginning of an epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The epoch.
    pub epoch: u32,
    /// The index of its entry.
    pub entry: u64,
    /// Its verifier keys, Ed25519 first.
    pub keys: Vec<VerifierKey>,
    /// The signed note that hands over.
    pub note: String,
    /// The file of its seed.
    pub file: PathBuf,
    /// The file of the seed before it.
    pub old_file: PathBuf,
}

/// Begins the next epoch of the log's keys. The server must be stopped.
pub fn rotate_keys(settings: &Settings, clock: Arc<Clock>) -> Result<Rotated, StartError> {
    let running = Running::start(settings, clock.clone())?;
    let rotated = rotate(settings, &running);
    running.stop();
    let rotated = rotated?;
    // The next start signs with both, so that from here on the old file may be missing.
    Running::start(settings, clock)?.stop();
    Ok(rotated)
}

/// The epoch that holds, if it is not the first: for what a crash kept from being published.
pub fn last_rotation(settings: &Settings, clock: Arc<Clock>) -> Result<Option<Rotated>, StartError> {
    let running = Running::start(settings, clock)?;
    let found = last(settings, &running);
    running.stop();
    found
}

fn rotate(settings: &Settings, running: &Running) -> Result<Rotated, StartError> {
    let KeyProvider::File(first) = &settings.log_key else { return Err(StartError::KeyInNoFile) };
    let epochs = epochs(running)?;
    let (old, epoch) = (epochs.epoch(), epochs.epoch() + 1);
    let (old_file, file) = (epoch_file(first, old), epoch_file(first, epoch));
    make_seed(&file)?;
    let signer = |file: &PathBuf| {
        let seed = KeyProvider::File(file.clone()).load()?;
        Ok::<_, StartError>(LogSigner::from_seed(&settings.origin, &seed)?)
    };
    let (old_signer, new_signer) = (signer(&old_file)?, signer(&file)?);
    let keys = new_signer.verifier_keys().to_vec();
    let rotation = Rotation { origin: settings.origin.clone(), epoch, keys: keys.clone() };
    let unusable = |error: InvalidRotation| StartError::RotationNote(Box::new(error));
    let mut note = rotation.to_note().map_err(|error| unusable(error.into()))?;
    old_signer.sign_text(&mut note);
    new_signer.sign_text(&mut note);
    Rotation::open(&note, &old_signer.verifier_keys()).map_err(unusable)?;
    let note = note.to_string();
    let named = keys.iter().map(ToString::to_string).collect();
    let command = Command::RotateLogKey { epoch, keys: named, note: note.clone() };
    let request = request(Actor::System(System::Recovery), command, None)?;
    let answered = running.repository.registrar.submit_blocking(request)?;
    let entry = answered.entry().unwrap_or_default();
    Ok(Rotated { epoch, entry, keys, note, file, old_file })
}

fn last(settings: &Settings, running: &Running) -> Result<Option<Rotated>, StartError> {
    let KeyProvider::File(first) = &settings.log_key else { return Ok(None) };
    let epochs = epochs(running)?;
    let Some(rotation) = epochs.rotations.last() else { return Ok(None) };
    Ok(Some(Rotated {
        epoch: rotation.epoch,
        entry: rotation.entry,
        keys: running.verifier_keys.iter().take(rotation.keys.len()).cloned().collect(),
        note: rotation.note.clone(),
        file: epoch_file(first, rotation.epoch),
        old_file: epoch_file(first, rotation.epoch.saturating_sub(1).max(FIRST_EPOCH)),
    }))
}

fn epochs(running: &Running) -> Result<LogKeys, StartError> {
    Ok(running.repository.facts().log_keys()?.map(|epochs| (*epochs).clone()).unwrap_or_default())
}

/// Makes the file of a seed whole or not at all, unless it is there.
fn make_seed(file: &PathBuf) -> Result<(), StartError> {
    if file.exists() {
        return Ok(());
    }
    let failed = |source| StartError::SeedFile { file: file.clone(), source };
    let fresh = with_suffix(file, "new");
    match std::fs::remove_file(&fresh) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    create_key_file(&fresh)?;
    // The lock of the data directory keeps others from making the same file.
    std::fs::rename(&fresh, file).and_then(|()| sync_parent(file)).map_err(failed)
}
