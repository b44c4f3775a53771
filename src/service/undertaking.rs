//! Undertaking: a person agrees to an exact text, or confirms it, with a signature or by the act alone (GOV-1).

use super::Repository;
use super::examining::examined;
use super::registrar::{Answered, NotDone};
use crate::pure::domain::command::Command;
use crate::pure::domain::facts::FactsDamaged;
use crate::pure::domain::id::{CredentialId, Digest};
use crate::pure::domain::signature::{DetachedSignature, ExaminedSignature, SignatureFinding};
use crate::pure::domain::undertakings::{Undertaking, bodies_of};

impl Repository {
    /// Has an undertaking over the text of that digest decided. `signature`, in DER, is examined against the text itself
    /// first; without one it is an attested act.
    pub async fn undertake(
        &self,
        credential: CredentialId,
        undertaking: Undertaking,
        text: Digest,
        signature: Option<&[u8]>,
        idempotency_key: Option<String>,
    ) -> Result<Answered, NotDone> {
        let signature = match signature {
            Some(der) => Some(self.examine_undertaking(credential, undertaking, text, der)?),
            None => None,
        };
        let command = match undertaking {
            Undertaking::Agreement => Command::SignAgreement { text, signature },
            Undertaking::Confirmation => Command::ConfirmMembership { text, signature },
        };
        self.submit(credential, command, idempotency_key).await
    }

    /// What the signature is worth. Where the person is not asked for such a text there is nothing to hold it against,
    /// and the decision refuses the text before it looks at the signature.
    fn examine_undertaking(
        &self,
        credential: CredentialId,
        undertaking: Undertaking,
        text: Digest,
        der: &[u8],
    ) -> Result<ExaminedSignature, FactsDamaged> {
        let unexamined = |why: &str| ExaminedSignature {
            cms: DetachedSignature::from_der(der),
            finding: SignatureFinding::Bad(why.to_owned()),
        };
        // Whoever asks under no credential in effect is refused for that.
        let Ok(standing) = self.standing(credential) else { return Ok(unexamined("was not examined")) };
        let bodies = bodies_of(self.facts(), &standing.person, standing.now)?;
        let Some(body) = bodies.iter().find(|body| undertaking.text(body) == text) else {
            return Ok(unexamined("is over no text that you are asked for"));
        };
        Ok(match undertaking.words(body) {
            Some(words) => examined(der, words.as_bytes()),
            None => unexamined("cannot be verified here, where the digest of the text is kept and not the text itself"),
        })
    }
}
