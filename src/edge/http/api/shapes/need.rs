//! Needs.

use crate::pure::domain::need::Need;
use crate::pure::wire;

/// A recorded need, for its owner and the auditor.
pub(in super::super) fn need(need: &Need) -> wire::need::Need {
    wire::need::Need {
        id: need.id.to_string(),
        person: need.person.to_string(),
        document: need.document.to_string(),
        version: need.version.as_ref().map(ToString::to_string),
        purpose: need.reason.purpose.clone(),
        statement: need.reason.statement.clone(),
        reference: need.reason.reference.clone(),
        recorded_at: need.recorded_at.to_timestamp(),
        valid_until: need.valid_until.to_timestamp(),
        withdrawn_at: need.withdrawn_at.map(|at| at.to_timestamp()),
        entry: need.id.0,
    }
}
