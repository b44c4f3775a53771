//! The witnesses.

use std::num::NonZeroU32;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Who cosigns the log's checkpoints, and what reads of content wait for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Witnesses {
    /// The policy (C2SP tlog-policy), whose witness lines carry URLs; without it nobody is asked.
    pub policy: Option<PathBuf>,
    /// The authorities (PEM) of the witnesses' HTTPS servers; without it, those of the web.
    pub ca: Option<PathBuf>,
    /// How long a witness has for an answer, and the quorum for a checkpoint.
    pub timeout_seconds: NonZeroU32,
    /// What reads wait for; without it, `wait` where the policy asks for a quorum and `durable` where it does not.
    pub reads: Option<ReadRule>,
}

/// What reads of content wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadRule {
    /// For the entry to be durable.
    Durable,
    /// For a witnessed checkpoint that covers the entry.
    Wait,
    /// The same; refused at once while there can be none.
    Refuse,
}

impl Default for Witnesses {
    fn default() -> Self {
        const TEN: NonZeroU32 = match NonZeroU32::new(10) {
            Some(ten) => ten,
            None => NonZeroU32::MIN,
        };
        Self { policy: None, ca: None, timeout_seconds: TEN, reads: None }
    }
}
