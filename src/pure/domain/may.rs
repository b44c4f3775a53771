//! The one permission question: may this person read this version's content, on this need, at this instant?
//!
//! Every disclosure of content asks it, whatever its form (READ-6, READ-8).

use std::sync::Arc;

use super::audience::{Admission, Obstacle};
use super::command::{NeedClaim, Selector};
use super::document::Document;
use super::facts::{Facts, FactsDamaged, FactsExt};
use super::id::{Handle, Label, NeedId};
use super::need::{Need, NeedReason};
use super::refusal::{Refusal, RefusalCode};
use super::rule::Rule;
use super::selection::{Selected, Selection, select};
use super::standing::Standing;
use super::version::Version;
use super::ways::has_red_seat;
use super::{need_rules, refusals};

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// READ-6: for this person it does not exist.
    Hidden,
    /// A rule refused, and may say so.
    Refused(Refusal),
    /// The facts cannot be looked up.
    Damaged(FactsDamaged),
}

impl From<FactsDamaged> for Denied {
    fn from(damaged: FactsDamaged) -> Self {
        Self::Damaged(damaged)
    }
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A read that is permitted, and what it rests on.
#[derive(Clone, Debug)]
pub struct Readable {
    /// The document.
    pub document: Arc<Document>,
    /// The version.
    pub version: Arc<Version>,
    /// The rule that admits the person to the audience.
    pub audience: Rule,
    /// The need.
    pub need: NeedUsed,
}

/// The need on which a permitted read rests.
#[derive(Clone, Debug)]
pub enum NeedUsed {
    /// One recorded before.
    Recorded(NeedId),
    /// One to be recorded in the same entry.
    Inline(NeedReason),
}

/// Decides a read.
pub fn may_read(
    facts: &dyn Facts,
    standing: &Standing,
    document: &Handle,
    selector: &Selector,
    claim: Option<&NeedClaim>,
) -> Result<Readable, Denied> {
    // A suspension of all reading says nothing about the thing asked for, so that it comes before the look-up.
    check_reading(standing)?;
    let document = facts.document(document)?.ok_or(Denied::Hidden)?;
    let Selected { version, admission } = may_know_of_version(facts, standing, &document, selector)?;
    let Admission::Inside { rule: audience, obstacle } = admission else { return Err(Denied::Hidden) };
    check_content(standing, &version, audience, obstacle)?;
    let need = need_that_holds(facts, standing, &document, &version, audience, claim)?;
    Ok(Readable { document, version, audience, need })
}

/// Whether a read of that version that is under way may go on: everything that a new read would be asked, but for the
/// need (READ-8). The need was there when the read was entered, and its validity says until when a read may begin: that it
/// runs out, or is withdrawn, ends no read that has begun.
pub fn may_go_on_reading(
    facts: &dyn Facts,
    standing: &Standing,
    document: &Handle,
    label: &Label,
) -> Result<(), Denied> {
    check_reading(standing)?;
    let document = facts.document(document)?.ok_or(Denied::Hidden)?;
    let selector = Selector::Label(label.clone());
    let Selected { version, admission } = may_know_of_version(facts, standing, &document, &selector)?;
    let Admission::Inside { rule, obstacle } = admission else { return Err(Denied::Hidden) };
    Ok(check_content(standing, &version, rule, obstacle)?)
}

/// EMERGENCY-1: whether the person may read at all.
pub fn check_reading(standing: &Standing) -> Result<(), Refusal> {
    if standing.is_suspended(|scope| scope.stops_reading()) { Err(refusals::suspended("reading")) } else { Ok(()) }
}

/// Whether nothing but a need stands between a person who is admitted to a version by `audience` and its content.
pub fn check_content(
    standing: &Standing,
    version: &Version,
    audience: Rule,
    obstacle: Option<Obstacle>,
) -> Result<(), Refusal> {
    if standing.is_host() {
        return Err(not_for_content(Rule::Read5, "Operating the server gives no right to content."));
    }
    if standing.is_auditor() {
        return Err(not_for_content(Rule::Audit1, "An auditor reads audit records and no content."));
    }
    if version.withdrawn.is_some() {
        return Err(refusals::withdrawn());
    }
    obstacle.map_or(Ok(()), |obstacle| Err(refused_by(obstacle, audience)))
}

/// Refuses whom a suspension or an obstacle keeps from the content of what they are admitted to: who cannot read it but
/// for want of a need opens it to nobody else.
pub fn check_obstacle(standing: &Standing, admission: &Admission) -> Result<(), Denied> {
    check_reading(standing)?;
    match admission {
        Admission::Outside => Err(Denied::Hidden),
        Admission::Inside { obstacle: None, .. } => Ok(()),
        Admission::Inside { rule, obstacle: Some(obstacle) } => Err(refused_by(*obstacle, *rule).into()),
    }
}

/// What an obstacle says to one whom the rule `audience` admits.
fn refused_by(obstacle: Obstacle, audience: Rule) -> Refusal {
    match obstacle {
        // READ-2 speaks of no agreement: there it is GOV-1 that asks for one.
        Obstacle::AgreementUnsigned if audience == Rule::Read2 => refusals::agreement_required(Rule::Gov1),
        Obstacle::AgreementUnsigned => refusals::agreement_required(audience),
        Obstacle::ConflictOfInterest => refusals::conflict_of_interest(),
        Obstacle::Breach => refusals::breach(),
        Obstacle::Suspension => refusals::suspended("reading AMBER and RED"),
    }
}

/// The version that is meant, if the person may know of it.
pub fn may_know_of_version(
    facts: &dyn Facts,
    standing: &Standing,
    document: &Document,
    selector: &Selector,
) -> Result<Selected, Denied> {
    match select(facts, standing, document, selector)? {
        Selection::Found(selected) => Ok(selected),
        Selection::Nothing => Err(Denied::Hidden),
        Selection::NoneInForce { first } => Err(Refusal {
            code: RefusalCode::Invalid,
            rule: Rule::Lodge4,
            detail: "No version of this document was in force on that day, as far as the repository knew then.".into(),
            satisfy: format!(
                "The first version has effect from {first}: ask for a day from then on, and for what was known once it \
                 was lodged."
            ),
        }
        .into()),
    }
}

/// READ-3: the claimed need, if it holds for this version at its current level.
pub fn need_that_holds(
    facts: &dyn Facts,
    standing: &Standing,
    document: &Document,
    version: &Version,
    audience: Rule,
    claim: Option<&NeedClaim>,
) -> Result<NeedUsed, Denied> {
    let profile = facts.profile()?.ok_or_else(|| FactsDamaged("no profile was adopted".into()))?;
    let level = version.level();
    let (reason, used) = match claim {
        None => return Err(refusals::need_required("The read names no reasonable need.").into()),
        Some(NeedClaim::Inline(reason)) => (reason.clone(), NeedUsed::Inline(reason.clone())),
        Some(NeedClaim::Recorded(id)) => {
            let own = facts.need(*id)?.filter(|need| need.person == *standing.handle());
            let need = own.filter(|need| covers(need, document, version)).ok_or_else(|| {
                refusals::need_required("The need named is not one of yours for this document and version.")
            })?;
            if need.withdrawn_at.is_some() {
                return Err(refusals::need_required("The need named was withdrawn.").into());
            }
            // The current level decides, and validity counts from recording.
            let limit = need.recorded_at.saturating_add(profile.need_limit(level).validity());
            if standing.now >= need.valid_until.min(limit) {
                return Err(refusals::need_required("The need named has expired for a version of this level.").into());
            }
            (need.reason.clone(), NeedUsed::Recorded(*id))
        }
    };
    let body = super::audience::originating_body(facts, document)?;
    need_rules::check_words(&profile, standing, &body, &reason)?;
    need_rules::check_level(&profile, level, &reason)?;
    if audience == Rule::Red1 && !has_red_seat(facts, standing, &body, version)? {
        need_rules::check_secretariat_purpose(&profile, &reason)?;
    }
    Ok(used)
}

/// Whether the need was recorded for this version, or for every version of the document.
pub fn covers(need: &Need, document: &Document, version: &Version) -> bool {
    need.document == document.slug && need.version.as_ref().is_none_or(|label| *label == version.label)
}

fn not_for_content(rule: Rule, detail: &str) -> Refusal {
    Refusal {
        code: RefusalCode::NotPermitted,
        rule,
        detail: detail.into(),
        satisfy: "Nothing that you can do: ask for the content with the credential of a person who has a need for it."
            .into(),
    }
}
