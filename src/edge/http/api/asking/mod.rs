//! Asking: what a request says, parsed once. A value of these types is well formed; anything else is `malformed`.
//!
//! Not here: who asks (`super::super::peer`), and whether they may.

mod content_type;
mod fields;
#[cfg(fuzzing)]
pub mod fuzzing;
mod idempotency;
mod json;
mod lodgement;
mod names;
mod need;
mod paging;
mod query;

pub(super) use content_type::{essence, is_text};
pub(super) use fields::field;
pub(super) use idempotency::IdempotencyKey;
pub(super) use json::{Posted, PostedIfAny};
pub(super) use lodgement::lodgement;
pub(super) use names::{
    CredentialName, DecisionName, DirectionName, DocumentName, EntryName, NeedName, RecordName, VersionName,
    VersionPick, handle, label, parsed, segment, selector,
};
pub(super) use need::need_claim;
pub(super) use paging::Paging;
pub(super) use query::Asked;

use super::super::problem::ApiProblem;

/// 400 from a message that begins in lower case and ends without a full stop.
fn malformed(message: impl std::fmt::Display) -> ApiProblem {
    let message = message.to_string();
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    ApiProblem::malformed(first.into_iter().chain(letters).chain(['.']).collect::<String>())
}
