//! Versions, with the dates that follow from the other versions that the asker may know of (LODGE-4).

use std::sync::Arc;

use jiff::civil::Date;

use super::{Shapes, missing, to_wire};
use crate::pure::domain::audience::{may_know_of_direction, originating_body};
use crate::pure::domain::catalogue::{known, superseded_on};
use crate::pure::domain::classification::{Level, Tlp};
use crate::pure::domain::document::Document;
use crate::pure::domain::facts::{FactsDamaged, FactsExt};
use crate::pure::domain::id::Handle;
use crate::pure::domain::time::Instant;
use crate::pure::domain::version::Version;
use crate::pure::domain::working_days::promptness;
use crate::pure::wire;
use crate::pure::wire::version::{ClassificationAct, ClassificationActKind};

impl Shapes<'_> {
    /// One version of `document`. The caller has decided that the asker may know of it.
    pub(in super::super) fn version(
        &self,
        document: Arc<Document>,
        version: &Arc<Version>,
    ) -> Result<wire::version::Version, FactsDamaged> {
        let mut versions = known(self.facts, self.standing, document, None, None)?.versions;
        if !versions.iter().any(|one| one.lodged == version.lodged) {
            versions.push(version.clone());
            versions.sort_by_key(|one| one.lodged);
        }
        self.version_among(&versions, version)
    }

    /// Every one of the visible `versions` of a document, which are in the order of their lodgement.
    pub(super) fn versions(&self, versions: &[Arc<Version>]) -> Result<Vec<wire::version::Version>, FactsDamaged> {
        let superseded = superseded_on(versions);
        versions.iter().zip(superseded).map(|(version, on)| self.shape(version, on)).collect()
    }

    /// One of the visible `versions` of a document.
    pub(super) fn version_among(
        &self,
        versions: &[Arc<Version>],
        version: &Version,
    ) -> Result<wire::version::Version, FactsDamaged> {
        let superseded = superseded_on(versions);
        let position = versions.iter().position(|one| one.lodged == version.lodged);
        let on = position.and_then(|position| superseded.get(position).copied().flatten());
        self.shape(version, on)
    }

    fn shape(&self, version: &Version, superseded: Option<Date>) -> Result<wire::version::Version, FactsDamaged> {
        let document = self.facts.document(&version.document)?.ok_or_else(|| missing("a version's document"))?;
        let profile = self.facts.profile()?.ok_or_else(|| missing("the profile"))?;
        Ok(wire::version::Version {
            document: version.document.to_string(),
            label: version.label.to_string(),
            classification: standing_of(version.level()),
            proposed_classification: version.proposed.map(to_wire),
            tlp: Tlp::of(version.level()).map(|tlp| tlp.to_string()),
            strict: version.is_strict(),
            classification_history: self.classification_history(&document, version)?,
            promptness_working_days: promptness(&profile, &document, version),
            incorporated: version.incorporated,
            effective: Some(version.effective),
            lodged_at: version.lodged_at.to_timestamp(),
            // A version that a later one will replace is in force until then.
            superseded_at: superseded.filter(|day| *day <= self.today),
            withdrawn: version.withdrawn.as_ref().map(|withdrawal| wire::version::Withdrawn {
                at: withdrawal.at.to_timestamp(),
                reason: withdrawal.reason.clone(),
            }),
            published_at: version.published_at.map(|at| at.to_timestamp()),
            digest: wire::digest::Digest(version.content.digest.0),
            size: version.content.size,
            content_type: version.content.content_type.clone(),
            lodger: wire::version::Lodger {
                person: self.person(&version.lodger)?,
                organisation: self.organisation(&version.lodger_organisation)?,
            },
            note: version.note.clone(),
            direction: self.direction_of(version)?,
            lodger_signature: version.signature.as_ref().map(|signature| signature.as_base64().to_owned()),
            resolutions: self.resolutions(version)?,
            entry: version.lodged,
        })
    }

    /// What was proposed and determined, oldest first. The words of a reason may name RED matter, so that they are for the
    /// voting members of the originating body who signed, its Secretariat, and whoever gave them.
    fn classification_history(
        &self,
        document: &Document,
        version: &Version,
    ) -> Result<Vec<ClassificationAct>, FactsDamaged> {
        let body = originating_body(self.facts, document)?;
        let membership = self.standing.membership(self.facts, &body)?;
        let is_insider = self.standing.is_secretariat_of(&body)
            || membership.is_some_and(|membership| membership.is_voting() && membership.signed);
        let act = |act,
                   classification,
                   tlp: Option<Tlp>,
                   reason: Option<&String>,
                   by: Option<&Handle>,
                   at: Instant,
                   entry| {
            let is_own = by == Some(self.standing.handle());
            Ok(ClassificationAct {
                act,
                classification: to_wire(classification),
                tlp: tlp.map(|tlp| tlp.to_string()),
                reason: reason.filter(|_| is_insider || is_own).cloned(),
                by: by.map(|by| self.person(by)).transpose()?,
                at: at.to_timestamp(),
                entry,
            })
        };
        let (proposed, determined) = (ClassificationActKind::Proposed, ClassificationActKind::Determined);
        let lodged = version.proposed.map(|classification| {
            act(proposed, classification, version.tlp, None, Some(&version.lodger), version.lodged_at, version.lodged)
        });
        let proposals = version
            .proposals
            .iter()
            .map(|one| act(proposed, one.classification, one.tlp, Some(&one.reason), Some(&one.by), one.at, one.entry));
        let determinations = version.determinations.iter().map(|one| {
            act(determined, one.classification, one.tlp, Some(&one.reason), one.by.as_ref(), one.at, one.entry)
        });
        let mut history =
            lodged.into_iter().chain(proposals).chain(determinations).collect::<Result<Vec<_>, FactsDamaged>>()?;
        history.sort_by_key(|act| act.entry);
        Ok(history)
    }

    /// The direction that the version discharges, for those who may know of it (READ-6).
    fn direction_of(&self, version: &Version) -> Result<Option<String>, FactsDamaged> {
        let Some(id) = version.direction else { return Ok(None) };
        let Some(direction) = self.facts.direction(id)? else { return Ok(None) };
        let known = may_know_of_direction(self.facts, self.standing, &direction)?;
        Ok(known.then(|| id.to_string()))
    }
}

/// A level, undetermined included, as the wire has it.
/// A level as the wire has it, undetermined included.
pub(in super::super) fn standing_of(level: Level) -> wire::classification::Standing {
    match level {
        Level::Undetermined => wire::classification::Standing::Undetermined,
        Level::Determined(level) => wire::classification::Standing::Determined(to_wire(level)),
    }
}
