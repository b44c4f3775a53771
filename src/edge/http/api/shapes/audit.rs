//! Audit entries.

use crate::pure::domain::facts::FactsDamaged;
use crate::pure::wire::audit::AuditEntry;
use crate::service::evidence::Opened;

/// One entry: the members of its record as they are stored, and what opens its commitment.
pub(in super::super) fn audit_entry(index: u64, opened: &Opened) -> Result<AuditEntry, FactsDamaged> {
    let record = serde_json::from_slice(&opened.record)
        .map_err(|_| FactsDamaged("a record of the journal is no JSON".into()))?;
    Ok(AuditEntry { index, record, opening: hex::encode(opened.opening.0) })
}
