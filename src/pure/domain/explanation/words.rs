//! What a way in is called, why it held or failed, and what would open it: plain sentences about the person by handle.

use super::super::body::Body;
use super::super::organisation::OrganisationKind;
use super::super::rule::Rule;
use super::super::standing::Standing;
use super::super::version::Version;
use super::super::ways::{Shortfall, Through, Verdict, Way};
use super::ledger::{Held, Tried};

/// The way's name, why it held or failed, and what would open it.
pub(super) fn of_way(standing: &Standing, way: &Way<'_>) -> (String, String, Option<String>) {
    let (title, needed) = title(way);
    let who = standing.handle();
    match way.verdict {
        Verdict::Admits => (title, format!("{who} is admitted: {needed}."), None),
        Verdict::Unsigned => {
            let body = body_of(way).map_or("the body", |body| body.handle.as_str());
            let why =
                format!("{who} may know of it, but has not signed the agreement of {body} over its present text.");
            (title, why, Some(format!("{who} signs the agreement of {body}.")))
        }
        Verdict::Fails(shortfall) => {
            let (why, satisfy) = shortfall_words(standing, way, shortfall);
            (title, why, satisfy)
        }
    }
}

/// That no grant under `rule` names the person.
pub(super) fn no_grant(rule: Rule, standing: &Standing, body: &Body, version: &Version) -> Tried {
    let who = standing.handle();
    let own = &standing.person.organisation;
    let excluded = matches!(standing.organisation.kind, OrganisationKind::Host | OrganisationKind::Assurance);
    let (way, satisfy) = match rule {
        Rule::Amber2 => (
            "a need to know",
            Some(format!("The Chair of {} grants {who} a need to know, for an action.", body.handle)),
        ),
        Rule::Amber3 => {
            let category = standing.organisation.category.as_ref().filter(|_| !version.is_strict());
            let share = category.map(|category| {
                format!("A member in a seat for the category {} shares the version with {own}.", category.0)
            });
            ("a share within a party category", share)
        }
        Rule::Amber4 => {
            let circulates =
                (!excluded).then(|| format!("The Chair of {} directs a circulation to {own}.", body.handle));
            ("a wider circulation", circulates)
        }
        Rule::Red2 => (
            "a disclosure to another body",
            Some(format!("{} approves by decision the disclosure to a body on which {who} sits.", body.handle)),
        ),
        _ => ("an invitation", Some(format!("The Chair of {} invites {who} for the item.", body.handle))),
    };
    let why = match rule {
        Rule::Red2 => format!("No disclosure to a body on which {who} sits is in force."),
        _ => format!("No such grant that is in force names {who}."),
    };
    Tried { rule, way: way.into(), held: Held::Fails, why, grounds: Vec::new(), satisfy }
}

/// The body whose seat or agreement the way is about.
pub(super) fn body_of<'a>(way: &Way<'a>) -> Option<&'a Body> {
    match way.through {
        Through::Secretariat(body)
        | Through::NamedSecretariat(body)
        | Through::ChairsSeat(body)
        | Through::Seat(body)
        | Through::SeatElsewhere(body)
        | Through::Disclosure(_, body) => Some(body),
        _ => None,
    }
}

/// What the way is called, and what it asks for.
fn title(way: &Way<'_>) -> (String, String) {
    let body = body_of(way).map_or_else(String::new, |body| body.handle.to_string());
    let (title, needed) = match way.through {
        Through::Everybody => ("a credential".into(), "WHITE is for everyone with a credential in effect".into()),
        Through::OrganisationKind => {
            ("the organisation".into(), "the organisation is of a kind that GREEN is for".to_owned())
        }
        Through::AnySeat => ("a seat on any body".into(), "a seat on a governance body is in force".into()),
        Through::Lodgement => ("the lodgement".into(), "it is the lodger".into()),
        Through::Secretariat(_) => (format!("the Secretariat of {body}"), "it is of the Secretariat".into()),
        Through::NamedSecretariat(_) => {
            (format!("named Secretariat of {body}"), "it is of the Secretariat and named for RED".into())
        }
        Through::ChairsSeat(_) => (format!("the Chair of {body}"), "it is the Chair, or acts for the Chair".into()),
        Through::Seat(_) => {
            (format!("a seat on {body}"), format!("a seat on {body}, the originating body, is in force"))
        }
        Through::SeatElsewhere(_) => {
            (format!("a seat on {body}"), format!("a seat on {body}, which receives the version, is in force"))
        }
        Through::Grant(grant) => (grant.id.to_string(), format!("{} is in force", grant.id)),
        Through::Disclosure(grant, _) => (
            format!("a disclosure to {body}"),
            format!("{} discloses it to {body}, a seat on which is in force", grant.id),
        ),
        Through::Direction(direction) => {
            (direction.id.to_string(), format!("{} is open and addressed to the organisation", direction.id))
        }
        Through::AnyVersion => ("a version".into(), "one of its versions may be known of".into()),
    };
    (title, needed)
}

fn shortfall_words(standing: &Standing, way: &Way<'_>, shortfall: Shortfall) -> (String, Option<String>) {
    let who = standing.handle();
    let body = body_of(way).map_or_else(|| "the body".to_owned(), |body| body.handle.to_string());
    match shortfall {
        Shortfall::ForOthers => (others(standing, way), None),
        Shortfall::LodgedForTheBody => {
            (format!("{who} lodged as a member, and holds no seat of the body any more."), None)
        }
        Shortfall::NoSeat => (
            format!("No seat of {who} on {body} is in force."),
            Some(format!("{who} is appointed to a seat on {body} and confirms the membership.")),
        ),
        Shortfall::NotTheChair => (format!("{who} sits on {body}, but not as its Chair."), None),
        Shortfall::Representative => (
            format!("{who} sits on {body} as a non-voting representative."),
            (way.rule == Rule::Red1).then(|| format!("The Chair of {body} includes {who} for this version.")),
        ),
        Shortfall::NotNamed => (
            format!("{who} is of the Secretariat of {body}, but not named for its RED papers."),
            Some(format!("The Chair of {body} names {who} for its RED papers.")),
        ),
        Shortfall::NotTabled => (
            format!("The version was not tabled to {body}."),
            Some(format!("The Chair of the originating body tables it to {body}.")),
        ),
        Shortfall::Requested => (
            "The Secretariat asked for the grant, and the Chair has not directed it.".into(),
            Some("The Chair directs it.".into()),
        ),
        Shortfall::Revoked => ("The grant was revoked.".into(), Some("The Chair gives another one.".into())),
        Shortfall::Expired => ("The grant has expired.".into(), Some("The Chair gives another one.".into())),
        Shortfall::Strict => ("The version's marking forbids sharing within a party category.".into(), None),
    }
}

fn others(standing: &Standing, way: &Way<'_>) -> String {
    let (who, own) = (standing.handle(), &standing.person.organisation);
    match way.through {
        Through::OrganisationKind => {
            format!("{own}, the organisation of {who}, is of the kind {}.", standing.organisation.kind.as_str())
        }
        Through::Lodgement => format!("{who} did not lodge it."),
        Through::AnyVersion => format!("{who} may know of none of its versions."),
        _ => format!("{own}, the organisation of {who}, is not the Secretariat."),
    }
}
