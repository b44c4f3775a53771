//! Verifies one entry's evidence: a proof file whose `extra` opens the entry's commitment.
//!
//! The holder of a file, a proof file and the log's verifier key learns, offline, that the log recorded the lodging or
//! the release of exactly these bytes. Each mismatch has its own error, so that people can be told what to do.

use super::content::{self, ContentEvent, ReadRecord};
use super::report::{Content, Evidence, EvidenceKind};
use super::trust::{Believed, Trust};
use crate::pure::detached::BadSignature;
use crate::pure::tlog::checkpoint::MalformedCheckpoint;
use crate::pure::tlog::hash::HASH_LEN;
use crate::pure::tlog::leaf::{Entry, OPENING_LEN, Opening, Origin};
use crate::pure::tlog::proof::{InvalidProof, verify_inclusion};
use crate::pure::tlog::proof_file::{MalformedProofFile, ProofFile};
use crate::pure::tlog::verifier_key::{InvalidVerifierKey, KeyId, KeyName};

/// What identifies a file's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileDigest {
    /// SHA-256 of the whole file.
    pub sha256: [u8; HASH_LEN],
    /// The file's length in bytes.
    pub size: u64,
}

/// Verifies that a log that is trusted recorded the lodging or the release of `file`, by the bytes of a `.tlog-proof`
/// file.
pub fn verify_file(file: &FileDigest, proof: &[u8], trust: &Trust) -> Result<Evidence, EvidenceError> {
    let proven = prove(proof, trust)?;
    let events = &proven.record.content;
    let first = events.first().ok_or_else(|| EvidenceError::NoContent { command: proven.record.command.clone() })?;
    let event = events
        .iter()
        .find(|event| event.digest == file.sha256)
        .ok_or(EvidenceError::OtherDigest { recorded: first.digest, file: file.sha256 })?;
    match event.size {
        Some(recorded) if recorded != file.size => Err(EvidenceError::OtherSize { recorded, file: file.size }),
        _ => Ok(proven.report(Some(event))),
    }
}

/// Verifies that a log that is trusted holds the entry that the proof file opens, whatever its record says. Of several
/// events about content the report names the first.
pub fn verify_entry(proof: &[u8], trust: &Trust) -> Result<Evidence, EvidenceError> {
    let proven = prove(proof, trust)?;
    Ok(proven.report(proven.record.content.first()))
}

/// Why evidence proves nothing, or not what was asked. Each text says what is wrong, then what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// The proof is not a well-formed `.tlog-proof` file.
    #[error("The proof cannot be read: {0}. Fetch it again and keep it byte for byte.")]
    MalformedProof(#[from] MalformedProofFile),
    /// The verifier key is not one.
    #[error("The verifier key cannot be used: {0}.")]
    MalformedKey(#[from] InvalidVerifierKey),
    /// No key was given.
    #[error("No verifier key was given. It reads <name>+<8 hex digits>+<base64>.")]
    NoKey,
    /// No signature on the checkpoint is by a given key.
    #[error(
        "The checkpoint is not signed by a key you gave ({}). \
         Check that the proof and the key are of the same log, and whether the log has changed its key.",
        list(.known)
    )]
    UnknownKey {
        /// The given keys' names and ids.
        known: Vec<(KeyName, KeyId)>,
    },
    /// The policy lists logs, and the checkpoint is signed by none of them.
    #[error(
        "The checkpoint of {origin} is not signed by any log of the policy. \
         Use the policy for this log, or add a line for its key."
    )]
    LogNotInPolicy {
        /// The log that signed.
        origin: Origin,
    },
    /// The checkpoint claims a witness's cosignature, and it is not.
    #[error(
        "The cosignature by the witness {name} is bad: the checkpoint was altered, or {name} did not cosign it. \
         Do not rely on this proof; fetch it again."
    )]
    BadCosignature {
        /// The witness's key's name.
        name: KeyName,
    },
    /// The witnesses that cosigned are not enough for the policy.
    #[error(
        "Too few witnesses cosigned the checkpoint for the policy: {} did, and {} did not. \
         Fetch the proof again: a later checkpoint may have more cosignatures.",
        names(.cosigned),
        names(.missing)
    )]
    TooFewWitnesses {
        /// The names in the policy of those that cosigned.
        cosigned: Vec<String>,
        /// The names of those that did not.
        missing: Vec<String>,
    },
    /// The checkpoint claims the given key's signature, and it is not.
    #[error(
        "The checkpoint's signature is bad: the checkpoint was altered, or {name} did not sign it. \
         Do not rely on this proof; fetch it again."
    )]
    BadSignature {
        /// The given key's name.
        name: KeyName,
    },
    /// The key signed something that is not a checkpoint.
    #[error("The log's key signed something that is not a checkpoint: {0}. Report this to the log's operator.")]
    MalformedCheckpoint(MalformedCheckpoint),
    /// The checkpoint is another log's.
    #[error("The checkpoint is of the log {origin}, but the key you gave is of {key}. Use the key of {origin}.")]
    WrongOrigin {
        /// The log that the checkpoint names.
        origin: Origin,
        /// The log that the key names.
        key: KeyName,
    },
    /// The proof has no opening and record, so that its entry stays closed.
    #[error(
        "The proof does not carry the record and the opening of its entry, \
         so nobody can tell what the entry commits to. \
         Ask for the evidence of your own entry, not for a bare inclusion proof."
    )]
    CommitmentNotOpened,
    /// The index and the number of hashes do not fit the checkpoint's size.
    #[error("The proof does not fit the log's size: {0}. Fetch the proof again.")]
    MisshapenProof(InvalidProof),
    /// Record, opening, index and hashes do not lead to the signed root. Which of them is wrong cannot be told.
    #[error(
        "The log does not contain this record at entry {index}: the record, its opening, the index or the proof's \
         hashes were altered. Do not rely on this proof; fetch it again."
    )]
    NotIncluded {
        /// The index that the proof claims.
        index: u64,
    },
    /// The log contains it, but it is not a record in canonical form.
    #[error("The log contains this entry, but its record is not well formed ({0}). Report this to the log's operator.")]
    MalformedRecord(&'static str),
    /// A record of a later version.
    #[error("The log contains this entry, but its record has version {version}. Use a newer program to read it.")]
    UnknownRecordVersion {
        /// The record's version.
        version: u64,
    },
    /// The record names another log than the one that contains it.
    #[error("The record says that it is of the log {record}, but it is in another. Report this to the log's operator.")]
    RecordOfAnotherLog {
        /// The log that the record names.
        record: String,
    },
    /// The record names another index than the one it has.
    #[error(
        "The record says that it is entry {record}, but it is entry {proof} of the log. \
         Report this to the log's operator."
    )]
    OtherIndex {
        /// The index that the record names.
        record: u64,
        /// The index that the proof proves.
        proof: u64,
    },
    /// The record holds a signature of the lodger that is none of this lodgement.
    #[error(
        "The entry is genuine, but the lodger's signature in it {0}. A server must refuse such a lodgement: \
         do not rely on it, and report this to the log's auditor."
    )]
    BadLodgerSignature(BadSignature),
    /// The record holds a signature by another key than the credential's that lodged.
    #[error(
        "The entry is genuine, but the lodger's signature in it is by the key {key}, which is not the credential that \
         lodged. A server must refuse such a lodgement: do not rely on it, and report this to the log's auditor."
    )]
    SignedByAnotherKey {
        /// SHA-256 of the key's SubjectPublicKeyInfo, in hexadecimal.
        key: String,
    },
    /// The record lodges and releases nothing.
    #[error(
        "The entry is genuine, but it is about no document's content (\"{command}\"). \
         Use the proof that came with the file, or verify the entry alone, without a file."
    )]
    NoContent {
        /// The kind of command that the record is of.
        command: String,
    },
    /// The record is of other bytes.
    #[error(
        "The entry is genuine, but it is about another file: it names SHA-256 {}, and this file has {}. \
         Check that file and proof belong together; if they do, the file was altered.",
        hex::encode(.recorded),
        hex::encode(.file)
    )]
    OtherDigest {
        /// The first digest that the record names.
        recorded: [u8; HASH_LEN],
        /// The file's digest.
        file: [u8; HASH_LEN],
    },
    /// The record has the file's digest and another size.
    #[error(
        "The record contradicts itself: it names this file's digest, but {recorded} bytes, and the file has {file}. \
         Report this to the log's operator."
    )]
    OtherSize {
        /// The size that the record names, in bytes.
        recorded: u64,
        /// The file's size in bytes.
        file: u64,
    },
}

