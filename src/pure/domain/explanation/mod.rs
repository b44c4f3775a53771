//! Explanations: why a person may read something, or may not, and what would change it (READ-7).
//!
//! ```text
//! ways::try_ways ──► every way in, and why it fails ─┐
//! audience::for_each_personal_obstacle ──────────────┼──► Explanation
//! may::check_reading, check_content, need_that_holds ┘
//! ```
//!
//! Invariant: nothing here decides. The outcome comes from the functions that decide a read, asked in the same order, so
//! that an explanation never says anything else than a request would meet at that instant (READ-8).
//!
//! Not here: who may ask (`decide::explaining`).

mod grounds;
mod ledger;
mod needs;
mod words;

use std::sync::Arc;

use super::audience::{Admission, originating_body};
use super::document::Document;
use super::facts::{Facts, FactsDamaged};
use super::id::NeedId;
use super::may::{Denied, check_content, check_reading};
use super::refusal::Refusal;
use super::rule::Rule;
use super::standing::Standing;
use super::version::Version;

pub use ledger::{Held, Tried};
pub use needs::NeedTried;

/// Why a person may read a version, or may not, at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Where the person stands, and the instant.
    pub standing: Standing,
    /// The document.
    pub document: Arc<Document>,
    /// The version; `None` where the document alone is explained.
    pub version: Option<Arc<Version>>,
    /// What it comes to.
    pub outcome: Outcome,
    /// The rule by which the person may know of it, if so.
    pub audience: Option<Rule>,
    /// What a read without a need on hand would be refused with; `None` where nothing refuses, or where nothing would be
    /// said because the thing is hidden.
    pub refusal: Option<Refusal>,
    /// What the version itself is: its level and who determined it, its withdrawal.
    pub about: Vec<Ground>,
    /// The ways in, in the order in which they count.
    pub ways: Vec<Tried>,
    /// What stands in the way of a person who is inside, the one that refuses first before the others.
    pub obstacles: Vec<Hindrance>,
    /// Recorded needs that were looked at.
    pub needs: Vec<NeedTried>,
}

/// What an explanation comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The person may read it, under a need that is recorded.
    MayRead(NeedId),
    /// The person may know of it; what keeps them from its content is the refusal.
    MayKnowOf,
    /// For the person it does not exist (READ-6), or nobody stands behind a request of theirs (READ-1).
    Nothing,
}

impl Outcome {
    /// The outcome's name, as answers and records carry it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MayRead(_) => "may_read",
            Self::MayKnowOf => "may_know_of",
            Self::Nothing => "nothing",
        }
    }
}

/// A fact that a way or an obstacle rests on, and the entry of the log that it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The fact, in one sentence.
    pub fact: String,
    /// The id of the record, for example `appointment-12`.
    pub id: Option<String>,
    /// The index of the entry; `None` where the register keeps none for it.
    pub entry: Option<u64>,
}

/// What stands between a person and content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hindrance {
    /// The rule.
    pub rule: Rule,
    /// What it rests on.
    pub ground: Ground,
    /// What would take it away.
    pub satisfy: String,
}

/// How much of other people's affairs the one who asks may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Of the person's own only: grants that admit them, without the words of the one who gave it.
    Own,
    /// All that the version's body and the auditor see.
    Whole,
}

