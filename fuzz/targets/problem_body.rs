//! A problem that a client reads is written as it was read; whatever a server says becomes one bounded paragraph.
#![no_main]

use strongroom::edge::client::ClientError;
use strongroom::fuzzing::client;
use strongroom::pure::wire::problem::Problem;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let told = client::refused(500, text).to_string();
    match client::refused(500, text) {
        ClientError::Refused { problem, .. } => {
            let written = serde_json::to_string(&*problem).expect("a problem can be written");
            assert_eq!(serde_json::from_str::<Problem>(&written).ok(), Some(*problem));
        }
        _ => assert!(!told.is_empty() && told.chars().count() < 2000, "{told}"),
    }
});
