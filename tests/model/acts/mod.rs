//! What people try: from a few small numbers to a command about what there is.

pub mod documents;
mod measures;
mod register;

use strongroom::pure::domain::classification::Classification;
use strongroom::pure::domain::command::Command;
use strongroom::pure::domain::id::{CredentialId, Digest, Handle, Label};
use strongroom::pure::domain::need::NeedReason;

use crate::reference::{Reference, Verdict};

/// One attempt: who, what kind, and numbers that choose among what there is.
#[derive(Clone, Copy, Debug)]
pub struct Deed {
    pub who: u8,
    /// Whether the next one who may do it does it, if anybody may.
    pub fitting: bool,
    pub kind: u16,
    pub a: u8,
    pub b: u8,
    pub c: u8,
}

/// An attempt of a kind; `None` where there is nothing yet that it could be about.
type Attempt = fn(&Choice<'_>) -> Option<Command>;

/// The kinds of commands that a campaign is to get done at least once.
pub const DONE: [&str; 26] = [
    "read_content",
    "record_need",
    "withdraw_need",
    "read_records",
    "register_document",
    "lodge_version",
    "determine_classification",
    "publish_version",
    "issue_direction",
    "settle_direction",
    "give_grant",
    "direct_grant",
    "revoke_grant",
    "register_person",
    "propose_appointment",
    "approve_appointment",
    "propose_alternate",
    "approve_alternate",
    "bind_credential",
    "confirm_credential",
    "sign_agreement",
    "open_decision",
    "cast_vote",
    "close_decision",
    "record_breach",
    "impose_suspension",
];

fn attempts() -> impl Iterator<Item = Attempt> {
    [documents::TRIED, register::TRIED, measures::TRIED].into_iter().flatten().copied()
}

impl Deed {
    /// The command, and under which credential it is given; `None` where there is nothing yet that it could be about.
    pub fn command(self, reference: &Reference) -> Option<(CredentialId, Command)> {
        let people: Vec<_> = reference.people.keys().cloned().collect();
        let first = usize::from(self.who) % people.len();
        let mut tried = None;
        for person in people.iter().cycle().skip(first).take(people.len()) {
            let by_this_one = self.command_of(reference, person);
            let permitted = by_this_one.as_ref().is_some_and(|(credential, command)| {
                let verdict = reference.judge(*credential, command);
                matches!(verdict, Verdict::Done | Verdict::Shown | Verdict::Free)
            });
            if permitted || !self.fitting {
                return by_this_one;
            }
            tried = tried.or(by_this_one);
        }
        tried
    }

    fn command_of(self, reference: &Reference, person: &Handle) -> Option<(CredentialId, Command)> {
        let choice = Choice { reference, deed: self, person };
        let attempt = attempts().nth(usize::from(self.kind) % attempts().count())?;
        let command = attempt(&choice)?;
        let own = reference.credentials.iter().filter(|(_, one)| one.person == *person).map(|(id, _)| *id);
        // Mostly the first one, and now and then one that was bound since.
        let later = (self.c.is_multiple_of(4)).then(|| pick(own.clone(), self.b)).flatten();
        Some((later.or_else(|| own.clone().find(|id| *id == first_credential(person)))?, command))
    }
}

/// The credential with which a person begins.
pub fn first_credential(person: &Handle) -> CredentialId {
    CredentialId(Digest::of(person.as_str().as_bytes()).0)
}

struct Choice<'a> {
    reference: &'a Reference,
    deed: Deed,
    person: &'a Handle,
}

impl Choice<'_> {
    fn document(&self) -> Option<Handle> {
        pick(self.reference.documents.keys().cloned(), self.deed.a)
    }

    fn version(&self) -> Option<(Handle, Label)> {
        pick(self.reference.versions.keys().cloned(), self.deed.a)
    }

    /// The PMA mostly, where most of the people sit.
    fn body(&self) -> Handle {
        if self.deed.b.is_multiple_of(3) {
            pick(self.reference.bodies.keys().cloned(), self.deed.a).unwrap()
        } else {
            handle("pma")
        }
    }

    fn someone(&self, by: u8) -> Handle {
        pick(self.reference.people.keys().cloned(), by).unwrap()
    }

    fn organisation(&self, by: u8) -> Handle {
        pick(self.reference.organisations.keys().cloned(), by).unwrap()
    }

    fn seat(&self, body: &Handle) -> Option<Handle> {
        pick(self.reference.bodies[body].seats.iter().map(|(seat, _, _)| seat.clone()), self.deed.c)
    }

    fn level(&self) -> Classification {
        pick(Classification::ALL.into_iter(), self.deed.b).unwrap()
    }

    /// Words that suffice at every level, for AMBER and below, for WHITE and GREEN, or for the Secretariat.
    fn reason(&self) -> NeedReason {
        let (purpose, reference) = match self.deed.c % 8 {
            0 => ("operate", None),
            1 => ("modification", Some("modification 7")),
            2 => ("secretariat_processing", Some("meeting 42")),
            _ => ("meeting", Some("meeting 42")),
        };
        let statement = "preparing what the committee asked for".into();
        NeedReason { purpose: purpose.into(), statement, reference: reference.map(Into::into) }
    }

    fn hours(&self, number: u8) -> strongroom::pure::domain::time::Instant {
        self.reference.after_hours(1 + i64::from(number) * 6)
    }
}

fn reason() -> String {
    "as the committee resolved".into()
}

/// One of `choices`, and another for another number.
fn pick<T>(choices: impl Iterator<Item = T> + Clone, number: u8) -> Option<T> {
    let count = choices.clone().count();
    (count > 0).then(|| choices.into_iter().nth(usize::from(number) % count)).flatten()
}

/// A handle of the test's own.
pub fn handle(text: &str) -> Handle {
    Handle::parse(text).unwrap()
}