/// A record that the log contains, and the checkpoint that says so.
struct Proven {
    record: ReadRecord,
    believed: Believed,
}

impl Proven {
    fn report(&self, event: Option<&ContentEvent>) -> Evidence {
        Evidence {
            kind: event.map_or(EvidenceKind::Other, |event| event.kind),
            index: self.record.index,
            time: self.record.time.clone(),
            actor: self.record.actor.clone(),
            command: self.record.command.clone(),
            outcome: self.record.outcome.clone(),
            content: event.map(|event| Content {
                document: event.document.clone(),
                version: event.label.clone(),
                sha256: event.digest,
            }),
            origin: self.record.origin.clone(),
            record: self.record.whole.clone(),
            lodger_signature: event.and_then(|event| event.signature.clone()),
            checkpoint: self.believed.checkpoint.clone(),
            signed_by: self.believed.signed_by.clone(),
            witnesses: self.believed.witnesses.clone(),
        }
    }
}

fn prove(proof: &[u8], trust: &Trust) -> Result<Proven, EvidenceError> {
    let proof = ProofFile::parse(proof)?;
    let believed = trust.open(&proof.checkpoint)?;
    let checkpoint = &believed.checkpoint;
    // The extra data is trusted only because the entry made of it turns out to be in the tree.
    let (opening, record) = match proof.extra.split_first_chunk::<OPENING_LEN>() {
        Some((opening, record)) if !record.is_empty() => (Opening(*opening), record),
        _ => return Err(EvidenceError::CommitmentNotOpened),
    };
    let origin = trust.origin_of_entry(content::origin(record), checkpoint);
    let leaf = Entry::commit(&origin, &opening, record).leaf_hash();
    verify_inclusion(&leaf, proof.index, checkpoint.size, &proof.hashes, &checkpoint.root).map_err(
        |error| match error {
            InvalidProof::OtherRoot => EvidenceError::NotIncluded { index: proof.index },
            misshapen => EvidenceError::MisshapenProof(misshapen),
        },
    )?;
    let record = content::read(record)?;
    if record.origin != origin.as_str() {
        return Err(EvidenceError::RecordOfAnotherLog { record: record.origin });
    }
    if record.index != proof.index {
        return Err(EvidenceError::OtherIndex { record: record.index, proof: proof.index });
    }
    Ok(Proven { record, believed })
}

fn names(names: &[String]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

/// Keys by name and id, for people.
fn list(keys: &[(KeyName, KeyId)]) -> String {
    keys.iter().map(|(name, id)| format!("{name}, id {id}")).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests;
