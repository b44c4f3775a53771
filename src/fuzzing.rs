//! Doors for the fuzzer into rooms that the house keeps shut. There is no such module but with `--cfg fuzzing`, which
//! `fuzz/run` sets.
//!
//! A parser with a public entrance needs none; a door adds no behaviour, it only lets values through that the fuzzer can
//! make and compare.

pub use crate::edge::client::fuzzing as client;
pub use crate::edge::http::api::fuzzing as api;
pub use crate::edge::http::transfer::fuzzing as transfer;
