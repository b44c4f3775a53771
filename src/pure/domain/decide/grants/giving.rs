//! Giving: who may widen which audience, for how long.

use jiff::SignedDuration;

use super::super::super::body::Body;
use super::super::super::classification::{Classification, Level};
use super::super::super::command::Selector;
use super::super::super::event::Event;
use super::super::super::facts::FactsExt;
use super::super::super::grant::{GrantKind, GrantState, Grantee};
use super::super::super::id::{GrantId, Handle, Label};
use super::super::super::may::{Denied, check_obstacle, may_know_of_version};
use super::super::super::refusal::Refusal;
use super::super::super::refusals::{conflict, invalid, not_permitted, withdrawn};
use super::super::super::rule::Rule;
use super::super::super::time::Instant;
use super::super::super::version::Version;
use super::super::{Context, Decision, MAX_REASON, check_text, enter, grounds};
use super::{grantee, sharing};

/// The grant that somebody wants to give.
pub(super) struct Wanted<'a> {
    pub(super) kind: GrantKind,
    pub(super) to: &'a Grantee,
    pub(super) action: &'a str,
    pub(super) until: Option<Instant>,
}

/// Gives a grant; the Secretariat asks for one, which admits nobody before the Chair directs it (AMBER-2).
pub(super) fn give(
    context: &Context<'_>,
    document: &Handle,
    label: &Label,
    wanted: &Wanted<'_>,
) -> Result<Decision, Denied> {
    let document = context.facts.document(document)?.ok_or(Denied::Hidden)?;
    let selector = Selector::Label(label.clone());
    let selected = may_know_of_version(context.facts, context.standing, &document, &selector)?;
    let body = context.body_of(&document)?;
    let rule = wanted.kind.rule();
    let state = right_to_give(context, &body, wanted.kind)?;
    // Who may not read RED and AMBER for the time being opens none to others.
    check_obstacle(context.standing, &selected.admission)?;
    let version = selected.version;
    if version.withdrawn.is_some() {
        return Err(withdrawn().into());
    }
    check_level(wanted.kind, version.level())?;
    if wanted.kind == GrantKind::CategoryShare {
        sharing::check_strictness(&version)?;
    }
    grantee::check(context, &body, wanted.kind, wanted.to)?;
    check_text(rule, "action", wanted.action, MAX_REASON)?;
    check_end(context, wanted)?;
    check_is_new(context, &version, wanted, state)?;
    let (id, grant_kind, to) = (GrantId(context.at.index), wanted.kind, wanted.to.clone());
    let (document, label, action) = (document.slug.clone(), label.clone(), wanted.action.to_owned());
    let valid_until = wanted.until;
    let event = match state {
        GrantState::Requested => {
            Event::GrantRequested { grant: id, document, label, grant_kind, to, action, valid_until }
        }
        GrantState::Given | GrantState::Revoked => {
            Event::GrantGiven { grant: id, document, label, grant_kind, to, action, valid_until, decision: None }
        }
    };
    let basis = grounds([("level", version.level().as_str().into()), ("body", body.handle.to_string())]);
    Ok(enter(vec![event], [Rule::Read1, rule], basis))
}

/// The levels whose audience a grant of that kind widens.
pub(super) fn check_level(kind: GrantKind, level: Level) -> Result<(), Refusal> {
    let (fits, needed) = match kind {
        GrantKind::NeedToKnow | GrantKind::CategoryShare | GrantKind::WiderCirculation => {
            (level == Level::Determined(Classification::Amber), "AMBER")
        }
        GrantKind::RedInclusion | GrantKind::RedDisclosure => (level == Level::Determined(Classification::Red), "RED"),
        GrantKind::Invitation => (level.is_amber_or_red(), "AMBER or RED"),
    };
    if fits {
        return Ok(());
    }
    let detail = format!("A grant of this kind is for a version that is {needed}, and this one is {level}.");
    Err(conflict(kind.rule(), &detail, "Give a grant that fits the level, or ask the Chair to determine another one."))
}

