//! Opening a decision: who may put what to a body (GOV-4, RED-2, RED-3, EMERGENCY-1).

use std::sync::Arc;

use super::super::super::ballot::is_suspended_themself;
use super::super::super::body::Body;
use super::super::super::classification::{Classification, Level};
use super::super::super::command::{AskedSubject, Selector};
use super::super::super::decision::{DecisionKind, DecisionSubject, Meeting};
use super::super::super::document::Document;
use super::super::super::event::{Event, Suspended};
use super::super::super::facts::FactsExt;
use super::super::super::id::{DecisionId, Handle, SuspensionId};
use super::super::super::may::{Denied, may_know_of_version};
use super::super::super::refusal::{Refusal, RefusalCode};
use super::super::super::refusals::{agreement_required, conflict, invalid, not_permitted, withdrawn};
use super::super::super::register::speaks_above;
use super::super::super::rule::Rule;
use super::super::super::version::Version;
use super::super::{Context, Decision, MAX_REASON, MAX_TITLE, check_text, enter, grounds};

/// A question is put to a body.
pub(super) fn open(
    context: &Context<'_>,
    body: &Handle,
    kind: DecisionKind,
    subject: &AskedSubject,
    question: &str,
    meeting: Option<&Meeting>,
) -> Result<Decision, Denied> {
    let Context { facts, standing, at } = context;
    let body = known_body(context, body)?;
    let named = Named::of(context, subject)?;
    let membership = standing.membership(*facts, &body)?;
    let chairs = standing.chairs(*facts, &body)?;
    let secretariat = standing.is_secretariat_of(&body);
    if standing.person.system || !secretariat && !membership.is_some_and(|membership| membership.is_voting()) {
        return Err(not_permitted(
            Rule::Gov4,
            "A question is put to a body by its Chair, a voting member, a member's alternate or its Secretariat.",
            "Ask one of them.",
        )
        .into());
    }
    check_text(Rule::Gov4, "question", question, MAX_REASON)?;
    if let Some(meeting) = meeting {
        check_meeting(context, meeting, chairs || secretariat)?;
    }
    let subject = named.fits(context, &body, kind)?;
    if named.is_red() {
        if !standing.has_signed(&body) {
            return Err(agreement_required(Rule::Red3).into());
        }
        check_signed(context, &body, meeting)?;
    }
    let event = Event::DecisionOpened {
        decision: DecisionId(at.index),
        body: body.handle.clone(),
        decision_kind: kind,
        subject,
        question: question.into(),
        meeting: meeting.cloned(),
        as_chair: chairs,
    };
    let basis = grounds([("body", body.handle.to_string())]);
    Ok(enter(vec![event], [Rule::Read1, rule_of(kind)], basis))
}

/// The body, if the person may know of it: as the GREEN audience does (GREEN-1).
fn known_body(context: &Context<'_>, handle: &Handle) -> Result<Arc<Body>, Denied> {
    let standing = context.standing;
    let sees = standing.organisation.kind.is_in_green_audience() || standing.sits_on_any_body(context.facts)?;
    context.facts.body(handle)?.filter(|_| sees).ok_or(Denied::Hidden)
}

/// What a subject names, looked up: the person may know of all of it.
enum Named {
    Version(Arc<Document>, Arc<Version>, Option<Handle>),
    Document(Arc<Document>),
    Suspension { id: SuspensionId, lifted: bool },
    Participant { organisation: Option<Handle>, services: String },
    Matter(String),
}

impl Named {
    fn of(context: &Context<'_>, subject: &AskedSubject) -> Result<Self, Denied> {
        Ok(match subject {
            AskedSubject::Version { document, version, to } => {
                let document = context.known_document(document)?;
                let selector = Selector::Label(version.clone());
                let found = may_know_of_version(context.facts, context.standing, &document, &selector)?;
                if let Some(to) = to {
                    known_body(context, to)?;
                }
                Self::Version(document, found.version, to.clone())
            }
            AskedSubject::Document { document } => Self::Document(context.known_document(document)?),
            AskedSubject::Suspension { suspension } => known_suspension(context, *suspension)?,
            AskedSubject::Participant { organisation, services } => {
                if let Some(organisation) = organisation {
                    context.facts.organisation(organisation)?.ok_or(Denied::Hidden)?;
                }
                Self::Participant { organisation: organisation.clone(), services: services.clone() }
            }
            AskedSubject::Matter { matter } => Self::Matter(matter.clone()),
        })
    }

    /// Whether it is a paper that RED-3 speaks of. One whose level is undetermined is treated as if it were RED.
    fn is_red(&self) -> bool {
        match self {
            Self::Version(_, version, _) => {
                matches!(version.level(), Level::Undetermined | Level::Determined(Classification::Red))
            }
            _ => false,
        }
    }

