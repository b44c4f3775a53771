//! Shapes: the domain's facts as the wire has them.
//!
//! Invariant: what is shown of a version is derived among the versions that the asker may know of, so that a date or a
//! label never tells of one that is hidden (READ-6).
//!
//! Not here: who may see what (`pure::domain`), and the shapes themselves (`pure::wire`).

mod audit;
mod credential;
mod decision;
mod direction;
mod document;
mod explanation;
mod grant;
mod me;
mod measure;
mod need;
mod register;
mod undertaking;
mod version;

#[cfg(test)]
mod tests;

pub(super) use audit::audit_entry;
pub(super) use credential::credential;
pub(super) use explanation::{explanation, reader};
pub(super) use grant::kind_to_domain as grant_kind;
pub(super) use me::me;
pub(super) use need::need;
pub(super) use register::{review_subject, seat_role};
pub(super) use undertaking::{agreement_text, agreements, confirmations};
pub(super) use version::standing_of;

use std::sync::Arc;

use jiff::civil::Date;

use crate::pure::domain::catalogue;
use crate::pure::domain::classification::{Classification, Tlp};
use crate::pure::domain::facts::{Facts, FactsDamaged, FactsExt};
use crate::pure::domain::id::Handle;
use crate::pure::domain::organisation::{Organisation, OrganisationKind};
use crate::pure::domain::standing::Standing;
use crate::pure::wire;

/// Makes shapes for one asker at one instant.
pub(super) struct Shapes<'a> {
    facts: &'a dyn Facts,
    standing: &'a Standing,
    today: Date,
}

impl<'a> Shapes<'a> {
    /// Shapes for the one who stands there.
    pub(super) fn new(facts: &'a dyn Facts, standing: &'a Standing) -> Result<Self, FactsDamaged> {
        Ok(Self { facts, standing, today: catalogue::today(facts, standing.now)? })
    }

    fn person(&self, handle: &Handle) -> Result<wire::person::Person, FactsDamaged> {
        let person = self.facts.person(handle)?.ok_or_else(|| missing("a person"))?;
        Ok(wire::person::Person { handle: person.handle.to_string(), name: person.name.clone() })
    }

    fn organisation(&self, handle: &Handle) -> Result<wire::organisation::Organisation, FactsDamaged> {
        let found: Arc<Organisation> = self.facts.organisation(handle)?.ok_or_else(|| missing("an organisation"))?;
        Ok(organisation(&found))
    }
}

pub(super) fn organisation(organisation: &Organisation) -> wire::organisation::Organisation {
    wire::organisation::Organisation {
        handle: organisation.handle.to_string(),
        name: organisation.name.clone(),
        kind: kind_name(organisation.kind).into(),
        category: organisation.category.as_ref().map(|category| category.0.clone()),
    }
}

fn kind_name(kind: OrganisationKind) -> &'static str {
    match kind {
        OrganisationKind::Party => "party",
        OrganisationKind::Dcc => "dcc",
        OrganisationKind::CodeAdministrator => "code_administrator",
        OrganisationKind::Authority => "authority",
        OrganisationKind::Government => "government",
        OrganisationKind::Stakeholder => "stakeholder",
        OrganisationKind::Assurance => "assurance",
        OrganisationKind::Host => "host",
    }
}

/// A level as the wire has it.
pub(super) fn to_wire(level: Classification) -> wire::classification::Classification {
    use wire::classification::Classification as Wire;
    match level {
        Classification::Red => Wire::Red,
        Classification::Amber => Wire::Amber,
        Classification::Green => Wire::Green,
        Classification::White => Wire::White,
    }
}

/// A marking as the domain has it: the classification, and the marking of the protocol if one was named.
pub(super) fn marked(marking: wire::marking::Marking) -> (Classification, Option<Tlp>) {
    let tlp = marking.tlp.and_then(|tlp| Tlp::parse(tlp.as_str()));
    (to_domain(marking.classification), tlp)
}

/// A level as the domain has it.
pub(super) fn to_domain(level: wire::classification::Classification) -> Classification {
    use wire::classification::Classification as Wire;
    match level {
        Wire::Red => Classification::Red,
        Wire::Amber => Classification::Amber,
        Wire::Green => Classification::Green,
        Wire::White => Classification::White,
    }
}

fn missing(what: &str) -> FactsDamaged {
    FactsDamaged(format!("{what} that another fact names is missing"))
}
