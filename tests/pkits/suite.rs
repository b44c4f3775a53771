//! The suite's files, and the judgement of a case.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use strongroom::edge::pki::{
    ClientCertificateError, ClientTrust, ClientTrustFiles, ClientVerifier, LoadError, ProfileBreach, Revocation,
    UnknownStatus, Verdict,
};

use super::ACCEPTED;
use super::cases::Case;

/// The suite's folder, and the trust anchor in PEM.
pub struct Suite {
    folder: PathBuf,
    anchor: tempfile::NamedTempFile,
}

/// Why a case is refused: already when the lists are loaded, or when the chain is judged.
#[derive(Debug)]
pub enum Refusal {
    Load(LoadError),
    Judgement(ClientCertificateError),
}

impl Suite {
    pub fn open() -> Self {
        let folder = std::env::var_os("STRONGROOM_PKITS").map(PathBuf::from);
        let folder = folder.unwrap_or_else(|| panic!("STRONGROOM_PKITS names no folder; run .ci/pkits/run instead"));
        let der = fs::read(folder.join("certs").join(ANCHOR)).unwrap();
        let anchor = tempfile::NamedTempFile::new().unwrap();
        let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(der));
        fs::write(&anchor, pem).unwrap();
        Self { folder, anchor }
    }

    /// The server's judgement, with lists on and an unknown status refused.
    pub fn judge(&self, case: &Case) -> Result<Verdict, Refusal> {
        let revocation = Revocation::Lists { files: self.lists(case), unknown: UnknownStatus::Refuse };
        let files = ClientTrustFiles { authorities: self.anchor.path().to_owned(), revocation };
        let trust = ClientTrust::load(&files, now()).map_err(Refusal::Load)?;
        ClientVerifier::new(trust).reverify(&self.chain(case), now()).map_err(Refusal::Judgement)
    }

    /// The judgement in a word: `accepted` if nothing is wrong but that no purpose is named.
    pub fn finding(&self, case: &Case) -> String {
        match self.judge(case) {
            Ok(_) => "let_in".to_owned(),
            Err(Refusal::Judgement(ClientCertificateError::Profile(ProfileBreach::NoExtendedKeyUsage))) => {
                ACCEPTED.to_owned()
            }
            Err(Refusal::Judgement(ClientCertificateError::Profile(breach))) => format!("{breach:?}"),
            Err(Refusal::Judgement(ClientCertificateError::Issuer { breach, .. })) => format!("CA:{breach:?}"),
            Err(Refusal::Judgement(ClientCertificateError::Unacceptable(error))) => {
                format!("rustls:{}", variant(&error))
            }
            Err(Refusal::Judgement(error)) => error.reason().to_owned(),
            Err(Refusal::Load(error)) => format!("list:{}", variant(&error)),
        }
    }

    /// Whether rustls accepts it when nothing else is asked, its way with lists included.
    pub fn rustls_alone(&self, case: &Case) -> bool {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate(ANCHOR)).unwrap();
        let lists =
            self.lists(case).into_iter().map(|path| CertificateRevocationListDer::from(fs::read(path).unwrap()));
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::new(ring::default_provider()))
            .with_crls(lists)
            .enforce_revocation_expiration()
            .build();
        let Ok(verifier) = verifier else { return false };
        let chain = self.chain(case);
        let now = UnixTime::since_unix_epoch(Duration::from_secs(now().as_second().unsigned_abs()));
        verifier.verify_client_cert(&chain[0], &chain[1..], now).is_ok()
    }

    fn chain(&self, case: &Case) -> Vec<CertificateDer<'static>> {
        let names = std::iter::once(&case.person).chain(&case.authorities);
        names.map(|name| self.certificate(&format!("{name}.crt"))).collect()
    }

    fn certificate(&self, name: &str) -> CertificateDer<'static> {
        fs::read(self.folder.join("certs").join(name)).unwrap().into()
    }

    fn lists(&self, case: &Case) -> Vec<PathBuf> {
        let names = std::iter::once(&"TrustAnchorRootCRL").chain(&case.lists);
        names.map(|name| self.folder.join("crls").join(format!("{name}.crl"))).collect()
    }
}

/// The suite's paths are valid from 2010 until the end of 2030.
fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

/// The variant of an error, without what it only wraps.
fn variant(error: &impl std::fmt::Debug) -> String {
    let shown = format!("{error:?}");
    let mut words = shown.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.find(|word| !WRAPPERS.contains(word)).unwrap().to_owned()
}

const WRAPPERS: &[&str] = &["InvalidCertificate", "InvalidCertRevocationList", "Other", "OtherError"];
const ANCHOR: &str = "TrustAnchorRootCertificate.crt";
