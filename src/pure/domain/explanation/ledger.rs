//! The ledger of ways in: which were tried, which held, which failed and why.

use super::super::audience::Admission;
use super::super::body::Body;
use super::super::classification::{Classification, Level};
use super::super::document::Document;
use super::super::facts::{Facts, FactsDamaged};
use super::super::rule::Rule;
use super::super::standing::Standing;
use super::super::version::Version;
use super::super::ways::{Through, Verdict, Way, bodies_of, names, try_ways, try_ways_to_document};
use super::{Ground, Sight, grounds, words};

/// A way in that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The rule that it is of.
    pub rule: Rule,
    /// The way, in a few words.
    pub way: String,
    /// What came of it.
    pub held: Held,
    /// Why, in one sentence.
    pub why: String,
    /// The facts that it rests on.
    pub grounds: Vec<Ground>,
    /// What would open it, where something would.
    pub satisfy: Option<String>,
}

/// What came of a way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It admits.
    Admits,
    /// It admits to all but the content: the agreement is unsigned.
    Unsigned,
    /// It does not.
    Fails,
}

impl Held {
    /// The name, as answers carry it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admits => "admits",
            Self::Unsigned => "agreement_unsigned",
            Self::Fails => "fails",
        }
    }
}

/// The ways into a version's audience, and what they come to.
pub(super) fn of_version(
    facts: &dyn Facts,
    standing: &Standing,
    body: &Body,
    version: &Version,
    sight: Sight,
) -> Result<(Admission, Vec<Tried>), FactsDamaged> {
    let mut admission = Admission::Outside;
    let mut ledger = Ledger { facts, standing, sight, ways: Vec::new(), damaged: None };
    try_ways(facts, standing, body, version, &mut |way| {
        admission.hear(way);
        ledger.enter(way)
    })?;
    let mut ways = ledger.finish()?;
    for rule in by_grant(version.level()) {
        if !ways.iter().any(|tried| tried.rule == *rule && tried.rule != Rule::Red1) {
            ways.push(words::no_grant(*rule, standing, body, version));
        }
    }
    Ok((admission, ways))
}

/// The ways to know of a document, and the rule of the one that admits.
pub(super) fn of_document(
    facts: &dyn Facts,
    standing: &Standing,
    body: &Body,
    document: &Document,
) -> Result<(Option<Rule>, Vec<Tried>), FactsDamaged> {
    let mut audience = None;
    let mut ledger = Ledger { facts, standing, sight: Sight::Own, ways: Vec::new(), damaged: None };
    try_ways_to_document(facts, standing, body, document, &mut |way| {
        if way.verdict == Verdict::Admits {
            audience = audience.or(Some(way.rule));
        }
        ledger.enter(way)
    })?;
    Ok((audience, ledger.finish()?))
}

/// The way that counts: the first that admits, else the first whose agreement is unsigned.
pub(super) fn admitting(ways: Vec<Tried>) -> Option<Tried> {
    let place = |held| ways.iter().position(|tried: &Tried| tried.held == held);
    let place = place(Held::Admits).or_else(|| place(Held::Unsigned))?;
    ways.into_iter().nth(place)
}

/// The rules under which somebody can be admitted to that level by a grant.
fn by_grant(level: Level) -> &'static [Rule] {
    match level {
        Level::Determined(Classification::Amber) => &[Rule::Amber2, Rule::Amber3, Rule::Amber4, Rule::Red3],
        Level::Determined(Classification::Red) => &[Rule::Red2, Rule::Red3],
        Level::Determined(Classification::Green | Classification::White) | Level::Undetermined => &[],
    }
}

struct Ledger<'a> {
    facts: &'a dyn Facts,
    standing: &'a Standing,
    sight: Sight,
    ways: Vec<Tried>,
    damaged: Option<FactsDamaged>,
}

impl Ledger<'_> {
    /// Enters a way, if it is one to tell of; whether to go on.
    fn enter(&mut self, way: &Way<'_>) -> bool {
        if !self.tells(way) {
            return true;
        }
        match self.tried(way) {
            Ok(tried) => self.ways.push(tried),
            Err(damaged) => self.damaged = Some(damaged),
        }
        self.damaged.is_none()
    }

    fn finish(self) -> Result<Vec<Tried>, FactsDamaged> {
        self.damaged.map_or(Ok(self.ways), Err)
    }

    /// A grant to others is theirs. What widens the audience and does not admit the one who asks about themself is beyond
    /// their sight: it may never have been given, or have been given to others alone.
    fn tells(&self, way: &Way<'_>) -> bool {
        let may_see = self.sight == Sight::Whole || !matches!(way.verdict, Verdict::Fails(_));
        match way.through {
            Through::Grant(grant) => may_see && names(self.standing, &grant.to),
            Through::Disclosure(_, body) => may_see && bodies_of(self.standing).contains(&body.handle),
            Through::SeatElsewhere(_) => may_see,
            Through::Direction(_) => way.verdict == Verdict::Admits,
            _ => true,
        }
    }

    fn tried(&self, way: &Way<'_>) -> Result<Tried, FactsDamaged> {
        let held = match way.verdict {
            Verdict::Admits => Held::Admits,
            Verdict::Unsigned => Held::Unsigned,
            Verdict::Fails(_) => Held::Fails,
        };
        let grounds = grounds::of_way(self.facts, self.standing, way, self.sight)?;
        let (title, why, satisfy) = words::of_way(self.standing, way);
        Ok(Tried { rule: way.rule, way: title, held, why, grounds, satisfy })
    }
}
