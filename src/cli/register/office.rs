//! `strongroom register auditor` and `strongroom register secretariat`.

use clap::Subcommand;

use super::super::common::failure::Failure;
use super::super::common::output::Output;
use super::Because;
use super::person::text;
use crate::edge::client::Client;
use crate::pure::wire::person::NamedPerson;

/// What to do with auditors.
#[derive(Debug, Subcommand)]
pub(super) enum Auditor {
    /// Appoint an auditor, a person of an assurance organisation (the Chair)
    #[command(alias = "add")]
    Appoint {
        /// The person's handle
        person: String,
    },
    /// Dismiss an auditor (the Chair)
    Dismiss {
        /// The person's handle
        person: String,
        #[command(flatten)]
        because: Because,
    },
}

/// What to do with named staff of a Secretariat.
#[derive(Debug, Subcommand)]
pub(super) enum Secretariat {
    /// Name a person of the Secretariat for the body's RED papers (the Chair)
    #[command(alias = "add")]
    Name {
        /// The body's handle
        body: String,
        /// The person's handle
        person: String,
    },
    /// Name them no more (the Chair)
    Remove {
        /// The body's handle
        body: String,
        /// The person's handle
        person: String,
        #[command(flatten)]
        because: Because,
    },
}

impl Auditor {
    pub(super) fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let answer = match self {
            Self::Appoint { person } => client.appoint_auditor(&NamedPerson { person })?,
            Self::Dismiss { person, because } => client.dismiss_auditor(&person, &because.into())?,
        };
        output.answer(&answer, text);
        Ok(())
    }
}

impl Secretariat {
    pub(super) fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let answer = match self {
            Self::Name { body, person } => client.name_secretariat(&body, &NamedPerson { person })?,
            Self::Remove { body, person, because } => client.unname_secretariat(&body, &person, &because.into())?,
        };
        output.answer(&answer, text);
        Ok(())
    }
}
