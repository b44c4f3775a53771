//! Grants.

use super::Shapes;
use crate::pure::domain::catalogue::Granted;
use crate::pure::domain::facts::FactsDamaged;
use crate::pure::domain::grant::{GrantKind, GrantState, Grantee};
use crate::pure::domain::time::Instant;
use crate::pure::wire::grant as wire;

impl Shapes<'_> {
    /// A grant. The caller has decided that the asker may know of it.
    pub(in super::super) fn grant(&self, granted: &Granted) -> Result<wire::Grant, FactsDamaged> {
        let Granted { version, grant } = granted;
        Ok(wire::Grant {
            id: grant.id.to_string(),
            document: version.document.to_string(),
            version: version.label.to_string(),
            kind: kind_to_wire(grant.kind),
            rule: grant.kind.rule().to_string(),
            to: match &grant.to {
                Grantee::Person(handle) => wire::Grantee::Person(handle.to_string()),
                Grantee::Organisation(handle) => wire::Grantee::Organisation(handle.to_string()),
                Grantee::OrganisationKind(kind) => wire::Grantee::OrganisationKind(kind.as_str().to_owned()),
                Grantee::Body(handle) => wire::Grantee::Body(handle.to_string()),
            },
            action: grant.action.clone(),
            state: match grant.state {
                GrantState::Revoked => wire::GrantState::Revoked,
                _ if grant.until.is_some_and(|until| until <= self.standing.now) => wire::GrantState::Expired,
                GrantState::Requested => wire::GrantState::Requested,
                GrantState::Given => wire::GrantState::InForce,
            },
            given_by: grant.by.as_ref().map(|by| self.person(by)).transpose()?,
            given_at: grant.at.to_timestamp(),
            valid_until: grant.until.map(Instant::to_timestamp),
            decision: grant.decision.map(|decision| decision.to_string()),
            entry: grant.id.0,
        })
    }
}

fn kind_to_wire(kind: GrantKind) -> wire::GrantKind {
    match kind {
        GrantKind::NeedToKnow => wire::GrantKind::NeedToKnow,
        GrantKind::CategoryShare => wire::GrantKind::CategoryShare,
        GrantKind::WiderCirculation => wire::GrantKind::WiderCirculation,
        GrantKind::RedInclusion => wire::GrantKind::RedInclusion,
        GrantKind::RedDisclosure => wire::GrantKind::RedDisclosure,
        GrantKind::Invitation => wire::GrantKind::Invitation,
    }
}

/// A kind of grants as the domain has it.
pub(in super::super) fn kind_to_domain(kind: wire::GrantKind) -> GrantKind {
    match kind {
        wire::GrantKind::NeedToKnow => GrantKind::NeedToKnow,
        wire::GrantKind::CategoryShare => GrantKind::CategoryShare,
        wire::GrantKind::WiderCirculation => GrantKind::WiderCirculation,
        wire::GrantKind::RedInclusion => GrantKind::RedInclusion,
        wire::GrantKind::RedDisclosure => GrantKind::RedDisclosure,
        wire::GrantKind::Invitation => GrantKind::Invitation,
    }
}
