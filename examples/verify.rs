//! The verifier in a program of one's own: what a proof proves about a file, without the server.
//!
//! ```toml
//! strongroom = { version = "0.1", default-features = false }
//! ```
//!
//! `cargo run --no-default-features --example verify -- FILE PROOF KEYS [POLICY]` prints the verdict. KEYS is a file
//! with the log's verifier keys, obtained from the log's operator and not along with the proof; POLICY (C2SP
//! tlog-policy) says which witnesses must have cosigned. The exit code is 0 only for a file that the proof proves.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use strongroom::pure::audit::evidence::{FileDigest, verify_file};
use strongroom::pure::audit::report::Evidence;
use strongroom::pure::audit::trust::Trust;
use strongroom::pure::tlog::hash::sha256;
use strongroom::pure::tlog::policy::Policy;

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let (file, proof, keys, policy) = match arguments.as_slice() {
        [file, proof, keys] => (file, proof, keys, None),
        [file, proof, keys, policy] => (file, proof, keys, Some(policy.as_ref())),
        _ => {
            eprintln!("usage: verify FILE PROOF KEYS [POLICY]");
            return ExitCode::from(2);
        }
    };
    match verify(file.as_ref(), proof.as_ref(), keys.as_ref(), policy) {
        Ok(evidence) => {
            print!("{evidence}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("Not verified. {error}");
            ExitCode::FAILURE
        }
    }
}

fn verify(file: &Path, proof: &Path, keys: &Path, policy: Option<&Path>) -> Result<Evidence, Box<dyn Error>> {
    let mut trust = Trust::in_keys(&fs::read_to_string(keys)?)?;
    if let Some(policy) = policy {
        trust = trust.under(Policy::parse(&fs::read(policy)?)?);
    }
    let content = fs::read(file)?;
    let digest = FileDigest { sha256: sha256(&content), size: content.len() as u64 };
    Ok(verify_file(&digest, &fs::read(proof)?, &trust)?)
}
