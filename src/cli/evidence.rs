//! `strongroom evidence`: proofs to verify offline.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::common::failure::Failure;
use super::common::output::{Output, remark};
use super::common::save::{SaveError, Saving};
use crate::edge::client::Client;

/// Of what, and where to.
#[derive(Debug, clap::Args)]
pub struct Evidence {
    /// The index of a log entry; or a document, and then the version whose lodgement is proved
    #[arg(value_name = "ENTRY|DOCUMENT")]
    target: String,
    /// The version, when the first is a document: a label, `in-force` or `latest`
    version: Option<String>,
    /// The file to write; `-` for standard output [default: named after the entry or version, ending in .tlog-proof]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite the file if it is there
    #[arg(long)]
    force: bool,
}

impl Evidence {
    /// Fetches the proof and keeps it.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let entry = match &self.version {
            Some(_) => None,
            None => Some(self.target.parse::<u64>().map_err(|_| {
                Failure::Usage(format!(
                    "`{}` is no index of a log entry. Give a number, or a document and a version.",
                    self.target
                ))
            })?),
        };
        let file = self.output.clone().unwrap_or_else(|| self.file_name());
        let to_standard_output = file == Path::new("-");
        let saving = if to_standard_output { None } else { Some(Saving::begin(&file, self.force)?) };
        let proof = match (entry, &self.version) {
            (Some(index), _) => client.entry_evidence(index)?,
            (None, version) => client.version_evidence(&self.target, version.as_deref().unwrap_or_default())?,
        };
        if let Some(mut saving) = saving {
            saving
                .write_all(proof.value.as_bytes())
                .map_err(|source| SaveError::Unwritable { target: file.clone(), source })?;
            saving.keep()?;
            let shown = file.display().to_string();
            if output.is_json() {
                output.value(&json!({"file": shown, "audit_entry": proof.entry}));
            } else {
                output.text(&format!("Evidence in {shown}. Check it offline with `strongroom verify`."));
            }
        } else {
            // A proof is text that must stay byte for byte.
            let _ = std::io::stdout().lock().write_all(proof.value.as_bytes());
            if let Some(entry) = proof.entry {
                remark(&format!("Entry {entry} of the audit log."));
            }
        }
        Ok(())
    }

    fn file_name(&self) -> PathBuf {
        let stem = match &self.version {
            Some(version) => format!("{}-{version}", self.target),
            None => format!("entry-{}", self.target),
        };
        // A label may hold what a file name must not.
        let stem: String = stem
            .chars()
            .map(|letter| if letter.is_alphanumeric() || "-._".contains(letter) { letter } else { '_' })
            .collect();
        PathBuf::from(format!("{}.tlog-proof", stem.trim_start_matches('.')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(target: &str, version: Option<&str>) -> Evidence {
        Evidence { target: target.into(), version: version.map(Into::into), output: None, force: false }
    }

    #[test]
    fn a_proof_is_named_after_what_it_proves() {
        assert_eq!(evidence("1042", None).file_name(), Path::new("entry-1042.tlog-proof"));
        let named = evidence("../device policy", Some("3/0")).file_name();
        assert_eq!(named, Path::new("_device_policy-3_0.tlog-proof"));
    }
}
