//! The chain hash: one value that stands for every byte that was ever committed, in order.

use std::fmt;

use ring::digest::{Context, SHA256};

use crate::pure::tlog::hash::{HASH_LEN, sha256};
use crate::pure::tlog::leaf::Origin;

const FIRST_LABEL: &[u8] = b"strongroom/v1 journal chain";

/// The chain hash after a batch: `SHA-256(previous chain hash || frame)`. The view keeps it beside its position.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChainHash(pub [u8; HASH_LEN]);

impl ChainHash {
    /// The chain hash of a log without batches: `SHA-256("strongroom/v1 journal chain" || origin)`.
    pub fn first(origin: &Origin) -> Self {
        Self(sha256(&[FIRST_LABEL, origin.as_str().as_bytes()].concat()))
    }

    /// The chain hash after `frame`.
    pub(super) fn after(&self, frame: &[u8]) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(&self.0);
        context.update(frame);
        let mut hash = [0; HASH_LEN];
        hash.copy_from_slice(context.finish().as_ref());
        Self(hash)
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChainHash({self})")
    }
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}
