//! Directions: issued, discharged, returned, discharged again, accepted (LODGE-2).

use jiff::civil::date;
use serde_json::json;

use super::Desk;
use crate::pure::wire::direction::{DirectionState, DirectionsQuery, NewAcceptance, NewDirection, Outcome};

#[test]
fn the_operator_lodges_against_a_direction_until_it_is_accepted() {
    let desk = Desk::open();
    desk.registered("device-cps");
    desk.get("operator", "/v1/documents/device-cps").refused(404, "not_found");
    let new = NewDirection {
        document: "device-cps".into(),
        title: "Lodge the CPS".into(),
        requirement: "All of it".into(),
        due: date(2090, 1, 1),
        decision: None,
    };
    let issued = desk.client("chair").issue_direction(&new).unwrap();
    let id = issued.value.id.clone();
    assert_eq!(
        (issued.status, issued.value.state, issued.value.entry),
        (201, DirectionState::Open, issued.entry.unwrap())
    );
    assert_eq!(desk.get("operator", &format!("/v1/directions/{id}")).done(200), issued.json);
    desk.get("operator", "/v1/documents/device-cps").done(200);

    let version = |label: &str| format!("/v1/documents/device-cps/versions/{label}?direction={id}");
    desk.put("operator", "/v1/documents/device-cps/versions/1.0", &[], b"one").refused(403, "not_permitted");
    let lodged = desk.put("operator", &version("1.0"), &[], b"one").done(201);
    assert_eq!(lodged["version"]["direction"], id.as_str());
    let open = DirectionsQuery { state: Some(DirectionState::Open), ..DirectionsQuery::default() };
    assert!(desk.client("operator").directions(&open).unwrap().value.items.is_empty());

    let settle = |outcome| NewAcceptance { outcome, reason: "section 4".into() };
    let returned = desk.client("clerk").accept_direction(&id, &settle(Outcome::Returned)).unwrap().value;
    assert_eq!((returned.state, returned.version.as_deref()), (DirectionState::Returned, Some("1.0")));
    assert_eq!(returned.acceptance.unwrap().by.handle, "clerk");
    desk.put("operator", &version("2.0"), &[], b"two").done(201);
    desk.post(
        "operator",
        &format!("/v1/directions/{id}/acceptance"),
        &json!({"outcome": "accepted", "reason": "mine"}),
    )
    .refused(403, "not_permitted");
    let accepted = desk.client("chair").accept_direction(&id, &settle(Outcome::Accepted)).unwrap();
    assert_eq!((accepted.value.state, accepted.value.version.as_deref()), (DirectionState::Accepted, Some("2.0")));
    assert!(accepted.entry.is_some() && accepted.value.lodged_at.is_some());
    assert_eq!(desk.get("chair", "/v1/directions?state=overdue").done(200)["items"], json!([]));
    desk.get("chair", "/v1/directions?state=late").refused(400, "malformed");
    desk.get("supplier", &format!("/v1/directions/{id}")).refused(404, "not_found");
}
