//! The command line: one file a verb.
//!
//! A verb parses its arguments, calls what does the work, and shows the answer. Exit codes: 0 done, 1 refused or
//! failed, 2 usage. Answers go to standard output, as tables for people or as JSON for machines; failures go to
//! standard error as one paragraph with the rule and the remedy.
//!
//! This is the only reader of configuration ([`config`]) and of connection profiles ([`common::profile`]).
//!
//! A new verb is a file here, a variant of `Verb` and a line in `Verb::run`; one that talks to a server is wrapped in
//! [`Connected`], which brings the connection's flags.
//!
//! Not here: rules, TLS, HTTP, storage.

pub mod common;
pub mod config;

mod access;
mod agreement;
mod audit;
mod breach;
mod check;
mod classify;
mod clock;
mod completions;
mod confirmation;
mod conflict;
mod credential;
mod decide;
mod demo;
mod direction;
mod document;
mod evidence;
mod explain;
mod grant;
mod init;
mod list;
mod lodge;
mod me;
mod need;
mod publish;
mod read;
mod rebuild;
mod register;
mod restore;
mod rotate_keys;
mod serve;
mod show;
mod suspension;
mod table;
mod verify;
mod withdraw;
mod witness;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::builder::FalseyValueParser;
use clap::{Parser, Subcommand};

use common::connected::Connected;
use common::failure::Failure;
use common::output::Output;

/// The repository in which a PKI's Policy Management Authority keeps its policy documents.
#[derive(Debug, Parser)]
#[command(name = "strongroom", version, after_help = AFTER_HELP)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    verb: Verb,
    /// Answer in JSON, for machines; `audit_entry` is the log entry that the call made
    #[arg(long, global = true, env = "STRONGROOM_JSON", hide_env_values = true, value_parser = FalseyValueParser::new())]
    json: bool,
}

/// The verbs, in the order in which a person meets them.
#[derive(Debug, Subcommand)]
enum Verb {
    /// Show the main job on an empty machine: makes everything, serves, and does and explains every step
    Demo(demo::Demo),
    /// Make a directory to run from: configuration, keys, development certificates, the register's first entries
    Init(init::Init),
    /// Serve a directory that `init` made
    Serve(serve::Serve),
    /// Show who you are to the server, your seats and agreements, and what is missing for more access
    Me(Connected<me::Me>),
    /// List the documents that you may know of, with the version in force
    List(Connected<list::List>),
    /// Show a document with its versions, or one version
    Show(Connected<show::Show>),
    /// Read a version: download its content, under a need that is recorded first
    Read(Connected<read::Read>),
    /// Record, list and withdraw your needs
    Need(Connected<need::Need>),
    /// Register documents
    Document(Connected<document::Document>),
    /// Lodge a version of a document: upload a file
    Lodge(Connected<lodge::Lodge>),
    /// Determine the classification of a version (the Chair), or propose one
    Classify(Connected<classify::Classify>),
    /// Publish a WHITE version: from then on anyone can read it
    Publish(Connected<publish::Publish>),
    /// Withdraw a version: its content is hidden, nothing is erased
    Withdraw(Connected<withdraw::Withdraw>),
    /// Give, list, direct and revoke grants, which widen the audience of a version
    Grant(Connected<grant::Grant>),
    /// Table an AMBER version to another body, whose members then read it (the Chair)
    Table(Connected<table::Table>),
    /// Issue, list, accept and return directions to lodge
    Direction(Connected<direction::Direction>),
    /// Bind, confirm, revoke and list credentials: whose a certificate is
    Credential(Connected<credential::Credential>),
    /// Show and sign the Confidentiality and Disclosure Agreement that you are asked for, and adopt another text of it
    Agreement(Connected<agreement::Agreement>),
    /// Show and give the confirmation of a member that puts an appointment into force
    Confirmation(Connected<confirmation::Confirmation>),
    /// Read and keep the register: organisations, people, bodies, seats, appointments, alternates, offices
    Register(Connected<register::Register>),
    /// Declare, list, lift and appeal against conflicts of interest
    Conflict(Connected<conflict::Conflict>),
    /// Record, list, lift and appeal against breaches of an information-sharing rule
    Breach(Connected<breach::Breach>),
    /// Impose, list, lift and appeal against suspensions
    Suspension(Connected<suspension::Suspension>),
    /// Put questions to a body, vote, close the vote, and see what was decided
    Decide(Connected<decide::Decide>),
    /// Explain what somebody may read, and why: the rules, the facts and their entries, and what would change it
    Explain(Connected<explain::Explain>),
    /// Report who may read a version and why, who has read it and who has not (the Chair, the auditor)
    Access(Connected<access::Access>),
    /// Fetch the evidence of a log entry or of a version's lodgement, to verify offline; take a lodger's signature out
    /// of it
    Evidence(Connected<evidence::Evidence>),
    /// Export and follow the audit log's records, verified against its signed checkpoint
    Audit(Connected<audit::Audit>),
    /// Verify a file by its proof, offline: that the log recorded the lodging or the reading of these bytes; or, without
    /// a file, any entry
    Verify(verify::Verify),
    /// Say a word on the server's clock
    Clock(clock::Clock),
    /// Read everything that a data directory holds again, and print no record of it
    Check(check::Check),
    /// Make the view anew from the journal
    Rebuild(rebuild::Rebuild),
    /// Begin another epoch of the log's signing keys; the old key and the new one sign the entry
    RotateKeys(rotate_keys::RotateKeys),
    /// Go on after entries were lost for good
    Restore(restore::Restore),
    /// Be a witness of other people's logs: cosign their checkpoints
    Witness(witness::Witness),
    /// Print the completion script of a shell
    Completions(completions::Completions),
}