    /// The subject, if it is one for a decision of that kind by that body.
    fn fits(&self, context: &Context<'_>, body: &Body, kind: DecisionKind) -> Result<DecisionSubject, Denied> {
        use DecisionKind as Kind;
        let authority = || is_authority(context, body, kind);
        match (kind, self) {
            (Kind::ApproveCps, Self::Version(document, version, None)) => {
                check_type(document, CPS, kind)?;
                if document.set.as_str() == DCCKI {
                    return Err(unfit(
                        kind,
                        "a statement of the DCCKI set is reviewed: open a decision of kind review_cps",
                    ));
                }
                of_originating_body(body, document, kind)?;
                self.version_subject(version)
            }
            (Kind::ReviewCps, Self::Version(document, version, None)) => {
                check_type(document, CPS, kind)?;
                if document.set.as_str() != DCCKI {
                    return Err(unfit(
                        kind,
                        "only a statement of the DCCKI set is: open a decision of kind approve_cps",
                    ));
                }
                of_originating_body(body, document, kind)?;
                self.version_subject(version)
            }
            (Kind::PublishGuidance, Self::Version(document, version, None)) => {
                check_type(document, GUIDANCE, kind)?;
                of_originating_body(body, document, kind)?;
                self.version_subject(version)
            }
            (Kind::DiscloseRed, Self::Version(document, version, Some(to))) => {
                of_originating_body(body, document, kind)?;
                if *to == body.handle {
                    return Err(unfit(kind, "the body to which it is disclosed is another one"));
                }
                if version.level() != Level::Determined(Classification::Red) {
                    return Err(unfit(kind, "the version is not determined RED"));
                }
                self.version_subject(version)
            }
            (Kind::DirectDcc, Self::Document(document)) => {
                of_originating_body(body, document, kind)?;
                Ok(DecisionSubject::Document { document: document.slug.clone() })
            }
            (Kind::LiftSuspension, Self::Suspension { id, lifted }) => {
                authority()?;
                if *lifted {
                    let detail = "The suspension was lifted already.";
                    return Err(conflict(Rule::Emergency1, detail, "Nothing is left to decide.").into());
                }
                Ok(DecisionSubject::Suspension { suspension: *id })
            }
            (Kind::InstructDccSuspension, Self::Participant { organisation, services }) => {
                authority()?;
                check_text(rule_of(kind), "services", services, MAX_REASON)?;
                let (organisation, services) = (organisation.clone(), services.clone());
                Ok(DecisionSubject::Participant { organisation, services })
            }
            (Kind::UseRecoveryKey | Kind::Modification | Kind::AdvisePanel | Kind::Other, other) => {
                if kind == Kind::UseRecoveryKey {
                    authority()?;
                }
                other.any_matter(kind)
            }
            _ => Err(unfit(kind, subject_of(kind))),
        }
    }

    fn any_matter(&self, kind: DecisionKind) -> Result<DecisionSubject, Denied> {
        match self {
            Self::Version(_, version, None) => self.version_subject(version),
            Self::Document(document) => Ok(DecisionSubject::Document { document: document.slug.clone() }),
            Self::Matter(matter) => {
                check_text(rule_of(kind), "matter", matter, MAX_REASON)?;
                Ok(DecisionSubject::Matter { matter: matter.clone() })
            }
            _ => Err(unfit(kind, subject_of(kind))),
        }
    }

    fn version_subject(&self, version: &Version) -> Result<DecisionSubject, Denied> {
        if version.withdrawn.is_some() {
            return Err(withdrawn().into());
        }
        let to = if let Self::Version(_, _, to) = self { to.clone() } else { None };
        let (document, label, digest) = (version.document.clone(), version.label.clone(), version.content.digest);
        Ok(DecisionSubject::Version { document, label, digest, to })
    }
}

/// A suspension, for those who see what the repository has suspended, and for the person concerned, who leaves the
/// question to others (SELF-1).
fn known_suspension(context: &Context<'_>, id: SuspensionId) -> Result<Named, Denied> {
    let (whom, suspension) = super::suspension(context, id)?.ok_or(Denied::Hidden)?;
    if is_suspended_themself(&context.standing.person, &whom) {
        return Err(not_permitted(
            Rule::Self1,
            "Nobody puts to the vote that their own suspension be lifted.",
            "Appeal against the suspension, or ask the Chair or the Secretariat to put it to the vote.",
        )
        .into());
    }
    let (facts, standing, authority) = (context.facts, context.standing, context.authority()?);
    // One of everybody concerns everybody, so that the members need not wait for the Chair who imposed it.
    let sees = whom == Suspended::Service
        || standing.is_secretariat_of(&authority)
        || standing.chairs(facts, &authority)?
        || speaks_above(facts, standing, &authority)?;
    if sees { Ok(Named::Suspension { id, lifted: suspension.lifted }) } else { Err(Denied::Hidden) }
}

