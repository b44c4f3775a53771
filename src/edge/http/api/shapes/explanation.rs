//! Explanations, and lines of the access report.

use super::organisation;
use super::version::standing_of;
use crate::pure::domain::explanation::{Explanation, Ground, Hindrance, NeedTried, Outcome, Tried};
use crate::pure::domain::person::Person;
use crate::pure::domain::readers::Reader;
use crate::pure::domain::refusal::Refusal;
use crate::pure::domain::rule::Rule;
use crate::pure::wire;
use crate::pure::wire::explanation as shape;

/// An explanation. Who may ask for it was decided with it.
pub(in super::super) fn explanation(explained: &Explanation) -> shape::Explanation {
    let standing = &explained.standing;
    shape::Explanation {
        person: person(&standing.person),
        organisation: organisation(&standing.organisation),
        document: explained.document.slug.to_string(),
        version: explained.version.as_ref().map(|version| version.label.to_string()),
        classification: explained.version.as_ref().map(|version| standing_of(version.level())),
        at: standing.now.to_timestamp(),
        outcome: explained.outcome.as_str().into(),
        summary: summary(explained),
        audience: explained.audience.map(|rule| rule.to_string()),
        refusal: explained.refusal.as_ref().map(refused),
        about: explained.about.iter().map(ground).collect(),
        ways: explained.ways.iter().map(way).collect(),
        obstacles: explained.obstacles.iter().map(obstacle).collect(),
        needs: explained.needs.iter().map(need).collect(),
        satisfy: satisfy(explained),
    }
}

/// A line of the access report; `first_read` is when its entry says that it was.
pub(in super::super) fn reader(reader: &Reader, first_read: Option<jiff::Timestamp>) -> wire::reader::Reader {
    let access = &reader.access;
    let outcome = match (&access.way, &access.refusal) {
        (None, _) => "nothing",
        (Some(_), Some(_)) => "may_know_of",
        (Some(_), None) => "may_read",
    };
    let way = access.way.as_ref();
    wire::reader::Reader {
        person: person(&reader.person),
        organisation: organisation(&reader.organisation),
        access: outcome.into(),
        rule: way.map(|way| way.rule.to_string()),
        why: way.map(|way| way.why.clone()),
        grounds: way.map(|way| way.grounds.iter().map(ground).collect()).unwrap_or_default(),
        refusal: access.refusal.as_ref().map(refused),
        obstacles: access.obstacles.iter().map(obstacle).collect(),
        first_read: reader.first_read.zip(first_read).map(|(entry, at)| wire::reader::FirstRead { at, entry }),
    }
}

/// The outcome in one sentence.
fn summary(explained: &Explanation) -> String {
    let who = &explained.standing.person.handle;
    let what = match &explained.version {
        Some(version) => format!("version {} of {}", version.label, explained.document.slug),
        None => format!("{}, of which no version in force is one that they may know of", explained.document.slug),
    };
    match (explained.outcome, explained.audience, &explained.refusal) {
        (Outcome::MayRead(need), Some(rule), _) => {
            format!("{who} may read {what}: {rule} admits them, and {need} holds (READ-3).")
        }
        (Outcome::MayKnowOf, Some(rule), Some(refusal)) if refusal.rule == Rule::Read3 => {
            format!("{who} may know of {what} ({rule}), and may read it once they record a need (READ-3).")
        }
        (Outcome::MayKnowOf, Some(rule), Some(refusal)) => {
            format!("{who} may know of {what} ({rule}), and may not read it: {} refuses.", refusal.rule)
        }
        (Outcome::MayKnowOf, Some(rule), None) => format!("{who} may know of {what} ({rule})."),
        _ => format!("For {who} there is no such thing as {what}: no rule admits them (READ-6)."),
    }
}

/// What would change the outcome: what refuses comes before ways that are closed.
fn satisfy(explained: &Explanation) -> Vec<String> {
    let mut sentences: Vec<String> = explained.obstacles.iter().map(|one| one.satisfy.clone()).collect();
    match explained.outcome {
        Outcome::MayRead(_) => {}
        Outcome::MayKnowOf if sentences.is_empty() => {
            sentences.extend(explained.refusal.as_ref().map(|refusal| refusal.satisfy.clone()));
        }
        Outcome::MayKnowOf => {}
        Outcome::Nothing => sentences.extend(explained.ways.iter().filter_map(|way| way.satisfy.clone())),
    }
    let mut told = std::collections::BTreeSet::new();
    sentences.retain(|sentence| told.insert(sentence.clone()));
    sentences
}

fn person(person: &Person) -> wire::person::Person {
    wire::person::Person { handle: person.handle.to_string(), name: person.name.clone() }
}

fn refused(refusal: &Refusal) -> shape::Refused {
    let code = serde_json::to_value(refusal.code).ok();
    shape::Refused {
        code: code.as_ref().and_then(|code| code.as_str()).unwrap_or_default().to_owned(),
        rule: refusal.rule.to_string(),
        detail: refusal.detail.clone(),
        satisfy: refusal.satisfy.clone(),
    }
}

fn ground(ground: &Ground) -> shape::Ground {
    shape::Ground { fact: ground.fact.clone(), id: ground.id.clone(), entry: ground.entry }
}

fn way(tried: &Tried) -> shape::Way {
    shape::Way {
        rule: tried.rule.to_string(),
        way: tried.way.clone(),
        result: tried.held.as_str().into(),
        why: tried.why.clone(),
        grounds: tried.grounds.iter().map(ground).collect(),
        satisfy: tried.satisfy.clone(),
    }
}

fn obstacle(hindrance: &Hindrance) -> shape::Obstacle {
    shape::Obstacle {
        rule: hindrance.rule.to_string(),
        ground: ground(&hindrance.ground),
        satisfy: hindrance.satisfy.clone(),
    }
}

fn need(tried: &NeedTried) -> shape::NeedLookedAt {
    shape::NeedLookedAt {
        id: tried.need.to_string(),
        entry: tried.need.0,
        holds: tried.fails.is_none(),
        why: tried.fails.clone(),
    }
}
