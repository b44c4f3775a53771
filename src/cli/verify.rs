//! `strongroom verify`: what a proof proves about a file, or about an entry of the log, offline.
//!
//! It asks no server and trusts none: it needs the file, if it is about one, the proof and the log's verifier key, and of this package only
//! `pure` and what the verbs share.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ring::digest::{Context, SHA256};
use serde_json::{Value, json};

use super::common::failure::Failure;
use super::common::output::Output;
use super::common::trust::{TrustError, through, trust};
use crate::pure::audit::evidence::{EvidenceError, FileDigest, verify_entry, verify_file};
use crate::pure::audit::report::Evidence;

/// Of which file or entry, by which proof and key.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The file that was lodged or read. Without one the entry itself is verified, whatever it records (a vote, an
    /// appointment, a refusal), and its record is shown
    file: Option<PathBuf>,
    /// The proof: the evidence of an entry or a version, as `strongroom evidence` or curl fetched it
    #[arg(long, value_name = "FILE")]
    proof: PathBuf,
    /// The log's verifier key, or a file with the log's verifier keys, one a line (`log.vkey`), from the log's operator and
    /// not along with the proof
    #[arg(long, visible_alias = "log-key", value_name = "KEY|FILE")]
    key: String,
    /// A policy (C2SP tlog-policy): which witnesses must have cosigned the checkpoint
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// A rotation of the log's keys that its operator published: the key given with --key leads through it to the new
    /// keys. Once for each rotation since that key
    #[arg(long, value_name = "FILE")]
    rotation: Vec<PathBuf>,
}

/// Why nothing was verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// A file cannot be read.
    #[error("{what} {} cannot be read: {source}. Give the path of the right file.", path.display())]
    Unreadable {
        /// What the file was to be.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The proof is too large to be one.
    #[error("{} is larger than any proof. Give the file that `strongroom evidence` wrote.", .0.display())]
    NotAProof(PathBuf),
    /// The keys or the policy cannot be used.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The proof does not prove it.
    #[error("Not verified. {0}")]
    NotProven(#[from] EvidenceError),
}

impl Verify {
    /// Verifies, and says in plain words what is proven and what is not.
    pub fn run(self, output: &Output) -> Result<(), Failure> {
        let evidence = self.verify()?;
        if output.is_json() {
            output.value(&json(&evidence));
        } else {
            output.text(self.text(&evidence).trim_end());
        }
        Ok(())
    }

    fn verify(&self) -> Result<Evidence, VerifyError> {
        let trust = through(trust(&self.key, self.policy.as_deref())?, &self.rotation)?;
        let proof = read_proof(&self.proof)?;
        Ok(match &self.file {
            Some(file) => verify_file(&measure(file)?, &proof, &trust)?,
            None => verify_entry(&proof, &trust)?,
        })
    }

    fn text(&self, evidence: &Evidence) -> String {
        match &self.file {
            Some(file) => format!("Verified {}.\n\n{evidence}", file.display()),
            None => format!("Verified entry {}.\n\n{evidence}\n{}", evidence.index, evidence.record_text()),
        }
    }
}

fn read_proof(path: &Path) -> Result<Vec<u8>, VerifyError> {
    let unreadable = |source| VerifyError::Unreadable { what: "The proof", path: path.to_owned(), source };
    let mut bytes = Vec::new();
    File::open(path).map_err(unreadable)?.take(MAX_PROOF_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_PROOF_BYTES { Err(VerifyError::NotAProof(path.to_owned())) } else { Ok(bytes) }
}

/// Reads a file once, in constant memory.
pub fn measure(path: &Path) -> Result<FileDigest, VerifyError> {
    let unreadable = |source| VerifyError::Unreadable { what: "The file", path: path.to_owned(), source };
    let mut file = File::open(path).map_err(unreadable)?;
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; 64 << 10];
    let mut size = 0;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                context.update(buffer.get(..count).unwrap_or_default());
                size += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
    let mut sha256 = [0; 32];
    sha256.copy_from_slice(context.finish().as_ref());
    Ok(FileDigest { sha256, size })
}

fn json(evidence: &Evidence) -> Value {
    json!({
        "verified": true,
        "kind": evidence.kind.to_string(),
        "entry": evidence.index,
        "time": evidence.time,
        "actor": evidence.actor.to_string(),
        "command": evidence.command,
        "outcome": evidence.outcome,
        "document": evidence.content.as_ref().map(|content| &content.document),
        "version": evidence.content.as_ref().map(|content| &content.version),
        "sha256": evidence.content.as_ref().map(|content| hex::encode(content.sha256)),
        "lodger_signature": evidence.lodger_signature.as_ref().map(|signature| json!({
            "signing_time": signature.signing_time,
            "text": signature.text,
        })),
        "record": evidence.record,
        "record_origin": evidence.origin,
        "checkpoint": {
            "origin": evidence.checkpoint.origin.as_str(),
            "size": evidence.checkpoint.size,
            "root": hex::encode(evidence.checkpoint.root.0),
            "signed_by": evidence.signed_by.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "witnesses": evidence.witnesses.iter().map(|witness| {
                json!({"name": witness.name, "time": witness.time})
            }).collect::<Vec<_>>(),
        },
        "proven": evidence.proven(),
        "not_proven": evidence.not_proven(),
    })
}

/// Far over any record with its proof.
const MAX_PROOF_BYTES: u64 = 16 << 20;
