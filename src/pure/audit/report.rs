//! What evidence proves, and what it does not, in plain words.

use std::fmt;

use serde_json::Value;

use super::content::shown;
use super::signature::LodgerSignature;
use super::trust::Cosigned;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::hash::HASH_LEN;
use crate::pure::tlog::verifier_key::VerifierKey;

/// A verified entry. Everything in it was recorded by the log under its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What the entry is evidence of.
    pub kind: EvidenceKind,
    /// The entry's index in the log.
    pub index: u64,
    /// The record's time, RFC 3339 in UTC: the server's clock.
    pub time: String,
    /// Who acted.
    pub actor: Actor,
    /// The kind of command that was recorded.
    pub command: String,
    /// The command's outcome: `done`, `refused` or `not_found`.
    pub outcome: String,
    /// The content that was lodged or served; `None` for [`EvidenceKind::Other`].
    pub content: Option<Content>,
    /// The name that the log had when the entry was made: another than the checkpoint's where the log was renamed
    /// since.
    pub origin: String,
    /// The record that the log committed to, whole.
    pub record: Value,
    /// The lodger's own signature of the lodgement, verified, if there is one.
    pub lodger_signature: Option<LodgerSignature>,
    /// The signed head of the tree that contains the entry.
    pub checkpoint: Checkpoint,
    /// The keys of the log that signed it.
    pub signed_by: Vec<VerifierKey>,
    /// The witnesses that cosigned it, of those in the policy.
    pub witnesses: Vec<Cosigned>,
}

/// What an entry is evidence of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceKind {
    /// A version of a document was lodged.
    Lodged,
    /// A version's content was released to who asked.
    Served,
    /// Something else.
    Other,
}

/// Who acted in an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person by a credential of an organisation.
    Person {
        /// The person's id.
        person: String,
        /// The organisation's id; `None` where the thing asked for was hidden or absent.
        organisation: Option<String>,
        /// SHA-256 of the credential's SubjectPublicKeyInfo, in hexadecimal.
        credential: String,
    },
    /// The server itself: `bootstrap`, `heartbeat` or `recovery`.
    System(String),
}

/// One version of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The document's slug.
    pub document: String,
    /// The version's label.
    pub version: String,
    /// SHA-256 of the content.
    pub sha256: [u8; HASH_LEN],
}

impl Evidence {
    /// What is proven, a sentence each.
    pub fn proven(&self) -> Vec<String> {
        let Self { index, time, checkpoint, .. } = self;
        let mut sentences = vec![format!("{} Recorded as entry {index} at {time} (the server's clock).", self.deed())];
        if let Some(content) = &self.content {
            sentences.push(format!("The content has SHA-256 {}.", hex::encode(content.sha256)));
        }
        if let Some(signature) = &self.lodger_signature {
            let when =
                signature.signing_time.map_or_else(String::new, |time| format!(" (at {time} by the lodger's clock)"));
            sentences.push(format!(
                "The lodger's own key, that of the credential above, signed this lodgement{when}: log, document, version, \
                 content, dates and proposed classification. That does not rest on the server's word."
            ));
        }
        let mut types: Vec<_> = self.signed_by.iter().map(|key| key.key_type().to_string()).collect();
        types.sort();
        types.dedup();
        // After a rotation the old keys and the new ones sign, two of each type.
        let keys =
            if self.signed_by.len() > types.len() { format!("{} keys: ", self.signed_by.len()) } else { String::new() };
        sentences.push(format!(
            "The log {} signed its first {} entries ({keys}{}), and this is one of them: \
             any change to it would break the signature.",
            checkpoint.origin,
            checkpoint.size,
            types.join(" and ")
        ));
        if self.origin != checkpoint.origin.as_str() {
            sentences.push(format!(
                "The record in it names the log {}, which you trust as well: {} holds it as an entry from before it \
                 took its present name.",
                self.origin, checkpoint.origin
            ));
        }
        sentences.extend(self.witnesses.iter().map(|witness| {
            format!(
                "The witness {} cosigned that tree at {} (its own clock), as an extension of every tree of this log \
                 that it had seen.",
                witness.name,
                time_of(witness.time)
            )
        }));
        sentences
    }

    /// What is not proven, a sentence each.
    pub fn not_proven(&self) -> Vec<&'static str> {
        let mut sentences = vec![match self.kind {
            EvidenceKind::Lodged => "That the content was approved, or is in force.",
            EvidenceKind::Served => "That every byte arrived, or that anyone read it.",
            EvidenceKind::Other => "That what was recorded had an effect outside the server.",
        }];
        if self.kind == EvidenceKind::Lodged && self.lodger_signature.is_none() {
            sentences.push(
                "That the lodger's own key signed it: this lodgement carries no such signature, so that who lodged it \
                 rests on the server's word.",
            );
        }
        if matches!(self.actor, Actor::Person { .. }) {
            sentences.push("That the person named used the credential, and not someone else who had it.");
        }
        sentences.push("That the server's clock was right.");
        if self.origin != self.checkpoint.origin.as_str() {
            sentences.push("That the log of the record's name handed over to the one that signed: its entries tell.");
        }
        sentences.push(if self.witnesses.is_empty() {
            "That the log shows everyone the same entries: no witness's signature was checked."
        } else {
            "That the witnesses do not work together with the log against you."
        });
        sentences
    }

    /// The record as people read it: indented JSON in which nothing misleads a terminal.
    pub fn record_text(&self) -> String {
        shown(&self.record)
    }

    fn deed(&self) -> String {
        let Self { actor, command, outcome, .. } = self;
        match (self.kind, &self.content) {
            (EvidenceKind::Lodged, Some(content)) => format!("{actor} lodged {content}."),
            (EvidenceKind::Served, Some(content)) => format!("{content} was released to {actor}."),
            _ => format!("{actor} gave the command \"{command}\", with the outcome \"{outcome}\"."),
        }
    }
}

/// A POSIX time as RFC 3339, as far as there is one.
fn time_of(seconds: u64) -> String {
    let timestamp = i64::try_from(seconds).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    timestamp.map_or_else(|| format!("second {seconds}"), |timestamp| timestamp.to_string())
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proven:\n")?;
        self.proven().iter().try_for_each(|sentence| writeln!(f, "- {sentence}"))?;
        f.write_str("Not proven:\n")?;
        self.not_proven().iter().try_for_each(|sentence| writeln!(f, "- {sentence}"))
    }
}

impl fmt::Display for EvidenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lodged => "lodged",
            Self::Served => "served",
            Self::Other => "another entry",
        })
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person { person, organisation: Some(organisation), credential } => {
                write!(f, "{person} of {organisation} (credential {credential})")
            }
            Self::Person { person, organisation: None, credential } => write!(f, "{person} (credential {credential})"),
            Self::System(system) => write!(f, "the server itself ({system})"),
        }
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, version {}", self.document, self.version)
    }
}
