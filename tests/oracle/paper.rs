//! The version that is read: its level, its lodger, what widens its audience.

use strongroom::pure::domain::classification::{Classification, Tlp};
use strongroom::pure::domain::decision::{Count, DecisionKind, DecisionOutcome, DecisionSubject};
use strongroom::pure::domain::event::Event;
use strongroom::pure::domain::facts::FactsExt;
use strongroom::pure::domain::grant::{GrantKind, Grantee};
use strongroom::pure::domain::id::{DecisionId, Digest, DirectionId, GrantId};
use strongroom::pure::domain::organisation::OrganisationKind;
use strongroom::pure::domain::version::{Content, Version};

use crate::history::{ELSEWHERE, EMPLOYER, History, LABEL, NEXT, NOW, POLICY, READER, handle, instant, label};
use crate::judge::{Attributes, flag, names, word};
use crate::reader::{BODIES, PMA};

/// Decisions about the document.
pub const OPEN_DECISION: u64 = 900;
pub const CLOSED_DECISION: u64 = 901;

/// The version.
#[derive(Clone, Debug)]
pub struct Paper {
    pub marking: Marking,
    pub withdrawn: bool,
    /// Marked as published while it was WHITE.
    pub published: bool,
    pub lodger: Lodger,
    pub widenings: Vec<Widening>,
}

/// How the version is classified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marking {
    Undetermined,
    Determined(Classification),
    /// AMBER, determined from TLP:AMBER+STRICT.
    Strict,
    /// AMBER, and it came as TLP:AMBER+STRICT.
    StrictAsItCame,
    /// AMBER, determined from TLP:AMBER although it came as TLP:AMBER+STRICT.
    StrictNoMore,
}

impl Marking {
    /// One for each level, and AMBER without sharing.
    pub const PRINCIPAL: [Self; 6] = [
        Self::Undetermined,
        Self::Determined(Classification::Red),
        Self::Determined(Classification::Amber),
        Self::Strict,
        Self::Determined(Classification::Green),
        Self::Determined(Classification::White),
    ];

    pub const ALL: [Self; 8] = [
        Self::Undetermined,
        Self::Determined(Classification::Red),
        Self::Determined(Classification::Amber),
        Self::Strict,
        Self::StrictAsItCame,
        Self::StrictNoMore,
        Self::Determined(Classification::Green),
        Self::Determined(Classification::White),
    ];

    /// The level determined, if it was.
    pub fn classification(self) -> Option<Classification> {
        match self {
            Self::Undetermined => None,
            Self::Determined(classification) => Some(classification),
            Self::Strict | Self::StrictAsItCame | Self::StrictNoMore => Some(Classification::Amber),
        }
    }

    /// Whether the level is RED, AMBER or undetermined, which may become either.
    pub fn is_confidential(self) -> bool {
        !matches!(self.classification(), Some(Classification::Green | Classification::White))
    }

    fn determined_from(self) -> Option<Tlp> {
        match self {
            Self::Strict => Some(Tlp::AmberStrict),
            Self::StrictNoMore => Some(Tlp::Amber),
            _ => None,
        }
    }
}

/// Who lodged the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lodger {
    SomebodyElse,
    ReaderForTheBody,
    ReaderUnderADirection,
    /// Under a direction, when the reader belonged to another organisation.
    ReaderUnderADirectionForAnother,
}

impl Lodger {
    pub const ALL: [Self; 4] = [
        Self::SomebodyElse,
        Self::ReaderForTheBody,
        Self::ReaderUnderADirection,
        Self::ReaderUnderADirectionForAnother,
    ];
}

/// Something that widens the version's audience, and whether it holds.
#[derive(Clone, Copy, Debug)]
pub struct Widening {
    pub what: What,
    pub state: State,
}

/// What widens the audience. Each that names somebody names the reader, or the reader's organisation, or (`false`) others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Tabled(&'static str),
    Disclosed(&'static str),
    NeedToKnow(bool),
    Shared(bool),
    Circulated(bool),
    CirculatedToKind(OrganisationKind),
    Included(bool),
    Invited(bool),
}

/// Where a widening stands. The first two hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Given,
    UntilTheNextInstant,
    Expired,
    Revoked,
    Requested,
    Directed,
}

impl State {
    pub const ALL: [Self; 6] =
        [Self::Given, Self::UntilTheNextInstant, Self::Expired, Self::Revoked, Self::Requested, Self::Directed];

    /// Whether a grant in that state holds now.
    pub fn holds(self) -> bool {
        matches!(self, Self::Given | Self::UntilTheNextInstant | Self::Directed)
    }
}

