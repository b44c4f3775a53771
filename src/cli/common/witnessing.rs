//! From the configuration to the witnesses: the policy is read, and the way to each witness is prepared.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::cli::config::{Config, ConfigError, ReadRule};
use crate::edge::witness::{Asking, Roots, UnusableWitness};
use crate::pure::tlog::policy::{Policy, PolicyWitness};
use crate::service::publishing::witnessing::{Reads, Times, Witness, Witnessing};

/// The witnesses that `config` names; none without a policy.
pub fn witnessing(config: &Config) -> Result<Witnessing, ConfigError> {
    let Some(file) = &config.witnesses.policy else { return Ok(Witnessing::default()) };
    let bytes =
        fs::read(file).map_err(|error| wrong(file, 1, format!("the witness policy cannot be read: {error}")))?;
    let policy =
        Policy::parse(&bytes).map_err(|invalid| wrong(file, invalid.line, format!("the policy: {}", invalid.fault)))?;
    let reads = reads(config, &policy).ok_or_else(|| {
        let trouble = "reads wait for witnesses, but the policy's quorum is none, so that there may be none";
        wrong(file, line_naming(&bytes, "quorum"), trouble.to_owned())
    })?;
    let timeout = Duration::from_secs(config.witnesses.timeout_seconds.get().into());
    let ways = ways(config, &policy, timeout).map_err(|(witness, trouble)| {
        let trouble = format!("the witness {}: {trouble}", witness.name);
        wrong(file, line_naming(&bytes, &witness.name), trouble)
    })?;
    Ok(Witnessing { policy, ways, reads, times: Times::of_timeout(timeout) })
}

/// `None` where reads would wait for witnesses whom the policy does not ask for.
fn reads(config: &Config, policy: &Policy) -> Option<Reads> {
    match (config.witnesses.reads, policy.asks_for_witnesses()) {
        (Some(ReadRule::Durable), _) | (None, false) => Some(Reads::Durable),
        (Some(ReadRule::Wait) | None, true) => Some(Reads::Wait),
        (Some(ReadRule::Refuse), true) => Some(Reads::Refuse),
        (Some(ReadRule::Wait | ReadRule::Refuse), false) => None,
    }
}

fn ways<'p>(
    config: &Config,
    policy: &'p Policy,
    timeout: Duration,
) -> Result<Vec<Arc<dyn Witness>>, (&'p PolicyWitness, String)> {
    let mut roots = None;
    let mut ways: Vec<Arc<dyn Witness>> = Vec::new();
    for witness in policy.witnesses() {
        let unusable = |error: UnusableWitness| (witness, error.to_string());
        let Some(url) = &witness.url else {
            return Err((witness, "it has no URL, so that it cannot be asked".to_owned()));
        };
        let roots = match (&mut roots, Asking::is_https(url)) {
            (_, false) => &Roots::none(),
            (Some(roots), true) => &*roots,
            (none, true) => &*none.insert(roots_of(config).map_err(unusable)?),
        };
        ways.push(Arc::new(Asking::new(url, roots, timeout).map_err(unusable)?));
    }
    Ok(ways)
}

fn roots_of(config: &Config) -> Result<Roots, UnusableWitness> {
    match &config.witnesses.ca {
        Some(file) => Roots::of_file(file),
        None => Roots::of_system(),
    }
}

fn wrong(file: &Path, line: usize, trouble: String) -> ConfigError {
    let remedy = "Correct the policy, or the keys under [witnesses] of the configuration.".to_owned();
    ConfigError::Wrong { file: file.to_owned(), line, trouble, remedy }
}

/// The first line of the policy that has this word.
fn line_naming(policy: &[u8], word: &str) -> usize {
    let text = String::from_utf8_lossy(policy);
    let names = |line: &str| line.split_whitespace().any(|item| item == word);
    1 + text.lines().position(names).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pure::tlog::signer::Ed25519Cosigner;
    use crate::pure::tlog::verifier_key::KeyName;

    /// What comes of a policy, in which `KEY` is a witness's key, and of a `[witnesses]` section.
    fn read(policy: &str, keys: &str) -> Result<Witnessing, String> {
        let folder = tempfile::tempdir().unwrap();
        let cosigner = Ed25519Cosigner::from_seed(KeyName::parse("w.example").unwrap(), &[1; 32]).unwrap();
        let key = cosigner.verifier_key().to_string();
        fs::write(folder.path().join("policy.txt"), policy.replace("KEY", &key)).unwrap();
        let annotated = include_str!("../../../config/strongroom.toml");
        let section = format!("[witnesses]\npolicy = \"policy.txt\"\n{keys}");
        let text = annotated.replace("[witnesses]", &section);
        let config = Config::parse(&folder.path().join("strongroom.toml"), &text).unwrap();
        witnessing(&config).map_err(|error| error.to_string())
    }

    const QUORUM: &str = "witness w KEY http://127.0.0.1:1/w\nquorum w\n";

    #[test]
    fn a_quorum_makes_reads_wait_unless_the_configuration_says_otherwise() {
        assert_eq!(read(QUORUM, "").unwrap().reads, Reads::Wait);
        assert_eq!(read(QUORUM, "reads = \"refuse\"").unwrap().reads, Reads::Refuse);
        assert_eq!(read(QUORUM, "reads = \"durable\"").unwrap().reads, Reads::Durable);
        let none = QUORUM.replace("quorum w", "quorum none");
        let witnessing = read(&none, "").unwrap();
        assert_eq!((witnessing.reads, witnessing.ways.len()), (Reads::Durable, 1));
    }

    #[test]
    fn what_is_wrong_is_named_with_the_policy_s_line() {
        for (policy, keys, line, trouble) in [
            ("witness w KEY http://h\n", "", 2, "without a quorum line"),
            ("# who\nwitness w KEY\nquorum w\n", "", 2, "w: it has no URL"),
            ("witness w KEY ftp://h\nquorum w\n", "", 1, "w: the URL \"ftp://h\" cannot be asked"),
            ("witness w KEY http://h\nquorum none\n", "reads = \"wait\"", 2, "the policy's quorum is none"),
            ("group g all x\nquorum g\n", "", 1, "no line above defines x"),
            ("witness w KEY https://h\nquorum w\n", "ca = \"absent.pem\"", 1, "absent.pem cannot be used"),
        ] {
            let said = read(policy, keys).unwrap_err();
            assert!(said.contains(&format!("policy.txt:{line}: ")) && said.contains(trouble), "{said}");
            assert!(said.contains("Correct the policy"), "{said}");
        }
    }

    #[test]
    fn a_policy_that_is_not_there_is_named() {
        let annotated = include_str!("../../../config/strongroom.toml");
        let text = annotated.replace("[witnesses]", "[witnesses]\npolicy = \"absent.txt\"");
        let config = Config::parse(Path::new("/nowhere/strongroom.toml"), &text).unwrap();
        let said = witnessing(&config).unwrap_err().to_string();
        assert!(said.contains("/nowhere/absent.txt:1: the witness policy cannot be read"), "{said}");
    }
}
