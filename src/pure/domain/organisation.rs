//! Organisations: the companies and bodies that people belong to.

use serde::{Deserialize, Serialize};

use super::id::Handle;
use super::suspension::Suspension;

/// A company or public body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its handle.
    pub handle: Handle,
    /// Its name as people write it.
    pub name: String,
    /// What it is in the governance of the PKI.
    pub kind: OrganisationKind,
    /// The party category, for a party.
    pub category: Option<PartyCategory>,
    /// Suspensions of its access (EMERGENCY-1), lifted ones included.
    pub suspensions: Vec<Suspension>,
}

/// What an organisation is in the governance of the PKI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    /// A party to the Code, of a party category.
    Party,
    /// The operator of the PKI.
    Dcc,
    /// The Code Administrator (SECAS).
    CodeAdministrator,
    /// The regulator (Ofgem).
    Authority,
    /// The government department (BEIS).
    Government,
    /// A registered stakeholder, for example a device maker.
    Stakeholder,
    /// An auditor's firm.
    Assurance,
    /// Who operates this server (READ-5).
    Host,
}

impl OrganisationKind {
    /// All eight.
    pub const ALL: [Self; 8] = [
        Self::Party,
        Self::Dcc,
        Self::CodeAdministrator,
        Self::Authority,
        Self::Government,
        Self::Stakeholder,
        Self::Assurance,
        Self::Host,
    ];

    /// Parses a kind's name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The kind's name, as requests and records carry it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::Dcc => "dcc",
            Self::CodeAdministrator => "code_administrator",
            Self::Authority => "authority",
            Self::Government => "government",
            Self::Stakeholder => "stakeholder",
            Self::Assurance => "assurance",
            Self::Host => "host",
        }
    }

    /// Whether people of such an organisation are in GREEN's audience by their organisation alone (GREEN-1).
    pub fn is_in_green_audience(self) -> bool {
        match self {
            Self::Party
            | Self::Dcc
            | Self::CodeAdministrator
            | Self::Authority
            | Self::Government
            | Self::Stakeholder => true,
            Self::Assurance | Self::Host => false,
        }
    }
}

/// The category of a party, which AMBER-3 shares within. The profile says which there are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartyCategory(pub String);
