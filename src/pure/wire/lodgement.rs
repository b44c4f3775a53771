//! Lodging: the query and the answer of `PUT /documents/{doc}/versions/{label}`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::marking::Marking;
use super::version::Version;

/// The query of a lodgement; the body is the raw bytes.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct LodgeQuery {
    /// What the lodger proposes (CLASS-1), or the marking under which the version came (CLASS-4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<Marking>,
    /// The day on which the Code changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incorporated: Option<Date>,
    /// The day from which it has effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<Date>,
    /// A note that is kept with the version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The direction that the lodgement discharges, for example `direction-12`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
}

untold!(LodgeQuery);

/// The answer of a lodgement: 201 for a new version, 200 for the same bytes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lodgement {
    /// The version as it is lodged.
    pub version: Version,
    /// The index of the entry of the lodgement; for the same bytes again, of the first one.
    pub entry: u64,
}
