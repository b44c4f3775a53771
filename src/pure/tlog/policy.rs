//! Policies: which logs are believed, and which witnesses must have cosigned a checkpoint (C2SP tlog-policy).
//!
//! A group names only what lines above it defined, so that no definition can lead back to itself; and each name is a
//! member of one group at most, so that a witness counts once.

use std::collections::{HashMap, HashSet};

use super::note::{Note, UnverifiedNote};
use super::verifier_key::{InvalidVerifierKey, VerifierKey};

/// The longest policy that is parsed, in bytes.
pub const MAX_POLICY_LEN: usize = 1_000_000;

/// The most logs, witnesses and groups of a policy, together; the specification asks for at least 32 of each.
pub const MAX_DEFINITIONS: usize = 1000;

/// A policy: the logs, the witnesses, and the rule that says when enough of them cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    quorum: Option<Member>,
}

/// A log that a policy believes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyLog {
    /// Its key, named as its origin.
    pub key: VerifierKey,
    /// Where it is, if the policy says so.
    pub url: Option<String>,
}

/// A witness of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyWitness {
    /// Its name within the policy.
    pub name: String,
    /// Its key.
    pub key: VerifierKey,
    /// Its submission prefix (C2SP tlog-witness), if the policy says so.
    pub url: Option<String>,
}

/// A group that witnesses a checkpoint when at least `threshold` of its members do.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    threshold: usize,
    members: Vec<Member>,
}

/// A witness or a group, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    Witness(usize),
    Group(usize),
}

impl Policy {
    /// Parses a policy file.
    pub fn parse(bytes: &[u8]) -> Result<Self, InvalidPolicy> {
        if bytes.len() > MAX_POLICY_LEN {
            return Err(InvalidPolicy { line: 1, fault: PolicyFault::TooLong });
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            InvalidPolicy { line, fault: PolicyFault::Characters }
        })?;
        let mut reading = Reading::default();
        let mut last = 1;
        for (number, line) in (1..).zip(text.split('\n')) {
            reading.take(line).map_err(|fault| InvalidPolicy { line: number, fault })?;
            last = number;
        }
        let quorum = reading.quorum.ok_or(InvalidPolicy { line: last, fault: PolicyFault::NoQuorum })?;
        Ok(Self { quorum, ..reading.policy })
    }

    /// The logs that are believed; none where they are known from elsewhere.
    pub fn logs(&self) -> &[PolicyLog] {
        &self.logs
    }

    /// The witnesses, in the order of the file.
    pub fn witnesses(&self) -> &[PolicyWitness] {
        &self.witnesses
    }

    /// Whether any witness must have cosigned.
    pub fn asks_for_witnesses(&self) -> bool {
        self.quorum.is_some()
    }

    /// The keys of the witnesses that cosigned a note, in the policy's order. A bad signature under the key of one of
    /// them rejects the note; those by others are passed over.
    pub fn cosigned(&self, note: &Note) -> Result<Vec<&VerifierKey>, UnverifiedNote> {
        let keys: Vec<_> = self.witnesses.iter().map(|witness| witness.key.clone()).collect();
        let cosigned = match note.verify(&keys) {
            Ok(cosigned) => cosigned,
            Err(UnverifiedNote::UnknownKeys) => Vec::new(),
            Err(bad @ UnverifiedNote::BadSignature { .. }) => return Err(bad),
        };
        Ok(self.witnesses.iter().map(|witness| &witness.key).filter(|key| cosigned.contains(key)).collect())
    }

    /// Whether the witnesses with the keys `cosigned` are enough.
    pub fn is_met_by(&self, cosigned: &[&VerifierKey]) -> bool {
        let Some(quorum) = self.quorum else { return true };
        let witnessed: Vec<_> = self.witnesses.iter().map(|witness| cosigned.contains(&&witness.key)).collect();
        let mut groups: Vec<bool> = Vec::with_capacity(self.groups.len());
        // Groups stand in the order of their lines, so that what a group names is known before it.
        for group in &self.groups {
            let met = group.members.iter().filter(|member| member.is_met(&witnessed, &groups)).count();
            groups.push(met >= group.threshold);
        }
        quorum.is_met(&witnessed, &groups)
    }
}

impl Member {
    fn is_met(self, witnessed: &[bool], groups: &[bool]) -> bool {
        match self {
            Self::Witness(place) => witnessed.get(place),
            Self::Group(place) => groups.get(place),
        }
        .copied()
        .unwrap_or(false)
    }
}

/// A policy as far as it is read.
#[derive(Default)]
struct Reading {
    policy: Policy,
    names: HashMap<String, Member>,
    /// The names that are members of a group.
    members: HashSet<String>,
    /// `Some(None)` once the file says that none is asked for.
    quorum: Option<Option<Member>>,
}

impl Default for Policy {
    /// No log, no witness, and none is asked for.
    fn default() -> Self {
        Self { logs: Vec::new(), witnesses: Vec::new(), groups: Vec::new(), quorum: None }
    }
}

