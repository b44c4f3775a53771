//! The binary: parses the command line, runs, exits.

use std::process::ExitCode;

fn main() -> ExitCode {
    strongroom::cli::run(std::env::args_os())
}
