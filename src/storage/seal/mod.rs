//! Sealing: how secrets at rest are kept, and under which keys.
//!
//! Everything confidential that touches a disk passes through this room: journal frames, blobs, the view's values.
//! Not here: what is sealed, and where it is stored.

pub mod frame;
pub mod keys;
pub mod secret;
pub mod stream;
