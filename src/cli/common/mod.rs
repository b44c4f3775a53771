//! What the verbs share: the connection, the output, and how files are kept.

pub mod appeals;
pub mod connected;
pub mod connection;
pub mod failure;
pub mod key_lines;
pub mod opening;
pub mod output;
pub mod pages;
pub mod profile;
pub mod progress;
pub mod root;
pub mod save;
pub mod time;
pub mod trust;
pub mod undertaking;
pub mod witnessing;
