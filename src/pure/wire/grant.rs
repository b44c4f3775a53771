//! Grants: recorded permissions that widen the audience of one version (AMBER-2 to AMBER-4, RED-1 to RED-3).

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::person::Person;

/// The body of `POST /grants`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewGrant {
    /// The slug of the document.
    pub document: String,
    /// The label of the one version.
    pub version: String,
    /// Under which rule.
    pub kind: GrantKind,
    /// Whom it admits.
    pub to: Grantee,
    /// The action that it serves.
    pub action: String,
    /// When it ends; a need to know has an end, the others may go without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
}

/// A grant and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The id, for example `grant-70`: it names the entry that gave it or asked for it.
    pub id: String,
    /// The slug of the document.
    pub document: String,
    /// The label of the version.
    pub version: String,
    /// Under which rule it is given, by name.
    pub kind: GrantKind,
    /// That rule's id, for example `AMBER-2`.
    pub rule: String,
    /// Whom it admits.
    pub to: Grantee,
    /// The action that it serves.
    pub action: String,
    /// Where it stands now.
    pub state: GrantState,
    /// Who gave it or asked for it; `null` for one of the register's first entries.
    pub given_by: Option<Person>,
    /// When.
    pub given_at: Timestamp,
    /// When it ends by itself; `null` for one without an end.
    pub valid_until: Option<Timestamp>,
    /// The decision that it rests on (RED-2), for example `decision-77`; `null` if on none.
    pub decision: Option<String>,
    /// The index of the entry that gave it or asked for it.
    pub entry: u64,
}

/// Under which rule a grant is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantKind {
    /// AMBER-2: a person who needs to know in order to take action.
    NeedToKnow,
    /// AMBER-3: an organisation of the giver's party category.
    CategoryShare,
    /// AMBER-4: a wider circulation that the Chair directs.
    WiderCirculation,
    /// RED-1: a non-voting representative whom the Chair includes.
    RedInclusion,
    /// RED-2: another body; by a decision only.
    RedDisclosure,
    /// RED-3: a person invited for an item, to its papers.
    Invitation,
}

/// Whom a grant admits: an object with one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grantee {
    /// The handle of a person.
    Person(String),
    /// The handle of an organisation: its people.
    Organisation(String),
    /// A kind of organisations, for example `stakeholder`: the people of each.
    OrganisationKind(String),
    /// The handle of a body: its members.
    Body(String),
}

/// Where a grant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantState {
    /// Asked for by the Secretariat: it admits nobody before the Chair directs it (AMBER-2).
    Requested,
    /// It admits.
    InForce,
    /// Its end has passed.
    Expired,
    /// It was revoked.
    Revoked,
}

/// The query of `GET /grants`; each member narrows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantsQuery {
    /// On versions of this document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// On the version of this label; goes with `document`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// That admit this person, by name, by their organisation or its kind, or by a body's seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// That admit this organisation, by name or by its kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<GrantKind>,
    /// The most items wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The cursor of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// The query, or the body, of `DELETE /grants/{id}`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// Why, in words that the audit log keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

untold!(Revocation);

/// The body of `POST /documents/{doc}/versions/{label}/tabling`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTabling {
    /// The handle of the body to which the version is tabled.
    pub body: String,
}

/// The text names no kind of grants.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of grants: use need_to_know, category_share, wider_circulation, red_inclusion or invitation")]
pub struct NotAGrantKind;

impl FromStr for GrantKind {
    type Err = NotAGrantKind;

    /// Takes hyphens for underscores, as people type them.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.replace('-', "_");
        serde_json::from_value(serde_json::Value::String(name)).map_err(|_| NotAGrantKind)
    }
}

impl fmt::Display for GrantKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::NeedToKnow => "need_to_know",
            Self::CategoryShare => "category_share",
            Self::WiderCirculation => "wider_circulation",
            Self::RedInclusion => "red_inclusion",
            Self::RedDisclosure => "red_disclosure",
            Self::Invitation => "invitation",
        })
    }
}

impl fmt::Display for GrantState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Requested => "requested",
            Self::InForce => "in_force",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        })
    }
}

impl fmt::Display for Grantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(name) => write!(f, "person {name}"),
            Self::Organisation(name) => write!(f, "organisation {name}"),
            Self::OrganisationKind(kind) => write!(f, "every {kind}"),
            Self::Body(name) => write!(f, "body {name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_is_an_object_with_one_member() {
        let new = |to: &str| {
            let body = format!(
                r#"{{"document":"d","version":"1","kind":"need_to_know","to":{to},"action":"a","valid_until":null}}"#
            );
            serde_json::from_str::<NewGrant>(&body)
        };
        assert_eq!(new(r#"{"person":"p"}"#).unwrap().to, Grantee::Person("p".into()));
        let kind = Grantee::OrganisationKind("party".into());
        assert_eq!(new(r#"{"organisation_kind":"party"}"#).unwrap().to, kind);
        for wrong in [r#"{}"#, r#"{"person":"p","organisation":"o"}"#, r#""p""#, r#"{"people":"p"}"#, r#"{"person":1}"#]
        {
            assert!(new(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn kinds_and_states_are_shown_as_they_are_written() {
        use GrantKind::{CategoryShare, Invitation, NeedToKnow, RedDisclosure, RedInclusion, WiderCirculation};
        for kind in [NeedToKnow, CategoryShare, WiderCirculation, RedInclusion, RedDisclosure, Invitation] {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
            assert_eq!(kind.to_string().replace('_', "-").parse(), Ok(kind));
        }
        use GrantState::{Expired, InForce, Requested, Revoked};
        for state in [Requested, InForce, Expired, Revoked] {
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{state}\""));
        }
        assert_eq!("sharing".parse::<GrantKind>(), Err(NotAGrantKind));
    }
}
