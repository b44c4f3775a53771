//! Which version is meant: resolved among the versions that the person may know of (LODGE-4).

use std::sync::Arc;

use jiff::civil::Date;

use super::audience::{Admission, admission, originating_body};
use super::classification::Level;
use super::command::Selector;
use super::document::Document;
use super::facts::{Fact, FactList, Facts, FactsDamaged, FactsExt};
use super::id::Label;
use super::rule::Rule;
use super::standing::Standing;
use super::time::Instant;
use super::version::Version;
use super::ways::admits_to_level;

/// A version that the person may know of, and how the person is admitted to it.
#[derive(Clone, Debug)]
pub struct Selected {
    /// The version.
    pub version: Arc<Version>,
    /// The admission; never `Admission::Outside`.
    pub admission: Admission,
}

/// What a selector leads to.
#[derive(Clone, Debug)]
pub enum Selection {
    /// One version.
    Found(Selected),
    /// Nothing that the person may know of.
    Nothing,
    /// Versions, but none in force on the day asked for as far as was known; the first ever has effect from `first`.
    NoneInForce {
        /// The first day on which a version had effect.
        first: Date,
    },
}

/// Finds the version that `selector` means for this person.
pub fn select(
    facts: &dyn Facts,
    standing: &Standing,
    document: &Document,
    selector: &Selector,
) -> Result<Selection, FactsDamaged> {
    // Where all is hidden, no selector costs more than where nothing is (READ-6).
    if !matches!(selector, Selector::Label(_)) && !any_visible(facts, standing, document)? {
        return Ok(Selection::Nothing);
    }
    let admit = |version: &Version| admission(facts, standing, document, version);
    select_by(facts, standing.now, document, selector, &admit)
}

/// Finds the version that `selector` means among all versions: for the auditor, who may be told of each (AUDIT-1).
pub fn select_among_all(
    facts: &dyn Facts,
    now: Instant,
    document: &Document,
    selector: &Selector,
) -> Result<Selection, FactsDamaged> {
    let admit = |_: &Version| Ok(Admission::Inside { rule: Rule::Audit1, obstacle: None });
    select_by(facts, now, document, selector, &admit)
}

/// The versions of `document` that the person may know of, in the order of their lodgement.
pub fn visible_versions(
    facts: &dyn Facts,
    standing: &Standing,
    document: &Document,
) -> Result<Vec<Selected>, FactsDamaged> {
    if !any_visible(facts, standing, document)? {
        return Ok(Vec::new());
    }
    admitted_versions(facts, document, &|version| admission(facts, standing, document, version))
}