impl Paper {
    /// A version of that marking that somebody else lodged, with nothing else to say.
    pub fn marked(marking: Marking) -> Self {
        Self { marking, withdrawn: false, published: false, lodger: Lodger::SomebodyElse, widenings: Vec::new() }
    }

    pub fn widened(mut self, what: What, state: State) -> Self {
        self.widenings.push(Widening { what, state });
        self
    }

    /// For Cedar.
    pub fn attributes(&self) -> Attributes {
        let holding = |to: &dyn Fn(What) -> Option<&'static str>| -> Vec<&'static str> {
            let holding = self.widenings.iter().filter(|one| one.state.holds() || matches!(one.what, What::Tabled(_)));
            holding.filter_map(|one| to(one.what)).collect()
        };
        let person = |of_reader: bool| Some(if of_reader { READER } else { "somebody-else" });
        let organisation = |of_reader: bool| Some(if of_reader { EMPLOYER } else { ELSEWHERE });
        let (lodger, lodged_for) = match self.lodger {
            Lodger::SomebodyElse => ("somebody-else", ""),
            Lodger::ReaderForTheBody => (READER, ""),
            Lodger::ReaderUnderADirection => (READER, EMPLOYER),
            Lodger::ReaderUnderADirectionForAnother => (READER, ELSEWHERE),
        };
        vec![
            word("document", POLICY),
            word("body", PMA),
            word("level", self.marking.classification().map_or("undetermined", Classification::as_str)),
            flag("strict", matches!(self.marking, Marking::Strict | Marking::StrictAsItCame)),
            flag("withdrawn", self.withdrawn),
            word("lodger", lodger),
            word("lodgedFor", lodged_for),
            names("tabledTo", holding(&|what| if let What::Tabled(body) = what { Some(body) } else { None })),
            names("disclosedTo", holding(&|what| if let What::Disclosed(body) = what { Some(body) } else { None })),
            names("needToKnow", holding(&|what| if let What::NeedToKnow(own) = what { person(own) } else { None })),
            names("sharedWith", holding(&|what| if let What::Shared(own) = what { organisation(own) } else { None })),
            names(
                "circulatedTo",
                holding(&|what| if let What::Circulated(own) = what { organisation(own) } else { None }),
            ),
            names(
                "circulatedToKinds",
                holding(&|what| if let What::CirculatedToKind(kind) = what { Some(kind.as_str()) } else { None }),
            ),
            names(
                "representativesIncluded",
                holding(&|what| if let What::Included(own) = what { person(own) } else { None }),
            ),
            names("invited", holding(&|what| if let What::Invited(own) = what { person(own) } else { None })),
        ]
    }

    /// For the domain. A determination that was another one before shows that the last one holds.
    pub fn history(&self) -> History {
        let document = || handle(POLICY);
        let mut history = History::default().by(
            "somebody-else",
            ELSEWHERE,
            Event::DocumentRegistered {
                document: document(),
                title: "A policy".into(),
                document_kind: "certificate_policy".into(),
                set: handle("smki"),
                body: handle(PMA),
            },
        );
        for decision in [OPEN_DECISION, CLOSED_DECISION] {
            history = opened(history, DecisionId(decision));
        }
        let (person, organisation, direction) = match self.lodger {
            Lodger::SomebodyElse => ("somebody-else", ELSEWHERE, None),
            Lodger::ReaderForTheBody => (READER, EMPLOYER, None),
            Lodger::ReaderUnderADirection => (READER, EMPLOYER, Some(DirectionId(800))),
            Lodger::ReaderUnderADirectionForAnother => (READER, ELSEWHERE, Some(DirectionId(800))),
        };
        if let Some(direction) = direction {
            history = history.by(
                "somebody-else",
                ELSEWHERE,
                Event::DirectionIssued {
                    direction,
                    document: document(),
                    title: "Lodge the policy".into(),
                    requirement: "the text as approved".into(),
                    due: "2026-12-31".parse().unwrap(),
                    addressee: handle(organisation),
                    decision: None,
                },
            );
        }
        let strict = matches!(self.marking, Marking::StrictAsItCame | Marking::StrictNoMore);
        history = history.by(
            person,
            organisation,
            Event::VersionLodged {
                document: document(),
                label: label(LABEL),
                content: content(),
                proposed: Some(Classification::White),
                tlp: strict.then_some(Tlp::AmberStrict),
                incorporated: None,
                effective: "2026-01-01".parse().unwrap(),
                note: None,
                direction,
                signature: None,
            },
        );
        if let Some(level) = self.marking.classification() {
            let before = if level == Classification::White { Classification::Red } else { Classification::White };
            history = history.then(determined(before, None)).then(determined(level, self.marking.determined_from()));
        }
        if self.published {
            let (document, label) = (document(), label(LABEL));
            history = history.then(Event::VersionPublished { document, label, reason: "for everybody".into() });
        }
        let numbered = (100..).zip(&self.widenings);
        history = numbered.fold(history, |history, (number, widening)| widening.enter(history, GrantId(number)));
        if self.withdrawn {
            let (document, label) = (document(), label(LABEL));
            history = history.then(Event::VersionWithdrawn { document, label, reason: "in error".into() });
        }
        history
    }
}

