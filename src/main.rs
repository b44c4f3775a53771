//! The binary: parses the command line, runs, exits.
fn main() {}
