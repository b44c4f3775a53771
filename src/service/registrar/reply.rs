//! What the registrar answers.

use std::sync::Arc;

use super::permit::ReadPermit;
use crate::pure::domain::document::Document;
use crate::pure::domain::explanation::Explanation;
use crate::pure::domain::readers::Readers;
use crate::pure::domain::refusal::{Refusal, Unrecognised};
use crate::pure::domain::version::Version;
use crate::service::clock::ClockFault;

/// What a request came to.
#[derive(Debug)]
pub enum Answered {
    /// It was entered.
    Entered {
        /// The index of the entry.
        entry: u64,
    },
    /// The same request was entered before, under the same idempotency key.
    EnteredBefore {
        /// The index of that entry.
        entry: u64,
    },
    /// A document that the person may know of.
    Document(Arc<Document>),
    /// A version that the person may know of.
    Version(Arc<Document>, Arc<Version>),
    /// Content may be disclosed.
    Content(ReadPermit),
    /// The bytes of a version are welcome.
    Welcome,
    /// The same version was lodged before (LODGE-3).
    LodgedBefore(Arc<Document>, Arc<Version>),
    /// Why somebody may read, or may not.
    Explained {
        /// The index of the entry.
        entry: u64,
        /// The explanation, as of that entry.
        explanation: Arc<Explanation>,
    },
    /// Who may read a version, and who has.
    Readers {
        /// The index of the entry.
        entry: u64,
        /// A part of the report, as of that entry.
        readers: Arc<Readers>,
    },
}

impl Answered {
    /// The index of the entry that the request made, now or before.
    pub fn entry(&self) -> Option<u64> {
        match self {
            Self::Entered { entry }
            | Self::EnteredBefore { entry }
            | Self::Explained { entry, .. }
            | Self::Readers { entry, .. } => Some(*entry),
            Self::Content(permit) => Some(permit.entry()),
            Self::Document(_) | Self::Version(..) | Self::Welcome | Self::LodgedBefore(..) => None,
        }
    }
}

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// READ-1: nobody whom the register knows asks. No entry is made.
    #[error(transparent)]
    Unrecognised(Unrecognised),
    /// A rule refused, which is an entry.
    #[error("{} ({})", .refusal.detail, .refusal.rule)]
    Refused {
        /// The refusal.
        refusal: Refusal,
        /// The index of the entry.
        entry: u64,
    },
    /// READ-6: for the one who asks it does not exist, which is an entry.
    #[error("there is no such thing for you")]
    Hidden {
        /// The index of the entry.
        entry: u64,
    },
    /// The person has had too many refusals in a short time (READ-7). No entry is made.
    #[error("you have had too many refusals in a short time; wait a minute")]
    TooManyRefusals,
    /// The request cannot be recorded as it is.
    #[error("{0}")]
    Unrecordable(String),
    /// The log has no space (READ-4).
    #[error("audit log: {0}")]
    LogFull(String),
    /// The log or the view failed (READ-4).
    #[error("audit log: {0}")]
    LogUnavailable(String),
    /// Publication is stalled for want of witnesses, and reads are refused meanwhile. No entry is made.
    #[error("no checkpoint can be published: the witnesses' quorum is not met; try again")]
    Unwitnessed,
    /// The clock is not to be trusted.
    #[error(transparent)]
    Clock(ClockFault),
    /// More requests wait than the queue holds.
    #[error("more requests wait than the server takes at once; try again")]
    QueueFull,
    /// The server is stopping.
    #[error("the server is shutting down; try again when it is back")]
    ShuttingDown,
}
