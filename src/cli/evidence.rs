//! `strongroom evidence`: proofs to verify offline, and the lodger's own signature out of them.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::common::connected::Connected;
use super::common::failure::Failure;
use super::common::output::{Output, remark};
use super::common::save::{SaveError, Saving};
use crate::edge::client::{Answer, Client};
use crate::pure::audit::evidence::EvidenceError;
use crate::pure::audit::signature::{LodgerSignature, of_proof};

/// Of what, and where to.
#[derive(Debug, clap::Args)]
pub struct Evidence {
    /// The index of a log entry; or a document, and then the version whose lodgement is proved
    #[arg(value_name = "ENTRY|DOCUMENT", required_unless_present = "from")]
    target: Option<String>,
    /// The version, when the first is a document: a label, `in-force` or `latest`
    version: Option<String>,
    /// A proof that was fetched before: nothing is asked of a server
    #[arg(long, value_name = "FILE", conflicts_with_all = ["target", "output"], requires = "signature")]
    from: Option<PathBuf>,
    /// The file to write; `-` for standard output [default: named after the entry or version, ending in .tlog-proof]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write the lodger's own signature of the lodgement to this file too: detached CMS in DER
    #[arg(long, value_name = "FILE", requires = "signed_text")]
    signature: Option<PathBuf>,
    /// Write the text that the lodger signed to this file
    #[arg(long, value_name = "FILE", requires = "signature")]
    signed_text: Option<PathBuf>,
    /// Overwrite files that are there
    #[arg(long)]
    force: bool,
}

/// Why there is no signature to write.
#[derive(Debug, thiserror::Error)]
pub enum SignatureError {
    /// The proof cannot be read.
    #[error("The proof {} cannot be read: {source}. Give the path of the right file.", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The proof, or the signature in it, is none.
    #[error("No signature was written. {0}")]
    Bad(#[from] EvidenceError),
    /// The lodger did not sign.
    #[error(
        "No signature was written: this entry holds none of a lodger's. Only a lodgement has one, and only if its lodger \
         signed it (strongroom lodge --sign)."
    )]
    None,
}

impl Evidence {
    /// Settles the connection if one is needed, and writes what was asked for.
    pub fn run(connected: Connected<Self>, output: &Output) -> Result<(), Failure> {
        match &connected.arguments.from {
            Some(proof) => connected.arguments.take_out(proof, output),
            None => connected.run(output, Self::fetch),
        }
    }

    /// Takes the signature out of a proof that is there.
    fn take_out(&self, proof: &Path, output: &Output) -> Result<(), Failure> {
        let files = self.begin_signature()?;
        let unreadable = |source| SignatureError::Unreadable { path: proof.to_owned(), source };
        let mut bytes = Vec::new();
        let file = File::open(proof).map_err(unreadable)?;
        file.take(MAX_PROOF_BYTES).read_to_end(&mut bytes).map_err(unreadable)?;
        if let Some(files) = files {
            files.keep(&signature_of(&bytes)?)?;
        }
        self.tell(output, json!({}), Vec::new());
        Ok(())
    }

    /// Fetches the proof and keeps it.
    fn fetch(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let target = self.target.as_deref().unwrap_or_default();
        let entry = match &self.version {
            Some(_) => None,
            None => Some(target.parse::<u64>().map_err(|_| {
                Failure::Usage(format!(
                    "`{target}` is no index of a log entry. Give a number, or a document and a version."
                ))
            })?),
        };
        let file = self.output.clone().unwrap_or_else(|| self.file_name());
        let to_standard_output = file == Path::new("-");
        let saving = if to_standard_output { None } else { Some(Saving::begin(&file, self.force)?) };
        let files = self.begin_signature()?;
        let proof = match (entry, &self.version) {
            (Some(index), _) => client.entry_evidence(index)?,
            (None, version) => client.version_evidence(target, version.as_deref().unwrap_or_default())?,
        };
        match saving {
            Some(saving) => {
                write_and_keep(saving, &file, proof.value.as_bytes())?;
                // The proof is kept whether or not it has a signature in it.
                if let Some(files) = files {
                    files.keep(&signature_of(proof.value.as_bytes())?)?;
                }
                let shown = file.display().to_string();
                let of_version = if entry.is_none() { " FILE" } else { " [FILE]" };
                let text = format!(
                    "Evidence in {shown}. Check it offline: strongroom verify{of_version} --proof {shown} --key LOG.vkey"
                );
                self.tell(output, json!({"file": shown, "audit_entry": proof.entry}), vec![text]);
            }
            None => {
                to_standard_out(&proof);
                if let Some(files) = files {
                    files.keep(&signature_of(proof.value.as_bytes())?)?;
                }
            }
        }
        Ok(())
    }

