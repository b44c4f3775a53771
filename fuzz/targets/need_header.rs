//! A need in a header is written as it was read, in a field that a header can hold.
#![no_main]

use strongroom::fuzzing::api;
use strongroom::pure::wire::reasonable_need::ReasonableNeed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some(claim) = api::need(bytes) {
        match claim {
            Ok(claim) => assert!(claim.is_some()),
            Err(problem) => assert_eq!(problem.status, 400),
        }
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(need) = ReasonableNeed::parse(text) else { return };
    let field = need.to_field();
    assert!(field.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{field:?}");
    assert_eq!(ReasonableNeed::parse(&field), Ok(need));
});
