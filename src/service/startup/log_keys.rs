//! The log's seeds by epoch: in the file that is configured for the first one, and in files beside it, with the epoch's
//! number after a dot, for the later ones.
//!
//! Which epoch holds is a fact of the journal. A file of an earlier epoch that is still there goes on signing; one of a
//! later epoch is a rotation's that was broken off before its entry, and signs nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::StartError;
use crate::pure::audit::rotation::Rotation as RotationNote;
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::log_keys::{FIRST_EPOCH, LogKeys, Rotation};
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::note::Note;
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::service::publishing::signers::{LogSigner, LogSigners};
use crate::storage::seal::keys::provider::KeyProvider;
use crate::storage::seal::secret::SecretKey;
use crate::storage::view::View;

/// Every seed whose file is there.
pub(in crate::service) struct Seeds {
    /// The file of the first epoch's.
    file: Option<PathBuf>,
    seeds: BTreeMap<u32, SecretKey>,
}

/// The file of an epoch's seed, where the first epoch's is `first`.
pub(super) fn epoch_file(first: &Path, epoch: u32) -> PathBuf {
    match epoch {
        FIRST_EPOCH => first.to_owned(),
        later => crate::storage::disk::outside::with_suffix(first, &later.to_string()),
    }
}

impl Seeds {
    /// Loads what is there; an error if nothing is.
    pub(in crate::service) fn load(provider: &KeyProvider) -> Result<Self, StartError> {
        let KeyProvider::File(first) = provider else {
            return Ok(Self { file: None, seeds: BTreeMap::from([(FIRST_EPOCH, provider.load()?)]) });
        };
        let mut seeds = BTreeMap::new();
        for epoch in epochs_with_files(first) {
            seeds.insert(epoch, KeyProvider::File(epoch_file(first, epoch)).load()?);
        }
        if seeds.is_empty() {
            seeds.insert(FIRST_EPOCH, provider.load()?);
        }
        Ok(Self { file: Some(first.clone()), seeds })
    }

    /// The keys of all seeds under the name of the log whose checkpoint a note says that it is. Nothing is believed in
    /// this: under a false name no signature verifies.
    pub(in crate::service) fn keys_of(&self, note: &Note) -> Result<Vec<VerifierKey>, StartError> {
        let Ok(origin) = Origin::parse(note.text().lines().next().unwrap_or_default()) else { return Ok(Vec::new()) };
        let mut keys = Vec::new();
        for seed in self.seeds.values() {
            keys.extend(LogSigner::from_seed(&origin, seed)?.verifier_keys());
        }
        Ok(keys)
    }

    /// What signs the checkpoints of `origin` in the epoch that holds by `facts`, once every rotation up to it was seen
    /// to be signed, and every seed to be the one of its epoch.
    pub(in crate::service) fn signers_by(&self, facts: &View, origin: &Origin) -> Result<LogSigners, StartError> {
        let epochs = facts.log_keys()?.map(|epochs| (*epochs).clone()).unwrap_or_default();
        verify_rotations(&epochs)?;
        self.signers(origin, &epochs)
    }

    fn signers(&self, origin: &Origin, epochs: &LogKeys) -> Result<LogSigners, StartError> {
        let current = epochs.epoch();
        if !self.seeds.contains_key(&current) {
            let entry = epochs.rotation(current).map(|rotation| rotation.entry);
            return Err(StartError::EpochKeyMissing { file: self.file_of(current), epoch: current, entry });
        }
        for (epoch, seed) in self.seeds.range(..=current) {
            self.check_seed(*epoch, seed, epochs)?;
        }
        let signers = self.seeds.range(..=current).rev().map(|(_, seed)| LogSigner::from_seed(origin, seed));
        let mut signers = signers.collect::<Result<Vec<_>, _>>()?;
        if let Some((unfinished, _)) = self.seeds.range(current + 1..).next() {
            tracing::warn!(
                epoch = unfinished,
                "a log key of an epoch that no entry began: run `strongroom rotate-keys` again, or remove its file"
            );
        }
        let first = signers.remove(0);
        Ok(LogSigners::new(first, signers))
    }

    /// Whether a seed makes the keys that the entries say.
    fn check_seed(&self, epoch: u32, seed: &SecretKey, epochs: &LogKeys) -> Result<(), StartError> {
        if let Some(rotation) = epochs.rotation(epoch) {
            let wrong = || self.wrong(epoch, rotation);
            let (_, said) = read(rotation).ok_or_else(wrong)?;
            let keys = LogSigner::from_seed(&said.origin, seed)?.verifier_keys();
            return if keys.as_slice() == said.keys { Ok(()) } else { Err(wrong()) };
        }
        // The first epoch has no entry of its own, but its key handed over to the second.
        let Some(rotation) = epochs.rotation(epoch + 1) else { return Ok(()) };
        let wrong = || self.wrong(epoch, rotation);
        let (note, said) = read(rotation).ok_or_else(wrong)?;
        let keys = LogSigner::from_seed(&said.origin, seed)?.verifier_keys();
        RotationNote::open(&note, &keys).map(drop).map_err(|_| wrong())
    }

    fn wrong(&self, epoch: u32, rotation: &Rotation) -> StartError {
        StartError::EpochKeyWrong { file: self.file_of(epoch), epoch, entry: rotation.entry }
    }

    fn file_of(&self, epoch: u32) -> PathBuf {
        epoch_file(self.file.as_deref().unwrap_or(Path::new("the log's key")), epoch)
    }
}

/// That every rotation was signed by the keys before it and by its own, as far as the keys before the first one are
/// known.
fn verify_rotations(epochs: &LogKeys) -> Result<(), StartError> {
    let mut before: Option<Vec<VerifierKey>> = None;
    for rotation in &epochs.rotations {
        let unsigned = || StartError::RotationUnsigned { epoch: rotation.epoch, entry: rotation.entry };
        let (note, said) = read(rotation).ok_or_else(unsigned)?;
        // Those of the first epoch are checked against its seed, while that is there.
        if let Some(before) = &before {
            RotationNote::open(&note, before).map_err(|_| unsigned())?;
        }
        let names_them = said.keys.iter().map(ToString::to_string).eq(rotation.keys.iter().cloned());
        if !names_them || note.verify(&said.keys).is_err() {
            return Err(unsigned());
        }
        before = Some(said.keys);
    }
    Ok(())
}

fn read(rotation: &Rotation) -> Option<(Note, RotationNote)> {
    let note = Note::parse(rotation.note.as_bytes()).ok()?;
    let said = RotationNote::parse(note.text()).ok()?;
    Some((note, said))
}

/// The epochs whose files lie beside the first one's, oldest first.
fn epochs_with_files(first: &Path) -> Vec<u32> {
    let mut epochs: Vec<u32> = first.exists().then_some(FIRST_EPOCH).into_iter().collect();
    let parent = first.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (Some(stem), Ok(entries)) = (first.file_name().and_then(|name| name.to_str()), std::fs::read_dir(parent))
    else {
        return epochs;
    };
    epochs.extend(entries.flatten().filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let number = name.strip_prefix(stem)?.strip_prefix('.')?;
        let epoch: u32 = number.parse().ok()?;
        (epoch > FIRST_EPOCH && epoch.to_string() == number).then_some(epoch)
    }));
    epochs.sort_unstable();
    epochs
}
