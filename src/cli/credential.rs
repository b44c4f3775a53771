//! `strongroom credential`: whose a certificate is.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use jiff::Timestamp;

use super::common::failure::Failure;
use super::common::output::{Output, or_dash, record, table};
use super::common::pages;
use super::common::time::instant;
use super::common::undertaking::text_file;
use crate::edge::client::Client;
use crate::pure::wire::credential::{Credential as Bound, CredentialsQuery, NewCredential};
use crate::pure::wire::digest::Digest;
use crate::pure::wire::page::{MAX_LIMIT, Page};
use crate::pure::wire::reason::Reason;

/// What to do with credentials.
#[derive(Debug, clap::Args)]
pub struct Credential {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Bind a certificate to a person (the Secretariat); it is of no effect before somebody else confirms it
    Bind(Bind),
    /// Confirm a credential that was bound: your own under the one that you use now, or as the Chair
    Confirm {
        /// The credential's id, as `bind`, `list` and `me` show it
        id: Digest,
    },
    /// Revoke a credential at once and for good: your own, or as the Secretariat or the Chair
    Revoke {
        /// The credential's id
        id: Digest,
        /// Why; the audit log keeps it
        #[arg(long)]
        reason: String,
    },
    /// List your credentials; everybody's if you keep the register
    List {
        /// Only those of this person
        #[arg(long)]
        person: Option<String>,
    },
    /// Show one credential
    Show {
        /// The credential's id
        id: Digest,
    },
}

#[derive(Debug, clap::Args)]
struct Bind {
    /// The person
    person: String,
    /// The person's certificate in PEM, then its intermediate CAs, if there are any; never the key
    certificate: PathBuf,
    /// The person's credential that it replaces
    #[arg(long, value_name = "ID")]
    replaces: Option<Digest>,
    /// Until when the replaced one holds too (RFC 3339), at most 90 days from now [default: 30 days]
    #[arg(long, value_name = "INSTANT", value_parser = instant, requires = "replaces")]
    overlap_until: Option<Timestamp>,
}

impl Credential {
    /// Binds, confirms, revokes, lists or shows.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self.verb {
            Verb::Bind(Bind { person, certificate, replaces, overlap_until }) => {
                let certificate = certificate_file(&certificate)?;
                let new = NewCredential { person, certificate, replaces, overlap_until };
                output.answer(&client.bind_credential(&new)?, text);
            }
            Verb::Confirm { id } => output.answer(&client.confirm_credential(&id.to_string())?, text),
            Verb::Revoke { id, reason } => {
                output.answer(&client.revoke_credential(&id.to_string(), &Reason { reason })?, text);
            }
            Verb::List { person } => {
                let mut query = CredentialsQuery { person, limit: Some(MAX_LIMIT), after: None };
                let answer = pages::all(|cursor| {
                    query.after = cursor;
                    client.credentials(&query)
                })?;
                output.answer(&answer, list_text);
            }
            Verb::Show { id } => output.answer(&client.credential(&id.to_string())?, text),
        }
        Ok(())
    }
}

/// A certificate's file. One with a private key in it stays on this machine.
fn certificate_file(path: &Path) -> Result<String, Failure> {
    let pem = text_file(path)?;
    if pem.contains("PRIVATE KEY-----") {
        let trouble = format!(
            "{} holds a private key, and nothing was sent. Name a file with the certificate alone.",
            path.display()
        );
        return Err(Failure::Usage(trouble));
    }
    Ok(pem)
}

fn text(credential: &Bound) -> String {
    record([
        ("credential", credential.id.to_string()),
        ("person", format!("{} ({})", credential.person.handle, credential.person.name)),
        ("state", credential.state.to_string()),
        ("bound by", or_dash(credential.bound_by.as_ref().map(|person| &person.handle))),
        ("replaces", or_dash(credential.replaces)),
        ("overlap until", or_dash(credential.overlap_until)),
        ("until", or_dash(credential.until)),
    ])
}

fn list_text(page: &Page<Bound>) -> String {
    if page.items.is_empty() {
        return "No credentials that you may know of.".to_owned();
    }
    let rows = page.items.iter().map(|one| {
        [
            one.id.to_string(),
            one.person.handle.clone(),
            one.state.to_string(),
            or_dash(one.bound_by.as_ref().map(|person| &person.handle)),
            or_dash(one.until),
        ]
    });
    table(["CREDENTIAL", "PERSON", "STATE", "BOUND BY", "UNTIL"], rows)
}