/// Whether the person may know of any version of `document`. What it costs depends on how many versions are widened by
/// grants and tablings, and not on how many are hidden: how long "not there" takes tells nothing of them (READ-6).
pub fn any_visible(facts: &dyn Facts, standing: &Standing, document: &Document) -> Result<bool, FactsDamaged> {
    let body = originating_body(facts, document)?;
    for level in document.versions.plain_levels() {
        // An undetermined version admits its lodger beside those whom its level admits.
        let own = level == Level::Undetermined && document.lodgers.contains(standing.handle());
        if admits_to_level(facts, standing, &body, level)? || own && any_undetermined_of_own(facts, standing, document)?
        {
            return Ok(true);
        }
    }
    for lodged in document.versions.widened() {
        let version = facts.version(&document.slug, *lodged)?.ok_or_else(missing_version)?;
        if admission(facts, standing, document, &version)?.is_inside() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The position, among `versions` in the order of lodgement, of the one in force on `as_of` as known at `known_at`: the
/// newest effective one not withdrawn; of two with the same effective date, the one lodged later (LODGE-4).
pub fn position_in_force<'a>(
    versions: impl Iterator<Item = &'a Version>,
    as_of: Date,
    known_at: Instant,
) -> Option<usize> {
    let candidates = versions.enumerate().filter(|(_, version)| {
        version.lodged_at <= known_at && !version.withdrawn_by(known_at) && version.effective <= as_of
    });
    candidates.max_by_key(|(position, version)| (version.effective, *position)).map(|(position, _)| position)
}

type Admit<'a> = dyn Fn(&Version) -> Result<Admission, FactsDamaged> + 'a;

fn select_by(
    facts: &dyn Facts,
    now: Instant,
    document: &Document,
    selector: &Selector,
    admit: &Admit<'_>,
) -> Result<Selection, FactsDamaged> {
    match selector {
        Selector::Label(label) => labelled(facts, document, label, admit),
        Selector::Latest => {
            let mut visible = admitted_versions(facts, document, admit)?;
            let standing_ones = |selected: &Selected| selected.version.withdrawn.is_none();
            let latest = visible.iter().rposition(standing_ones).map(|position| visible.swap_remove(position));
            Ok(latest.map_or(Selection::Nothing, Selection::Found))
        }
        Selector::InForce { as_of, known_at } => {
            let profile = facts.profile()?.ok_or_else(|| FactsDamaged("no profile was adopted".into()))?;
            let as_of = as_of.unwrap_or_else(|| now.day_in(&profile.zone()));
            let visible = admitted_versions(facts, document, admit)?;
            Ok(in_force(visible, as_of, known_at.unwrap_or(now)))
        }
    }
}

fn admitted_versions(facts: &dyn Facts, document: &Document, admit: &Admit<'_>) -> Result<Vec<Selected>, FactsDamaged> {
    let mut visible = Vec::new();
    for_each_version(facts, document, |version| {
        let admission = admit(&version)?;
        if admission.is_inside() {
            visible.push(Selected { version, admission });
        }
        Ok(true)
    })?;
    Ok(visible)
}

fn any_undetermined_of_own(facts: &dyn Facts, standing: &Standing, document: &Document) -> Result<bool, FactsDamaged> {
    let mut any = false;
    for_each_version(facts, document, |version| {
        let own = version.level() == Level::Undetermined && version.lodger == *standing.handle();
        any = own && admission(facts, standing, document, &version)?.is_inside();
        Ok(!any)
    })?;
    Ok(any)
}

fn labelled(
    facts: &dyn Facts,
    document: &Document,
    label: &Label,
    admit: &Admit<'_>,
) -> Result<Selection, FactsDamaged> {
    let Some(lodged) = facts.label(&document.slug, label)? else { return Ok(Selection::Nothing) };
    let version = facts.version(&document.slug, lodged)?.ok_or_else(missing_version)?;
    let admission = admit(&version)?;
    Ok(if admission.is_inside() { Selection::Found(Selected { version, admission }) } else { Selection::Nothing })
}

fn missing_version() -> FactsDamaged {
    FactsDamaged("a name leads to a version that is missing".into())
}

fn in_force(mut visible: Vec<Selected>, as_of: Date, known_at: Instant) -> Selection {
    let versions = visible.iter().map(|selected| selected.version.as_ref());
    if let Some(position) = position_in_force(versions, as_of, known_at) {
        return Selection::Found(visible.swap_remove(position));
    }
    match visible.iter().map(|selected| selected.version.effective).min() {
        Some(first) => Selection::NoneInForce { first },
        None => Selection::Nothing,
    }
}

fn for_each_version(
    facts: &dyn Facts,
    document: &Document,
    mut visit: impl FnMut(Arc<Version>) -> Result<bool, FactsDamaged>,
) -> Result<(), FactsDamaged> {
    let list = FactList::Versions(document.slug.clone());
    let mut after = None;
    loop {
        let page = facts.list(&list, after, VERSIONS_A_PAGE)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = Some(*last);
        for (_, fact) in page {
            let Fact::Version(version) = fact else {
                return Err(FactsDamaged("another fact where a version belongs".into()));
            };
            if !visit(version)? {
                return Ok(());
            }
        }
    }
}

/// How many versions are looked up at once.
const VERSIONS_A_PAGE: usize = 64;