/// Whether the person may give a grant of that kind, and what their word makes of it.
fn right_to_give(context: &Context<'_>, body: &Body, kind: GrantKind) -> Result<GrantState, Denied> {
    let refused = |detail: &str, satisfy: &str| Err(not_permitted(kind.rule(), detail, satisfy).into());
    if kind == GrantKind::RedDisclosure {
        return refused(
            "RED is disclosed to another body only by a recorded decision of the originating body.",
            "Have the body decide: POST /v1/decisions with the kind disclose_red.",
        );
    }
    if kind == GrantKind::CategoryShare {
        return sharing::check_seat(context, body).map(|()| GrantState::Given);
    }
    if context.standing.chairs(context.facts, body)? {
        return Ok(GrantState::Given);
    }
    match kind {
        GrantKind::NeedToKnow if context.standing.is_secretariat_of(body) => Ok(GrantState::Requested),
        GrantKind::NeedToKnow => refused(
            "The Chair of the originating body names who needs to know; the Secretariat asks for it. Nobody passes on \
             what was granted to them.",
            "Ask the Chair or the Secretariat.",
        ),
        GrantKind::WiderCirculation => {
            refused("Only the Chair of the originating body directs a wider circulation.", "Ask the Chair.")
        }
        GrantKind::RedInclusion => {
            refused("Only the Chair of the body includes a non-voting representative in RED matter.", "Ask the Chair.")
        }
        GrantKind::Invitation | GrantKind::RedDisclosure | GrantKind::CategoryShare => {
            refused("Only the Chair of the body invites to an item and its papers.", "Ask the Chair.")
        }
    }
}

/// AMBER-2: a need to know ends. Any end lies ahead.
fn check_end(context: &Context<'_>, wanted: &Wanted<'_>) -> Result<(), Refusal> {
    let rule = wanted.kind.rule();
    let (needs_one, now) = (wanted.kind == GrantKind::NeedToKnow, context.at.now);
    match wanted.until {
        None if needs_one => Err(invalid(
            rule,
            "A grant to a person who needs to know has no end.",
            format!("Give valid_until, at most {LONGEST_DAYS} days from now."),
        )),
        Some(until) if until <= now => {
            Err(invalid(rule, "The grant would have ended before it is given.", "Give a valid_until that lies ahead."))
        }
        Some(until) if needs_one && until > now.saturating_add(LONGEST) => Err(invalid(
            rule,
            format!("The grant would hold for more than {LONGEST_DAYS} days."),
            "Give an earlier valid_until; a further grant can follow.",
        )),
        _ => Ok(()),
    }
}

/// A grant that adds nothing to one that holds is none.
fn check_is_new(
    context: &Context<'_>,
    version: &Version,
    wanted: &Wanted<'_>,
    state: GrantState,
) -> Result<(), Refusal> {
    let lasts = |until: Option<Instant>| until.is_none_or(|until| wanted.until.is_some_and(|end| end <= until));
    let counts = |grant: &super::Grant| {
        let waits = state == GrantState::Requested && grant.state == GrantState::Requested;
        grant.holds(context.at.now) || waits && !super::has_ended(context, grant)
    };
    let mut grants = version.grants.iter();
    if grants.any(|grant| grant.kind == wanted.kind && grant.to == *wanted.to && counts(grant) && lasts(grant.until)) {
        return Err(conflict(
            wanted.kind.rule(),
            "A grant of this kind to the same receiver is there already and lasts as long.",
            "Nothing remains to be done; GET /v1/grants lists the grants.",
        ));
    }
    Ok(())
}

/// The longest that a need to know lasts, in days: a year, whatever its length.
const LONGEST_DAYS: i64 = 366;

const LONGEST: SignedDuration = SignedDuration::from_hours(LONGEST_DAYS * 24);
