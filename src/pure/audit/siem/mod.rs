//! Records in the words of other people's security monitoring: the Elastic Common Schema and the Open Cybersecurity
//! Schema Framework.
//!
//! A mapping is for finding and counting, not for proving: what the log commits to is the record itself. Nothing of a
//! record is dropped: what a schema has no field for goes under `strongroom` or `unmapped`. A record of a kind that
//! this release does not know is mapped as far as it can be.
//!
//! Not here: reading records, and whether they are genuine ([`super::reading`]).

pub mod ecs;
pub mod ocsf;

mod fields;

#[cfg(test)]
mod tests;
