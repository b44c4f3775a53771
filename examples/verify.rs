//! The verifier in a program of one's own: what a proof proves about a file, without the server.
//!
//! ```toml
//! strongroom = { version = "0.1", default-features = false }
//! ```
//!
//! `cargo run --no-default-features --example verify -- FILE PROOF KEY` prints the verdict. KEY is a file with the log's
//! verifier keys, obtained from the log's operator and not along with the proof. The exit code is 0 only for a file that
//! the proof proves.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use strongroom::pure::audit::evidence::{FileDigest, verify_file};
use strongroom::pure::audit::report::Evidence;
use strongroom::pure::tlog::hash::sha256;

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [file, proof, key] = arguments.as_slice() else {
        eprintln!("usage: verify FILE PROOF KEY");
        return ExitCode::from(2);
    };
    match verify(file.as_ref(), proof.as_ref(), key.as_ref()) {
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

fn verify(file: &Path, proof: &Path, key: &Path) -> Result<Evidence, Box<dyn Error>> {
    let content = fs::read(file)?;
    let digest = FileDigest { sha256: sha256(&content), size: content.len() as u64 };
    let keys = fs::read_to_string(key)?;
    Ok(verify_file(&digest, &fs::read(proof)?, keys.lines().next().unwrap_or_default())?)
}