impl Widening {
    fn enter(self, history: History, grant: GrantId) -> History {
        let (document, label) = (handle(POLICY), label(LABEL));
        let person = |own: bool| Grantee::Person(handle(if own { READER } else { "somebody-else" }));
        let organisation = |own: bool| Grantee::Organisation(handle(if own { EMPLOYER } else { ELSEWHERE }));
        let (grant_kind, to) = match self.what {
            What::Tabled(body) => return history.then(Event::VersionTabled { document, label, body: handle(body) }),
            What::Disclosed(body) => (GrantKind::RedDisclosure, Grantee::Body(handle(body))),
            What::NeedToKnow(own) => (GrantKind::NeedToKnow, person(own)),
            What::Shared(own) => (GrantKind::CategoryShare, organisation(own)),
            What::Circulated(own) => (GrantKind::WiderCirculation, organisation(own)),
            What::CirculatedToKind(kind) => (GrantKind::WiderCirculation, Grantee::OrganisationKind(kind)),
            What::Included(own) => (GrantKind::RedInclusion, person(own)),
            What::Invited(own) => (GrantKind::Invitation, person(own)),
        };
        let action = String::from("action 12");
        let valid_until = match self.state {
            State::UntilTheNextInstant => Some(instant(NEXT)),
            State::Expired => Some(instant(NOW)),
            _ => None,
        };
        let (of, at) = (document.clone(), label.clone());
        match self.state {
            State::Requested | State::Directed => {
                let requested = Event::GrantRequested { grant, document, label, grant_kind, to, action, valid_until };
                let history = history.then(requested);
                match self.state {
                    State::Directed => history.then(Event::GrantDirected { grant, document: of, label: at }),
                    _ => history,
                }
            }
            _ => {
                let decision = None;
                let given = Event::GrantGiven { grant, document, label, grant_kind, to, action, valid_until, decision };
                let history = history.then(given);
                match self.state {
                    State::Revoked => {
                        history.then(Event::GrantRevoked { grant, document: of, label: at, reason: None })
                    }
                    _ => history,
                }
            }
        }
    }
}

/// The version that a history made.
pub fn version_in(history: &History) -> std::sync::Arc<Version> {
    let lodged = history.label(&handle(POLICY), &label(LABEL)).unwrap().unwrap();
    history.version(&handle(POLICY), lodged).unwrap().unwrap()
}

/// What may be tabled, disclosed and granted so that it reaches the reader, one at a time.
pub fn widenings_that_reach() -> Vec<What> {
    let mut all: Vec<_> = BODIES.into_iter().flat_map(|body| [What::Tabled(body), What::Disclosed(body)]).collect();
    all.retain(|what| !matches!(what, What::Tabled(PMA) | What::Disclosed(PMA)));
    all.extend([
        What::NeedToKnow(true),
        What::Shared(true),
        What::Circulated(true),
        What::CirculatedToKind(OrganisationKind::Stakeholder),
        What::Included(true),
        What::Invited(true),
    ]);
    all
}

fn determined(classification: Classification, tlp: Option<Tlp>) -> Event {
    let (document, label) = (handle(POLICY), label(LABEL));
    Event::ClassificationDetermined { document, label, classification, reason: "as proposed".into(), tlp }
}

fn opened(history: History, decision: DecisionId) -> History {
    let history = history.by(
        "somebody-else",
        ELSEWHERE,
        Event::DecisionOpened {
            decision,
            body: handle(PMA),
            decision_kind: DecisionKind::Other,
            subject: DecisionSubject::Document { document: handle(POLICY) },
            question: "shall it be so?".into(),
            meeting: None,
            as_chair: true,
        },
    );
    if decision == DecisionId(OPEN_DECISION) {
        return history;
    }
    let (outcome, count) = (DecisionOutcome::Carried, Box::<Count>::default());
    history.by("somebody-else", ELSEWHERE, Event::DecisionClosed { decision, outcome, count })
}

fn content() -> Content {
    Content { blob: "0f".repeat(16), digest: Digest([9; 32]), size: 100, content_type: "text/plain".into() }
}
