//! `strongroom completions`: the completion script of a shell.

use clap::CommandFactory;
use clap_complete::Shell;

use super::common::failure::Failure;
use super::common::output::Output;

/// For which shell.
#[derive(Debug, clap::Args)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// Prints the script.
    pub fn run(self, output: &Output) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::Cli::command(), "strongroom", &mut script);
        let script = String::from_utf8(script).map_err(|error| Failure::Other(error.into()))?;
        if output.is_json() {
            output.value(&serde_json::json!({"shell": self.shell.to_string(), "script": script}));
        } else {
            output.text(script.trim_end());
        }
        Ok(())
    }
}
