//! Recorded needs that a read could name (READ-3).

use super::super::command::NeedClaim;
use super::super::document::Document;
use super::super::facts::{Fact, FactList, Facts, FactsDamaged, FactsExt};
use super::super::id::NeedId;
use super::super::may::{covers, need_that_holds};
use super::super::refusal::Refusal;
use super::super::rule::Rule;
use super::super::standing::Standing;
use super::super::time::Instant;
use super::super::version::Version;
use super::refusal_of;

/// A recorded need that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedTried {
    /// The need: its number is that of its entry.
    pub need: NeedId,
    /// Why it does not hold for this version; `None` for one that does.
    pub fails: Option<String>,
}

/// The first recorded need that holds for the version, and those that were looked at: recorded for it before the entry
/// `before`, as long ago as one at its level can hold.
pub(super) fn of(
    facts: &dyn Facts,
    standing: &Standing,
    document: &Document,
    version: &Version,
    audience: Rule,
    before: u64,
) -> Result<(Option<NeedId>, Vec<NeedTried>), FactsDamaged> {
    let profile = facts.profile()?.ok_or_else(|| FactsDamaged("no profile was adopted".into()))?;
    let oldest = standing.now.saturating_add(-profile.need_limit(version.level()).validity());
    let list = FactList::NeedsOf(standing.handle().clone());
    let mut after = first_since(facts, &list, oldest, before)?.checked_sub(1);
    let mut tried = Vec::new();
    for _ in 0..MOST_PORTIONS {
        let portion = facts.list(&list, after, PORTION)?;
        let Some((last, _)) = portion.last() else { break };
        after = Some(*last);
        for (_, fact) in portion {
            let Some(need) = need_of(facts, &fact)? else { continue };
            if !covers(&need, document, version) {
                continue;
            }
            let claim = NeedClaim::Recorded(need.id);
            let fails = match need_that_holds(facts, standing, document, version, audience, Some(&claim)) {
                Ok(_) => {
                    tried.push(NeedTried { need: need.id, fails: None });
                    return Ok((Some(need.id), tried));
                }
                Err(denied) => refusal_of(denied)?.map(|refusal| refusal.detail),
            };
            if tried.len() < MOST_TOLD {
                tried.push(NeedTried { need: need.id, fails });
            }
        }
    }
    Ok((None, tried))
}

/// What a read without a need is refused with.
pub(super) fn refusal_without(
    facts: &dyn Facts,
    standing: &Standing,
    document: &Document,
    version: &Version,
    audience: Rule,
) -> Result<Option<Refusal>, FactsDamaged> {
    match need_that_holds(facts, standing, document, version, audience, None) {
        Ok(_) => Ok(None),
        Err(denied) => refusal_of(denied),
    }
}

/// The index from which the needs of the list were recorded at `oldest` or later: they are in the order of time.
fn first_since(facts: &dyn Facts, list: &FactList, oldest: Instant, before: u64) -> Result<u64, FactsDamaged> {
    let (mut low, mut high) = (0, before);
    while low < high {
        let middle = low + (high - low) / 2;
        let found = facts.list(list, middle.checked_sub(1), 1)?;
        let too_old = match found.first() {
            Some((index, fact)) if *index < before => {
                need_of(facts, fact)?.filter(|need| need.recorded_at < oldest).map(|_| *index)
            }
            _ => None,
        };
        match too_old {
            Some(index) => low = index + 1,
            None => high = middle,
        }
    }
    Ok(low)
}

fn need_of(facts: &dyn Facts, fact: &Fact) -> Result<Option<std::sync::Arc<super::super::need::Need>>, FactsDamaged> {
    match fact {
        Fact::Index(index) => facts.need(NeedId(*index)),
        _ => Err(FactsDamaged("another fact where an index belongs".into())),
    }
}

/// How many needs are looked up at once.
const PORTION: usize = 100;

/// How often: an explanation looks at so many of a person's latest needs, and no more.
const MOST_PORTIONS: usize = 50;

/// How many needs that do not hold are told of.
const MOST_TOLD: usize = 5;
