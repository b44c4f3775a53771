//! `strongroom witness init`: a witness's directory.

use std::path::PathBuf;

use serde_json::json;

use super::directory::{Directory, WitnessError};
use crate::cli::common::failure::Failure;
use crate::cli::common::key_lines;
use crate::cli::common::output::Output;
use crate::cli::init::files::{self, PUBLIC};
use crate::pure::tlog::verifier_key::{KeyName, VerifierKey};
use crate::service::witness::keys::WitnessKeys;
use crate::storage::seal::keys::provider::{KeyProvider, create_key_file};

/// Where, and who.
#[derive(Debug, clap::Args)]
pub struct Init {
    /// The directory to make; nothing in it is ever overwritten
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// The witness's name, for ever: a name under a domain of your own, such as witness.example.org/w1
    #[arg(long, value_name = "NAME", value_parser = name)]
    name: KeyName,
}

impl Init {
    /// Makes the directory, and says what to hand out and what comes next.
    pub fn run(self, output: &Output) -> Result<(), Failure> {
        let directory = Directory::new(&self.dir);
        let keys = make(&directory, &self.name)?.map(|key| key.to_string());
        let policy = policy_lines(&self.name, &keys);
        if output.is_json() {
            output.value(&json!({
                "directory": self.dir.display().to_string(),
                "name": self.name.as_str(),
                "verifier_keys": keys,
                "policy_lines": policy,
            }));
            return Ok(());
        }
        let file = directory.verifier_keys();
        let shown = policy.each_ref().map(|line| key_lines::short(line, Some(&file)));
        let [of_ed25519, of_ml_dsa_44] = &shown;
        output.text(&format!(
            "Made in {}:\n  {}  the secret key: keep it on this machine alone\n  {}  the verifier keys, to hand out\n  \
             {}  the logs that it knows: none yet\n  {}  what it has cosigned: never put an older copy back\n\n\
             For the policy of whoever trusts it, one of these lines, Ed25519 or ML-DSA-44, not both. A log that submits to \
             it\nadds its URL at the end:\n  {of_ed25519}\n  {of_ml_dsa_44}\n\n\
             Next: write each log's verifier key into {}, then\n      strongroom witness serve --dir {}",
            self.dir.display(),
            directory.key().display(),
            directory.verifier_keys().display(),
            directory.logs().display(),
            directory.state().display(),
            directory.logs().display(),
            self.dir.display(),
        ));
        Ok(())
    }
}

/// A line of a policy (C2SP tlog-policy) for each key.
pub fn policy_lines(name: &KeyName, keys: &[String; 2]) -> [String; 2] {
    keys.each_ref().map(|key| format!("witness {name} {key}"))
}

fn make(directory: &Directory, name: &KeyName) -> Result<[VerifierKey; 2], WitnessError> {
    let made = [directory.key(), directory.verifier_keys(), directory.logs(), directory.state()];
    let taken: Vec<_> = made.iter().filter(|path| path.symlink_metadata().is_ok()).collect();
    if !taken.is_empty() {
        let names: Vec<_> = taken.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy())).collect();
        return Err(WitnessError::Taken { dir: directory.path().to_owned(), names: names.join(", ") });
    }
    let failed = |path: PathBuf| move |source| WitnessError::Io { path, source };
    if !directory.path().is_dir() {
        files::make_directory(directory.path()).map_err(failed(directory.path().to_owned()))?;
    }
    create_key_file(&directory.key())?;
    let keys = WitnessKeys::from_seed(name, &KeyProvider::File(directory.key()).load()?)?.verifier_keys();
    files::make_directory(&directory.state()).map_err(failed(directory.state()))?;
    files::write(&directory.logs(), PUBLIC, LOGS.as_bytes()).map_err(failed(directory.logs()))?;
    // Last, since `serve` takes a directory that has it for whole.
    let text: String = keys.iter().map(|key| format!("{key}\n")).collect();
    files::write(&directory.verifier_keys(), PUBLIC, text.as_bytes()).map_err(failed(directory.verifier_keys()))?;
    files::sync_directory(directory.path()).map_err(failed(directory.path().to_owned()))?;
    Ok(keys)
}

/// A name with which both keys can cosign: of at most 255 bytes.
fn name(text: &str) -> Result<KeyName, String> {
    let name = KeyName::parse(text).map_err(|error| error.to_string())?;
    // A policy has a meaning of its own for "none".
    if name.as_str().len() > usize::from(u8::MAX) || name.as_str() == "none" {
        return Err("a witness's name has at most 255 bytes and is not \"none\"".to_owned());
    }
    Ok(name)
}

const LOGS: &str = "\
# The logs whose checkpoints this witness cosigns: one verifier key a line, as the log publishes it,
#     <origin>+<8 hex digits>+<base64>
# Of type 0x01 (Ed25519) or 0x06 (ML-DSA-44). A log with several keys has a line for each: a signature by one of them is
# enough, and a bad signature by any of them is refused. Lines that begin with # say nothing.
#
# SIGHUP reads this file again; a bad line changes nothing and is named in the log. Removing a log forgets nothing that
# was cosigned of it.
";
