//! Documents and the versions of them that the asker may know of.

use std::sync::Arc;

use super::Shapes;
use crate::pure::domain::catalogue::{self, Known};
use crate::pure::domain::document::Document;
use crate::pure::domain::facts::FactsDamaged;
use crate::pure::wire;

impl Shapes<'_> {
    /// A document in a list.
    pub(in super::super) fn listed(&self, known: &Known) -> Result<wire::document::Document, FactsDamaged> {
        let document = &known.document;
        Ok(wire::document::Document {
            document: document.slug.to_string(),
            title: document.title.clone(),
            kind: document.kind.clone(),
            set: document.set.to_string(),
            body: document.body.to_string(),
            in_force: self.in_force(known)?,
        })
    }

    /// One document with its versions. The caller has decided that the asker may know of it.
    pub(in super::super) fn detail(
        &self,
        document: Arc<Document>,
    ) -> Result<wire::document::DocumentDetail, FactsDamaged> {
        let known = catalogue::known(self.facts, self.standing, document, None, None)?;
        let document = &known.document;
        Ok(wire::document::DocumentDetail {
            document: document.slug.to_string(),
            title: document.title.clone(),
            kind: document.kind.clone(),
            set: document.set.to_string(),
            body: document.body.to_string(),
            in_force: self.in_force(&known)?,
            versions: self.versions(&known.versions)?,
            entry: document.registered,
        })
    }

    fn in_force(&self, known: &Known) -> Result<Option<wire::version::Version>, FactsDamaged> {
        let version = known.in_force.and_then(|position| known.versions.get(position));
        version.map(|version| self.version_among(&known.versions, version)).transpose()
    }
}
