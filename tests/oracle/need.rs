//! The need that the reader states.

use strongroom::pure::domain::classification::Classification;
use strongroom::pure::domain::command::NeedClaim;
use strongroom::pure::domain::event::Event;
use strongroom::pure::domain::id::{Label, NeedId};
use strongroom::pure::domain::need::NeedReason;

use crate::history::{ELSEWHERE, EMPLOYER, History, LABEL, NEXT, NOW, POLICY, READER, handle, instant, label};
use crate::judge::{Attributes, count, flag};
use crate::paper::Marking;

/// A need as it was stated or recorded.
#[derive(Clone, Debug)]
pub struct Need {
    pub words: Words,
    pub recorded: Recorded,
}

/// What a need says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// A purpose and a statement.
    Plain,
    /// With the reference of an action.
    Action,
    /// With the reference of a meeting, a decision or a direction.
    Meeting,
    Decision,
    Direction,
    /// The Secretariat's purpose, without a reference and with one of a meeting.
    SecretariatPlain,
    SecretariatMeeting,
    /// A purpose that is not coded; a statement without a word; a reference of blanks.
    UnknownPurpose,
    NoSubstance,
    BlankReference,
}

impl Words {
    pub const ALL: [Self; 10] = [
        Self::Plain,
        Self::Action,
        Self::Meeting,
        Self::Decision,
        Self::Direction,
        Self::SecretariatPlain,
        Self::SecretariatMeeting,
        Self::UnknownPurpose,
        Self::NoSubstance,
        Self::BlankReference,
    ];

    fn reason(self) -> NeedReason {
        let purpose = match self {
            Self::SecretariatPlain | Self::SecretariatMeeting => "secretariat_processing",
            Self::UnknownPurpose => "curiosity",
            _ => "meeting",
        };
        let statement =
            if self == Self::NoSubstance { "................" } else { "to prepare what is put to the vote" };
        let reference = match self {
            Self::Plain | Self::SecretariatPlain => None,
            Self::Action => Some("action 12"),
            Self::Decision => Some("decision 3"),
            Self::Direction => Some("Direction 7"),
            Self::BlankReference => Some("  "),
            _ => Some("meeting 2026-12"),
        };
        NeedReason { purpose: purpose.into(), statement: statement.into(), reference: reference.map(Into::into) }
    }

    fn has_reference(self) -> bool {
        !matches!(self, Self::Plain | Self::SecretariatPlain | Self::BlankReference)
    }

    fn serves_a_meeting(self) -> bool {
        self.has_reference() && self != Self::Action
    }

    fn is_the_secretariats(self) -> bool {
        matches!(self, Self::SecretariatPlain | Self::SecretariatMeeting)
    }
}

/// Where the need comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// None is stated.
    Nowhere,
    WithTheRead,
    /// So many hours ago, to hold until so many hours after; at the very instant that the latter is over it has ended.
    Before {
        hours: i64,
        /// The end that it was given.
        until: &'static str,
    },
    ForThisVersion,
    Withdrawn,
    OfSomebodyElse,
    ForAnotherVersion,
    ForAnotherDocument,
    /// The number of none.
    Never,
}

impl Recorded {
    /// Ages on both sides of every limit.
    pub const ALL: [Self; 17] = [
        Self::Nowhere,
        Self::WithTheRead,
        Self::Before { hours: 1, until: FAR },
        Self::Before { hours: 1, until: NOW },
        Self::Before { hours: 1, until: NEXT },
        Self::Before { hours: 23, until: FAR },
        Self::Before { hours: 24, until: FAR },
        Self::Before { hours: 719, until: FAR },
        Self::Before { hours: 720, until: FAR },
        Self::Before { hours: 2159, until: FAR },
        Self::Before { hours: 2160, until: FAR },
        Self::ForThisVersion,
        Self::Withdrawn,
        Self::OfSomebodyElse,
        Self::ForAnotherVersion,
        Self::ForAnotherDocument,
        Self::Never,
    ];

    fn age(self) -> i64 {
        match self {
            Self::Before { hours, .. } => hours,
            _ => 0,
        }
    }
}

/// An end that no need reaches by its own.
const FAR: &str = "2027-11-24T09:30:00Z";

impl Need {
    /// A need that is recorded with the read.
    pub fn stated(words: Words) -> Self {
        Self { words, recorded: Recorded::WithTheRead }
    }

    /// No need at all.
    pub fn none() -> Self {
        Self { words: Words::Plain, recorded: Recorded::Nowhere }
    }

