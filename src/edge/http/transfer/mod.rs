//! How bytes come and go: uploads with limits, and stored documents with every header that HTTP knows for them.
//!
//! Invariants:
//! - An upload that is silent, drips or takes too long ends with 408 and a closed connection.
//! - A download ends within a second of its reader's losing the credential or the right to
//!   read that version (READ-8): by a suspension, a breach, a conflict, the end of a term or a grant, a reclassification, a
//!   withdrawal. That the need runs out ends no read that has begun.
//! - A stored document is hostile: it is an attachment in a sandbox, but for a PDF, which browsers show by themselves.
//!
//! Not here: who may read or lodge, and the bytes themselves (`service`).

mod conditions;
mod content;
mod disposition;
mod download;
#[cfg(fuzzing)]
pub mod fuzzing;
mod upload;

pub use conditions::range_in_force;
pub use content::ContentResponse;
pub use download::Reader;
pub use upload::{Upload, limited_upload};
