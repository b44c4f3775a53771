//! `strongroom witness`: cosign the checkpoints of other people's logs.

mod directory;
mod init;
mod serve;

use clap::Subcommand;

use super::common::failure::Failure;
use super::common::output::Output;
pub use directory::WitnessError;

/// What a witness does.
#[derive(Debug, clap::Args)]
pub struct Witness {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a witness: its key, its verifier keys to hand out, and an empty list of logs
    Init(init::Init),
    /// Serve a witness that `init` made: cosign what extends what it cosigned before
    Serve(serve::Serve),
}

impl Witness {
    /// Does it.
    pub fn run(self, output: &Output) -> Result<(), Failure> {
        match self.action {
            Action::Init(init) => init.run(output),
            Action::Serve(serve) => serve.run(output),
        }
    }
}
