//! Signed notes: a text and the signatures under it (C2SP signed-note).

use std::fmt;

use super::text::{from_base64, to_base64};
use super::verifier_key::{KeyId, KeyName, VerifierKey};

/// The longest note that is parsed, in bytes.
pub const MAX_NOTE_LEN: usize = 1_000_000;

/// The most signatures that a parsed note may carry; the specification asks for at least 16.
pub const MAX_SIGNATURES: usize = 100;

/// A text with signatures that nobody has verified yet: the text is worth nothing until [`Note::verify`] says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// A note without signatures. The text must end in a newline and hold no other control character below U+0020.
    pub fn unsigned(text: String) -> Result<Self, MalformedNote> {
        check_characters(&text)?;
        if !text.ends_with('\n') {
            return Err(MalformedNote::Text);
        }
        Ok(Self { text, signatures: Vec::new() })
    }

    /// Adds a signature, in place of an earlier one by the same key.
    pub fn add(&mut self, signature: NoteSignature) {
        self.signatures.retain(|old| (&old.name, old.id) != (&signature.name, signature.id));
        self.signatures.push(signature);
    }

    /// Parses a signed note. What is accepted prints as the same bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, MalformedNote> {
        if bytes.len() > MAX_NOTE_LEN {
            return Err(MalformedNote::TooLong);
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| MalformedNote::Characters)?;
        check_characters(whole)?;
        // "The text is separated from the signatures by the last empty line in the note."
        let last_empty_line = whole.rfind("\n\n").ok_or(MalformedNote::Text)?;
        let (text, signatures) = whole.split_at(last_empty_line + 1);
        let lines = signatures.strip_prefix('\n').and_then(|lines| lines.strip_suffix('\n'));
        let mut note = Self { text: text.to_owned(), signatures: Vec::new() };
        for line in lines.ok_or(MalformedNote::Signature)?.split('\n') {
            if note.signatures.len() == MAX_SIGNATURES {
                return Err(MalformedNote::TooManySignatures);
            }
            note.signatures.push(NoteSignature::parse(line).ok_or(MalformedNote::Signature)?);
        }
        Ok(note)
    }

    /// The text, with its final newline: what the signatures are over.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, verified or not, in the note's order.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Verifies every signature by a key in `known` and returns the keys that signed, in the note's order. Signatures
    /// by other (name, id) pairs are ignored; a bad one by a known key rejects the note, even beside a good one.
    pub fn verify<'k>(&self, known: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, UnverifiedNote> {
        let mut signed_by: Vec<&VerifierKey> = Vec::new();
        for signature in &self.signatures {
            for key in known.iter().filter(|key| signature.claims(key)) {
                if !key.verifies(&self.text, &signature.signature) {
                    return Err(UnverifiedNote::BadSignature { name: key.name().clone(), id: key.id() });
                }
                if !signed_by.contains(&key) {
                    signed_by.push(key);
                }
            }
        }
        if signed_by.is_empty() { Err(UnverifiedNote::UnknownKeys) } else { Ok(signed_by) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

/// One signature line of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    name: KeyName,
    id: KeyId,
    signature: Vec<u8>,
}

impl NoteSignature {
    /// The signature `signature` (at least one byte) that the key with this name and id made.
    pub fn new(name: KeyName, id: KeyId, signature: Vec<u8>) -> Option<Self> {
        (!signature.is_empty()).then_some(Self { name, id, signature })
    }

    /// The signature `signature`, which is not empty, by `key`.
    pub(super) fn by(key: &VerifierKey, signature: Vec<u8>) -> Self {
        Self { name: key.name().clone(), id: key.id(), signature }
    }

    /// Parses a line without its newline: `— <name> <base64(key id || signature)>`.
    pub fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix(LINE_PREFIX)?.split_once(' ')?;
        let bytes = from_base64(encoded)?;
        let (id, signature) = bytes.split_first_chunk()?;
        Self::new(KeyName::parse(name).ok()?, KeyId(*id), signature.to_vec())
    }

    /// The name of the key that is said to have signed.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The id of the key that is said to have signed.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The signature's bytes, in the form of the key's type.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Whether the line names `key` as the signer.
    pub fn claims(&self, key: &VerifierKey) -> bool {
        self.id == key.id() && self.name == *key.name()
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.id.0.to_vec();
        bytes.extend_from_slice(&self.signature);
        write!(f, "{LINE_PREFIX}{} {}", self.name, to_base64(&bytes))
    }
}

/// Why bytes are not a signed note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedNote {
    /// Not UTF-8, or a control character that is not a newline.
    #[error("the note is not plain UTF-8 text; it was damaged or is something else")]
    Characters,
    /// The text does not end in a newline and an empty line.
    #[error("the note has no text that ends in an empty line; it was cut or is something else")]
    Text,
    /// The last lines are not signature lines.
    #[error("the note does not end in well-formed signature lines; it was cut or altered")]
    Signature,
    /// More than [`MAX_SIGNATURES`] signatures.
    #[error("the note has more than 100 signatures")]
    TooManySignatures,
    /// Longer than [`MAX_NOTE_LEN`].
    #[error("the note is longer than 1,000,000 bytes")]
    TooLong,
}

/// Why a note's text must not be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnverifiedNote {
    /// A signature that claims a known key is not that key's over this text.
    #[error("the signature by {name} (key {id}) is bad: the text was altered or another key signed it")]
    BadSignature {
        /// The known key's name.
        name: KeyName,
        /// The known key's id.
        id: KeyId,
    },
    /// None of the signatures is by a known key.
    #[error("none of the signatures is by a key that was given")]
    UnknownKeys,
}

/// Em dash (U+2014), space.
const LINE_PREFIX: &str = "\u{2014} ";

fn check_characters(text: &str) -> Result<(), MalformedNote> {
    let is_control = |c: char| c < ' ' && c != '\n';
    if text.contains(is_control) { Err(MalformedNote::Characters) } else { Ok(()) }
}
