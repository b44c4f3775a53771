//! What a need must hold (READ-3): words of substance, and what the level of the version asks for.

use jiff::SignedDuration;

use super::body::Body;
use super::classification::Level;
use super::need::NeedReason;
use super::profile::Profile;
use super::refusal::{Refusal, RefusalCode};
use super::rule::Rule;
use super::standing::Standing;

/// The shortest statement, in characters.
pub const MIN_STATEMENT: usize = 15;

/// The longest statement or reference, in characters.
pub const MAX_WORDS: usize = 2_000;

/// Checks what holds at every level: a purpose that the profile knows and that is open to this person, and a statement
/// of substance.
pub fn check_words(profile: &Profile, standing: &Standing, body: &Body, reason: &NeedReason) -> Result<(), Refusal> {
    let Some(purpose) = profile.purpose(&reason.purpose) else {
        let known: Vec<_> = profile.purposes.iter().map(|purpose| purpose.code.as_str()).collect();
        return Err(insufficient(
            "The need states a purpose that this repository does not know.",
            format!("State one of the purposes {}.", known.join(", ")),
        ));
    };
    if purpose.secretariat_only && !standing.is_secretariat_of(body) {
        return Err(insufficient(
            "The need states a purpose that is the Secretariat's alone.",
            "State the purpose that your own need has.".into(),
        ));
    }
    let words = [Some(&reason.statement), reason.reference.as_ref()].into_iter().flatten();
    if words.into_iter().any(|text| text.contains(|c: char| c.is_control() && c != '\n' && c != '\t')) {
        return Err(insufficient(
            "The need's statement or reference has control characters.",
            "Write them in plain words.".into(),
        ));
    }
    if !has_substance(&reason.statement) {
        return Err(insufficient(
            "The need's statement has no substance.",
            format!("Say in {MIN_STATEMENT} to {MAX_WORDS} characters, in words, what the document is needed for."),
        ));
    }
    if reason.reference.as_ref().is_some_and(|reference| reference.chars().count() > MAX_WORDS) {
        return Err(insufficient("The need's reference is too long.", format!("Use at most {MAX_WORDS} characters.")));
    }
    Ok(())
}

/// Checks what the level asks for beyond that: a reference, and for RED and undetermined one to a meeting, decision or
/// direction.
pub fn check_level(profile: &Profile, level: Level, reason: &NeedReason) -> Result<(), Refusal> {
    let limit = profile.need_limit(level);
    let reference = reason.reference.as_deref().map(str::trim).filter(|reference| !reference.is_empty());
    if limit.reference && reference.is_none() {
        return Err(insufficient(
            &format!("A version of level {level} asks for a need with a reference."),
            "Add the reference of the action, modification, assessment, meeting, decision or direction it serves."
                .into(),
        ));
    }
    let begins = &limit.reference_begins_with;
    let serves_one_of = |reference: &str| {
        let first: String = reference.chars().take_while(|c| c.is_alphabetic()).collect();
        begins.iter().any(|word| word.eq_ignore_ascii_case(&first))
    };
    if !begins.is_empty() && !reference.is_some_and(serves_one_of) {
        return Err(insufficient(
            &format!("A version of level {level} asks for the {} that the need serves.", begins.join(", ")),
            format!("Begin the reference with one of the words {}, for example '{} 42'.", begins.join(", "), begins[0]),
        ));
    }
    Ok(())
}

/// RED-1: named staff of the Secretariat read RED under their own purpose only.
pub fn check_secretariat_purpose(profile: &Profile, reason: &NeedReason) -> Result<(), Refusal> {
    if profile.purpose(&reason.purpose).is_some_and(|purpose| purpose.secretariat_only) {
        return Ok(());
    }
    let own: Vec<_> = profile.purposes.iter().filter(|one| one.secretariat_only).map(|one| one.code.as_str()).collect();
    Err(Refusal {
        code: RefusalCode::NeedInsufficient,
        rule: Rule::Red1,
        detail: "The Secretariat reads RED only in order to process it.".into(),
        satisfy: format!("State the purpose {}.", own.join(" or ")),
    })
}

/// The refusal of a validity that is longer than the level allows.
pub fn too_long(level: &str, longest: SignedDuration) -> Refusal {
    insufficient(
        &format!("A need for {level} cannot hold that long."),
        format!("Let it end within {} hours of now, or leave valid_until out.", longest.as_hours()),
    )
}

/// A statement of at least 15 characters that has a run of letters: a word.
fn has_substance(statement: &str) -> bool {
    let length = statement.trim().chars().count();
    let mut longest_run = 0;
    let mut run = 0;
    for c in statement.chars() {
        run = if c.is_alphabetic() { run + 1 } else { 0 };
        longest_run = longest_run.max(run);
    }
    (MIN_STATEMENT..=MAX_WORDS).contains(&length) && longest_run >= LETTER_RUN
}

/// How many letters in a row make a word.
const LETTER_RUN: usize = 3;

fn insufficient(detail: &str, satisfy: String) -> Refusal {
    Refusal { code: RefusalCode::NeedInsufficient, rule: Rule::Read3, detail: detail.into(), satisfy }
}
