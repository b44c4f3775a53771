//! How the witnesses are doing, for metrics and readiness.

use std::time::Duration;

/// How the asking of the witnesses goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WitnessingStatus {
    /// Each witness, in the order of the policy.
    pub witnesses: Vec<WitnessStatus>,
    /// Why no checkpoint is published at present, if the quorum is missing.
    pub stalled: Option<String>,
    /// How long ago the quorum was last met, or the server started if it never was; `None` where the policy asks for
    /// none.
    pub since_quorum: Option<Duration>,
}

/// How one witness is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WitnessStatus {
    /// Its name in the policy.
    pub name: String,
    /// The size that it last cosigned since the start; 0 if none.
    pub cosigned_size: u64,
    /// How often each outcome came since the start, in the order of [`Outcome::ALL`].
    pub outcomes: [u64; Outcome::ALL.len()],
}

/// What asking a witness came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A good cosignature.
    Cosigned,
    /// No connection.
    Unreachable,
    /// No answer in time.
    Slow,
    /// A status that refuses.
    Refused,
    /// An answer that is none.
    Unintelligible,
    /// Signatures, but none by the key that the policy names.
    UnknownSignature,
    /// A bad signature under the key that the policy names.
    BadSignature,
    /// A claim that it does not prove, or that contradicts itself.
    Lie,
    /// A checkpoint that proves a rollback of this log.
    Rollback,
    /// The log's own tiles could not be read.
    OwnFailure,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 10] = [
        Self::Cosigned,
        Self::Unreachable,
        Self::Slow,
        Self::Refused,
        Self::Unintelligible,
        Self::UnknownSignature,
        Self::BadSignature,
        Self::Lie,
        Self::Rollback,
        Self::OwnFailure,
    ];

    /// Its name in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cosigned => "cosigned",
            Self::Unreachable => "unreachable",
            Self::Slow => "slow",
            Self::Refused => "refused",
            Self::Unintelligible => "unintelligible",
            Self::UnknownSignature => "unknown_signature",
            Self::BadSignature => "bad_signature",
            Self::Lie => "lie",
            Self::Rollback => "rollback",
            Self::OwnFailure => "own_failure",
        }
    }
}

impl WitnessStatus {
    pub(super) fn count(&mut self, outcome: Outcome) {
        self.outcomes.iter_mut().zip(Outcome::ALL).filter(|(_, at)| *at == outcome).for_each(|(count, _)| *count += 1);
    }
}
