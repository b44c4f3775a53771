//! `strongroom serve`, and what is done to a data directory while nothing serves it.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may unwrap, as the test may")]

mod development;

use std::fs;

use development::{Serving, copy, strongroom, text};
use rustix::process::Signal;

#[test]
fn a_server_says_where_it_is_refuses_a_second_one_and_ends_when_asked_to() {
    let (parent, config) = copy();
    let mut serving = Serving::start(&config);
    let keys = fs::read_to_string(parent.path().join("copy/log.vkey")).unwrap();
    let key = keys.lines().next().unwrap();
    for part in ["Listening  https://127.0.0.1:", "/copy/data", key, "Next       strongroom me --server https://"] {
        assert!(serving.said.contains(part), "{part}: {}", serving.said);
    }
    let second = strongroom(&["serve", "--config", config.to_str().unwrap()]);
    assert_eq!(second.status.code(), Some(1));
    let paragraph = text(&second.stderr);
    assert!(paragraph.contains("copy/data is in use by another process: stop that one first"), "{paragraph}");
    serving.signal(Signal::TERM);
    let (status, last) = serving.wait();
    assert_eq!(status.code(), Some(0));
    assert!(last.contains("Stopped"), "{last}");
}

#[test]
fn a_client_of_the_command_line_is_served() {
    let (parent, config) = copy();
    let serving = Serving::start(&config);
    let server = serving.said.split_whitespace().nth(1).unwrap();
    let file = |name: &str| parent.path().join("copy/certs").join(name).to_str().unwrap().to_owned();
    let (ca, certificate) = (file("ca.pem"), file("clients/secas.pem"));
    let output = strongroom(&["me", "--json", "--server", server, "--ca", &ca, "--cert", &certificate]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let me: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(me["person"]["handle"], "secas");
}

#[test]
fn no_second_log_begins_where_the_data_directory_is_mistyped() {
    let (parent, config) = copy();
    let written = fs::read_to_string(&config).unwrap();
    fs::write(&config, written.replace("directory = \"data\"", "directory = \"date\"")).unwrap();
    for verb in ["serve", "check", "rebuild"] {
        let refused = strongroom(&[verb, "--config", config.to_str().unwrap()]);
        assert_eq!(refused.status.code(), Some(1), "{verb}");
        let paragraph = text(&refused.stderr);
        assert!(paragraph.contains("no journal in") && paragraph.contains("data.directory"), "{verb}: {paragraph}");
    }
    assert!(!parent.path().join("copy/date").exists(), "nothing is made there");
}

#[test]
fn a_misspelt_key_is_named_with_file_line_and_remedy() {
    let (_parent, config) = copy();
    let written = fs::read_to_string(&config).unwrap();
    fs::write(&config, written.replace("client_ca = ", "client_cas = ")).unwrap();
    let line = 1 + written.lines().position(|line| line.starts_with("client_ca = ")).unwrap();
    for verb in [&["serve"][..], &["check"], &["rebuild"], &["clock", "accept"]] {
        let output = strongroom(&[verb, &["--config", config.to_str().unwrap()]].concat());
        assert_eq!(output.status.code(), Some(1));
        let paragraph = text(&output.stderr);
        assert!(paragraph.starts_with(&format!("error: {}:{line}: unknown field", config.display())), "{paragraph}");
        assert!(paragraph.contains("config/strongroom.toml"), "{paragraph}");
    }
}

#[test]
fn a_key_that_others_may_read_is_refused_with_the_remedy() {
    use std::os::unix::fs::PermissionsExt;
    let (parent, config) = copy();
    let key = parent.path().join("copy/keys/root.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let output = strongroom(&["serve", "--config", config.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("run `chmod 600"), "{}", text(&output.stderr));
}

#[test]
fn a_view_is_rebuilt_and_the_old_one_kept() {
    let (parent, config) = copy();
    let output = strongroom(&["rebuild", "--json", "--config", config.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(said["entries"].as_u64().unwrap() > 100, "{said}");
    let aside = said["set_aside"].as_str().unwrap();
    assert!(fs::metadata(aside).unwrap().is_dir());
    assert!(parent.path().join("copy/data/view").is_dir());
}

#[test]
fn a_clock_that_jumped_is_accepted_once_and_that_is_an_entry() {
    let (parent, config) = copy();
    let accept = || {
        let output = strongroom(&["clock", "accept", "--json", "--config", config.to_str().unwrap()]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    assert_eq!(accept()["jumped"], false);
    // What a server leaves that saw its clock jump.
    fs::write(parent.path().join("copy/data/clock-jumped"), "").unwrap();
    let accepted = accept();
    assert_eq!(accepted["jumped"], true);
    assert!(accepted["audit_entry"].as_u64().unwrap() > 100, "{accepted}");
    assert_eq!(accept()["jumped"], false);
}

#[test]
fn a_hangup_reads_the_certificates_again() {
    let (parent, config) = copy();
    let mut serving = Serving::start(&config);
    let server = serving.said.split_whitespace().nth(1).unwrap().to_owned();
    let file = |name: &str| parent.path().join("copy/certs").join(name);
    let (ca, person) = (file("ca.pem"), file("clients/secas.pem"));
    let me = || {
        let [ca, person] = [&ca, &person].map(|path| path.to_str().unwrap());
        strongroom(&["me", "--server", &server, "--ca", ca, "--cert", person])
    };
    assert!(me().status.success());
    // An authority that issued nobody's certificate takes the place of the one that did.
    fs::copy(file("ca.pem"), file("kept.pem")).unwrap();
    fs::write(file("ca.pem"), other_authority()).unwrap();
    serving.signal(Signal::HUP);
    let kept = file("kept.pem");
    let refused = (0..100).any(|_| {
        let [ca, person] = [&kept, &person].map(|path| path.to_str().unwrap());
        !strongroom(&["me", "--server", &server, "--ca", ca, "--cert", person]).status.success()
    });
    assert!(refused, "the old authority is still taken");
    serving.signal(Signal::TERM);
    assert_eq!(serving.wait().0.code(), Some(0));
}

#[test]
fn a_hangup_reads_the_configuration_again() {
    let (parent, config) = copy();
    let replace = |from: &str, to: &str| {
        let text = fs::read_to_string(&config).unwrap();
        assert!(text.contains(from), "{from}: {text}");
        fs::write(&config, text.replace(from, to)).unwrap();
    };
    replace("level = \"info\"", "level = \"warn\"");
    let serving = Serving::start(&config);
    let file = |name: &str| parent.path().join("copy").join(name).to_str().unwrap().to_owned();
    let (ca, certificate, document) = (file("certs/ca.pem"), file("certs/clients/secas.pem"), file("document.txt"));
    fs::write(&document, [b'x'; 2000]).unwrap();
    let server = serving.said.split_whitespace().nth(1).unwrap().to_owned();
    let secas =
        |verb: &[&str]| strongroom(&[verb, &["--server", &server, "--ca", &ca, "--cert", &certificate]].concat());
    let lodge = |label: &str| secas(&["lodge", "a-paper", label, &document]);
    let added = secas(
        &[
            &["document", "add", "a-paper", "--title", "A paper"][..],
            &["--type", "other", "--set", "governance", "--body", "pma"],
        ]
        .concat(),
    );
    assert!(added.status.success(), "{}", text(&added.stderr));
    let lodged = lodge("1.0");
    assert!(lodged.status.success(), "{}", text(&lodged.stderr));

    replace("level = \"warn\"", "level = \"info\"");
    replace("[tracing]", "[limits]\nmax_document_bytes = 1000\nmax_body_bytes = 1000\nqueue_length = 9\n\n[tracing]");
    serving.signal(Signal::HUP);
    let applied = serving.told("configuration: now in use");
    assert!(applied.ends_with("limits.max_body_bytes, limits.max_document_bytes, tracing.level"), "{applied}");
    let waiting = serving.told("only after a restart");
    assert!(waiting.ends_with("limits.queue_length"), "{waiting}");
    let refused = lodge("1.1");
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("1000 bytes"), "{}", text(&refused.stderr));
    // The level of a request's line, which is told now.
    assert!(serving.told("status=413").contains("PUT"));

    replace("max_document_bytes = 1000", "max_document_byte = 5000");
    let written = fs::read_to_string(&config).unwrap();
    let line = 1 + written.lines().position(|line| line.starts_with("max_document_byte ")).unwrap();
    serving.signal(Signal::HUP);
    let kept = serving.told("configuration: kept as it was");
    assert!(kept.contains(&format!("{}:{line}: unknown field `max_document_byte`", config.display())), "{kept}");
    assert!(kept.contains("Correct the key's name or remove it"), "{kept}");
    serving.told("server certificate: unchanged");
    assert_eq!(lodge("1.1").status.code(), Some(1));

    replace("max_document_byte = 5000", "max_document_bytes = 5000");
    serving.signal(Signal::HUP);
    serving.told("now in use: limits.max_document_bytes");
    let lodged = lodge("1.1");
    assert!(lodged.status.success(), "{}", text(&lodged.stderr));
}

fn other_authority() -> String {
    let now = jiff::Timestamp::now();
    let later = now + jiff::SignedDuration::from_hours(1);
    let validity = strongroom::edge::pki::Validity { not_before: now, not_after: later };
    strongroom::edge::pki::DevelopmentCa::create(validity).unwrap().certificate_pem().to_owned()
}