    /// Every need: all words stated with the read, all ways of recording with words that suffice at every level.
    pub fn all() -> Vec<Self> {
        let stated = Words::ALL.into_iter().map(Self::stated);
        let recorded = |words| Recorded::ALL.into_iter().map(move |recorded| Self { words, recorded });
        stated.chain(recorded(Words::Meeting)).chain(recorded(Words::SecretariatMeeting)).collect()
    }

    /// Whether the words and the validity suffice at that level, in the words of READ-3 (RED-1's purpose apart).
    pub fn suffices(&self, marking: Marking, of_the_secretariat: bool) -> bool {
        let (hours, words) = match marking.classification() {
            None | Some(Classification::Red) => (24, self.words.serves_a_meeting()),
            Some(Classification::Amber) => (720, self.words.has_reference()),
            Some(Classification::Green | Classification::White) => (2160, true),
        };
        let in_words = words && !matches!(self.words, Words::UnknownPurpose | Words::NoSubstance);
        let own = !self.words.is_the_secretariats() || of_the_secretariat;
        in_words && own && self.is_own_for_this_version() && self.is_unexpired() && self.recorded.age() < hours
    }

    fn is_own_for_this_version(&self) -> bool {
        matches!(self.recorded, Recorded::WithTheRead | Recorded::Before { .. } | Recorded::ForThisVersion)
    }

    fn is_unexpired(&self) -> bool {
        !matches!(self.recorded, Recorded::Before { until: NOW, .. })
    }

    /// For Cedar.
    pub fn attributes(&self) -> Option<Attributes> {
        if self.recorded == Recorded::Nowhere {
            return None;
        }
        let withdrawn = self.recorded == Recorded::Withdrawn;
        Some(vec![
            flag("ownForThisVersion", withdrawn || self.is_own_for_this_version()),
            flag("withdrawn", withdrawn),
            flag("unexpired", self.is_unexpired()),
            count("age", self.recorded.age()),
            flag("codedPurpose", self.words != Words::UnknownPurpose),
            flag("purposeOfTheSecretariat", self.words.is_the_secretariats()),
            flag("statementOfSubstance", self.words != Words::NoSubstance),
            flag("reference", self.words.has_reference()),
            flag("servesMeetingDecisionOrDirection", self.words.serves_a_meeting()),
        ])
    }

    /// For the domain: what the read claims, where `number` is the number that the need has if it was recorded.
    pub fn claim(&self, number: u64) -> Option<NeedClaim> {
        match self.recorded {
            Recorded::Nowhere => None,
            Recorded::WithTheRead => Some(NeedClaim::Inline(self.words.reason())),
            _ => Some(NeedClaim::Recorded(NeedId(number))),
        }
    }

    fn enter(&self, history: History, number: u64) -> History {
        let need = NeedId(number);
        let (document, version, reason) = (handle(POLICY), None::<Label>, self.words.reason());
        let valid_until = instant(FAR);
        let base = || Event::NeedRecorded {
            need,
            document: document.clone(),
            version: version.clone(),
            reason: reason.clone(),
            valid_until,
        };
        let for_version = |text: &str| Event::NeedRecorded {
            need,
            document: document.clone(),
            version: Some(label(text)),
            reason: reason.clone(),
            valid_until,
        };
        match self.recorded {
            Recorded::Nowhere | Recorded::WithTheRead | Recorded::Never => history,
            Recorded::Before { hours, until } => {
                let at = instant(NOW).saturating_add(jiff::SignedDuration::from_hours(-hours)).to_string();
                let valid_until = instant(until);
                let event = Event::NeedRecorded { need, document: document.clone(), version, reason, valid_until };
                history.at(&at).by(READER, EMPLOYER, event)
            }
            Recorded::ForThisVersion => history.at(NOW).by(READER, EMPLOYER, for_version(LABEL)),
            Recorded::ForAnotherVersion => history.at(NOW).by(READER, EMPLOYER, for_version("0.9")),
            Recorded::OfSomebodyElse => history.at(NOW).by("somebody-else", ELSEWHERE, base()),
            Recorded::Withdrawn => {
                let history = history.at(NOW).by(READER, EMPLOYER, base());
                history.by(READER, EMPLOYER, Event::NeedWithdrawn { need })
            }
            Recorded::ForAnotherDocument => {
                let document = handle("another");
                let event = Event::NeedRecorded { need, document, version: None, reason: reason.clone(), valid_until };
                history.at(NOW).by(READER, EMPLOYER, event)
            }
        }
    }
}

/// The history of needs that were recorded, each under its place in `needs`.
pub fn recorded(needs: &[Need]) -> History {
    (0..).zip(needs).fold(History::default(), |history, (number, need)| need.enter(history, number))
}
