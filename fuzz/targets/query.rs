//! A query is read by every shape as a client would write it, and no other text than a sealed cursor is a place in a list.
#![no_main]

use std::fmt::Debug;
use std::sync::LazyLock;

use serde::de::DeserializeOwned;
use strongroom::edge::http::cursors::Cursors;
use strongroom::fuzzing::api;
use strongroom::pure::wire::{
    alternate::AlternatesQuery,
    appointment::AppointmentsQuery,
    audit::AuditQuery,
    body::SeatsQuery,
    credential::CredentialsQuery,
    decision::DecisionsQuery,
    direction::DirectionsQuery,
    document::{AsOfQuery, DocumentsQuery},
    explanation::ExplainQuery,
    grant::{GrantsQuery, Revocation},
    lodgement::LodgeQuery,
    need::{NeedQuery, NeedsQuery},
    page::PageQuery,
};
use strongroom::storage::seal::secret::SecretKey;

static CURSORS: LazyLock<Cursors> = LazyLock::new(|| Cursors::new(&SecretKey::from_bytes([7; 32])).unwrap());

macro_rules! each {
    ($text:expr; $($shape:ty)*) => { $(read::<$shape>($text);)* };
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    each!(text; AlternatesQuery AppointmentsQuery AuditQuery SeatsQuery CredentialsQuery DecisionsQuery DirectionsQuery
        AsOfQuery DocumentsQuery ExplainQuery GrantsQuery Revocation LodgeQuery NeedQuery NeedsQuery PageQuery);
    let (list, cursor) = text.split_once('\n').unwrap_or(("documents", text));
    if let Some(after) = CURSORS.open(list, cursor) {
        assert_eq!(CURSORS.seal(list, after), cursor);
    }
    let sealed = CURSORS.seal(list, text.len() as u64);
    assert_eq!(CURSORS.open(list, &sealed), Some(text.len() as u64));
    assert_eq!(CURSORS.open(&format!("{list}&"), &sealed), None);
});

fn read<T: DeserializeOwned + PartialEq + Debug>(text: &str) {
    match api::query::<T>(text) {
        Ok(query) => {
            assert_eq!(api::query::<T>(text), Ok(query));
            let separator = if text.is_empty() { "" } else { "&" };
            assert!(api::query::<T>(&format!("{text}{separator}no_such_name=1")).is_err(), "{text}");
        }
        Err(problem) => assert_eq!(problem.status, 400),
    }
}
