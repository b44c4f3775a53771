//! Rotations: from a log key that is known to the ones that took its place.
//!
//! A rotation is a signed note. Its text is `strongroom/log-key-rotation v1`, the log's origin, the number of the new
//! epoch and the verifier keys of that epoch, one a line, Ed25519 first. The old Ed25519 key signs it and so does the
//! new one, so that the old key's holder hands over and the new key's holder takes on. Its first line has a space,
//! which no origin has, so that it can never be taken for a checkpoint. The same note is in the entry that began the
//! epoch.

use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::note::{MalformedNote, Note, UnverifiedNote};
use crate::pure::tlog::verifier_key::{InvalidVerifierKey, KeyType, VerifierKey};

/// What a rotation says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The log.
    pub origin: Origin,
    /// The epoch that begins: 2 or more.
    pub epoch: u32,
    /// Its keys, which are named after the log, Ed25519 first.
    pub keys: Vec<VerifierKey>,
}

/// Why a rotation is not to be believed. Each text says what is wrong, then what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRotation {
    /// Not a signed note.
    #[error("The rotation cannot be read: {0}. Fetch it again and keep it byte for byte.")]
    Note(#[from] MalformedNote),
    /// A note, but no rotation's.
    #[error("The note is no rotation of a log's keys ({0}). Give the file that the log's operator published for it.")]
    Text(&'static str),
    /// A key in it is none.
    #[error("A key in the rotation cannot be used: {0}.")]
    Key(#[from] InvalidVerifierKey),
    /// No key that is trusted signed it.
    #[error(
        "The rotation to epoch {epoch} of {origin} is not signed by a key that you trust already. Give the rotations of \
         all epochs from that of your key on, or another key."
    )]
    NotHandedOver {
        /// The log.
        origin: Origin,
        /// The epoch.
        epoch: u32,
    },
    /// The new key did not sign it.
    #[error(
        "The rotation to epoch {epoch} of {origin} is not signed by the new key. Do not rely on it; fetch it again."
    )]
    NotTakenOn {
        /// The log.
        origin: Origin,
        /// The epoch.
        epoch: u32,
    },
    /// A signature is bad.
    #[error("The rotation was altered: {0}. Do not rely on it; fetch it again.")]
    BadSignature(UnverifiedNote),
}

impl Rotation {
    /// The note to be signed by the old Ed25519 key and by the new one.
    pub fn to_note(&self) -> Result<Note, MalformedNote> {
        let Self { origin, epoch, keys } = self;
        let keys: String = keys.iter().map(|key| format!("{key}\n")).collect();
        Note::unsigned(format!("{HEADING}\n{origin}\n{epoch}\n{keys}"))
    }

    /// The rotation that a note carries, once a key of `known` that is named after the same log and its own Ed25519 key
    /// are seen to have signed it.
    pub fn open(note: &Note, known: &[VerifierKey]) -> Result<Self, InvalidRotation> {
        let rotation = Self::parse(note.text())?;
        let Self { origin, epoch, keys } = &rotation;
        let of_the_log = |key: &&VerifierKey| key.name().as_str() == origin.as_str();
        let known: Vec<_> = known.iter().filter(of_the_log).filter(is_ed25519).cloned().collect();
        let new: Vec<_> = keys.iter().filter(is_ed25519).cloned().collect();
        for (signers, missing) in [
            (known, InvalidRotation::NotHandedOver { origin: origin.clone(), epoch: *epoch }),
            (new, InvalidRotation::NotTakenOn { origin: origin.clone(), epoch: *epoch }),
        ] {
            note.verify(&signers).map_err(|error| match error {
                UnverifiedNote::UnknownKeys => missing,
                bad @ UnverifiedNote::BadSignature { .. } => InvalidRotation::BadSignature(bad),
            })?;
        }
        Ok(rotation)
    }

    /// What a text says, whoever signed it.
    pub fn parse(text: &str) -> Result<Self, InvalidRotation> {
        let mut lines = text.strip_suffix('\n').ok_or(InvalidRotation::Text("it is cut"))?.split('\n');
        if lines.next() != Some(HEADING) {
            return Err(InvalidRotation::Text("its first line is another"));
        }
        let origin = lines.next().and_then(|line| Origin::parse(line).ok());
        let origin = origin.ok_or(InvalidRotation::Text("its second line is no log's origin"))?;
        let epoch = lines.next().and_then(epoch).ok_or(InvalidRotation::Text("its third line is no epoch"))?;
        let keys = lines.map(VerifierKey::parse).collect::<Result<Vec<_>, _>>()?;
        let is_own = |key: &VerifierKey| key.name().as_str() == origin.as_str() && key.key_type().is_for_logs();
        if !keys.first().is_some_and(|key| is_ed25519(&key)) || !keys.iter().all(is_own) || keys.len() > MAX_KEYS {
            return Err(InvalidRotation::Text("its keys are not the log's, Ed25519 first"));
        }
        Ok(Self { origin, epoch, keys })
    }
}

