//! Facts, and the entries of the log that they came from.

use super::super::audience::{PersonalObstacle, for_each_personal_obstacle};
use super::super::body::{Body, SeatRole};
use super::super::document::Document;
use super::super::facts::{Facts, FactsDamaged, FactsExt};
use super::super::grant::Grant;
use super::super::person::AppointmentState;
use super::super::rule::Rule;
use super::super::standing::{Claim, NotFilled, Standing, for_each_claim};
use super::super::version::Version;
use super::super::ways::{Through, Way, bodies_of};
use super::{Ground, Held, Hindrance, Sight, Tried};

impl Ground {
    fn of(fact: impl Into<String>, id: impl ToString, entry: u64) -> Self {
        Self { fact: fact.into(), id: Some(id.to_string()), entry: Some(entry) }
    }

    fn entered(fact: impl Into<String>, entry: Option<u64>) -> Self {
        Self { fact: fact.into(), id: None, entry }
    }
}

/// What the version itself is.
pub(super) fn of_version(version: &Version) -> Vec<Ground> {
    let lodged = format!("{} lodged it at {}.", version.lodger, version.lodged_at);
    let mut grounds = vec![Ground::entered(lodged, Some(version.lodged))];
    match version.determinations.last() {
        Some(last) => {
            let by = last.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
            let fact = format!("Its classification was determined as {}{by} at {}.", last.classification, last.at);
            grounds.push(Ground::entered(fact, Some(last.entry)));
        }
        None => grounds.push(Ground::entered("Its classification is not determined yet.", None)),
    }
    if let Some(withdrawal) = &version.withdrawn {
        grounds.push(Ground::entered(format!("It was withdrawn at {}.", withdrawal.at), None));
    }
    grounds
}

/// The facts that a way rests on.
pub(super) fn of_way(
    facts: &dyn Facts,
    standing: &Standing,
    way: &Way<'_>,
    sight: Sight,
) -> Result<Vec<Ground>, FactsDamaged> {
    let organisation = || {
        let kind = standing.organisation.kind.as_str();
        Ground::entered(format!("{} is of {} ({kind}).", standing.handle(), standing.person.organisation), None)
    };
    Ok(match way.through {
        Through::Everybody | Through::Lodgement | Through::AnyVersion => Vec::new(),
        Through::OrganisationKind | Through::Secretariat(_) => vec![organisation()],
        Through::NamedSecretariat(body) => {
            let mut grounds = vec![organisation()];
            grounds.extend(agreement(standing, body));
            grounds
        }
        Through::AnySeat => {
            let mut grounds = Vec::new();
            for handle in bodies_of(standing) {
                if let Some(body) = facts.body(&handle)? {
                    grounds.extend(seats(facts, standing, &body, sight)?);
                }
            }
            grounds
        }
        Through::ChairsSeat(body) | Through::Seat(body) | Through::SeatElsewhere(body) => {
            seats_and_agreement(facts, standing, body, sight)?
        }
        Through::Grant(given) => vec![grant(given, sight)],
        Through::Disclosure(given, body) => {
            let mut grounds = vec![grant(given, sight)];
            grounds.extend(seats_and_agreement(facts, standing, body, sight)?);
            grounds
        }
        Through::Direction(direction) => {
            vec![Ground::of(format!("It is due on {}.", direction.due), direction.id, direction.id.0)]
        }
    })
}

/// What stands between the person and the content, the first to refuse first.
pub(super) fn obstacles(
    facts: &dyn Facts,
    standing: &Standing,
    body: &Body,
    document: &Document,
    version: &Version,
    recognised: bool,
    ways: &[Tried],
) -> Result<Vec<Hindrance>, FactsDamaged> {
    let mut found: Vec<_> = unrecognised(standing, recognised).into_iter().collect();
    for suspension in standing.suspensions().filter(|suspension| suspension.scope.stops_reading()) {
        let fact =
            format!("A suspension of {} is in force since {}.", suspension.scope.as_str(), suspension.imposed_at);
        found.push(Hindrance {
            rule: Rule::Emergency1,
            ground: Ground::of(fact, suspension.id, suspension.id.0),
            satisfy: format!("{} lifts it by decision; an appeal is open to who is concerned.", body.handle),
        });
    }
    if standing.is_host() {
        let fact = format!("{} is of the organisation that operates the server.", standing.handle());
        found.push(hindrance(Rule::Read5, Ground::entered(fact, None), "Nothing: another person reads it."));
    }
    if standing.is_auditor() {
        let fact = format!("{} is the appointed auditor.", standing.handle());
        found.push(hindrance(Rule::Audit1, Ground::entered(fact, None), "Nothing: an auditor reads no content."));
    }
    if let Some(withdrawal) = &version.withdrawn {
        let ground = Ground::entered(format!("The version was withdrawn at {}.", withdrawal.at), None);
        found.push(hindrance(Rule::Lodge7, ground, "Nothing: another version is read in its place."));
    }
    let is_admitted = |held| ways.iter().any(|tried| tried.held == held);
    if is_admitted(Held::Unsigned) && !is_admitted(Held::Admits) {
        let fact = format!("{} has not signed the agreement over its present text.", standing.handle());
        found.push(hindrance(Rule::Gov1, Ground::entered(fact, None), "The person signs the agreement."));
    }
    for_each_personal_obstacle(facts, standing, document, version, &mut |obstacle| {
        found.extend(personal(obstacle));
        true
    })?;
    Ok(found)
}

/// READ-1, where nobody would stand behind a request of the person.
pub(super) fn unrecognised(standing: &Standing, recognised: bool) -> Option<Hindrance> {
    if recognised {
        return None;
    }
    let who = standing.handle();
    let (fact, satisfy) = if standing.person.active {
        (format!("{who} has no credential in effect."), "A credential is bound and confirmed.")
    } else {
        (format!("{who} was removed from the register."), "Nothing: a removed person stays removed.")
    };
    Some(hindrance(Rule::Read1, Ground::entered(fact, None), satisfy))
}

