//! The PMA directs the DCC to lodge a document.

use super::asking::curl;
use super::classifying::classify;
use super::lodging::{lodge, register};
use super::samples;
use super::scenario::Props;
use super::stage::{DidNotHold, Stage, done, holds};
use crate::pure::wire::classification::Classification;
use crate::pure::wire::direction::{DirectionState, DirectionsQuery, NewAcceptance, NewDirection, Outcome};

/// Plays the direction from its issue to its acceptance.
pub fn play(stage: &mut Stage<'_>, props: &Props) -> Result<(), DidNotHold> {
    let sample = &samples::PROCEDURES;
    register(stage, sample)?;
    let body = NewDirection {
        document: sample.document.into(),
        title: "Lodge the registration authority's procedures".into(),
        requirement: "The procedures as they are followed today, with how organisations and people are checked.".into(),
        due: props.due,
        decision: None,
    };
    let issue = curl(stage, "chair", "/directions").json(&body);
    let issued = stage.step("chair", "directs the DCC to lodge it", &issue, |client| {
        done(client.issue_direction(&body), |answer| {
            format!("{}: {}, due {}", answer.status, answer.value.id, answer.value.due)
        })
    })?;
    let query = DirectionsQuery { state: Some(DirectionState::Open), ..DirectionsQuery::default() };
    let list = curl(stage, "dcc-operator", "/directions?state=open");
    stage
        .step("dcc-operator", "looks what the DCC is directed to do", &list, |client| {
            let (page, shown) = done(client.directions(&query), |answer| format!("{} open", answer.value.items.len()))?;
            holds(page.items.iter().any(|open| open.id == issued.id), &issued.id, || "another list".into())?;
            Ok(((), shown))
        })
        .ok();
    lodge(stage, props, "dcc-operator", sample, Classification::Green, Some(issued.id.clone()))?;
    let body = NewAcceptance { outcome: Outcome::Accepted, reason: "It holds what was asked for.".into() };
    let accept = curl(stage, "chair", &format!("/directions/{}/acceptance", issued.id)).json(&body);
    stage.step("chair", &format!("accepts what discharges {}", issued.id), &accept, |client| {
        let (direction, shown) = done(client.accept_direction(&issued.id, &body), |answer| {
            format!("{}: {}", answer.status, answer.value.state)
        })?;
        holds(direction.state == DirectionState::Accepted, "accepted", || direction.state.to_string())?;
        Ok(((), shown))
    })?;
    classify(stage, sample.document, Classification::Green, "For everyone who asks for certificates.")
}
