//! Strongroom.
pub mod cli;
pub mod edge;
pub mod pure;
pub mod service;
pub mod storage;
