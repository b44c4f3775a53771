//! What the histories reached, counted.

use std::collections::BTreeMap;
use std::fmt;

/// How often each thing happened.
#[derive(Clone, Debug, Default)]
pub struct Seen(BTreeMap<String, u64>);

impl Seen {
    pub fn count(&mut self, what: impl Into<String>) {
        self.count_of(what, 1);
    }

    pub fn count_of(&mut self, what: impl Into<String>, times: u64) {
        if times > 0 {
            *self.0.entry(what.into()).or_default() += times;
        }
    }

    pub fn add(&mut self, more: &Self) {
        more.0.iter().for_each(|(what, times)| self.count_of(what.as_str(), *times));
    }

    /// What a campaign is to reach and did not.
    pub fn missing(&self) -> Vec<&'static str> {
        REACHED.into_iter().filter(|what| !self.0.contains_key(*what)).collect()
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told: Vec<_> = self.0.iter().map(|(what, times)| format!("{what} {times}")).collect();
        f.write_str(&told.join(", "))
    }
}

/// Ambiguous tails and a log without space are too rare here to be asked for: two thousand histories of the journal alone
/// (`tests/journal_crash.rs`) meet them.
const REACHED: [&str; 45] = [
    "abandoned uploads",
    "batches",
    "beat",
    "bytes disclosed",
    "cast_vote",
    "clean stops",
    "cut tails",
    "determine_classification",
    "evidence",
    "failed checkpoints",
    "failed disclosures",
    "failed lodgements",
    "failed scrubs",
    "failed starts",
    "failed sweeps",
    "faults: EIO",
    "faults: ENOSPC",
    "faults: failed syncs",
    "faults: short writes",
    "hidden",
    "impose_suspension",
    "kept unacknowledged",
    "kills",
    "large lodgements",
    "lodge_version",
    "open_decision",
    "orphans swept",
    "power failures",
    "power failures during a start",
    "published checkpoints",
    "publish_version",
    "read_content",
    "record_need",
    "refused",
    "register_document",
    "register_person",
    "restarts checked",
    "scrubs",
    "standstills",
    "sweeps",
    "unfinished swept",
    "views as they were",
    "views taken back",
    "views wiped",
    "withdraw_version",
];
