//! The annotated file is complete and true, and every mistake names its line and its remedy.

use std::path::Path;

use super::*;

const ANNOTATED: &str = include_str!("../../../config/strongroom.toml");

const SMALLEST: &str = r#"origin = "pma.example.org/strongroom"
[mutual_tls]
certificate = "certs/server.pem"
key = "certs/server.key"
client_ca = "certs/ca.pem"
[data]
directory = "data"
[keys]
root = "keys/root.key"
log = "keys/log.key"
"#;

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(Path::new("/etc/strongroom/strongroom.toml"), text)
}

/// The error of the smallest configuration after one replacement.
fn refused(from: &str, to: &str) -> String {
    assert!(SMALLEST.contains(from), "{from} is in the smallest configuration");
    parse(&SMALLEST.replacen(from, to, 1)).unwrap_err().to_string()
}

#[test]
fn the_annotated_file_shows_the_defaults() {
    assert_eq!(parse(ANNOTATED).unwrap(), parse(SMALLEST).unwrap());
}

#[test]
fn every_key_is_in_the_annotated_file() {
    let mut config = parse(SMALLEST).unwrap();
    config.workers = Some(std::num::NonZeroU32::MIN);
    config.witnesses.policy = Some("policy.txt".into());
    config.witnesses.ca = Some("ca.pem".into());
    config.witnesses.reads = Some(ReadRule::Wait);
    config.keys.root_command = Some(vec!["program".into()]);
    let all = toml::Table::try_from(&config).unwrap();
    let mut section = String::new();
    let mut shown = Vec::new();
    for line in ANNOTATED.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = format!("{name}.");
        } else if let Some((key, _)) = line.trim_start_matches("# ").split_once(" = ")
            && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        {
            shown.push(format!("{section}{key}"));
        }
    }
    let mut expected = Vec::new();
    for (name, value) in &all {
        match value {
            toml::Value::Table(keys) => expected.extend(keys.keys().map(|key| format!("{name}.{key}"))),
            _ => expected.push(name.clone()),
        }
    }
    shown.sort_unstable();
    expected.sort_unstable();
    assert_eq!(shown, expected);
}

#[test]
fn relative_paths_are_relative_to_the_file() {
    let config = parse(&SMALLEST.replace("\"data\"", "\"/srv/strongroom\"")).unwrap();
    assert_eq!(config.mutual_tls.client_ca, Path::new("/etc/strongroom/certs/ca.pem"));
    assert_eq!(config.keys.root_key(), Some(RootKey::File(Path::new("/etc/strongroom/keys/root.key"))));
    assert_eq!(config.data.directory, Path::new("/srv/strongroom"));
}

#[test]
fn a_misspelt_key_is_named_with_its_line_and_a_remedy() {
    let text = refused("[data]", "[limits]\nmax_document_byte = 1\n[data]");
    assert!(text.starts_with("/etc/strongroom/strongroom.toml:7: unknown field `max_document_byte`"), "{text}");
    assert!(text.contains("Correct the key's name or remove it"), "{text}");
    let text = refused("[data]", "[limit]\n[data]");
    assert!(text.contains(":6: unknown field `limit`"), "{text}");
}

#[test]
fn what_is_missing_is_named_with_its_section() {
    let text = refused("client_ca = \"certs/ca.pem\"\n", "");
    assert!(text.contains(":2: missing field `client_ca`") && text.contains("Add the key"), "{text}");
    let text = refused("origin = \"pma.example.org/strongroom\"\n", "");
    assert!(text.contains("missing field `origin`"), "{text}");
}

#[test]
fn a_value_of_the_wrong_form_is_named_with_its_line() {
    let text = refused("[data]", "[operations]\naddress = \"localhost\"\n[data]");
    assert!(text.contains(":7: invalid socket address") && text.contains("127.0.0.1:8443"), "{text}");
    let text = refused("[data]", "[limits]\nqueue_length = 0\n[data]");
    assert!(text.contains(":7: invalid value") && text.contains("nonzero"), "{text}");
    let text = refused("[data]", "[tracing]\nlevel = \"loud\"\n[data]");
    assert!(text.contains(":7: unknown variant `loud`") && text.contains("one of the values"), "{text}");
    let text = refused("[data]", "[data");
    assert!(text.contains(":6: ") && text.contains("TOML"), "{text}");
}

#[test]
fn contradictions_are_named_with_line_and_remedy() {
    for (from, to, line, trouble, remedy) in [
        ("pma.example.org/strongroom", "two words", 1, "cannot name a log", "without white space"),
        ("[data]", "[operations]\naddress = \"0.0.0.0:9090\"\n[data]", 7, "not a loopback", "127.0.0.1"),
        ("[data]", "[operations]\naddress = \"127.0.0.1:8443\"\n[data]", 7, "mutual TLS listener's", "of its own"),
        (
            "[data]",
            "[public]\nenabled = true\naddress = \"127.0.0.1:9090\"\n[data]",
            8,
            "another listener's",
            "of its own",
        ),
        ("[data]", "require_crl = true\n[data]", 6, "nobody could connect", "require_crl = false"),
        ("log = ", "root_command = [\"vault\"]\nlog = ", 10, "both root and root_command", "remove the other"),
        ("root = \"keys/root.key\"\n", "", 8, "nothing says where", "Set root"),
        ("root = \"keys/root.key\"\n", "root_command = []\n", 9, "nothing says where", "Set root"),
        ("[data]", "[witnesses]\nreads = \"wait\"\n[data]", 7, "no policy names", "remove this key"),
        ("[data]", "[limits]\nupload_idle_seconds = 20000\n[data]", 7, "silent for 20000 s", "smaller"),
        ("[data]", "[log]\nheartbeat_seconds = 5\ncheckpoint_seconds = 10\n[data]", 7, "more often", "or 0"),
    ] {
        let text = refused(from, to);
        assert!(text.starts_with(&format!("/etc/strongroom/strongroom.toml:{line}: ")), "{text}");
        assert!(text.contains(trouble) && text.contains(remedy), "{text}");
    }
}

#[test]
fn a_file_that_is_not_there_says_how_to_get_one() {
    let dir = tempfile::tempdir().unwrap();
    let text = Config::load(&dir.path().join("strongroom.toml")).unwrap_err().to_string();
    assert!(text.contains("cannot be read") && text.contains("strongroom init"), "{text}");
}
