//! Undertakings: the exact texts that a person is asked to agree to and to confirm (ToR sections 7.5, 7.9 and 10; GOV-1).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::body::Body;
use super::facts::{Fact, FactList, Facts, FactsDamaged, FactsExt};
use super::grant::{GrantKind, Grantee};
use super::id::{Digest, Handle};
use super::person::{Appointment, Person};
use super::time::Instant;

/// What a person undertakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undertaking {
    /// The Confidentiality and Disclosure Agreement of a body (ToR section 10).
    Agreement,
    /// The member confirmation (ToR section 7.9).
    Confirmation,
}

impl Undertaking {
    /// The digest of the body's present text of it.
    pub fn text(self, body: &Body) -> Digest {
        match self {
            Self::Agreement => body.agreement_text,
            Self::Confirmation => body.confirmation_text(),
        }
    }

    /// That text, where the repository holds it.
    pub fn words(self, body: &Body) -> Option<&str> {
        match self {
            Self::Agreement => body.agreement.as_deref(),
            Self::Confirmation => Some(body.confirmation_words()),
        }
    }
}

/// The bodies whose texts the person is asked for at `now`: where the person holds a seat or is proposed for one, is or
/// may become an alternate, handles RED papers, or is invited for an item (RED-3). In the order of their handles.
pub fn bodies_of(facts: &dyn Facts, person: &Person, now: Instant) -> Result<Vec<Arc<Body>>, FactsDamaged> {
    let seats = person.appointments.iter().filter(|held| lasts(held, now)).map(|held| &held.body);
    let alternates = person.alternates.iter().filter(|one| !one.ended).map(|one| &one.body);
    let mut handles: BTreeSet<Handle> = seats.chain(alternates).chain(&person.named_secretariat).cloned().collect();
    handles.extend(inviting(facts, person, now)?);
    let bodies =
        handles.iter().map(|handle| facts.body(handle)?.ok_or_else(|| FactsDamaged("a body is missing".into())));
    bodies.collect()
}

/// The appointments that wait for the member's confirmation: approved, and neither ended nor over.
pub fn unconfirmed(person: &Person, now: Instant) -> impl Iterator<Item = &Appointment> {
    person.appointments.iter().filter(move |held| held.approved.is_some() && !held.confirmed && lasts(held, now))
}

fn lasts(held: &Appointment, now: Instant) -> bool {
    held.ended.is_none() && now < held.until
}

/// The bodies of the documents to whose versions the person is invited.
fn inviting(facts: &dyn Facts, person: &Person, now: Instant) -> Result<BTreeSet<Handle>, FactsDamaged> {
    let mut bodies = BTreeSet::new();
    let mut after = None;
    loop {
        let portion = facts.list(&FactList::Grants, after, PORTION)?;
        let Some((last, _)) = portion.last() else { return Ok(bodies) };
        after = Some(*last);
        for (index, fact) in portion {
            let Fact::Place(document, lodged) = fact else {
                return Err(FactsDamaged("another fact where the place of a grant belongs".into()));
            };
            let Some(version) = facts.version(&document, lodged)? else { continue };
            let invites = version.grants.iter().any(|grant| {
                grant.id.0 == index
                    && grant.kind == GrantKind::Invitation
                    && grant.holds(now)
                    && grant.to == Grantee::Person(person.handle.clone())
            });
            if invites && let Some(document) = facts.document(&document)? {
                bodies.insert(document.body.clone());
            }
        }
    }
}

/// How many grants are looked up at once.
const PORTION: usize = 100;
