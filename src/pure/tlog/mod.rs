//! The formats of the audit log: a C2SP tile-based transparency log whose entries are commitments.
//!
//! Everything here is externally visible and byte-exact, so that other people's verifiers accept it. The room uses
//! nothing else of Strongroom: an auditor can read it alone.
//!
//! Not here: where the bytes are kept (`storage`), when a checkpoint is signed (`service::publishing`).

pub mod hash;
pub mod leaf;
pub mod tree;
