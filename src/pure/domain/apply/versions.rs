//! Documents, versions, and what widens a version's audience.

use std::sync::Arc;

use super::super::classification::{Classification, Tlp};
use super::super::decision::Resolved;
use super::super::direction::DirectionState;
use super::super::document::{Document, VersionClass, VersionClasses};
use super::super::event::Event;
use super::super::facts::{Change, Fact, FactKey, FactsDamaged, FactsExt};
use super::super::grant::{Grant, GrantState};
use super::super::id::{GrantId, Handle, Label};
use super::super::version::{Determination, Proposal, Version, Withdrawal};
use super::{Applied, Applying, document_fact};

impl Applying<'_> {
    pub(super) fn version_event(&self, event: &Event) -> Applied {
        let (time, index) = (self.entry.time, self.entry.index);
        let changes = match event {
            Event::DocumentRegistered { document, title, document_kind, set, body } => {
                let registered = Document {
                    slug: document.clone(),
                    title: title.clone(),
                    kind: document_kind.clone(),
                    set: set.clone(),
                    body: body.clone(),
                    registered: index,
                    lodgers: self.entry.person.into_iter().cloned().collect(),
                    open_directions: Vec::new(),
                    versions: VersionClasses::default(),
                };
                Ok(vec![(FactKey::DocumentOrder(index), Some(Fact::Slug(document.clone()))), document_fact(registered)])
            }
            Event::VersionLodged { .. } => self.version_lodged(event),
            Event::ClassificationProposed { document, label, classification, reason, tlp } => {
                let proposal = self.proposal(*classification, *tlp, reason)?;
                self.version(document, label, |version| version.proposals.push(proposal))
            }
            Event::ClassificationDetermined { document, label, classification, reason, tlp } => {
                let determination = Determination {
                    classification: *classification,
                    tlp: *tlp,
                    reason: reason.clone(),
                    by: self.entry.person.cloned(),
                    at: time,
                    entry: index,
                };
                self.version(document, label, |version| {
                    version.determinations.push(determination);
                    // A publication was of what was WHITE then.
                    version.published_at = None;
                })
            }
            Event::VersionPublished { document, label, .. } => {
                self.version(document, label, |version| version.published_at = Some(time))
            }
            Event::VersionWithdrawn { document, label, reason } => {
                let withdrawal = Withdrawal { at: time, reason: reason.clone() };
                self.version(document, label, |version| version.withdrawn = Some(withdrawal))
            }
            Event::VersionTabled { document, label, body } => {
                self.version(document, label, |version| version.tabled_to.push(body.clone()))
            }
            Event::VersionResolved { document, label, decision, resolution, .. } => {
                let (decision, resolution) = (*decision, *resolution);
                let resolved = Resolved { decision, resolution, at: time, entry: index };
                self.version(document, label, |version| version.resolved.push(resolved))
            }
            Event::GrantGiven { .. } | Event::GrantRequested { .. } => self.granted(event),
            Event::GrantDirected { grant, document, label } => {
                self.grant_becomes(document, label, *grant, GrantState::Given)
            }
            Event::GrantRevoked { grant, document, label, .. } => {
                self.grant_becomes(document, label, *grant, GrantState::Revoked)
            }
            _ => return Ok(None),
        };
        changes.map(Some)
    }

    fn proposal(
        &self,
        classification: Classification,
        tlp: Option<Tlp>,
        reason: &str,
    ) -> Result<Proposal, FactsDamaged> {
        let (by, reason) = (self.actor()?.clone(), reason.to_owned());
        Ok(Proposal { classification, tlp, reason, by, at: self.entry.time, entry: self.entry.index })
    }

    fn granted(&self, event: &Event) -> Result<Vec<Change>, FactsDamaged> {
        let (document, label, grant) = match event {
            Event::GrantGiven { grant, document, label, grant_kind, to, action, valid_until, decision } => {
                let base = self.grant(*grant, to.clone(), action);
                let (kind, decision, until) = (*grant_kind, *decision, *valid_until);
                (document, label, Grant { kind, decision, until, ..base })
            }
            Event::GrantRequested { grant, document, label, grant_kind, to, action, valid_until } => {
                let base = self.grant(*grant, to.clone(), action);
                let (kind, until, state) = (*grant_kind, *valid_until, GrantState::Requested);
                (document, label, Grant { kind, until, state, ..base })
            }
            _ => return Err(FactsDamaged("another event where a grant belongs".into())),
        };
        let place = Fact::Place(document.clone(), self.lodged(document, label)?);
        let id = grant.id;
        let mut changes = self.version(document, label, |version| version.grants.push(grant))?;
        changes.push((FactKey::Grant(id), Some(place)));
        Ok(changes)
    }

    fn grant(&self, id: GrantId, to: super::super::grant::Grantee, action: &str) -> Grant {
        Grant {
            id,
            kind: super::super::grant::GrantKind::NeedToKnow,
            to,
            action: action.to_owned(),
            by: self.entry.person.cloned(),
            at: self.entry.time,
            decision: None,
            until: None,
            state: GrantState::Given,
        }
    }

    fn grant_becomes(
        &self,
        document: &Handle,
        label: &Label,
        id: GrantId,
        state: GrantState,
    ) -> Result<Vec<Change>, FactsDamaged> {
        self.version(document, label, |version| {
            version.grants.iter_mut().filter(|one| one.id == id).for_each(|one| one.state = state);
        })
    }

    fn version_lodged(&self, event: &Event) -> Result<Vec<Change>, FactsDamaged> {
        let Event::VersionLodged {
            document,
            label,
            content,
            proposed,
            tlp,
            incorporated,
            effective,
            note,
            direction,
            signature,
        } = event
        else {
            return Err(FactsDamaged("another event where a lodgement belongs".into()));
        };
        let lodger = self.actor()?;
        let lodger_organisation = self.found(self.entry.organisation, "lodging organisation")?;
        let index = self.entry.index;
        let version = Version {
            document: document.clone(),
            label: label.clone(),
            content: content.clone(),
            proposed: *proposed,
            tlp: *tlp,
            proposals: Vec::new(),
            incorporated: *incorporated,
            effective: *effective,
            note: note.clone(),
            direction: *direction,
            signature: signature.clone(),
            lodger: lodger.clone(),
            lodger_organisation: lodger_organisation.clone(),
            lodged_at: self.entry.time,
            lodged: index,
            determinations: Vec::new(),
            published_at: None,
            withdrawn: None,
            tabled_to: Vec::new(),
            grants: Vec::new(),
            resolved: Vec::new(),
        };
        let mut changed = (*self.found(self.facts.document(document)?, "document")?).clone();
        if !changed.lodgers.contains(lodger) {
            changed.lodgers.push(lodger.clone());
        }
        changed.versions.add(index, VersionClass::of(&version));
        let mut changes = vec![
            (FactKey::Label(document.clone(), label.clone()), Some(Fact::Index(index))),
            (FactKey::Version(document.clone(), index), Some(Fact::Version(Arc::new(version)))),
            document_fact(changed),
        ];
        if let Some(id) = direction {
            let mut discharged = (*self.found(self.facts.direction(*id)?, "direction")?).clone();
            discharged.state = DirectionState::Lodged { label: label.clone() };
            changes.push((FactKey::Direction(*id), Some(Fact::Direction(Arc::new(discharged)))));
        }
        Ok(changes)
    }
}
