//! A verb that talks to a server.

use clap::Args;

use super::connection::ConnectionArgs;
use super::failure::Failure;
use super::output::Output;
use crate::edge::client::Client;

/// A verb's own arguments, and the connection's.
#[derive(Debug, Args)]
pub struct Connected<A: Args> {
    /// The verb's own arguments.
    #[command(flatten)]
    pub arguments: A,
    /// Which server, and as whom.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

impl<A: Args> Connected<A> {
    /// Settles the connection and runs the verb over it.
    pub fn run(
        self,
        output: &Output,
        verb: impl FnOnce(A, &Client, &Output) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let client = Client::new(self.connection.settle()?)?;
        verb(self.arguments, &client, output)
    }
}