    /// The two files of the signature, begun before anything is asked of a server.
    fn begin_signature(&self) -> Result<Option<SignatureFiles>, SaveError> {
        let (Some(signature), Some(text)) = (&self.signature, &self.signed_text) else { return Ok(None) };
        Ok(Some(SignatureFiles {
            signature: (Saving::begin(signature, self.force)?, signature.clone()),
            text: (Saving::begin(text, self.force)?, text.clone()),
        }))
    }

    fn tell(&self, output: &Output, mut json: serde_json::Value, mut lines: Vec<String>) {
        if let (Some(signature), Some(text)) = (&self.signature, &self.signed_text) {
            let (signature, text) = (signature.display().to_string(), text.display().to_string());
            json["signature"] = signature.clone().into();
            json["signed_text"] = text.clone().into();
            lines.push(format!(
                "The lodger's signature in {signature}, the text that it is over in {text}. Check it with any program that \
                 knows CMS: openssl cms -verify -binary -inform DER -in {signature} -content {text} -CAfile CA.pem \
                 -purpose any"
            ));
        }
        if output.is_json() {
            output.value(&json);
        } else {
            output.text(&lines.join("\n"));
        }
    }

    fn file_name(&self) -> PathBuf {
        let target = self.target.as_deref().unwrap_or_default();
        let stem = match &self.version {
            Some(version) => format!("{target}-{version}"),
            None => format!("entry-{target}"),
        };
        // A label may hold what a file name must not.
        let stem: String = stem
            .chars()
            .map(|letter| if letter.is_alphanumeric() || "-._".contains(letter) { letter } else { '_' })
            .collect();
        PathBuf::from(format!("{}.tlog-proof", stem.trim_start_matches('.')))
    }
}

/// Where a signature and its text go, each with its name.
struct SignatureFiles {
    signature: (Saving, PathBuf),
    text: (Saving, PathBuf),
}

impl SignatureFiles {
    fn keep(self, signature: &LodgerSignature) -> Result<(), SaveError> {
        write_and_keep(self.signature.0, &self.signature.1, &signature.cms)?;
        write_and_keep(self.text.0, &self.text.1, signature.text.as_bytes())
    }
}

fn signature_of(proof: &[u8]) -> Result<LodgerSignature, SignatureError> {
    of_proof(proof)?.ok_or(SignatureError::None)
}

fn write_and_keep(mut saving: Saving, target: &Path, bytes: &[u8]) -> Result<(), SaveError> {
    saving.write_all(bytes).map_err(|source| SaveError::Unwritable { target: target.to_owned(), source })?;
    saving.keep()
}

/// A proof is text that must stay byte for byte.
fn to_standard_out(proof: &Answer<String>) {
    let _ = io::stdout().lock().write_all(proof.value.as_bytes());
    if let Some(entry) = proof.entry {
        remark(&format!("Entry {entry} of the audit log."));
    }
}

/// Far over any record with its proof: what is longer is cut, and then no proof.
const MAX_PROOF_BYTES: u64 = 16 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(target: &str, version: Option<&str>) -> Evidence {
        Evidence {
            target: Some(target.into()),
            version: version.map(Into::into),
            from: None,
            output: None,
            signature: None,
            signed_text: None,
            force: false,
        }
    }

    #[test]
    fn a_proof_is_named_after_what_it_proves() {
        assert_eq!(evidence("1042", None).file_name(), Path::new("entry-1042.tlog-proof"));
        let named = evidence("../device policy", Some("3/0")).file_name();
        assert_eq!(named, Path::new("_device_policy-3_0.tlog-proof"));
    }
}
