//! A server that lies, in one way each: the first thing that is wrong is named, and nothing is kept.

use serde_json::Value;

use super::middle::Middle;
use super::*;
use support::Answer;

/// What a server that lies does to an answer to a request.
type Lie = Box<dyn Fn(&str, &mut Answer) + Send>;

/// Changes the page of entries that an answer is.
fn page(change: impl Fn(&mut Vec<Value>) + Send + 'static) -> Lie {
    Box::new(move |path, answer| {
        if path.starts_with("/v1/audit/entries") {
            let mut json = answer.json();
            change(json["items"].as_array_mut().unwrap());
            answer.body = serde_json::to_vec(&json).unwrap();
        }
    })
}

/// Says that the log ends after so many entries.
fn last_page(length: usize) -> Lie {
    Box::new(move |path, answer| {
        if path.starts_with("/v1/audit/entries") {
            let mut json = answer.json();
            json["items"].as_array_mut().unwrap().truncate(length);
            json["next"] = Value::Null;
            answer.body = serde_json::to_vec(&json).unwrap();
        }
    })
}

/// Turns a bit of what is served under a path that begins so.
fn flip(prefix: &'static str, at: usize) -> Lie {
    Box::new(move |path, answer| {
        if path.starts_with(prefix) {
            answer.body[at] ^= 1;
        }
    })
}

#[test]
fn each_lie_is_found_out_and_named() {
    let (server, _) = with_history();
    let middle = Middle::before(&server, "auditor");
    let folder = server.directory.path();
    let export = || {
        let arguments = ["export", "--log-key", "log.vkey", "--output", "out.jsonl", "--state", "kept"];
        audit(&server.directory, &middle.url, "auditor", &arguments).output().unwrap()
    };
    let lies: Vec<(Lie, &str)> = vec![
        (page(|items| items[5]["record"]["request"] = "another".into()), "entry 5 is not what the log holds there"),
        (page(|items| items[7]["record"]["added"] = Value::Null), "entry 7 is not what the log holds there"),
        (page(|items| items[0]["opening"] = "00".repeat(32).into()), "entry 0 is not what the log holds there"),
        (page(|items| items[1]["opening"] = "no opening".into()), "the opening of entry 1 is not 32 bytes"),
        (page(|items| drop(items.remove(4))), "entry 4 is missing: entry 5 came in its place"),
        (page(|items| items.swap(2, 3)), "entry 2 is missing: entry 3 came in its place"),
        (page(|items| items.insert(3, items[2].clone())), "entry 3 is missing: entry 2 came in its place"),
        (
            page(|items| {
                let other = items[6]["record"].clone();
                items[8]["record"] = other;
            }),
            "entry 8 is not what the log holds there",
        ),
        (last_page(9), "entry 9 is missing"),
        (page(Vec::clear), "entry 0 is missing"),
        (flip("/log/tile/0/", 40), "the tiles do not make the root"),
        (flip("/log/checkpoint", 30), "cannot be relied on"),
    ];
    for (lie, reason) in lies {
        middle.alter(lie);
        let output = export();
        assert_eq!(output.status.code(), Some(1), "{reason}: {}", said(&output));
        assert!(said(&output).contains(reason), "{reason}: {}", said(&output));
        assert!(!said(&output).contains("Verified:"), "{}", said(&output));
        assert!(files(folder, "out.jsonl").is_empty() && files(folder, ".out.jsonl").is_empty(), "{reason}");
        assert!(files(folder, "kept").is_empty(), "{reason}");
    }
    middle.alter(|_, _| ());
    assert_done(&export());
}

#[test]
fn a_lie_within_a_selection_is_found_out() {
    let (server, _) = with_history();
    let middle = Middle::before(&server, "auditor");
    middle.alter(page(|items| items[1]["record"]["outcome"] = "refused".into()));
    let arguments = ["export", "--log-key", "log.vkey", "--document", "device-policy"];
    let output = audit(&server.directory, &middle.url, "auditor", &arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("is not what the log holds there"), "{}", said(&output));
}

#[test]
fn a_busy_server_is_asked_again() {
    let (server, _) = with_history();
    let middle = Middle::before(&server, "auditor");
    let mut refusals = 0;
    middle.alter(move |path, answer| {
        if path.starts_with("/v1/audit/entries") && refusals < 1 {
            refusals += 1;
            answer.status = 503;
            answer.body = br#"{"type":"/problems/log_unavailable","title":"Busy","status":503,"detail":"busy","code":"log_unavailable"}"#.to_vec();
        }
    });
    let output =
        audit(&server.directory, &middle.url, "auditor", &["export", "--log-key", "log.vkey"]).output().unwrap();
    assert_done(&output);
    assert!(
        said(&output).contains("It is tried again") && said(&output).contains("answers again"),
        "{}",
        said(&output)
    );
}
