//! Credentials as people see them: whose may be known of, and where one stands.

use std::sync::Arc;

use super::facts::{Fact, FactList, Facts, FactsDamaged, FactsExt, authority};
use super::id::Handle;
use super::person::{Credential, CredentialState, Person};
use super::register::speaks_above;
use super::standing::Standing;
use super::time::Instant;

/// The most credentials that are ever bound to one person, revoked ones included.
pub const MAX_CREDENTIALS: usize = 1 << 10;

/// A credential and its place in the list of all: people in the order of their registration, and the credentials of
/// each in the order in which they were bound.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The credential.
    pub credential: Arc<Credential>,
    /// Its place, which grows along the list.
    pub place: u64,
}

impl Credential {
    /// Whether another one has taken its place, and the overlap is over: it is as good as revoked (READ-8).
    pub fn is_replaced(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    /// Whether its holder can act under it at `now`.
    pub fn is_in_effect(&self, now: Instant) -> bool {
        self.state == CredentialState::Confirmed && !self.is_replaced(now)
    }
}

/// Whether the person may know of a credential of `holder`: of one's own; of everybody's the Secretariat that keeps the
/// register, the Chair of the authority, and who speaks where that Chair would speak for themself (SELF-1).
pub fn may_know_of_credentials(facts: &dyn Facts, standing: &Standing, holder: &Handle) -> Result<bool, FactsDamaged> {
    Ok(holder == standing.handle() || sees_all(facts, standing)?)
}

/// The credentials that the person may know of, of `holder` alone if one is named, with a place over `after`.
pub fn credentials(
    facts: &dyn Facts,
    standing: &Standing,
    holder: Option<&Handle>,
    after: Option<u64>,
    limit: usize,
) -> Result<Vec<Listed>, FactsDamaged> {
    let own = standing.handle();
    let holder = if sees_all(facts, standing)? { holder } else { Some(holder.unwrap_or(own)) };
    let mut found = Vec::new();
    if let Some(holder) = holder {
        if may_know_of_credentials(facts, standing, holder)?
            && let Some(person) = facts.person(holder)?
        {
            add(&mut found, facts, &person, 0, after, limit)?;
        }
        return Ok(found);
    }
    // The person within whose credentials the page before ended may have more of them.
    let mut passed = after.and_then(|place| (place / PLACES).checked_sub(1));
    while found.len() < limit {
        let portion = facts.list(&FactList::People, passed, PORTION)?;
        if portion.is_empty() {
            break;
        }
        for (index, fact) in portion {
            let Fact::Slug(handle) = fact else { return Err(FactsDamaged("another fact where a name belongs".into())) };
            let person = facts.person(&handle)?.ok_or_else(|| FactsDamaged("a listed person is missing".into()))?;
            add(&mut found, facts, &person, index, after, limit)?;
            passed = Some(index);
        }
    }
    Ok(found)
}

fn add(
    found: &mut Vec<Listed>,
    facts: &dyn Facts,
    person: &Person,
    index: u64,
    after: Option<u64>,
    limit: usize,
) -> Result<(), FactsDamaged> {
    for (position, id) in (0..).zip(&person.credentials) {
        let place = index.saturating_mul(PLACES).saturating_add(position);
        if found.len() < limit && after.is_none_or(|after| place > after) {
            let credential = facts.credential(*id)?.ok_or_else(|| FactsDamaged("a credential is missing".into()))?;
            found.push(Listed { credential, place });
        }
    }
    Ok(())
}

fn sees_all(facts: &dyn Facts, standing: &Standing) -> Result<bool, FactsDamaged> {
    let Some(authority) = authority(facts)? else { return Ok(false) };
    Ok(standing.is_secretariat_of(&authority)
        || standing.chairs(facts, &authority)?
        || speaks_above(facts, standing, &authority)?)
}

/// Places in the list that each person has: more than credentials, those of the register's first entries included.
const PLACES: u64 = 1 << 16;

/// How many people are looked up at once.
const PORTION: usize = 100;
