//! The lodger's own signature in the record of a lodgement (LODGE-6): the one part of a record that does not rest on
//! the server's word. Its text is computed anew from what the record says, so that a signature of anything else stands
//! out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::Date;

use super::content;
use super::evidence::EvidenceError;
use crate::pure::detached::{self, BadSignature};
use crate::pure::lodger::LodgementText;
use crate::pure::tlog::leaf::OPENING_LEN;
use crate::pure::tlog::proof_file::ProofFile;

/// A verified signature, by the key of the credential that lodged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LodgerSignature {
    /// The detached CMS signature in DER.
    pub cms: Vec<u8>,
    /// The text that it is over, byte for byte.
    pub text: String,
    /// When the lodger says that it signed: the lodger's clock.
    pub signing_time: Option<Timestamp>,
}

/// The lodger's signature in the record that a `.tlog-proof` file opens, to be checked with other programs; `None` if
/// the record has none. It is verified as a signature; that the record is in any log is not: for that there is
/// [`verify_entry`](super::evidence::verify_entry).
pub fn of_proof(proof: &[u8]) -> Result<Option<LodgerSignature>, EvidenceError> {
    let proof = ProofFile::parse(proof)?;
    let Some((_, record)) = proof.extra.split_first_chunk::<OPENING_LEN>() else {
        return Err(EvidenceError::CommitmentNotOpened);
    };
    of_record(record)
}

/// The lodger's signature in a record, verified against what the record says; `None` if it has none.
pub fn of_record(record: &[u8]) -> Result<Option<LodgerSignature>, EvidenceError> {
    let content = content::read(record)?.content;
    Ok(content.into_iter().find_map(|event| event.signature))
}

/// What a record says of a lodgement that its lodger signed.
pub(super) struct SignedLodgement<'a> {
    pub(super) origin: &'a str,
    /// The credential that lodged, in hexadecimal; `None` for the server itself.
    pub(super) credential: Option<&'a str>,
    pub(super) document: &'a str,
    pub(super) label: &'a str,
    pub(super) sha256: [u8; 32],
    pub(super) size: u64,
    /// As the lodger gave them in the command.
    pub(super) incorporated: Option<&'a str>,
    pub(super) effective: Option<&'a str>,
    pub(super) classification: Option<&'a str>,
    /// In base64.
    pub(super) signature: &'a str,
}

impl SignedLodgement<'_> {
    /// Computes the text anew and verifies the signature over it.
    pub(super) fn verify(&self) -> Result<LodgerSignature, EvidenceError> {
        let day = |text: Option<&str>| text.map(str::parse::<Date>).transpose();
        let malformed = |_| EvidenceError::MalformedRecord("a date in it is not one");
        let text = LodgementText {
            origin: self.origin,
            document: self.document,
            label: self.label,
            sha256: self.sha256,
            size: self.size,
            incorporated: day(self.incorporated).map_err(malformed)?,
            effective: day(self.effective).map_err(malformed)?,
            classification: self.classification,
        };
        let text = text.to_string();
        let cms =
            STANDARD.decode(self.signature).map_err(|_| EvidenceError::BadLodgerSignature(BadSignature::NotDer))?;
        let signed = detached::verify(&cms, text.as_bytes()).map_err(EvidenceError::BadLodgerSignature)?;
        let key = hex::encode(signed.key);
        if self.credential != Some(key.as_str()) {
            return Err(EvidenceError::SignedByAnotherKey { key });
        }
        Ok(LodgerSignature { cms, text, signing_time: signed.signing_time })
    }
}

#[cfg(test)]
#[cfg(feature = "server")]
mod tests;
