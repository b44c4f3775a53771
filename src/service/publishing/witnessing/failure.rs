//! Why there is no cosignature of a witness.

use super::status::Outcome;
use super::way::AskError;
use crate::service::publishing::rollback::Rollback;
use crate::storage::tiles::error::TileError;

/// Why there is no cosignature of a witness.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Ask(#[from] AskError),
    #[error("none of its signatures is by the key that the policy names")]
    UnknownSignature,
    #[error("its signature is bad under the key that the policy names")]
    BadSignature,
    #[error(
        "it says that it cosigned {claimed} entries, more than the log's {ours}, and shows no checkpoint that proves it"
    )]
    Unproven { claimed: u64, ours: u64 },
    #[error("it says that the log does not extend what it cosigned, and shows no checkpoint that proves it")]
    UnprovenInconsistency,
    #[error("it names {0} entries as what it last cosigned, and then denies it")]
    Contradicts(u64),
    #[error("{0}")]
    RolledBack(Box<Rollback>),
    #[error("audit log: {0}")]
    Own(#[from] TileError),
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopping,
}

impl Failure {
    pub(super) fn outcome(&self) -> Option<Outcome> {
        Some(match self {
            Self::Ask(AskError::Unreachable(_)) => Outcome::Unreachable,
            Self::Ask(AskError::TooSlow) => Outcome::Slow,
            Self::Ask(AskError::Refused { .. }) => Outcome::Refused,
            Self::Ask(AskError::Unintelligible(_)) => Outcome::Unintelligible,
            Self::UnknownSignature => Outcome::UnknownSignature,
            Self::BadSignature => Outcome::BadSignature,
            Self::Unproven { .. } | Self::UnprovenInconsistency | Self::Contradicts(_) => Outcome::Lie,
            Self::RolledBack(_) => Outcome::Rollback,
            Self::Own(_) => Outcome::OwnFailure,
            Self::Stopping => return None,
        })
    }
}
