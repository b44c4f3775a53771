//! What a lodger signs (LODGE-6): the canonical text of a lodgement.
//!
//! Not here: the signature itself, which is like any other one over a text (`detached`), and whether the key is the
//! lodger's credential (`pure::domain`). The room uses nothing else of Strongroom.

pub mod text;

pub use text::LodgementText;
