//! Audit entries.

use crate::pure::domain::facts::FactsDamaged;
use crate::pure::wire::audit::AuditEntry;

/// One entry: the members of its record as they are stored.
pub(in super::super) fn audit_entry(index: u64, record: &[u8]) -> Result<AuditEntry, FactsDamaged> {
    let record =
        serde_json::from_slice(record).map_err(|_| FactsDamaged("a record of the journal is no JSON".into()))?;
    Ok(AuditEntry { index, record })
}
