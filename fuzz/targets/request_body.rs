//! A body is read by every shape of request as it would be written, and refused with a member too many or twice.
#![no_main]

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use strongroom::fuzzing::api;
use strongroom::pure::wire::{
    alternate::NewAlternate,
    appeal::{NewAppeal, NewAppealOutcome},
    appointment::NewAppointment,
    body::{NewBody, NewReview, NewSeatOfBody},
    breach::NewBreach,
    classification::NewClassification,
    conflict::NewConflict,
    credential::NewCredential,
    decision::{CloseDecision, NewDecision, NewVote},
    direction::{NewAcceptance, NewDirection},
    document::NewDocument,
    grant::{NewGrant, NewTabling},
    measure::NewLift,
    need::NewNeed,
    organisation::NewOrganisation,
    person::{NamedPerson, NewPerson},
    reason::Reason,
    suspension::NewSuspension,
    undertaking::{NewAgreementText, NewUndertaking},
};

macro_rules! each {
    ($bytes:expr; $($shape:ty)*) => { $(read::<$shape>($bytes);)* };
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    each!(bytes; NewAlternate NewAppeal NewAppealOutcome NewAppointment NewBody NewReview NewSeatOfBody NewBreach
        NewClassification NewConflict NewCredential CloseDecision NewDecision NewVote NewAcceptance NewDirection
        NewDocument NewGrant NewTabling NewLift NewNeed NewOrganisation NamedPerson NewPerson Reason NewSuspension
        NewAgreementText NewUndertaking);
});

fn read<T: DeserializeOwned + Serialize + PartialEq + Debug>(bytes: &[u8]) {
    let body = match api::body::<T>(bytes) {
        Ok(body) => body,
        Err(problem) => return assert_eq!(problem.status, 400),
    };
    let written = serde_json::to_string(&body).expect("a shape can be written");
    assert_eq!(api::body::<T>(written.as_bytes()), Ok(body));
    let Value::Object(members) = serde_json::from_slice(bytes).expect("JSON") else { panic!("not an object") };
    let first = members.iter().next().map(|(name, value)| format!("{}:{value}", Value::from(name.as_str())));
    for more in [Some("\"no such member\":null".to_owned()), first].into_iter().flatten() {
        let text = std::str::from_utf8(bytes).expect("JSON is UTF-8").trim();
        let comma = if members.is_empty() { "" } else { "," };
        let longer = format!("{{{more}{comma}{}", &text[1..]);
        assert!(api::body::<T>(longer.as_bytes()).is_err(), "{longer}");
    }
}
