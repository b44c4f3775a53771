//! The verifier of client certificates: asked in every handshake, and again while the connection is open.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, SignatureScheme};

use super::files::LoadError;
use super::hints::{MAX_SUBJECT_SETS, SubjectHints};
use super::profile::{EndEntity, ProfileBreach};
use super::refusal::ClientCertificateError;
use super::spki::SpkiDigest;
use super::trust::ClientTrust;

/// Verifies client certificates against CAs and revocation lists that can be replaced while connections are open.
///
/// A certificate is mandatory. The chain is judged by rustls (path, usage, expiry, revocation with stale lists
/// refused), the client's own certificate also by the profile.
pub struct ClientVerifier {
    current: ArcSwap<Current>,
    hints: SubjectHints,
    /// Held while `current` is being replaced, so that generations are counted one by one.
    replacing: Mutex<()>,
}

struct Current {
    generation: u64,
    hints_position: usize,
    trust: ClientTrust,
}

/// What a judgement of a client's chain found, and how long it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The credential: the digest of the public key in the client's own certificate.
    pub credential: SpkiDigest,
    /// The last second at which the client's own certificate is valid.
    pub expires: Timestamp,
    /// The verdict may be used before this instant: the earliest end among the client's certificate, the others that
    /// it sent, and the nextUpdate of the revocation lists of their issuers.
    pub not_after: Timestamp,
    /// The generation of CAs and lists by which it was made.
    pub generation: u64,
}

impl ClientVerifier {
    /// A verifier at generation 1.
    pub fn new(trust: ClientTrust) -> Self {
        let hints = SubjectHints::new(trust.subjects().to_vec());
        let current = ArcSwap::from_pointee(Current { generation: 1, hints_position: 0, trust });
        Self { current, hints, replacing: Mutex::new(()) }
    }

    /// Takes other CAs and lists into use from the next judgement on, and returns their generation. Open connections
    /// stay open; [`Self::still_holds`] is false for every verdict made before.
    ///
    /// Refused, with nothing changed, if a revocation list is older than the one in use.
    pub fn replace(&self, trust: ClientTrust) -> Result<u64, LoadError> {
        // The lock guards no data: a panic while it was held left `current` as it was.
        let _alone = self.replacing.lock().unwrap_or_else(PoisonError::into_inner);
        let old = self.current.load();
        trust.ensure_not_older_than(&old.trust)?;
        let hints_position = self
            .hints
            .position_of(trust.subjects())
            .ok_or(LoadError::TooManySubjectChanges { limit: MAX_SUBJECT_SETS })?;
        let generation = old.generation + 1;
        self.current.store(Arc::new(Current { generation, hints_position, trust }));
        Ok(generation)
    }

    /// The generation in use: it grows with every [`Self::replace`].
    pub fn generation(&self) -> u64 {
        self.current.load().generation
    }

    /// When the first of the revocation lists in use goes stale; `None` if revocation is unchecked.
    pub fn revocation_fresh_until(&self) -> Option<Timestamp> {
        self.current.load().trust.fresh_until()
    }

    /// Judges again the chain of a connection that is open, as the handshake would at `now`.
    ///
    /// `chain` is as the peer sent it, its own certificate first. It costs signature checks: keep the verdict and ask
    /// [`Self::still_holds`] first.
    pub fn reverify(&self, chain: &[CertificateDer<'_>], now: Timestamp) -> Result<Verdict, ClientCertificateError> {
        let current = self.current.load();
        // Before 1970 nothing is valid, which an instant of 0 says as well.
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let (EndEntity { credential, not_after: expires }, not_after) = current.trust.judge(chain, now)?;
        Ok(Verdict { credential, expires, not_after, generation: current.generation })
    }

    /// Judges a certificate that somebody presents in PEM, its own first and then any intermediate CAs, as the handshake
    /// would at `now` if its holder connected with them.
    pub fn judge_pem(&self, pem: &[u8], now: Timestamp) -> Result<Verdict, ClientCertificateError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        match chain {
            Ok(chain) if !chain.is_empty() => self.reverify(&chain, now),
            _ => Err(ProfileBreach::Unreadable.into()),
        }
    }

    /// Whether a verdict on the same chain may be used again at `now` without [`Self::reverify`].
    pub fn still_holds(&self, verdict: &Verdict, now: Timestamp) -> bool {
        verdict.generation == self.generation() && now < verdict.not_after
    }

    /// Names of the files that differ from those in use.
    pub(super) fn changed_files(&self, trust: &ClientTrust) -> Vec<std::path::PathBuf> {
        super::files::changed(self.current.load().trust.fingerprints(), trust.fingerprints())
    }
}

impl ClientCertVerifier for ClientVerifier {
    fn offer_client_auth(&self) -> bool {
        true
    }

    fn client_auth_mandatory(&self) -> bool {
        true
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.hints.at(self.current.load().hints_position)
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        let chain: Vec<_> = std::iter::once(end_entity).chain(intermediates).cloned().collect();
        self.current.load().trust.judge(&chain, now).map_err(|error| {
            // The client is told an alert. At a level that is off in operation, since anyone can make as many as they like.
            tracing::debug!(reason = error.reason(), "a client's certificate was refused in the handshake: {error}");
            error.into_tls()
        })?;
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.current.load().trust.verifier().verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.current.load().trust.verifier().verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.current.load().trust.verifier().supported_verify_schemes()
    }
}

impl fmt::Debug for ClientVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientVerifier").field("generation", &self.generation()).finish_non_exhaustive()
    }
}