fn personal(obstacle: PersonalObstacle<'_>) -> Option<Hindrance> {
    match obstacle {
        PersonalObstacle::Breach(breach) => {
            let fact = format!("A breach of an information-sharing rule was recorded at {}.", breach.recorded_at);
            let ground = Ground::of(fact, breach.id, breach.id.0);
            Some(hindrance(Rule::Breach1, ground, "Whoever may record it lifts it with a reason."))
        }
        // One that stops all reading was told before.
        PersonalObstacle::Suspension(suspension) if suspension.scope.stops_reading() => None,
        PersonalObstacle::Suspension(suspension) => {
            let (scope, since) = (suspension.scope.as_str(), suspension.imposed_at);
            let fact = format!("A suspension of {scope} is in force since {since}.");
            let ground = Ground::of(fact, suspension.id, suspension.id.0);
            Some(hindrance(Rule::Emergency1, ground, "A decision lifts it; an appeal is open to who is concerned."))
        }
        PersonalObstacle::Conflict(conflict) => {
            let fact = format!("A conflict of interest was declared at {}.", conflict.declared_at);
            let ground = Ground::of(fact, conflict.id, conflict.id.0);
            Some(hindrance(Rule::Conflict1, ground, "The decision is recorded, or the Chair lifts it with a reason."))
        }
    }
}

fn hindrance(rule: Rule, ground: Ground, satisfy: &str) -> Hindrance {
    Hindrance { rule, ground, satisfy: satisfy.into() }
}

fn grant(grant: &Grant, sight: Sight) -> Ground {
    let until = grant.until.map_or_else(String::new, |until| format!(" until {until}"));
    let by = grant.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
    let action = if sight == Sight::Whole { format!(", for: {}", grant.action) } else { String::new() };
    let fact = format!("A grant of the kind {} was given{by} at {}{until}{action}.", grant.kind.as_str(), grant.at);
    Ground::of(fact, grant.id, grant.id.0)
}

fn seats_and_agreement(
    facts: &dyn Facts,
    standing: &Standing,
    body: &Body,
    sight: Sight,
) -> Result<Vec<Ground>, FactsDamaged> {
    let mut grounds = seats(facts, standing, body, sight)?;
    if !grounds.is_empty() {
        grounds.extend(agreement(standing, body));
    }
    Ok(grounds)
}

/// The person's agreement with the present text of the body.
fn agreement(standing: &Standing, body: &Body) -> Option<Ground> {
    let mut agreements = standing.person.agreements.iter();
    let signed = agreements.find(|signed| signed.body == body.handle && signed.text == body.agreement_text)?;
    let fact = format!("{} signed the agreement of {} at {}.", standing.handle(), body.handle, signed.signed_at);
    Some(Ground::entered(fact, Some(signed.entry)))
}

/// The person's claims to seats on `body`.
fn seats(facts: &dyn Facts, standing: &Standing, body: &Body, sight: Sight) -> Result<Vec<Ground>, FactsDamaged> {
    let mut grounds = Vec::new();
    for_each_claim(facts, &standing.person, body, standing.now, &mut |claim| {
        grounds.extend(seat(standing, body, claim, sight));
    })?;
    Ok(grounds)
}

fn seat(standing: &Standing, body: &Body, claim: &Claim<'_>, sight: Sight) -> Vec<Ground> {
    let who = standing.handle();
    let mut grounds = Vec::new();
    if let Some(alternate) = claim.alternate {
        let state = match claim.fills {
            Err(NotFilled::AlternateUnapproved) => "is proposed as alternate, and not approved",
            Err(NotFilled::AlternateEnded) => "is alternate no more",
            Err(NotFilled::MemberGone) => "is alternate of somebody who is registered no more",
            _ => "is approved as alternate",
        };
        let fact = format!("{who} {state}, for {} on {}.", alternate.member, body.handle);
        grounds.push(Ground::of(fact, alternate.id, alternate.id.0));
    }
    let Some(appointment) = claim.appointment else { return grounds };
    // The member's own affairs are for those who see the register's.
    if claim.alternate.is_some() && sight == Sight::Own && claim.fills.is_err() {
        return grounds;
    }
    let holder = claim.alternate.map_or(who, |alternate| &alternate.member);
    let state = match claim.fills {
        Ok(SeatRole::Chair) => "in force as Chair",
        Ok(SeatRole::Voting) => "in force as a member",
        Ok(SeatRole::NonVoting) => "in force as a non-voting representative",
        Err(NotFilled::Appointment(AppointmentState::Proposed)) => "proposed and not approved",
        Err(NotFilled::Appointment(AppointmentState::NotBegun)) => "not begun",
        Err(NotFilled::Appointment(AppointmentState::Ended)) => "ended",
        Err(NotFilled::Appointment(AppointmentState::Expired)) => "over",
        Err(NotFilled::Appointment(AppointmentState::Unconfirmed)) => "approved, and the membership not confirmed",
        Err(_) => "not in force",
    };
    let term = match appointment.from {
        Some(from) => format!("from {from} until {}", appointment.until),
        None => format!("until {}", appointment.until),
    };
    let fact = format!("The term of {holder} in the seat {} of {} {term} is {state}.", appointment.seat, body.handle);
    grounds.push(Ground::of(fact, appointment.id, appointment.id.0));
    if let Some(entry) = appointment.confirmation {
        grounds.push(Ground::entered(format!("{holder} confirmed to serve on {}.", body.handle), Some(entry)));
    }
    grounds
}