/// All keys that are to be trusted: those in `trusted`, and those that `rotations` lead to from them, whatever their
/// order. A rotation that does not lead on from a trusted key is an error.
pub fn follow(trusted: Vec<VerifierKey>, rotations: &[Note]) -> Result<Vec<VerifierKey>, InvalidRotation> {
    let mut in_order = Vec::with_capacity(rotations.len());
    for note in rotations {
        in_order.push((Rotation::parse(note.text())?.epoch, note));
    }
    in_order.sort_by_key(|(epoch, _)| *epoch);
    let mut keys = trusted;
    for (_, note) in in_order {
        for key in Rotation::open(note, &keys)?.keys {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    Ok(keys)
}

fn is_ed25519(key: &&VerifierKey) -> bool {
    key.key_type() == KeyType::Ed25519
}

/// An epoch in its one form.
fn epoch(line: &str) -> Option<u32> {
    let epoch: u32 = line.parse().ok()?;
    (epoch >= 2 && epoch.to_string() == line).then_some(epoch)
}

const HEADING: &str = "strongroom/log-key-rotation v1";

/// The most keys of one epoch.
const MAX_KEYS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pure::tlog::signer::Ed25519Signer;
    use crate::pure::tlog::verifier_key::KeyName;

    fn signer(name: &str, seed: u8) -> Ed25519Signer {
        Ed25519Signer::from_seed(KeyName::parse(name).unwrap(), &[seed; 32]).unwrap()
    }

    /// The note by which the key of `old` hands over to that of `new`.
    fn rotation(epoch: u32, old: u8, new: u8) -> Note {
        let new = signer("log.example", new);
        let origin = Origin::parse("log.example").unwrap();
        let rotation = Rotation { origin, epoch, keys: vec![new.verifier_key().clone()] };
        let mut note = rotation.to_note().unwrap();
        note.add(signer("log.example", old).sign(note.text()));
        note.add(new.sign(note.text()));
        note
    }

    fn key(seed: u8) -> VerifierKey {
        signer("log.example", seed).verifier_key().clone()
    }

    #[test]
    fn a_chain_leads_from_a_known_key_to_the_current_one_in_any_order() {
        let chain = [rotation(3, 2, 3), rotation(2, 1, 2)];
        assert_eq!(follow(vec![key(1)], &chain).unwrap(), [key(1), key(2), key(3)]);
        assert_eq!(follow(vec![key(2)], &chain[..1]).unwrap(), [key(2), key(3)]);
    }

    #[test]
    fn a_chain_with_a_gap_or_from_another_key_leads_nowhere() {
        let missing = follow(vec![key(1)], &[rotation(3, 2, 3)]).unwrap_err();
        assert!(matches!(missing, InvalidRotation::NotHandedOver { epoch: 3, .. }), "{missing}");
        assert!(follow(vec![key(9)], &[rotation(2, 1, 2)]).is_err());
        let of_another_log = signer("other.example", 1).verifier_key().clone();
        assert!(follow(vec![of_another_log], &[rotation(2, 1, 2)]).is_err());
    }

    #[test]
    fn the_new_key_must_have_signed_too() {
        let whole = rotation(2, 1, 2);
        let mut note = Note::unsigned(whole.text().to_owned()).unwrap();
        note.add(whole.signatures()[0].clone());
        assert!(matches!(Rotation::open(&note, &[key(1)]), Err(InvalidRotation::NotTakenOn { .. })));
    }

    #[test]
    fn no_changed_byte_leads_to_another_key() {
        let bytes = rotation(2, 1, 2).to_string().into_bytes();
        for position in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[position] ^= 1;
            let Ok(note) = Note::parse(&altered) else { continue };
            assert!(Rotation::open(&note, &[key(1)]).is_err(), "byte {position}");
        }
    }

    #[test]
    fn texts_that_are_no_rotation_are_refused() {
        let whole = rotation(2, 1, 2).text().to_owned();
        for (from, to) in [("v1\n", "v2\n"), ("\n2\n", "\n02\n"), ("\n2\n", "\n1\n"), ("\n2\n", "\n4294967296\n")] {
            assert!(Rotation::parse(&whole.replace(from, to)).is_err(), "{to:?}");
        }
        assert!(Rotation::parse(whole.trim_end()).is_err());
        assert!(Rotation::parse("strongroom/log-key-rotation v1\nlog.example\n2\n").is_err());
    }
}
