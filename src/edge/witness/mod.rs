//! Witnessing over HTTP (C2SP tlog-witness): [`serve`] is a witness for other people's logs.
//!
//! Not here: what is cosigned and what is believed (`service`), the formats (`pure::tlog`).

pub mod answers;
pub mod serve;
