//! What a verifier relies on: the keys of logs, and a policy of witnesses.

use crate::pure::tlog::checkpoint::{Checkpoint, UnverifiedCheckpoint};
use crate::pure::tlog::cosignature::Cosignature;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::note::{Note, UnverifiedNote};
use crate::pure::tlog::policy::Policy;
use crate::pure::tlog::verifier_key::{InvalidVerifierKey, VerifierKey};

use super::evidence::EvidenceError;
use super::rotation::{InvalidRotation, follow};

/// The keys of the logs that are believed, and what witnesses must have seen. A log may have several keys: of different
/// types, and of different times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    keys: Vec<VerifierKey>,
    policy: Policy,
}

/// A checkpoint that is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Believed {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// The keys of the log that signed it.
    pub signed_by: Vec<VerifierKey>,
    /// The policy's witnesses that cosigned it, in the policy's order.
    pub witnesses: Vec<Cosigned>,
}

/// A witness's cosignature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// The witness's name in the policy.
    pub name: String,
    /// When it cosigned, in seconds of POSIX time: its own clock.
    pub time: u64,
}

impl Trust {
    /// Believes whatever one of `keys` signed and, if the policy lists logs, only what one of those signed.
    pub fn new(keys: Vec<VerifierKey>, policy: Policy) -> Self {
        Self { keys, policy }
    }

    /// Believes the one key.
    pub fn in_key(key: VerifierKey) -> Self {
        Self::new(vec![key], Policy::default())
    }

    /// Reads keys, one a line, and believes them. A line whose key is of a type that is not known is passed over as
    /// long as another can be used: a log may sign in ways that this release does not know.
    pub fn in_keys(text: &str) -> Result<Self, EvidenceError> {
        let mut keys = Vec::new();
        let mut unknown = None;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match VerifierKey::parse(line) {
                Ok(key) => keys.push(key),
                Err(error @ InvalidVerifierKey::Type(_)) => unknown = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        match (keys.is_empty(), unknown) {
            (false, _) => Ok(Self::new(keys, Policy::default())),
            (true, Some(error)) => Err(error.into()),
            (true, None) => Err(EvidenceError::NoKey),
        }
    }

    /// Asks for what `policy` asks for as well.
    pub fn under(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// Believes the keys as well to which `rotations` lead from those that are believed.
    pub fn through(self, rotations: &[Note]) -> Result<Self, InvalidRotation> {
        Ok(Self { keys: follow(self.keys, rotations)?, ..self })
    }

    /// The keys of logs.
    pub fn keys(&self) -> &[VerifierKey] {
        &self.keys
    }

    /// The name under which the log of `checkpoint` committed to a record that says that it is of the log `said`. An
    /// entry of before its log took another name commits under the old one, which a key that is believed must bear.
    pub(super) fn origin_of_entry(&self, said: Option<Origin>, checkpoint: &Checkpoint) -> Origin {
        let is_known = |origin: &Origin| self.keys.iter().any(|key| key.name().as_str() == origin.as_str());
        said.filter(is_known).unwrap_or_else(|| checkpoint.origin.clone())
    }

    /// Whether any witness must have cosigned.
    pub fn asks_for_witnesses(&self) -> bool {
        self.policy.asks_for_witnesses()
    }

    /// The checkpoint that a note carries, if it is to be believed.
    pub fn open(&self, note: &Note) -> Result<Believed, EvidenceError> {
        let log = self.keys_of_the_log(note);
        let (checkpoint, signed_by) = Checkpoint::open(note, &log).map_err(|error| unverified(error, &log))?;
        let listed = |key: &&VerifierKey| self.policy.logs().iter().any(|log| log.key == **key);
        if !self.policy.logs().is_empty() && !signed_by.iter().any(listed) {
            return Err(EvidenceError::LogNotInPolicy { origin: checkpoint.origin });
        }
        let witnesses = self.witnesses(note)?;
        let signed_by = signed_by.into_iter().cloned().collect();
        Ok(Believed { checkpoint, signed_by, witnesses })
    }

    /// The keys that are named as the log whose checkpoint the note says that it is; all of them if none is, so that
    /// what is wrong can be said. The note is not believed in this: under a false name no signature verifies.
    fn keys_of_the_log(&self, note: &Note) -> Vec<VerifierKey> {
        let origin = note.text().lines().next().unwrap_or_default();
        let of_the_log: Vec<_> = self.keys.iter().filter(|key| key.name().as_str() == origin).cloned().collect();
        if of_the_log.is_empty() { self.keys.clone() } else { of_the_log }
    }

    fn witnesses(&self, note: &Note) -> Result<Vec<Cosigned>, EvidenceError> {
        // A log is no witness of itself, whatever a policy says.
        let is_a_logs = |key: &VerifierKey| self.keys.iter().any(|log| log.public_key() == key.public_key());
        let cosigned = match self.policy.cosigned(note) {
            Ok(cosigned) => cosigned.into_iter().filter(|key| !is_a_logs(key)).collect(),
            Err(UnverifiedNote::BadSignature { name, .. }) => return Err(EvidenceError::BadCosignature { name }),
            Err(UnverifiedNote::UnknownKeys) => Vec::new(),
        };
        if !self.policy.is_met_by(&cosigned) {
            let names = |of_those: &dyn Fn(&VerifierKey) -> bool| {
                let names = self.policy.witnesses().iter().filter(|witness| of_those(&witness.key));
                names.map(|witness| witness.name.clone()).collect()
            };
            return Err(EvidenceError::TooFewWitnesses {
                cosigned: names(&|key| cosigned.contains(&key)),
                missing: names(&|key| !cosigned.contains(&key)),
            });
        }
        let of_witness = |key: &VerifierKey| note.signatures().iter().find(|signature| signature.claims(key));
        let witnesses = self.policy.witnesses().iter().filter(|witness| cosigned.contains(&&witness.key));
        let witnesses = witnesses.filter_map(|witness| {
            let time = Cosignature::parse(of_witness(&witness.key)?.signature())?.time;
            Some(Cosigned { name: witness.name.clone(), time })
        });
        Ok(witnesses.collect())
    }
}

fn unverified(error: UnverifiedCheckpoint, keys: &[VerifierKey]) -> EvidenceError {
    match error {
        UnverifiedCheckpoint::Signature(UnverifiedNote::UnknownKeys) => {
            EvidenceError::UnknownKey { known: keys.iter().map(|key| (key.name().clone(), key.id())).collect() }
        }
        UnverifiedCheckpoint::Signature(UnverifiedNote::BadSignature { name, .. }) => {
            EvidenceError::BadSignature { name }
        }
        UnverifiedCheckpoint::Malformed(error) => EvidenceError::MalformedCheckpoint(error),
        UnverifiedCheckpoint::OtherOrigin { origin, key } => EvidenceError::WrongOrigin { origin, key },
    }
}
