//! The formats of the audit log: a C2SP tile-based transparency log whose entries are commitments.
//!
//! Everything here is externally visible and byte-exact, so that other people's verifiers accept it. The room uses
//! nothing else of Strongroom: an auditor can read it alone. Every parser takes hostile bytes: it refuses what is not
//! in the one canonical form, so that what was parsed prints as the same bytes.
//!
//! Not here: where the bytes are kept (`storage`), when a checkpoint is signed (`service::publishing`), how
//! witnesses are reached (`edge::witness`).

pub mod hash;
pub mod leaf;
pub mod tree;

pub mod proof;
pub mod served_tree;
pub mod tile;

pub mod checkpoint;
pub mod cosignature;
pub mod note;
pub mod proof_file;
pub mod signer;
pub mod verifier_key;

pub mod add_checkpoint;
pub mod policy;

mod text;

#[cfg(test)]
mod tests;
