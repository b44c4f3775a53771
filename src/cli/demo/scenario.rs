//! The demonstration itself: the main job, step by step, by the people who do it.
//!
//! Everything goes through the client over mutual TLS, as a person's own program would. Each chapter is a file beside.

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;

use super::asking::curl;
use super::stage::{DidNotHold, Stage, done, holds};
use super::{classifying, directing, evidence, governing, lodging, own, reading, refusals, samples};
use crate::pure::wire::classification::Classification;

/// What the demonstration works with beside the server.
pub struct Props {
    /// This program, as it was called.
    pub program: String,
    /// The samples, written to files.
    pub samples: PathBuf,
    /// Where what is read and proved is kept.
    pub received: PathBuf,
    /// The log's verifier keys, one a line.
    pub verifier_keys: String,
    /// The file with those keys.
    pub verifier_key_file: PathBuf,
    /// The day on which the direction is due.
    pub due: Date,
    /// An instant a day ahead.
    pub tomorrow: Timestamp,
    /// A document of the user's own.
    pub own: Option<PathBuf>,
}

/// Plays everything. A step whose result others need ends the play when it does not hold.
pub fn play(stage: &mut Stage<'_>, props: &Props) -> Result<(), DidNotHold> {
    stage.chapter("Who is who");
    who_is_who(stage);
    stage.chapter("The Secretariat lodges the four documents of SEC L5.7, and a paper, for the PMA");
    for (sample, proposed) in [
        (&samples::DEVICE, Classification::White),
        (&samples::ORGANISATION, Classification::Green),
        (&samples::IKI, Classification::Green),
        (&samples::COMPLIANCE, Classification::Amber),
        (&samples::PAPER, Classification::Red),
    ] {
        lodging::register(stage, sample)?;
        if sample.document == samples::DEVICE.document {
            lodging::lodge_signed(stage, props, sample, proposed)?;
        } else {
            lodging::lodge(stage, props, "secas", sample, proposed, None)?;
        }
    }
    stage.chapter("The Chair determines who may read them, and a member publishes what is WHITE");
    for (sample, level, reason) in [
        (&samples::DEVICE, Classification::White, "Nothing in it is for some people only."),
        (&samples::ORGANISATION, Classification::Green, "For parties and stakeholders, not for the public."),
        (&samples::IKI, Classification::Green, "For parties and stakeholders, not for the public."),
        (&samples::COMPLIANCE, Classification::Amber, "Its open findings are for the PMA to act on first."),
        (&samples::PAPER, Classification::Red, "It names weaknesses of the recovery procedure."),
    ] {
        classifying::classify(stage, sample.document, level, reason)?;
    }
    classifying::publish(stage)?;
    stage.chapter("The PMA directs the DCC to lodge a document; the DCC does; the Chair accepts it");
    directing::play(stage, props)?;
    stage.chapter("People read under a need that is on record before the first byte leaves");
    let read = reading::play(stage, props)?;
    stage.chapter("Who may not read is refused, and that is on record too");
    refusals::play(stage, props);
    stage.chapter("Who may read changes by recorded acts, and anyone concerned can ask why");
    governing::play(stage, props)?;
    stage.chapter("Anyone checks the evidence, without the server and without trust in it");
    evidence::play(stage, props, read)?;
    if let Some(own) = &props.own {
        stage.chapter("Your own document");
        own::play(stage, props, own)?;
    }
    Ok(())
}

fn who_is_who(stage: &mut Stage<'_>) {
    for (person, what) in [
        ("chair", "asks who the server takes this certificate for"),
        ("party-small-supplier", "asks the same: a user of a party, without a seat"),
    ] {
        let curl = curl(stage, person, "/me");
        let asked = stage.step(person, what, &curl, |client| {
            let (me, shown) = done(client.me(), |me| {
                let seats: Vec<_> = me.value.seats.iter().map(|seat| format!("{}/{}", seat.body, seat.seat)).collect();
                let seats = if seats.is_empty() { "no seat".to_owned() } else { format!("seat {}", seats.join(", ")) };
                format!("{} of {}, {seats}", me.value.person.name, me.value.organisation.name)
            })?;
            holds(me.person.handle == person, person, || me.person.handle.clone())?;
            Ok(((), shown))
        });
        // The others do not need it.
        asked.ok();
    }
}
