//! A policy that asks for witnesses is met by all of them and not by none.
#![no_main]

use strongroom::pure::tlog::policy::Policy;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(policy) = Policy::parse(bytes) {
        let all: Vec<_> = policy.witnesses().iter().map(|witness| &witness.key).collect();
        assert!(policy.is_met_by(&all) && policy.is_met_by(&[]) != policy.asks_for_witnesses());
    }
});