impl Verb {
    /// Whether the verb reads or makes the secret keys of a repository or a witness.
    fn holds_keys(&self) -> bool {
        matches!(
            self,
            Self::Demo(_)
                | Self::Init(_)
                | Self::Serve(_)
                | Self::Clock(_)
                | Self::Check(_)
                | Self::Rebuild(_)
                | Self::RotateKeys(_)
                | Self::Restore(_)
                | Self::Witness(_)
        )
    }

    fn run(self, output: &Output) -> Result<(), Failure> {
        if self.holds_keys() {
            serve::hardening::harden()?;
        }
        match self {
            Self::Demo(verb) => verb.run(output),
            Self::Init(verb) => verb.run(output),
            Self::Serve(verb) => verb.run(output),
            Self::Me(verb) => verb.run(output, me::Me::run),
            Self::List(verb) => verb.run(output, list::List::run),
            Self::Show(verb) => verb.run(output, show::Show::run),
            Self::Read(verb) => verb.run(output, read::Read::run),
            Self::Need(verb) => verb.run(output, need::Need::run),
            Self::Document(verb) => verb.run(output, document::Document::run),
            Self::Lodge(verb) => verb.run(output, lodge::Lodge::run),
            Self::Classify(verb) => verb.run(output, classify::Classify::run),
            Self::Publish(verb) => verb.run(output, publish::Publish::run),
            Self::Withdraw(verb) => verb.run(output, withdraw::Withdraw::run),
            Self::Grant(verb) => verb.run(output, grant::Grant::run),
            Self::Table(verb) => verb.run(output, table::Table::run),
            Self::Direction(verb) => verb.run(output, direction::Direction::run),
            Self::Credential(verb) => verb.run(output, credential::Credential::run),
            Self::Agreement(verb) => verb.run(output, agreement::Agreement::run),
            Self::Confirmation(verb) => verb.run(output, confirmation::Confirmation::run),
            Self::Register(verb) => verb.run(output, register::Register::run),
            Self::Conflict(verb) => verb.run(output, conflict::Conflict::run),
            Self::Breach(verb) => verb.run(output, breach::Breach::run),
            Self::Suspension(verb) => verb.run(output, suspension::Suspension::run),
            Self::Decide(verb) => verb.run(output, decide::Decide::run),
            Self::Explain(verb) => verb.run(output, explain::Explain::run),
            Self::Access(verb) => verb.run(output, access::Access::run),
            Self::Evidence(verb) => evidence::Evidence::run(verb, output),
            Self::Audit(verb) => verb.run(output, audit::Audit::run),
            Self::Verify(verb) => verb.run(output),
            Self::Clock(verb) => verb.run(output),
            Self::Check(verb) => verb.run(output),
            Self::Rebuild(verb) => verb.run(output),
            Self::RotateKeys(verb) => verb.run(output),
            Self::Restore(verb) => verb.run(output),
            Self::Witness(verb) => verb.run(output),
            Self::Completions(verb) => verb.run(output),
        }
    }
}

/// Parses the arguments, runs the verb, shows a failure, and says how to exit.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are "errors" of exit code 0. A closed pipe is nobody's fault.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE));
        }
    };
    let output = Output::new(cli.json);
    match cli.verb.run(&output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output.failure(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// The exit code of a command line that cannot be understood.
const USAGE: u8 = 2;

const AFTER_HELP: &str = "\
A connection needs your certificate: --cert and --key, STRONGROOM_CERT and STRONGROOM_KEY, or a profile in
$XDG_CONFIG_HOME/strongroom/profiles.toml ([profiles.NAME] with server, ca, cert and key).
Exit codes: 0 done, 1 refused or failed, 2 usage. NO_COLOR is honoured.";

#[cfg(test)]
mod tests;
