//! The built binary: its report, its exit code, and what it says to people and to machines.

use std::fs;

use crate::support::Server;
use crate::support::directory::{flip, strongroom};
use crate::used::Copy;

fn run(copy: &Copy, arguments: &[&str]) -> (Option<i32>, String, String) {
    let config = copy.0.config();
    let output = strongroom(&[&["check", "--config", config.to_str().unwrap()], arguments].concat());
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_clean_directory_is_told_so_with_what_was_read() {
    let copy = Copy::new();
    let (code, said, trouble) = run(&copy, &[]);
    assert_eq!((code, trouble.as_str()), (Some(0), ""), "{said}");
    for part in [
        "All is well",
        " entries in 4 segments",
        "1 signed checkpoint",
        "with 0 cosignatures",
        "6 versions with 12 key objects",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let (code, said, _) = run(&copy, &["--json"]);
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &said["findings"], &said["log_files"]), (Some(0), &serde_json::json!([]), &2.into()), "{said}");
}

#[test]
fn one_of_each_kind_of_damage_is_reported_with_exit_code_one() {
    type Damage = fn(&Copy);
    let damages: [(Damage, &str); 6] = [
        (|copy| flip(&copy.0.segments()[2], 5_000), "the journal is damaged"),
        (|copy| fs::write(&copy.0.segments()[3], b"").unwrap(), "the header of journal/"),
        (|copy| flip(&copy.0.blobs()[0], 30), "blob "),
        (|copy| fs::remove_dir_all(copy.file("view")).unwrap(), "the view is missing"),
        (|copy| flip(&copy.file("tiles/entries/000"), 30), "tiles/entries/000 is not what"),
        (|copy| flip(&copy.file("checkpoint"), 30), "the last signed checkpoint"),
    ];
    for (damage, finding) in damages {
        let copy = Copy::new();
        damage(&copy);
        let (code, said, trouble) = run(&copy, &["--json"]);
        let report: serde_json::Value = serde_json::from_str(&said).unwrap();
        let findings = report["findings"].as_array().unwrap();
        assert_eq!(code, Some(1), "{finding}: {said}");
        assert!(findings.iter().any(|found| found.as_str().unwrap().contains(finding)), "{finding}: {report}");
        let (code, said, paragraph) = run(&copy, &[]);
        assert_eq!(code, Some(1));
        assert!(said.contains("Not all is well") && paragraph.contains(finding), "{said} {paragraph} {trouble}");
        for secret in ["reclassif", "What it says", "A green document", "annual assessment"] {
            assert!(!paragraph.contains(secret) && !said.contains(secret));
        }
    }
}

#[test]
fn a_running_server_keeps_the_check_out() {
    let copy = Copy::new();
    let server = Server::serve(copy.0.clone());
    let (code, _, trouble) = run(&copy, &[]);
    assert_eq!(code, Some(1));
    assert!(trouble.contains("in use by another process") && !trouble.contains("fault"), "{trouble}");
    server.stop();
}

#[test]
fn a_rebuild_heals_a_view_that_a_check_complains_of() {
    let copy = Copy::new();
    fs::write(copy.file("view/db"), b"nonsense").unwrap();
    assert_eq!(run(&copy, &[]).0, Some(1));
    let config = copy.0.config();
    let rebuilt = strongroom(&["rebuild", "--config", config.to_str().unwrap()]);
    assert!(rebuilt.status.success(), "{rebuilt:?}");
    let (code, said, trouble) = run(&copy, &[]);
    assert_eq!(code, Some(0), "{trouble}");
    assert!(said.contains("view-set-aside-") && said.contains("All is well"), "{said}");
}
