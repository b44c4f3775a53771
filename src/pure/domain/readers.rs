//! The access report: who may read a version and why, and who has (GOV-1, READ-7).

use std::sync::Arc;

use super::audience::admission;
use super::document::Document;
use super::explanation::{Access, access};
use super::facts::{Fact, FactList, Facts, FactsDamaged, FactsExt};
use super::organisation::Organisation;
use super::person::Person;
use super::standing::Standing;
use super::time::Instant;
use super::version::Version;

/// A part of the access report on one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readers {
    /// The document.
    pub document: Arc<Document>,
    /// The version.
    pub version: Arc<Version>,
    /// Everyone who may know of it or has read it, in the order of their registration.
    pub readers: Vec<Reader>,
    /// The index after which the report goes on; `None` at its end.
    pub next: Option<u64>,
}

/// Somebody who may know of a version, or has read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The person.
    pub person: Arc<Person>,
    /// The person's organisation.
    pub organisation: Arc<Organisation>,
    /// By what the person may read it, or what keeps them from it.
    pub access: Access,
    /// The index of the entry by which the person first read it; `None` for one who has not.
    pub first_read: Option<u64>,
}

/// The part of the report that begins after the entry `after`: up to `limit` readers. It looks at no more than
/// `MOST_EXAMINED` people, so that it may hold fewer although more follow.
pub fn readers(
    facts: &dyn Facts,
    now: Instant,
    document: Arc<Document>,
    version: Arc<Version>,
    mut after: Option<u64>,
    limit: usize,
) -> Result<Readers, FactsDamaged> {
    let people = facts.list(&FactList::People, after, MOST_EXAMINED)?;
    let mut whole = people.len() < MOST_EXAMINED;
    let mut readers = Vec::new();
    for (index, fact) in people {
        if readers.len() == limit {
            whole = false;
            break;
        }
        let Fact::Slug(handle) = fact else { return Err(FactsDamaged("another fact where a name belongs".into())) };
        let Some(person) = facts.person(&handle)? else { continue };
        let standing = Standing::of_person(facts, person, now)?;
        let first_read = facts.first_read(&document.slug, version.lodged, &handle)?;
        if first_read.is_some() || admission(facts, &standing, &document, &version)?.is_inside() {
            let access = access(facts, &standing, &document, &version)?;
            if first_read.is_some() || access.way.is_some() {
                let (person, organisation) = (standing.person.clone(), standing.organisation.clone());
                readers.push(Reader { person, organisation, access, first_read });
            }
        }
        after = Some(index);
    }
    Ok(Readers { document, version, readers, next: after.filter(|_| !whole) })
}

/// How many people one part of the report looks at.
const MOST_EXAMINED: usize = 1_000;