impl Reading {
    fn take(&mut self, line: &str) -> Result<(), PolicyFault> {
        if line.contains(|c: char| (c < ' ' && c != '\t') || c == '\u{7f}') {
            return Err(PolicyFault::Characters);
        }
        let items: Vec<_> = line.split([' ', '\t']).filter(|item| !item.is_empty()).collect();
        match items.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with('#') => Ok(()),
            ["log", key] => self.log(key, None),
            ["log", key, url] => self.log(key, Some(url)),
            ["witness", name, key] => self.witness(name, key, None),
            ["witness", name, key, url] => self.witness(name, key, Some(url)),
            ["group", name, threshold, members @ ..] => self.group(name, threshold, members),
            ["quorum", name] => self.quorum(name),
            _ => Err(PolicyFault::Form),
        }
    }

    fn log(&mut self, key: &str, url: Option<&&str>) -> Result<(), PolicyFault> {
        self.make_room()?;
        let key = VerifierKey::parse(key)?;
        if !key.key_type().is_for_logs() {
            return Err(PolicyFault::KeyType);
        }
        self.check_is_new(&key)?;
        self.policy.logs.push(PolicyLog { key, url: url.map(|url| (*url).to_owned()) });
        Ok(())
    }

    fn witness(&mut self, name: &str, key: &str, url: Option<&&str>) -> Result<(), PolicyFault> {
        self.define(name, Member::Witness(self.policy.witnesses.len()))?;
        let key = VerifierKey::parse(key)?;
        if !key.key_type().is_for_witnesses() {
            return Err(PolicyFault::KeyType);
        }
        self.check_is_new(&key)?;
        let url = url.map(|url| (*url).to_owned());
        self.policy.witnesses.push(PolicyWitness { name: name.to_owned(), key, url });
        Ok(())
    }

    fn group(&mut self, name: &str, threshold: &str, members: &[&str]) -> Result<(), PolicyFault> {
        let mut places = Vec::with_capacity(members.len());
        for member in members {
            places.push(self.find(member)?);
            if !self.members.insert((*member).to_owned()) {
                return Err(PolicyFault::CountedTwice((*member).to_owned()));
            }
        }
        let threshold = match threshold {
            "all" => Some(places.len()),
            "any" => Some(1),
            number => super::text::decimal(number).and_then(|number| usize::try_from(number).ok()),
        };
        let threshold = threshold.filter(|threshold| (1..=places.len()).contains(threshold));
        let threshold = threshold.ok_or(PolicyFault::Threshold)?;
        self.define(name, Member::Group(self.policy.groups.len()))?;
        self.policy.groups.push(Group { threshold, members: places });
        Ok(())
    }

    fn quorum(&mut self, name: &str) -> Result<(), PolicyFault> {
        if self.quorum.is_some() {
            return Err(PolicyFault::SecondQuorum);
        }
        self.quorum = Some(if name == NONE { None } else { Some(self.find(name)?) });
        Ok(())
    }

    /// Of two lines with one key only one could count; and a log is no witness of itself.
    fn check_is_new(&self, key: &VerifierKey) -> Result<(), PolicyFault> {
        let logs = self.policy.logs.iter().map(|log| &log.key);
        let mut known = logs.chain(self.policy.witnesses.iter().map(|witness| &witness.key));
        let is_known = known.any(|known| known.public_key() == key.public_key());
        if is_known { Err(PolicyFault::Duplicate) } else { Ok(()) }
    }

    fn find(&self, name: &str) -> Result<Member, PolicyFault> {
        self.names.get(name).copied().ok_or_else(|| PolicyFault::Undefined(name.to_owned()))
    }

    fn define(&mut self, name: &str, member: Member) -> Result<(), PolicyFault> {
        self.make_room()?;
        if name == NONE || self.names.insert(name.to_owned(), member).is_some() {
            return Err(PolicyFault::NameTaken(name.to_owned()));
        }
        Ok(())
    }

    fn make_room(&self) -> Result<(), PolicyFault> {
        let defined = self.policy.logs.len() + self.names.len();
        if defined < MAX_DEFINITIONS { Ok(()) } else { Err(PolicyFault::TooMany) }
    }
}

/// Why a file is no policy: the line and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the policy: {fault}")]
pub struct InvalidPolicy {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub fault: PolicyFault,
}

/// What is wrong with a line of a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// Not UTF-8, or a control character other than a tab.
    #[error("it is not plain UTF-8 text, or its end is not a newline alone")]
    Characters,
    /// No line of a policy.
    #[error(
        "it is none of \"log <vkey> [url]\", \"witness <name> <vkey> [url]\", \"group <name> all|any|<k> <member>...\", \
         \"quorum <name>|none\""
    )]
    Form,
    /// The key is not one.
    #[error("its key cannot be used: {0}")]
    Key(#[from] InvalidVerifierKey),
    /// The key is of a type for others.
    #[error("its key is of the wrong type: a log's is 0x01 or 0x06, a witness's 0x04 or 0x06")]
    KeyType,
    /// The key is that of another line.
    #[error("its key is another line's as well; each log and each witness stands there once")]
    Duplicate,
    /// The name is defined already, or is `none`.
    #[error("the name {0} is taken")]
    NameTaken(String),
    /// A member or the quorum is not defined above.
    #[error("no line above defines {0}")]
    Undefined(String),
    /// A member of two groups, or twice of one.
    #[error("{0} is a member already; each name may be one once")]
    CountedTwice(String),
    /// The threshold is not 1 to the number of members.
    #[error("its threshold must be all, any, or a number from 1 to that of its members, of which there must be one")]
    Threshold,
    /// More than one quorum.
    #[error("the quorum is set already")]
    SecondQuorum,
    /// No quorum in the whole file.
    #[error("the file ends without a quorum line; \"quorum none\" asks for no witness")]
    NoQuorum,
    /// More than [`MAX_DEFINITIONS`].
    #[error("more than 1000 logs, witnesses and groups")]
    TooMany,
    /// Longer than [`MAX_POLICY_LEN`].
    #[error("the file is longer than 1,000,000 bytes")]
    TooLong,
}

/// The name that asks for no witness.
const NONE: &str = "none";
