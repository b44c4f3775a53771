//! The room's tests, on real folders.

pub mod samples;

mod concurrent;
mod contents;
mod crash;
mod damage;
mod ground;
mod reference;