fn check_meeting(context: &Context<'_>, meeting: &Meeting, may_call_exceptional: bool) -> Result<(), Denied> {
    check_text(Rule::Gov4, "meeting's reference", &meeting.reference, MAX_TITLE)?;
    if meeting.exceptional && !may_call_exceptional {
        return Err(not_permitted(
            Rule::Gov2,
            "An exceptional meeting, which is quorate whoever attends, is the Chair's or the Secretariat's to call.",
            "Name an ordinary meeting, or ask the Chair or the Secretariat to put the question.",
        )
        .into());
    }
    if meeting.present.len() > MOST_PRESENT {
        let detail = "The meeting names more people than can be present.";
        return Err(invalid(Rule::Gov4, detail, format!("Name at most {MOST_PRESENT}.")).into());
    }
    for person in &meeting.present {
        if context.facts.person(person)?.is_none_or(|person| !person.active) {
            return Err(invalid(
                Rule::Gov4,
                format!("Nobody called {person} is in the register, so that they cannot be present."),
                "Name people of the register by their handles.",
            )
            .into());
        }
    }
    Ok(())
}

/// RED-3: everyone present has signed.
fn check_signed(context: &Context<'_>, body: &Body, meeting: Option<&Meeting>) -> Result<(), Denied> {
    for handle in meeting.into_iter().flat_map(|meeting| &meeting.present) {
        let person = context.facts.person(handle)?;
        let signed = person.is_some_and(|person| {
            let mut agreements = person.agreements.iter();
            agreements.any(|one| one.body == body.handle && one.text == body.agreement_text)
        });
        if !signed {
            return Err(Refusal {
                code: RefusalCode::AgreementRequired,
                rule: Rule::Red3,
                detail: format!(
                    "A RED item waits until everyone present has signed the Confidentiality and Disclosure Agreement, and \
                     {handle} has not."
                ),
                satisfy: "Open the item once they have signed, or without them.".into(),
            }
            .into());
        }
    }
    Ok(())
}

fn check_type(document: &Document, wanted: &str, kind: DecisionKind) -> Result<(), Denied> {
    if document.kind == wanted { Ok(()) } else { Err(unfit(kind, subject_of(kind))) }
}

/// What is said of a version, or required of its operator, is the originating body's to say.
fn of_originating_body(body: &Body, document: &Document, kind: DecisionKind) -> Result<(), Denied> {
    if document.body == body.handle {
        return Ok(());
    }
    Err(unfit(kind, "the document is another body's: put the question to its originating body"))
}

fn is_authority(context: &Context<'_>, body: &Body, kind: DecisionKind) -> Result<(), Denied> {
    if context.authority()?.handle == body.handle {
        return Ok(());
    }
    Err(unfit(kind, "this is for the body that governs the PKI: put the question to it"))
}

fn unfit(kind: DecisionKind, because: &str) -> Denied {
    let detail = format!("The subject does not fit a decision of kind {}: {because}.", kind.as_str());
    invalid(rule_of(kind), detail, format!("Give what the kind is for: {}.", subject_of(kind))).into()
}

/// The subject that a decision of the kind has.
fn subject_of(kind: DecisionKind) -> &'static str {
    match kind {
        DecisionKind::ApproveCps => "a version of a certification_practice_statement outside of the DCCKI set",
        DecisionKind::ReviewCps => "a version of a certification_practice_statement of the DCCKI set",
        DecisionKind::DiscloseRed => "a RED version, and in 'to' the body to which it is disclosed",
        DecisionKind::DirectDcc => "a document, without a version",
        DecisionKind::InstructDccSuspension => "an organisation, or the service, and the services concerned",
        DecisionKind::LiftSuspension => "a suspension that holds",
        DecisionKind::PublishGuidance => "a version of a document of type guidance",
        DecisionKind::Modification | DecisionKind::UseRecoveryKey | DecisionKind::AdvisePanel | DecisionKind::Other => {
            "a matter in words, a document or a version"
        }
    }
}

/// The rule that a decision of the kind serves.
fn rule_of(kind: DecisionKind) -> Rule {
    match kind {
        DecisionKind::DiscloseRed => Rule::Red2,
        DecisionKind::DirectDcc => Rule::Lodge2,
        DecisionKind::InstructDccSuspension | DecisionKind::LiftSuspension => Rule::Emergency1,
        _ => Rule::Gov4,
    }
}

/// The type of Certification Practice Statements (SEC L1.17a and L1.17g).
const CPS: &str = "certification_practice_statement";

/// The type of the Recovery Key Guidance (SEC L10.13).
const GUIDANCE: &str = "guidance";

/// The document set of the DCCKI (SEC L1.17g).
const DCCKI: &str = "dccki";

/// The most people that a meeting names beside those who vote.
const MOST_PRESENT: usize = 100;
