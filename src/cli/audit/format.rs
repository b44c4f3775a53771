//! The forms of a line.

use clap::ValueEnum;

use crate::pure::audit::reading::canonical;
use crate::pure::audit::siem::{ecs, ocsf};
use crate::pure::wire::audit::AuditEntry;

/// The form of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// `{"index":...,"record":...,"opening":...}`, the record in the exact bytes that the log commits to
    Records,
    /// An event of the Elastic Common Schema
    Ecs,
    /// An event of the Open Cybersecurity Schema Framework, class API Activity
    Ocsf,
}

impl Format {
    /// The line of an entry, with its newline.
    pub fn line(self, entry: &AuditEntry) -> String {
        let event = match self {
            Self::Records => return record_line(entry),
            Self::Ecs => ecs::event(&entry.record),
            Self::Ocsf => ocsf::event(&entry.record),
        };
        format!("{event}\n")
    }
}

fn record_line(entry: &AuditEntry) -> String {
    let canonical = canonical(&entry.record).and_then(|bytes| String::from_utf8(bytes).ok());
    let record = canonical.unwrap_or_else(|| entry.record.to_string());
    // As a JSON string, whatever a server may call an opening.
    let opening = serde_json::Value::from(entry.opening.as_str());
    format!("{{\"index\":{},\"record\":{record},\"opening\":{opening}}}\n", entry.index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_s_line_has_the_bytes_that_the_log_commits_to() {
        let record = r#"{"a":[1,null],"v":1}"#;
        let entry = AuditEntry {
            index: 7,
            record: serde_json::from_str(&record.replace(',', " ,\n")).unwrap(),
            opening: "00\"".into(),
        };
        assert_eq!(
            Format::Records.line(&entry),
            format!("{{\"index\":7,\"record\":{record},\"opening\":\"00\\\"\"}}\n")
        );
        for format in [Format::Ecs, Format::Ocsf] {
            let line = format.line(&entry);
            assert!(line.ends_with("}\n") && line.matches('\n').count() == 1, "{line}");
        }
    }
}
