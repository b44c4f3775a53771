//! Golden lines for every outcome, and what holds for every record there is.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::fields::present;
use super::{ecs, ocsf};

/// A release, a lodgement, a refusal, what does not exist for the one who asked, and the server's own entry.
const GOLDEN: [&str; 6] = [
    "event-content_released",
    "event-version_lodged",
    "refused-read_content",
    "not_found-read_content",
    "event-heartbeat",
    "event-person_registered",
];

fn golden(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(folder)
}

fn record(name: &str) -> Value {
    serde_json::from_slice(&fs::read(golden("record").join(format!("{name}.json"))).unwrap()).unwrap()
}

#[test]
fn each_outcome_has_its_golden_lines() {
    for name in GOLDEN {
        for (schema, event) in [("ecs", ecs::event(&record(name))), ("ocsf", ocsf::event(&record(name)))] {
            let path = golden("siem").join(format!("{schema}-{name}.json"));
            let expected = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let expected: Value = serde_json::from_str(&expected).unwrap();
            assert_eq!(event, expected, "{}", path.display());
        }
    }
}

#[test]
fn every_record_has_what_the_schemas_require_and_nothing_that_is_null() {
    let mut seen = 0;
    for file in fs::read_dir(golden("record")).unwrap() {
        let record: Value = serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap();
        let ecs = ecs::event(&record);
        for pointer in ["/@timestamp", "/ecs/version", "/event/action", "/event/type/0", "/event/id", "/event/outcome"]
        {
            assert!(ecs.pointer(pointer).is_some(), "{pointer} in {ecs}");
        }
        let denied = ecs["event"]["type"].as_array().unwrap().contains(&json!("denied"));
        assert_eq!(denied, record["outcome"] != "done", "{ecs}");
        let ocsf = ocsf::event(&record);
        for pointer in [
            "/class_uid",
            "/category_uid",
            "/activity_id",
            "/type_uid",
            "/time",
            "/severity_id",
            "/metadata/version",
            "/metadata/product/name",
            "/api/operation",
            "/actor",
            "/src_endpoint",
        ] {
            assert!(ocsf.pointer(pointer).is_some(), "{pointer} in {ocsf}");
        }
        assert_eq!(ocsf["type_uid"].as_u64(), ocsf["activity_id"].as_u64().map(|activity| 600_300 + activity));
        assert_eq!(ocsf["time"], 1_795_512_600_123_u64);
        assert!(![ecs, ocsf].iter().any(|event| event.to_string().contains(":null")));
        seen += 1;
    }
    assert!(seen > 70);
}

#[test]
fn nothing_of_a_record_is_dropped() {
    for name in GOLDEN {
        let record = record(name);
        let (ecs, ocsf) = (ecs::event(&record), ocsf::event(&record));
        for part in ["command", "events"] {
            // Left out where there is nothing in it, as in a refusal's list of events.
            let kept = record.get(part).filter(|part| **part != json!([])).cloned().map(present).unwrap_or_default();
            assert_eq!((&ecs["strongroom"][part], &ocsf["unmapped"][part]), (&kept, &kept));
        }
    }
}

#[test]
fn what_a_later_release_may_record_is_mapped_as_far_as_it_goes() {
    let later = json!({"v": 2, "index": 7, "time": "2030-01-01T00:00:00Z", "origin": "log", "outcome": "postponed",
        "actor": {"committee": "pma"}, "command": {"kind": "sing", "version": 3}, "events": "none"});
    let ecs = ecs::event(&later);
    assert_eq!((&ecs["event"]["action"], &ecs["event"]["outcome"]), (&json!("sing"), &json!("unknown")));
    let ocsf = ocsf::event(&later);
    assert_eq!((&ocsf["activity_id"], &ocsf["status_id"]), (&json!(99), &json!(0)));
    for nonsense in [json!(null), json!([]), json!("record"), json!({})] {
        assert!(ecs::event(&nonsense).is_object() && ocsf::event(&nonsense).is_object());
    }
}
