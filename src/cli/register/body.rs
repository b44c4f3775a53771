//! `strongroom register body`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use jiff::civil::Date;

use super::super::common::failure::Failure;
use super::super::common::output::{Output, or_dash, printable, record, table};
use super::super::common::pages;
use super::seat::{self, Role};
use super::yes_or_no;
use crate::edge::client::{Client, ClientError};
use crate::pure::wire::body::{
    Body as Listed, BodyDetail, NewBody, NewReview, NewRules, NewSeat, ReviewSubject, Words,
};
use crate::pure::wire::page::{MAX_LIMIT, Page, PageQuery};

/// What to do with bodies.
#[derive(Debug, Subcommand)]
pub(super) enum Body {
    /// List the bodies
    List,
    /// Show a body: seats, rules, reviews that are due, and the words that its members sign
    Show {
        /// The body's handle
        body: String,
    },
    /// Establish a body with its seats (the Secretariat)
    Add(Add),
    /// Record a review: of the membership by the Chair, of the Chair's appointment by the body above
    Review {
        /// The body's handle
        body: String,
        /// What was reviewed
        #[arg(long)]
        of: Of,
        /// What came out
        #[arg(long)]
        outcome: String,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// The handle, for example `working-group`
    body: String,
    /// The name as it is shown
    #[arg(long)]
    name: String,
    /// The body that it answers to [default: the authority]
    #[arg(long, value_name = "BODY")]
    answers_to: Option<String>,
    /// A file with the exact text of the agreement that its members sign
    #[arg(long, value_name = "FILE")]
    agreement: PathBuf,
    /// A file with the exact text by which its members confirm that they serve [default: the common one]
    #[arg(long, value_name = "FILE")]
    confirmation: Option<PathBuf>,
    /// A seat: its handle, its role (chair, voting or non_voting) and its constituency; once for each seat
    #[arg(long = "seat", value_name = "SEAT:ROLE:CONSTITUENCY", value_parser = new_seat)]
    seats: Vec<NewSeat>,
    #[command(flatten)]
    rules: Rules,
}

/// The rules that differ from the SMKI PMA's.
#[derive(Debug, clap::Args)]
struct Rules {
    /// The part of the appointed voting members that makes a quorum [default: 1/2]
    #[arg(long, value_name = "PART/WHOLE")]
    quorum: Option<String>,
    /// The part of the votes cast that must be exceeded [default: 1/2]
    #[arg(long, value_name = "PART/WHOLE")]
    majority: Option<String>,
    /// The longest term, in months [default: 24]
    #[arg(long, value_name = "MONTHS")]
    term_months: Option<u32>,
    /// Months from one review of the membership to the next [default: 24]
    #[arg(long, value_name = "MONTHS")]
    membership_review_months: Option<u32>,
    /// Months from one review of the Chair to the next [default: 36]
    #[arg(long, value_name = "MONTHS")]
    chair_review_months: Option<u32>,
    /// Days before the end of a term from which to warn [default: 90]
    #[arg(long, value_name = "DAYS")]
    term_warning_days: Option<u32>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Of {
    Membership,
    Chair,
}

impl Body {
    pub(super) fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self {
            Self::List => {
                let answer = pages::all(|after| client.bodies(&PageQuery { limit: Some(MAX_LIMIT), after }))?;
                output.answer(&answer, list_text);
            }
            Self::Show { body } => output.answer(&client.body(&body)?, text),
            Self::Add(new) => output.answer(&client.establish_body(&new.read()?)?, text),
            Self::Review { body, of, outcome } => {
                let of = match of {
                    Of::Membership => ReviewSubject::Membership,
                    Of::Chair => ReviewSubject::Chair,
                };
                output.answer(&client.record_review(&body, &NewReview { of, outcome })?, text);
            }
        }
        Ok(())
    }
}

impl Add {
    fn read(self) -> Result<NewBody, Failure> {
        let Rules { quorum, majority, term_months, membership_review_months, chair_review_months, term_warning_days } =
            self.rules;
        let rules = NewRules {
            quorum,
            majority,
            term_months,
            membership_review_months,
            chair_review_months,
            term_warning_days,
            ..NewRules::default()
        };
        Ok(NewBody {
            body: self.body,
            name: self.name,
            answers_to: self.answers_to,
            agreement: words(&self.agreement)?,
            confirmation: self.confirmation.as_deref().map(words).transpose()?,
            rules: Some(rules),
            seats: self.seats,
        })
    }
}

fn words(file: &Path) -> Result<String, ClientError> {
    fs::read_to_string(file).map_err(|source| ClientError::File { action: "Reading", path: file.to_owned(), source })
}

fn new_seat(text: &str) -> Result<NewSeat, String> {
    let parts: Vec<_> = text.splitn(3, ':').collect();
    let [seat, role, constituency] = parts[..] else {
        return Err("write a seat as SEAT:ROLE:CONSTITUENCY, for example member:voting:large_supplier".into());
    };
    let role =
        Role::from_str(role, false).map_err(|_| "the role of a seat is chair, voting or non_voting".to_owned())?;
    Ok(NewSeat { seat: seat.into(), role: role.into(), constituency: constituency.into() })
}

fn text(detail: &BodyDetail) -> String {
    let BodyDetail { body, rules, .. } = detail;
    let mut parts = vec![record([
        ("body", body.handle.clone()),
        ("name", body.name.clone()),
        ("secretariat", or_dash(body.secretariat.as_ref().map(|organisation| &organisation.handle))),
        ("answers to", or_dash(body.answers_to.as_ref())),
        ("receives AMBER", yes_or_no(body.receives_amber)),
        ("quorum", with_chair(&rules.quorum, rules.quorum_needs_chair)),
        ("majority", format!("over {}", rules.majority)),
        ("longest term", format!("{} months", rules.term_months)),
        ("membership review", due(detail.next_membership_review, detail.membership_review_overdue)),
        ("Chair's review", due(detail.next_chair_review, detail.chair_review_overdue)),
    ])];
    if !detail.seats.is_empty() {
        parts.push(seat::rows(&detail.seats));
    }
    if !detail.reviews.is_empty() {
        let rows = detail.reviews.iter().map(|review| {
            [review.of.to_string(), review.at.to_string(), or_dash(review.outcome.as_ref()), review.entry.to_string()]
        });
        parts.push(table(["REVIEW OF", "AT", "OUTCOME", "ENTRY"], rows));
    }
    parts.push(words_text("Agreement", &detail.agreement));
    parts.push(words_text("Confirmation", &detail.confirmation));
    parts.join("\n\n")
}

fn with_chair(quorum: &str, needs_chair: bool) -> String {
    if needs_chair { format!("{quorum}, with the Chair") } else { quorum.to_owned() }
}

fn due(day: Option<Date>, overdue: bool) -> String {
    if overdue { format!("{} (overdue)", or_dash(day)) } else { or_dash(day) }
}

/// What is signed, line by line: it must not steer the terminal either.
fn words_text(name: &str, words: &Words) -> String {
    let heading = format!("{name} (SHA-256 {})", words.text_digest);
    match &words.words {
        Some(text) => format!("{heading}\n{}", text.trim_end().lines().map(printable).collect::<Vec<_>>().join("\n")),
        None => heading,
    }
}

fn list_text(page: &Page<Listed>) -> String {
    if page.items.is_empty() {
        return "No bodies that you may know of.".to_owned();
    }
    let rows = page.items.iter().map(|body| {
        let secretariat = or_dash(body.secretariat.as_ref().map(|organisation| &organisation.handle));
        [body.handle.clone(), body.name.clone(), secretariat, or_dash(body.answers_to.as_ref())]
    });
    table(["BODY", "NAME", "SECRETARIAT", "ANSWERS TO"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pure::wire::body::SeatRole;

    #[test]
    fn a_seat_is_three_parts() {
        let seat = new_seat("member:non_voting:makers: large and small").unwrap();
        assert_eq!((seat.role, seat.constituency.as_str()), (SeatRole::NonVoting, "makers: large and small"));
        assert!(new_seat("member:voting").unwrap_err().contains("SEAT:ROLE:CONSTITUENCY"));
        assert!(new_seat("member:king:makers").unwrap_err().contains("non_voting"));
    }

    #[test]
    fn a_body_is_shown_with_what_is_due_and_what_is_signed() {
        let detail = serde_json::from_value(serde_json::json!({
            "handle": "pma", "name": "The authority", "secretariat": null, "answers_to": "panel",
            "receives_amber": false,
            "seats": [{"body": "pma", "seat": "chair", "role": "chair", "constituency": "independent",
                       "holder": {"handle": "chair", "name": "The Chair"}}],
            "rules": {"quorum": "1/2", "quorum_needs_chair": true, "majority": "1/2", "chair_casts_only": true,
                      "term_months": 24, "membership_review_months": 24, "chair_review_months": 36,
                      "term_warning_days": 90},
            "agreement": {"text_digest": "44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38",
                          "words": "I shall keep\u{1b}[2J\nit to myself.\n"},
            "confirmation": {"text_digest": "44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38",
                             "words": null},
            "reviews": [{"of": "membership", "at": "2025-06-01T00:00:00Z", "outcome": "complete", "entry": 7}],
            "next_membership_review": "2027-06-01", "membership_review_overdue": false,
            "next_chair_review": "2026-06-01", "chair_review_overdue": true,
        }))
        .unwrap();
        insta::assert_snapshot!(text(&detail));
    }
}
