//! `strongroom grant`: what widens the audience of a version.

use clap::Subcommand;
use jiff::Timestamp;

use super::common::failure::Failure;
use super::common::output::{Output, or_dash, record, table};
use super::common::pages;
use super::common::time::instant;
use crate::edge::client::Client;
use crate::pure::wire::grant::{Grant as Granted, GrantKind, Grantee, GrantsQuery, NewGrant};
use crate::pure::wire::page::{MAX_LIMIT, Page};

/// What to do with grants.
#[derive(Debug, clap::Args)]
pub struct Grant {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Widen the audience of one version (the Chair; the Secretariat asks; a member shares within their category)
    Give(Box<Give>),
    /// List the grants that you may know of: who is admitted to what because of which
    List(Box<List>),
    /// Direct a grant that the Secretariat asked for (the Chair)
    Direct {
        /// The grant's id, for example `grant-70`
        id: String,
    },
    /// Revoke a grant: whom it admitted no longer knows of the version (who gave it, or the Chair)
    Revoke {
        /// The grant's id, for example `grant-70`
        id: String,
        /// Why; the audit log keeps it
        #[arg(long)]
        reason: Option<String>,
    },
}

#[derive(Debug, clap::Args)]
struct Give {
    /// The document
    document: String,
    /// The version's label
    version: String,
    /// need-to-know, category-share, wider-circulation, red-inclusion or invitation
    #[arg(long)]
    kind: GrantKind,
    #[command(flatten)]
    to: To,
    /// The action that it serves; the audit log keeps it
    #[arg(long)]
    action: String,
    /// When it ends (RFC 3339); a need to know has an end, at most 366 days from now
    #[arg(long, value_name = "TIME", value_parser = instant)]
    valid_until: Option<Timestamp>,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct To {
    /// To this person (need-to-know, red-inclusion, invitation)
    #[arg(long, value_name = "HANDLE")]
    person: Option<String>,
    /// To the people of this organisation (category-share, wider-circulation)
    #[arg(long, value_name = "HANDLE")]
    organisation: Option<String>,
    /// To the people of every organisation of this kind, for example `stakeholder` (wider-circulation)
    #[arg(long, value_name = "KIND")]
    organisation_kind: Option<String>,
}

#[derive(Debug, clap::Args)]
struct List {
    /// Only on versions of this document
    #[arg(long)]
    document: Option<String>,
    /// Only on the version of this label
    #[arg(long = "for-version", value_name = "LABEL", requires = "document")]
    version: Option<String>,
    /// Only those that admit this person, by name, by their organisation or its kind, or by a body's seat
    #[arg(long, value_name = "HANDLE")]
    person: Option<String>,
    /// Only those that admit this organisation, by name or by its kind
    #[arg(long, value_name = "HANDLE")]
    organisation: Option<String>,
    /// Only those of this kind, for example `need-to-know`
    #[arg(long)]
    kind: Option<GrantKind>,
}

impl Grant {
    /// Gives, lists, directs or revokes.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self.verb {
            Verb::Give(give) => {
                let Give { document, version, kind, to, action, valid_until } = *give;
                let grant = NewGrant { document, version, kind, to: to.into(), action, valid_until };
                output.answer(&client.give_grant(&grant)?, grant_text);
            }
            Verb::List(list) => {
                let List { document, version, person, organisation, kind } = *list;
                let limit = Some(MAX_LIMIT);
                let mut query = GrantsQuery { document, version, person, organisation, kind, limit, after: None };
                let answer = pages::all(|cursor| {
                    query.after = cursor;
                    client.grants(&query)
                })?;
                output.answer(&answer, list_text);
            }
            Verb::Direct { id } => output.answer(&client.direct_grant(&id)?, grant_text),
            Verb::Revoke { id, reason } => output.answer(&client.revoke_grant(&id, reason.as_deref())?, grant_text),
        }
        Ok(())
    }
}

impl From<To> for Grantee {
    fn from(to: To) -> Self {
        match (to.person, to.organisation, to.organisation_kind) {
            (Some(person), _, _) => Self::Person(person),
            (None, Some(organisation), _) => Self::Organisation(organisation),
            (None, None, kind) => Self::OrganisationKind(kind.unwrap_or_default().replace('-', "_")),
        }
    }
}

fn grant_text(grant: &Granted) -> String {
    record([
        ("grant", grant.id.clone()),
        ("document", grant.document.clone()),
        ("version", grant.version.clone()),
        ("kind", format!("{} ({})", grant.kind, grant.rule)),
        ("to", grant.to.to_string()),
        ("action", grant.action.clone()),
        ("state", grant.state.to_string()),
        ("given", format!("{} by {}", grant.given_at, or_dash(grant.given_by.as_ref().map(|by| &by.handle)))),
        ("valid until", or_dash(grant.valid_until)),
        ("decision", or_dash(grant.decision.as_ref())),
        ("entry", grant.entry.to_string()),
    ])
}

fn list_text(page: &Page<Granted>) -> String {
    if page.items.is_empty() {
        return "No grants that you may know of.".to_owned();
    }
    let rows = page.items.iter().map(|grant| {
        [
            grant.id.clone(),
            grant.document.clone(),
            grant.version.clone(),
            grant.kind.to_string(),
            grant.to.to_string(),
            grant.state.to_string(),
            or_dash(grant.given_by.as_ref().map(|by| &by.handle)),
            or_dash(grant.valid_until),
            grant.action.clone(),
        ]
    });
    table(["GRANT", "DOCUMENT", "VERSION", "KIND", "TO", "STATE", "BY", "VALID UNTIL", "ACTION"], rows)
}