/// Explains what the person may do with `version`. `before` is the index of the entry that the explanation makes.
pub fn explain_version(
    facts: &dyn Facts,
    standing: &Standing,
    document: Arc<Document>,
    version: Arc<Version>,
    sight: Sight,
    before: u64,
) -> Result<Explanation, FactsDamaged> {
    let body = originating_body(facts, &document)?;
    let (admission, ways) = ledger::of_version(facts, standing, &body, &version, sight)?;
    let admission = admission.with_personal_obstacle(facts, standing, &document, &version)?;
    let recognised = standing.is_recognised(facts)?;
    let mut explained = Explanation {
        standing: standing.clone(),
        about: grounds::of_version(&version),
        obstacles: grounds::obstacles(facts, standing, &body, &document, &version, recognised, &ways)?,
        document,
        version: Some(version.clone()),
        outcome: Outcome::Nothing,
        audience: None,
        refusal: None,
        ways,
        needs: Vec::new(),
    };
    if !recognised {
        return Ok(explained);
    }
    if let Err(refusal) = check_reading(standing) {
        explained.refusal = Some(refusal);
    }
    let Admission::Inside { rule, obstacle } = admission else { return Ok(explained) };
    explained.audience = Some(rule);
    explained.outcome = Outcome::MayKnowOf;
    if explained.refusal.is_some() {
        return Ok(explained);
    }
    if let Err(refusal) = check_content(standing, &version, rule, obstacle) {
        explained.refusal = Some(refusal);
        return Ok(explained);
    }
    let (holds, needs) = needs::of(facts, standing, &explained.document, &version, rule, before)?;
    explained.needs = needs;
    match holds {
        Some(need) => explained.outcome = Outcome::MayRead(need),
        None => explained.refusal = needs::refusal_without(facts, standing, &explained.document, &version, rule)?,
    }
    Ok(explained)
}

/// Explains whether the person may know of `document`, where no version in force is one that they may know of.
pub fn explain_document(
    facts: &dyn Facts,
    standing: &Standing,
    document: Arc<Document>,
) -> Result<Explanation, FactsDamaged> {
    let body = originating_body(facts, &document)?;
    let (audience, ways) = ledger::of_document(facts, standing, &body, &document)?;
    let recognised = standing.is_recognised(facts)?;
    let audience = audience.filter(|_| recognised);
    Ok(Explanation {
        standing: standing.clone(),
        document,
        version: None,
        outcome: if audience.is_some() { Outcome::MayKnowOf } else { Outcome::Nothing },
        audience,
        refusal: None,
        about: Vec::new(),
        obstacles: grounds::unrecognised(standing, recognised).into_iter().collect(),
        ways,
        needs: Vec::new(),
    })
}

/// Who may read a version, and by what, as the access report has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The way that admits the person; `None` for somebody who is outside.
    pub way: Option<Tried>,
    /// What refuses the content, a need apart.
    pub refusal: Option<Refusal>,
    /// The obstacles that it rests on.
    pub obstacles: Vec<Hindrance>,
}

/// What the person's access to `version` is, a need apart.
pub fn access(
    facts: &dyn Facts,
    standing: &Standing,
    document: &Document,
    version: &Version,
) -> Result<Access, FactsDamaged> {
    let body = originating_body(facts, document)?;
    let (admission, ways) = ledger::of_version(facts, standing, &body, version, Sight::Whole)?;
    let admission = admission.with_personal_obstacle(facts, standing, document, version)?;
    let recognised = standing.is_recognised(facts)?;
    let Admission::Inside { rule, obstacle } = admission else {
        return Ok(Access { way: None, refusal: None, obstacles: Vec::new() });
    };
    if !recognised {
        let obstacles = grounds::unrecognised(standing, recognised).into_iter().collect();
        return Ok(Access { way: None, refusal: None, obstacles });
    }
    let obstacles = grounds::obstacles(facts, standing, &body, document, version, recognised, &ways)?;
    let free = check_reading(standing).and_then(|()| check_content(standing, version, rule, obstacle));
    Ok(Access { way: ledger::admitting(ways), refusal: free.err(), obstacles })
}

/// A refusal that `denied` holds; a thing that was found cannot be hidden.
fn refusal_of(denied: Denied) -> Result<Option<Refusal>, FactsDamaged> {
    match denied {
        Denied::Refused(refusal) => Ok(Some(refusal)),
        Denied::Hidden => Ok(None),
        Denied::Damaged(damaged) => Err(damaged),
    }
}
